import re
from xml.etree import ElementTree

import pytest

from benchmark.charts import Interval, Line, Point, curves, heat_map, intervals, scatter, stylesheet
from benchmark.heat_map import step_of
from benchmark.pareto import by_hardware, front
from benchmark.point_names import Box, placed
from benchmark.svg import Scale, round_numbers, scale, short_number, shortened
from benchmark.whiskers import beyond

EVIL = '<img src=x onerror="alert(1)">&\u00e9'
NAMES = ["identity", EVIL, "a model with a name that is longer than any drawing has room for"]
SVG = "{http://www.w3.org/2000/svg}"


def drawings() -> dict[str, str]:
    values = {("Foxing", NAMES[0]): 100.0, ("Foxing", EVIL): 40.0, (EVIL, NAMES[2]): 250.0, (EVIL, EVIL): None}
    lines = [Line(name, [(s, 50.0 + 30 * place + s) for s in (1, 3, 5)]) for place, name in enumerate(NAMES)]
    points = [Point(name, 10.0**place, 90.0 - 20 * place, 60.0, 95.0) for place, name in enumerate(NAMES)]
    rows = [Interval(name, 60.0 + 30 * place, 50.0, 130.0) for place, name in enumerate(NAMES)]
    return {
        "heat": heat_map(EVIL, ["Foxing", EVIL], NAMES, values),
        "curves": curves(EVIL, lines, "severity", EVIL, 100.0),
        "logs": curves(EVIL, lines, "severity", EVIL, 100.0, log=True),
        "scatter": scatter(EVIL, points, "s/MP", EVIL, 100.0),
        "forest": intervals(EVIL, [*rows, Interval("none", None, None, None)], 100.0, [NAMES[:2], [NAMES[2]]]),
    }


DRAWINGS = drawings()


def texts(drawing: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(drawing).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_well_formed_named_and_without_style_or_script(name: str) -> None:
    root = ElementTree.fromstring(DRAWINGS[name])
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    found = root.find(f"{SVG}title")
    assert found is not None
    assert found.text == EVIL
    about = root.find(f"{SVG}desc")
    assert about is not None
    assert about.text
    assert (root.get("aria-labelledby") or "").split() == [found.get("id"), about.get("id")]
    attributes = {key for each in root.iter() for key in each.attrib}
    assert not attributes & {"style", "onload", "onerror", "src"}
    assert not {each.tag for each in root.iter()} & {f"{SVG}style", f"{SVG}script", f"{SVG}image"}
    assert DRAWINGS[name].replace("http://www.w3.org/2000/svg", "").count("://") == 0
    assert "<img" not in DRAWINGS[name]


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_class_of_a_drawing_is_in_the_style(name: str) -> None:
    used = {word for each in ElementTree.fromstring(DRAWINGS[name]).iter() for word in each.get("class", "").split()}
    unused = {"chart-curves", "chart-cell", "chart-scatter", "chart-forest", "chart-heat"}
    assert {word for word in used - unused if not re.search(rf"\.{word}\b", stylesheet())} == set()


def test_the_style_has_no_outside_address_and_knows_dark_and_paper() -> None:
    assert "url(" not in stylesheet()
    assert "light-dark(" in stylesheet()
    assert "@media print" in stylesheet()


@pytest.mark.parametrize("name", ["curves", "logs", "scatter", "forest"])
def test_the_do_nothing_line_is_there_and_named(name: str) -> None:
    lines = [each.get("class") for each in ElementTree.fromstring(DRAWINGS[name]).iter(f"{SVG}line")]
    assert lines.count("chart-floor") == 1
    assert "did nothing" in texts(DRAWINGS[name])


def test_without_a_floor_there_is_no_line() -> None:
    assert "chart-floor" not in curves("a", [Line("m", [(1, 2.0)])], "x", "y", None)


def test_a_heat_map_prints_every_number_and_a_dash_for_none() -> None:
    said = texts(DRAWINGS["heat"])
    assert {"100", "40", "250"} <= set(said)
    assert said.count("–") == 3


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (100, "chart-even"),
        (96, "chart-even"),
        (90, "chart-good-1"),
        (20, "chart-good-5"),
        (0, "chart-good-5"),
        (-3, "chart-good-5"),
        (110, "chart-harm-1"),
        (900, "chart-harm-5"),
    ],
)
def test_colours_turn_at_doing_nothing(value: float, kind: str) -> None:
    assert step_of(value) == kind


def test_links_lead_within_the_site_and_make_a_group() -> None:
    drawing = scatter("t", [Point("a", 1, 2, href="models/a.html")], "x", "y", None)
    root = ElementTree.fromstring(drawing)
    assert root.get("role") == "group"
    assert [each.get("href") for each in root.iter(f"{SVG}a")] == ["models/a.html"]
    for address in ("javascript:alert(1)", "https://elsewhere.org", "//elsewhere.org/a"):
        with pytest.raises(ValueError, match="leads out of the site"):
            scatter("t", [Point("a", 1, 2, href=address)], "x", "y", None)


def test_groups_that_cannot_be_told_apart_are_joined() -> None:
    drawing = intervals("t", [Interval(name, 1.0, 0.5, 2.0) for name in "abc"], 1.0, [["a", "c"], ["b"]])
    root = ElementTree.fromstring(drawing)
    kinds = [each.get("class") for each in root.iter()]
    assert kinds.count("chart-band") == 1
    assert kinds.count("chart-band-dot") == 2


def test_a_model_keeps_its_colour_wherever_it_stands() -> None:
    drawing = intervals("t", [Interval("a", 1.0, 0.5, 2.0, place=4)])
    assert "chart-5" in drawing
    assert "chart-1" not in drawing


