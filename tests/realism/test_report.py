"""What a person and a program get to read, and what the console says."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from realism.small_sets import COUNT, keys, noisy, photo, plain_set
from small_corpus import PHOTOS, built

from degrade.cli_gap import Asked, run_realism
from degrade.console import FailureError, MisuseError
from degrade.io import write_png
from degrade.realism.measuring import Measured, measured_photo, measured_photos
from degrade.realism.photos import Found, photos_of
from degrade.types import Image

pytest.importorskip("sklearn")

from dataclasses import replace

from degrade.realism.gap import Trees, gap, halves
from degrade.realism.page import page
from degrade.realism.report import CLEAN, REAL, SYNTHETIC, Report, Side, as_data, as_text

NASTY = "a<script>alert(1)</script>\"'&.png"


def asked(real: Path, synthetic: Path, **choices: object) -> Asked:
    given = {
        "clean": "",
        "photos": 100,
        "size": 640,
        "seed": 0,
        "json": False,
        "html": None,
        "max_pixels": 10**8,
        "features": "",
    }
    return Asked(str(real), str(synthetic), **(given | choices))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def small_report() -> Report:
    few = Trees(4, 2)
    first = plain_set("a")
    second = [replace(plain_set("b")[0], key=NASTY), *plain_set("b")[1:]]
    main, floor = gap(SYNTHETIC, first, second, 0, few), halves(REAL, first, 0, Trees(2, 1))
    return Report(Side(NASTY, tuple(first), 640), Side("b", tuple(second), 640), None, main, (floor,), 0)


def test_the_page_needs_nothing_but_itself(small_report: Report) -> None:
    html = page(small_report)
    sources = re.findall(r"(?:src|href|url)\s*[=(]\s*['\"]?([^'\" >)]*)", html)
    assert sources
    assert all(each.startswith("data:") for each in sources)
    assert "http" not in html
    assert "@import" not in html


def test_the_page_escapes_the_names_of_photos(small_report: Report) -> None:
    html = page(small_report)
    assert "<script" not in html
    assert "a&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;.png" in html


def test_the_page_shows_both_sets_and_every_family(small_report: Report) -> None:
    html = page(small_report)
    assert html.count("<img ") == 3 * 8 + 2 * 10
    assert all(f">{each.name} <small>" in html for each in small_report.main.families)


def test_the_page_says_in_a_sentence_how_often_each_is_told(small_report: Report) -> None:
    main, (floor,) = small_report.main, small_report.references
    clean = replace(main, title=CLEAN)
    html = page(replace(small_report, references=(floor, clean)))
    times, halves_told = round(100 * main.forest.value), round(100 * floor.forest.value)
    assert (
        f"finds the synthetic one {times} times of 100; an untouched clean photo {times} times of 100; "
        f"and it tells two halves of the real ones {halves_told} times of 100. 50 would be guessing."
    ) in html


def test_the_report_is_json_with_the_reference_beside_it(small_report: Report) -> None:
    data = json.loads(json.dumps(as_data(small_report), allow_nan=False))
    assert [each["title"] for each in data["comparisons"]] == [SYNTHETIC, REAL]
    assert data["comparisons"][0]["forest"].keys() == {"auc", "low", "high"}
    assert data["sides"]["real"]["photos"] == COUNT
    assert SYNTHETIC in as_text(small_report)


def test_a_difference_in_size_is_said(small_report: Report) -> None:
    large = tuple(replace(each, size=(400, 400)) for each in small_report.synthetic.photos)
    assert not small_report.warnings
    assert "150 pixels" in replace(small_report, synthetic=Side("b", large, 640)).warnings[0]


def test_the_command_reads_folders_and_results_and_writes_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in keys("a")[:20]:
        write_png(tmp_path / "real" / key, photo(key))
    for key in keys("b")[:20]:
        result = tmp_path / "made" / key
        write_png(result / "degraded.png", noisy(photo(key), key))
        write_png(result / "mask.png", np.zeros((150, 150), np.uint8))
        (result / "recipe.json").write_text("{}", "utf-8")
    (tmp_path / "real" / "broken.png").write_bytes(b"no picture")
    run_realism(asked(tmp_path / "real", tmp_path / "made", json=True, html=tmp_path / "gap.html"), Trees(8, 4))
    out, err = capsys.readouterr()
    data = json.loads(out)
    assert [side["photos"] for side in data["sides"].values()] == [20, 20]
    assert data["sides"]["real"]["left_out"] == 1
    assert "broken.png" in err
    assert data["comparisons"][0]["forest"]["auc"] > 0.9
    assert (tmp_path / "gap.html").read_text("utf-8").endswith("</html>\n")


def test_too_few_photos_are_refused_with_the_reason(tmp_path: Path) -> None:
    for key in keys("a")[:3]:
        write_png(tmp_path / key, photo(key))
    with pytest.raises(MisuseError, match="3 real photos, and 20 are needed; with fewer, chance"):
        run_realism(asked(tmp_path, tmp_path))


def test_too_few_of_the_last_set_are_refused_before_the_first_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in keys("a")[:20]:
        write_png(tmp_path / "real" / key, photo(key))
    write_png(tmp_path / "one" / "one.png", photo("one"))
    with pytest.raises(MisuseError, match="1 clean photo, and 20 are needed"):
        run_realism(asked(tmp_path / "real", tmp_path / "real", clean=str(tmp_path / "one")))
    assert capsys.readouterr().err == ""


def test_a_page_that_cannot_be_written_is_refused_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in keys("a")[:20]:
        write_png(tmp_path / key, photo(key))
    page_in_a_file = tmp_path / keys("a")[0] / "gap.html"
    with pytest.raises(FailureError, match=r"gap.html: cannot be written \(.*: Not a directory\); name another"):
        run_realism(asked(tmp_path, tmp_path, html=page_in_a_file))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("choices", "said"),
    [({"photos": 5}, "--photos 5: at least 20"), ({"html": Path()}, "name a file"), ({}, "no such file or folder")],
)
def test_a_wrong_call_is_one_line(tmp_path: Path, choices: dict[str, object], said: str) -> None:
    with pytest.raises((MisuseError, FailureError), match=said) as error:
        run_realism(asked(tmp_path / "nowhere", tmp_path, **choices))
    assert "\n" not in str(error.value)


def test_a_corpus_gives_its_old_photos_its_degraded_side_or_its_clean_one_once_for_each_photo(tmp_path: Path) -> None:
    built(tmp_path, variants=2)
    degraded = [found.key for found in photos_of(str(tmp_path), "synthetic", 0)]
    assert len(degraded) == len(set(degraded))
    assert set(degraded) <= set(PHOTOS.keys())
    assert [found.key for found in photos_of(str(tmp_path), "real", 0)] == ["old.png"]
    clean = next(iter(photos_of(str(tmp_path), "clean", 0))).load()
    assert clean.shape[2] == 3


def test_any_number_of_workers_measures_the_same_and_what_cannot_be_read_is_replaced_by_the_next() -> None:
    def broken() -> Image:
        return np.zeros((100, 400, 3), np.uint8)

    photos = [Found("narrow.png", broken), *(Found(key, lambda key=key: photo(key)) for key in keys("a")[:4])]
    problems: list[str] = []

    def measure(key: str, image: Image) -> Measured:
        return measured_photo(key, image, 0, 640)

    one, two = (measured_photos(photos, 3, measure, workers, problems.append) for workers in (1, 2))
    assert [each.key for each in one] == [each.key for each in two] == keys("a")[:3]
    assert all(np.array_equal(a.patches, b.patches) for a, b in zip(one, two, strict=True))
    assert "400 x 100 pixels, smaller than a patch of 128" in problems[0]


def test_copies_and_photos_that_are_on_both_sides_are_said(small_report: Report) -> None:
    real, twins = plain_set("a"), [replace(each, key=f"copy of {each.key}") for each in plain_set("b")[:3]]
    copied = replace(small_report, synthetic=Side("b", (*plain_set("b"), *twins), 640))
    assert copied.warnings == (
        "synthetic photos that are copies of others: 3 of 23; they say nothing new: leave them out",
    )
    both = replace(
        small_report, synthetic=Side("b", (*plain_set("b"), *real[:2]), 640), clean=Side("a", tuple(real), 0)
    )
    assert [each.split(";")[0] for each in both.warnings] == [
        "synthetic photos that are real ones too, to the pixel: 2",
        f"clean photos that are real ones too, to the pixel: {COUNT}",
    ]
