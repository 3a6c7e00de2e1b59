"""The site built at the console, with studies, earlier revisions and withdrawn entries."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_boards import made_board, made_shelf

from foxing import main
from leaderboards.building import shelves_of as all_shelves_of
from leaderboards.entry import HISTORY, PEOPLE, EntryError
from leaderboards.pages import model_page, pages, suite_page
from leaderboards.people import study as read_study
from leaderboards.shelf import Shelf, metric_path, shelf

Console = pytest.CaptureFixture[str]


def test_build_says_where_the_site_is(small_entries: Path, tmp_path: Path, capsys: Console) -> None:
    assert main(["leaderboard", "build", str(tmp_path / "out"), "--entries", str(small_entries)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"{tmp_path / 'out' / 'index.html'}: 1 suite, 3 entries, ")
    assert said.err == ""
    assert main(["leaderboard", "build", str(tmp_path / "out"), "--entries", str(small_entries), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["models"] == 3


def test_build_refuses_a_folder_of_something_else(small_entries: Path, tmp_path: Path, capsys: Console) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    assert main(["leaderboard", "build", str(tmp_path), "--entries", str(small_entries)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "no site that foxing has built; name another folder" in said
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_build_of_no_entries_says_how_to_make_some(tmp_path: Path, capsys: Console) -> None:
    assert main(["leaderboard", "build", str(tmp_path / "out"), "--entries", str(tmp_path / "none")]) == 2
    assert "foxing leaderboard add" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main(["leaderboard", "build", str(tmp_path / "out"), "--entries", str(tmp_path / "empty")]) == 0
    assert "There are no entries yet" in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_a_board_on_which_nothing_could_be_scored_has_its_pages() -> None:
    bare = replace(made_board(), lead=None, columns=(), cells=(), pairs=(), groups=())
    rows = tuple(replace(row, rank=None, place=None, unranked="no item could be scored") for row in bare.rows)
    found = shelf(replace(bare, rows=rows), list(made_shelf().entries.values()), {})
    text = suite_page(found)
    assert "No model has been ranked yet." in text
    assert "Unranked: no item could be scored." in model_page(found, rows[0])


def study(suite_id: str, metric: str) -> dict[str, object]:
    """A result as `foxing leaderboard study score` writes it, as far as pages show it."""
    estimate = {"value": 0.75, "low": 0.5, "high": 0.9}
    return {
        "format": "foxing-study-result/1",
        "suite_id": suite_id,
        "raters": {"kept": 12},
        "votes": 300,
        "photos": 20,
        "models": [{"model": "<b>median</b>", "score": estimate, "preferred": 60.0, "rank": [1, 2]}],
        "metrics": [
            {"metric": metric, "region": "whole", "votes": 250, "pairwise": estimate, "kendall": estimate},
        ],
    }


def shelves_of(root: Path) -> list[Shelf]:
    shelves, left_out = all_shelves_of(root)
    assert not left_out
    return shelves


def test_a_study_beside_the_entries_is_shown(root: Path) -> None:
    before = shelves_of(root)[0]
    folder, metric = root / before.folder, next(iter(before.metrics))
    (folder / PEOPLE).mkdir()
    (folder / PEOPLE / "spring.json").write_text(json.dumps(study(before.board.suite_id, metric)), "utf-8")
    found = shelves_of(root)[0]
    assert "What people prefer: spring" in suite_page(found)
    assert "&lt;b&gt;median&lt;/b&gt;" in suite_page(found)
    passport = dict(pages([found]))[metric_path(found, metric)]
    assert "75 (50 to 90) times of 100" in " ".join(passport.split())
    assert "Nobody has asked them yet" in dict(pages([before]))[metric_path(before, metric)]


def test_a_study_of_another_suite_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(study("other:1", "psnr/v1")), "utf-8")
    with pytest.raises(EntryError, match=r"one.json: a study of other:1, not of mine:2"):
        read_study(path, "mine:2")
    path.write_text(json.dumps({"format": "foxing-study-result/1", "suite_id": "mine:2"}), "utf-8")
    with pytest.raises(EntryError, match=r"one.json: damaged \(KeyError.*score the study again"):
        read_study(path, "mine:2")
    path.write_text("{}", "utf-8")
    with pytest.raises(EntryError, match=r"one.json: no foxing-study-result/1"):
        read_study(path, "mine:2")


def test_earlier_revisions_of_an_entry_are_named(root: Path) -> None:
    entry = next(root.glob("*/median"))
    past = entry / HISTORY / "1"
    past.mkdir(parents=True)
    for name in ("card.toml", "summary.json"):
        shutil.copy(entry / name, past / name)
    found = shelves_of(root)[0]
    row = found.board.row("median")
    assert row is not None
    page = " ".join(model_page(found, row).split())
    assert '<a href="#history">revision 1</a>, in place of 1' in page
    assert '<th scope="row">1</th>' in page
    assert "<td>superseded</td>" in page
    shown = re.search(r'<th scope="row">1</th>.*?<td>([\d.]+)', page.replace(row.card.submitted, ""))
    assert shown is not None
    assert row.relative_error.value is not None
    assert float(shown[1]) == pytest.approx(row.relative_error.value, abs=0.06)


def test_a_revision_that_cannot_be_read_is_said_and_stops_nothing(root: Path) -> None:
    past = next(root.glob("*/median")) / HISTORY / "1"
    past.mkdir(parents=True)
    (past / "card.toml").write_text("name = <b>", "utf-8")
    found = shelves_of(root)[0]
    row = found.board.row("median")
    assert row is not None
    page = model_page(found, row)
    assert "cannot be read: card.toml: no TOML" in page
    assert "<b>" not in page.partition("History")[2].partition("</section>")[0]


def test_a_withdrawn_entry_is_named_and_keeps_a_page_and_a_badge_that_say_so(root: Path, tmp_path: Path) -> None:
    entry = next(root.glob("*/median"))
    assert main(["leaderboard", "withdraw", str(entry), "--reason", "it had seen the photos <i>"]) == 0
    assert main(["leaderboard", "build", str(tmp_path / "out"), "--entries", str(root)]) == 0
    suite = tmp_path / "out" / entry.parent.name
    assert "it had seen the photos &lt;i&gt;" in (suite / "index.html").read_text("utf-8")
    page = (suite / "median" / "index.html").read_text("utf-8")
    assert re.search(r"Withdrawn on \d{4}-\d\d-\d\d: it had seen the photos &lt;i&gt;", page)
    assert "withdrawn" in (suite / "median" / "badge.svg").read_text("utf-8")
    assert "Withdrawn: it had seen" in (tmp_path / "out" / "feed.json").read_text("utf-8")
    assert not list(suite.glob("median/*.webp"))