def test_drawings_of_nothing_are_drawings() -> None:
    for drawing in (
        heat_map("t", [], [], {}),
        curves("t", [], "x", "y", None),
        scatter("t", [], "x", "y", None),
        intervals("t", []),
    ):
        assert ElementTree.fromstring(drawing).tag == f"{SVG}svg"


def test_the_front_is_what_no_other_beats_in_both() -> None:
    assert front([(1, 5), (2, 3), (3, 4), (4, 1), (1, 5)]) == [True, True, False, True, True]


def test_each_hardware_has_a_front_of_its_own() -> None:
    errors = {"a": 50.0, "b": 60.0, "c": 70.0, "d": 10.0}
    costs = {
        "a": {"seconds_per_megapixel": 1.0, "hardware": "small"},
        "b": {"seconds_per_megapixel": 2.0, "hardware": "small"},
        "c": {"seconds_per_megapixel": 9.0, "hardware": "large"},
        "d": {"seconds_per_megapixel": None, "hardware": "small"},
    }
    assert by_hardware(errors, costs) == {"small": {"a": True, "b": False}, "large": {"c": True}}


def test_axes_have_round_numbers_and_hold_all_values() -> None:
    assert round_numbers(0, 1, 5) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert scale([1, 1000], 0, 100, log=True).ticks() == [1, 10, 100, 1000]
    found = scale([3.0], 0, 100)
    assert found.low < 3 < found.high
    assert Scale(0, 10, 100, 0).at(99) == 0


def test_long_names_are_shortened_with_dots() -> None:
    assert shortened("abc", 100) == "abc"
    assert shortened("a" * 50, 100).endswith("…")
    assert len(shortened("a" * 50, 100)) < 16
    assert short_number(-0.00001) == "−1e-5"


def test_an_interval_that_says_nothing_does_not_draw_out_the_axis() -> None:
    rows = [Interval("a", 75.0, 65.0, 85.0), Interval("b", 450.0, -750.0, 1650.0)]
    drawn = ElementTree.fromstring(intervals("t", rows, 100.0))
    marks = [float(each.get("cx") or 0) for each in drawn.iter(f"{SVG}circle") if "chart-mark" in each.get("class", "")]
    floor = next(float(each.get("x1") or 0) for each in drawn.iter(f"{SVG}line") if each.get("class") == "chart-floor")
    assert floor - marks[0] > 10
    assert len([*drawn.iter(f"{SVG}polyline")]) == 2


CROWD = [Point("far", 0.02, 447.0, -739.0, 1634.0), *(Point(f"m{n}", 0.1 * n, 70.0 + 4 * n) for n in range(1, 6))]


def marks_of(drawing: str) -> list[float]:
    """How far down the round marks are."""
    circles = ElementTree.fromstring(drawing).iter(f"{SVG}circle")
    return [float(each.get("cy") or 0) for each in circles if "chart-mark" in each.get("class", "")]


def test_a_model_far_from_all_others_stands_at_the_edge_with_its_value() -> None:
    drawing = scatter("t", [Point(p.name, p.x, p.y, p.low, p.high, place=0) for p in CROWD], "x", "y", 100.0)
    far, *others = marks_of(drawing)
    assert far < min(others)
    assert max(others) - min(others) > 80
    assert "far 447" in texts(drawing)
    assert drawing.count("chart-arrow") == 1
    assert "far: 447 [-739, 1634] at 0.02" in drawing


def test_an_interval_that_goes_on_beyond_the_chart_ends_in_arrows() -> None:
    wide = [Point("a", 1.0, 80.0, -900.0, 900.0), Point("b", 2.0, 90.0, 88.0, 92.0)]
    drawn = ElementTree.fromstring(scatter("t", wide, "x", "y", 100.0))
    arrows = [each for each in drawn.iter(f"{SVG}polyline") if "chart-whisker" in each.get("class", "")]
    assert len(arrows) == 2


def test_only_what_is_alone_lies_beyond() -> None:
    assert beyond([447.0, 73.0, 72.0, 98.0, 80.0, 81.0], [100.0]) == [True, False, False, False, False, False]
    assert not any(beyond([60.0, 70.0, 80.0, 90.0, 130.0], [100.0]))
    assert not any(beyond([1.0, 100.0, 10000.0], []))
    assert sum(beyond([1.0, 2.0, 3.0, 900.0, 800.0, 700.0], [])) == 0
    assert not any(beyond([5.0] * 6, []))


def test_many_models_have_numbers_and_their_names_below_as_links() -> None:
    many = [Point(f"model-{n}", 1.0 + 0.01 * n, 80.0 + 0.1 * n, href=f"m{n}/index.html") for n in range(12)]
    drawing = scatter("t", many, "x", "y", 100.0)
    said = texts(drawing)
    assert {str(n) for n in range(1, 13)} <= set(said)
    assert {f"{n + 1} model-{n}" for n in range(12)} <= set(said)
    links = [each.get("href") for each in ElementTree.fromstring(drawing).iter(f"{SVG}a")]
    assert links == [f"m{n}/index.html" for n in range(12)]


def test_names_cover_no_mark_and_no_other_name() -> None:
    marks = [(100.0 + 3 * n, 100.0 + 2 * n) for n in range(8)]
    found = placed(marks, [50.0] * 8, [], Box(0, 0, 360, 250))
    assert all(each.free for each in found)
    boxes = [Box(left, base - 9, left + 50, base + 1) for (left, base), _, _ in found]
    assert not any(box.covers(other) for n, box in enumerate(boxes) for other in boxes[:n])
    assert not any(box.left < x < box.right and box.top < y < box.bottom for box in boxes for x, y in marks)
    assert any(each.lead for each in found)
