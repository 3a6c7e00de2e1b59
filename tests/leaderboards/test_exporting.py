import csv
import json
import xml.etree.ElementTree as Tree
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from small_boards import CELLS, MODELS, called, some_rows, write_entries

from benchmark.statistics import summary
from leaderboards.badge import badges, drawn, endpoint, write_badges
from leaderboards.board import Board, board
from leaderboards.exporting import markdown, table_of, text, write_data
from leaderboards.feed import feed

EVIL = '<script>alert("x")</script> | [a](javascript:b) `c`\n# d'


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Board:
    return board(write_entries(tmp_path_factory.mktemp("entries")))


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Board:
    entries = write_entries(tmp_path_factory.mktemp("entries"))
    return board([called(each, EVIL) if each.model == "good" else each for each in entries])


def test_the_csv_holds_the_numbers_of_the_summary(found: Board, tmp_path: Path) -> None:
    path = write_data(found, tmp_path)[0]
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    columns = summary(some_rows())["columns"]
    for column in columns:
        for model, mine in column["models"].items():
            row = one(rows, model, column["metric"], "", "")
            for name in ("score", "relative_error", "gain_db"):
                assert [number(row[f"{name}{end}"]) for end in ("", "_low", "_high")] == [*mine[name].values()]
            assert [int(row["rank_best"]), int(row["rank_worst"])] == column["by_relative_error"]["ranks"][model]
            for defect, estimate in mine["relative_error_by_defect"].items():
                assert number(one(rows, model, column["metric"], defect, "")["relative_error"]) == estimate["value"]
            for place, cell in enumerate(column["cells"]):
                here = one(rows, model, column["metric"], cell["defect"], str(cell["severity"]))
                assert number(here["score"]) == mine["cells"][place]
    assert len(rows) == len(columns) * len(MODELS) * (1 + 2 + len(CELLS))


def one(rows: list[dict[str, str]], model: str, metric: str, defect: str, severity: str) -> dict[str, str]:
    wanted = (model, metric, "whole", defect, severity)
    (row,) = (each for each in rows if tuple(each[name] for name in KEY) == wanted)
    return row


KEY = ("model", "metric", "region", "defect", "severity")


def number(written: str) -> float | None:
    return float(written) if written else None


def test_parquet_and_json_hold_the_same_as_the_board(found: Board, tmp_path: Path) -> None:
    _, data, parquet = write_data(found, tmp_path)
    assert pq.read_table(parquet).to_pylist() == table_of(found).to_pylist()
    kept = json.loads(data.read_text("utf-8"))
    assert [row["model"] for row in kept["rows"]] == [row.model for row in found.rows]
    assert kept["lead"]["name"] == "psnr"


def test_writing_twice_gives_the_same_bytes(found: Board, tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_data(found, tmp_path / "a")]
    assert first == [path.read_bytes() for path in write_data(found, tmp_path / "b")]


def test_the_markdown_has_a_row_for_each_model_with_ranks_and_intervals(found: Board) -> None:
    lines = markdown([found]).splitlines()
    good = next(line for line in lines if "| good |" in line)
    error = found.rows[0].relative_error
    assert good.startswith("| 1 | good | classical | ")
    assert f"{error.value:.1f} [{error.low:.1f}, {error.high:.1f}]" in good
    assert next(line for line in lines if "| identity |" in line).startswith("| 3 |")


def test_nothing_that_anybody_wrote_is_markup_in_the_markdown(evil: Board) -> None:
    written = markdown([evil])
    assert "<script" not in written
    assert "[a](" not in written
    assert "<b>" not in written
    line = next(each for each in written.splitlines() if "alert" in each)
    head = next(each for each in written.splitlines() if each.startswith("| rank"))
    assert line.replace("\\|", "").count("|") == head.count("|")
    assert text("a|b*c*_d_") == "a\\|b\\*c\\*\\_d\\_"


def test_nothing_that_anybody_wrote_is_markup_in_a_badge(evil: Board) -> None:
    picture = Tree.fromstring(drawn(dict(badges(evil))[evil.rows[0].model]))
    assert {each.tag.rpartition("}")[2] for each in picture.iter()} == {"svg", "title", "clipPath", "g", "rect", "text"}
    assert EVIL.split(maxsplit=1)[0] in str(picture.attrib["aria-label"])


def test_a_badge_says_the_ranks_and_is_green_only_where_a_model_surely_helps(found: Board) -> None:
    colours = {model: json.loads(endpoint(badge))["color"] for model, badge in badges(found)}
    assert len({colours["good"], colours["bad"], colours["identity"]}) == 3
    assert colours["good"] == colours["fair"]
    good = json.loads(endpoint(dict(badges(found))[found.rows[0].model]))
    assert good["schemaVersion"] == 1
    assert good["message"].startswith("rank 1 of 4, error ")


def test_every_model_has_its_badges_in_its_own_folder(found: Board, tmp_path: Path) -> None:
    written = write_badges(found, tmp_path)
    assert len(written) == 2 * len(MODELS)
    assert {path.parent.name for path in written} == set(MODELS)


def test_the_feed_has_the_newest_entry_first_and_only_addresses_of_the_web(tmp_path: Path) -> None:
    entries = write_entries(tmp_path)
    new = replace(entries[1], card=replace(entries[1].card, submitted="2026-11-20", url="https://a.example/"))
    bad = replace(entries[2], card=replace(entries[2].card, url="javascript:alert(1)"))
    data = json.loads(feed([entries[0], bad, new], "https://boards.example/x/"))
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    assert data["feed_url"] == "https://boards.example/x/feed.json"
    assert data["items"][0]["date_published"] == "2026-11-20T00:00:00Z"
    assert [each.get("external_url") for each in data["items"]] == ["https://a.example/", None, None]
    assert len({each["id"] for each in data["items"]}) == 3
