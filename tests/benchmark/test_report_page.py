"""The report as a page: every part, every picture, nothing from elsewhere, and no more said than is sure."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pytest
from small_suites import DAMAGES, PLAN, photo, small_suite

from benchmark.report_charts import cell_errors, found_in
from benchmark.report_page import headline, page_at, rendered, write_page
from benchmark.showcase import losses, showcase, worst
from benchmark.showcase_pictures import LIMIT
from benchmark.store import ITEMS, RUN, SUMMARY, RunStore, plain, read_rows
from benchmark.suite import Damage, SuiteError
from benchmark.sweep import output_path
from degrade.io import write_png
from foxing import main

EVIL = "<img src=x onerror=alert(1)>"
PSNR = "psnr/v1?space=rgb&range=255&quant=uint8-round&cap=100&hole=26&band=3"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    damages = (*DAMAGES, Damage("effect", "Scratches", 2), Damage("effect", "GaussianNoise", 5))
    suite = small_suite(folder, replace(PLAN, damages=damages)).folder
    words = ["--model", "median", "--model", "evil@misbehaving:raises", "--keep", "--no-probe"]
    assert (
        main(["benchmark", "run", "--suite", str(suite), *words, "--out", str(folder / "runs")]) == 1
    )  # one fails on all
    suite.rename(folder / "runs" / "suite")
    return folder / "runs"


@pytest.fixture(scope="module")
def page(runs: Path) -> Path:
    return write_page(runs, runs / "page" / "report.html").file


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == name]


def test_a_page_asks_nothing_of_elsewhere_and_has_no_script(page: Path) -> None:
    text = page.read_text("utf-8")
    tags = Tags(text)
    assert not tags.named("script")
    for _, attributes in tags.found:
        for name in ("src", "href"):
            assert "//" not in (attributes.get(name) or "")
    assert "url(" not in text
    assert "@import" not in text


def test_every_picture_is_there_small_enough_and_described(page: Path) -> None:
    pictures = Tags(page.read_text("utf-8")).named("img")
    assert len(pictures) > 20
    for each in pictures:
        file = page.parent / (each["src"] or "")
        assert 0 < file.stat().st_size <= LIMIT
        assert each["alt"]
        assert int(each["width"] or 0) > 0
    shown = {(page.parent / (each["src"] or "")).name for each in pictures}
    assert {path.name for path in (page.parent / "report-pictures").iterdir()} == shown


def test_a_page_has_every_part(page: Path) -> None:
    text = page.read_text("utf-8")
    ids = {attributes.get("id") for _, attributes in Tags(text).found}
    parts = {"standings", "defects", "severity", "regions", "cost", "failures", "pictures", "metrics", "provenance"}
    assert parts <= ids
    anchors = {(each["href"] or "")[1:] for each in Tags(text).named("a") if (each["href"] or "").startswith("#")}
    assert anchors <= ids
    assert "did nothing" in text
    assert PSNR.replace("&", "&amp;") in text
    assert "RuntimeError: no luck today" in text
    assert "foxing benchmark replay" in text
    assert "--cost" in text
    ids_of_charts = re.findall(r'id="(chart-[^"]+)"', text)
    assert len(ids_of_charts) == len(set(ids_of_charts)) > 6


def test_the_same_sweep_gives_the_same_page_and_old_pictures_go(runs: Path, page: Path) -> None:
    before = page.read_bytes()
    stale = page.parent / "report-pictures" / f"{'0' * 16}.webp"
    stale.write_bytes(b"old")
    others = page.parent / "report-pictures" / "holiday.webp"
    others.write_bytes(b"mine")
    write_page(runs, page)
    assert page.read_bytes() == before
    assert not stale.exists()
    assert others.exists()
    others.unlink()


def test_every_name_is_escaped(runs: Path) -> None:
    text = (runs / SUMMARY).read_text("utf-8").replace('"evil"', json.dumps(EVIL))
    record = (runs / RUN).read_text("utf-8").replace('"evil"', json.dumps(EVIL))
    flat = plain(read_rows(runs / ITEMS))
    names = pa.array([EVIL if name == "evil" else name for name in flat["model"].to_pylist()])
    rows = flat.set_column(flat.schema.get_field_index("model"), "model", names)
    found = found_in(json.loads(text), json.loads(record), rows)
    assert found is not None
    said = rendered(found, Path(EVIL), None, EVIL)
    assert not Tags(said).named("img")
    assert "&lt;img src=x onerror=alert(1)&gt;" in said


@pytest.mark.parametrize(
    ("order", "separable", "said"),
    [
        (["median", "identity"], [("median", "identity")], "median leads, and leaves"),
        (["median", "identity"], [], "No model is surely better than doing nothing"),
        (["identity", "median"], [("identity", "median")], "No model is surely better than doing nothing"),
    ],
)
def test_the_headline_says_no_more_than_is_sure(
    runs: Path, order: list[str], separable: list[tuple[str, str]], said: str
) -> None:
    store = RunStore(runs)
    found = found_in(store.read_json(SUMMARY), store.read_json(RUN), read_rows(runs / ITEMS))
    assert found is not None
    pairs = [{"first": first, "second": second, "separable": True} for first, second in separable]
    lead = {**found.lead, "by_relative_error": {"order": order, "pairs": pairs, "groups": [["median", "evil"]]}}
    assert headline(replace(found, lead=lead)).startswith(said)
    assert headline(replace(found, lead=lead)).endswith("evil cannot be told from it") == ("leads" in said)


def test_the_worst_items_are_those_with_the_most_added_error(runs: Path) -> None:
    rows = plain(read_rows(runs / ITEMS)).to_pylist()
    values = {
        (row["model"], row["item"]): row["value"]
        for row in rows
        if row["metric"] == PSNR and row["region"] == "whole" and row["value"] is not None
    }
    items = sorted({item for _, item in values})
    added = {item: 10 ** (-values["median", item] / 10) - 10 ** (-values["identity", item] / 10) for item in items}
    wanted = sorted((item for item in items if added[item] > 0), key=lambda item: -added[item])
    found = worst(losses(read_rows(runs / ITEMS), PSNR), "median")
    assert len(wanted) > 0
    assert [each.item for each in found] == wanted[:12]
    assert all(each.loss == pytest.approx(added[each.item]) for each in found)


def test_a_failed_item_is_no_loss_and_the_showcase_is_of_damaged_items(runs: Path) -> None:
    found = losses(read_rows(runs / ITEMS), PSNR)
    assert {each.model for each in found} == {"median"}
    chosen = showcase(found)
    assert [each.why for each in chosen] == ["Best", "Median", "Worst"]
    relative = {each.item: each.relative or 0.0 for each in found if each.severity != 0}
    assert relative[chosen[0].item] == min(relative.values())
    assert relative[chosen[2].item] == max(relative.values())
    assert showcase([]) == []


def test_relative_errors_of_cells_are_those_of_the_summary(runs: Path) -> None:
    store = RunStore(runs)
    found = found_in(store.read_json(SUMMARY), store.read_json(RUN), read_rows(runs / ITEMS))
    assert found is not None
    cells = cell_errors(found)
    worst_cell = found.lead["models"]["median"]["worst"]
    assert cells[worst_cell["defect"], worst_cell["severity"], "median"] == pytest.approx(worst_cell["relative_error"])
    assert {value for (_, _, model), value in cells.items() if model == "identity"} == {100.0}
    assert all(severity != 0 for _, severity, _ in cells)


def test_without_outputs_or_a_suite_the_page_says_what_helps(runs: Path, tmp_path: Path) -> None:
    copy = tmp_path / "runs"
    copy.mkdir()
    for name in (ITEMS, RUN, SUMMARY):
        (copy / name).write_bytes((runs / name).read_bytes())
    text = write_page(copy, tmp_path / "page").file.read_text("utf-8")
    assert "The outputs were not kept. Keep them with: foxing benchmark run --suite small --model median" in text
    assert "--model evil@misbehaving:raises --keep --retry all --out" in text
    (copy / "outputs").mkdir()
    assert "--suite DIR" in write_page(copy, tmp_path / "page").file.read_text("utf-8")
    other = small_suite(tmp_path / "other").folder
    with pytest.raises(SuiteError, match=r"is small:\w+, the run is of small"):
        write_page(copy, tmp_path / "page", other)


def test_a_kept_picture_that_is_not_the_scored_one_is_not_shown(runs: Path, tmp_path: Path) -> None:
    found = worst(losses(read_rows(runs / ITEMS), PSNR), "median")[0]
    path = output_path(runs / "outputs", "median", found.item, 0)
    kept = path.read_bytes()
    write_png(path, photo(99))
    try:
        text = write_page(runs, tmp_path / "page.html").file.read_text("utf-8")
    finally:
        path.write_bytes(kept)
    assert "the picture that was kept is another than was scored" in text


def test_the_console_writes_the_page(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", "report", str(runs), "--html", str(tmp_path / "out")]) == 0
    said = capsys.readouterr()
    assert f"{tmp_path / 'out' / 'report.html'}: the report as a page" in said.out
    assert said.err == ""
    assert (tmp_path / "out" / "report.html").is_file()
    assert page_at(Path("a/b.HTML")).file == Path("a/b.HTML")
