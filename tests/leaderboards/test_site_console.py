import hashlib
import http.client
import json
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from made_up_boards import made_board, made_shelf
from small_boards import write_entries

from benchmark.store import ITEMS, RUN, SCHEMA, parquet_bytes, plain, read_rows
from foxing import main
from leaderboards import serving
from leaderboards.building import Built
from leaderboards.building import shelves_of as all_shelves_of
from leaderboards.entry import HISTORY, PEOPLE, EntryError
from leaderboards.pages import model_page, pages, suite_page
from leaderboards.people import study as read_study
from leaderboards.serving import HOST, serve, server
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


@pytest.fixture
def address(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """Of a server of a small folder."""
    (tmp_path / "index.html").write_text("<p>here</p>", "utf-8")
    (tmp_path / "data").mkdir()
    with server(tmp_path, 0) as serving_here:
        thread = threading.Thread(target=serving_here.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield str(serving_here.server_address[0]), int(serving_here.server_address[1])
        serving_here.shutdown()
        thread.join()


def asked(address: tuple[str, int], path: str) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request("GET", path, headers={"Connection": "close"})
    answer = connection.getresponse()
    found = answer.status, answer.getheader("Content-Type", ""), answer.read()
    connection.close()
    return found


def test_pages_are_served_to_this_machine_alone(address: tuple[str, int]) -> None:
    assert address[0] == HOST == "127.0.0.1"
    assert asked(address, "/") == (200, "text/html; charset=utf-8", b"<p>here</p>")


def test_no_lists_of_files_and_nothing_outside_are_served(address: tuple[str, int], tmp_path: Path) -> None:
    assert asked(address, "/data/")[0] == 404
    (tmp_path.parent / "secret.txt").write_text("secret")
    assert asked(address, "/../secret.txt")[0] == 404
    assert asked(address, "/%2e%2e/secret.txt")[0] == 404


def test_a_port_that_is_taken_is_said_in_one_line(address: tuple[str, int], small_entries: Path) -> None:
    with pytest.raises(EntryError, match=rf"port {address[1]}: .*; give another with --port"):
        serve(small_entries, address[1], lambda *_: None)


def test_serve_says_the_address_and_leaves_nothing(
    small_entries: Path, monkeypatch: pytest.MonkeyPatch, capsys: Console
) -> None:
    places: list[Path] = []

    def interrupted(here: Built, address: str) -> None:
        places.append(here.out)
        assert address.startswith(f"http://{HOST}:")
        assert (here.out / "index.html").is_file()
        raise KeyboardInterrupt

    monkeypatch.setattr("leaderboards.cli_site.announce", interrupted)
    assert main(["leaderboard", "serve", "--port", "0", "--entries", str(small_entries)]) == 0
    assert "stopped" in capsys.readouterr().err
    assert not places[0].exists()
    assert serving.HOST == "127.0.0.1"


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


DAMAGES = {
    "items.parquet": b"PAR1 is how it begins",
    "run.json": b'{"suite_id": ',
    "summary.json": b"[]",
    "card.toml": b"name = 3",
    "pictures/Scratches-4--small.webp": b"<svg onload='alert(1)'/>",
}


@pytest.mark.parametrize("name", DAMAGES)
def test_an_entry_that_is_damaged_is_left_out_and_named(root: Path, tmp_path: Path, capsys: Console, name: str) -> None:
    entry = next(root.glob("*/median"))
    place = entry / name if (entry / name).is_file() else next(entry.glob("pictures/*.webp"))
    place.write_bytes(DAMAGES[name])
    out = tmp_path / "out"
    assert main(["leaderboard", "build", str(out), "--entries", str(root)]) == 0
    said = capsys.readouterr()
    assert f"foxing: left out: {entry.parent.name}/median: " in said.err
    assert place.name in said.err
    assert said.out.endswith(", 1 left out\n")
    for path in (out / "index.html", out / entry.parent.name / "index.html", out / "LEADERBOARD.md"):
        assert f"{entry.parent.name}/median" in path.read_text("utf-8").replace("\\_", "_"), path
    assert (out / entry.parent.name / "auto-levels" / "index.html").is_file()
    assert not (out / entry.parent.name / "median").exists()


def test_an_entry_with_a_link_is_left_out(root: Path, tmp_path: Path) -> None:
    entry = next(root.glob("*/median"))
    (tmp_path / "secret").write_text("secret", "utf-8")
    (entry / "pictures" / "x.webp").symlink_to(tmp_path / "secret")
    _, left_out = all_shelves_of(root)
    assert [str(each) for each in left_out] == [
        f"{entry.parent.name}/median: x.webp: a link, which may lead anywhere; add the entry again"
    ]


def test_a_study_that_is_damaged_is_left_out_alone(root: Path) -> None:
    entry = next(root.glob("*/median"))
    (entry.parent / PEOPLE).mkdir()
    (entry.parent / PEOPLE / "bad.json").write_text("{}", "utf-8")
    found, left_out = all_shelves_of(root)
    assert [each.place for each in left_out] == [f"{entry.parent.name}/{PEOPLE}/bad.json"]
    assert found[0].board.row("median") is not None
    assert found[0].left_out == tuple(left_out)


def test_with_strict_nothing_is_built_where_anything_is_damaged(root: Path, tmp_path: Path, capsys: Console) -> None:
    words = ["leaderboard", "build", str(tmp_path / "out"), "--entries", str(root), "--strict"]
    assert main(words) == 0
    shutil.rmtree(tmp_path / "out")
    (next(root.glob("*/median")) / "card.toml").unlink()
    capsys.readouterr()
    assert main(words) == 1
    assert "median: no card.toml" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_without_the_untouched_photo_its_suite_is_left_out(root: Path, tmp_path: Path) -> None:
    entry = next(root.glob("*/identity"))
    (entry / "run.json").write_text("{}", "utf-8")
    found, left_out = all_shelves_of(root)
    assert not found
    assert [each.place for each in left_out] == [f"{entry.parent.name}/identity", entry.parent.name]
    assert main(["leaderboard", "build", str(tmp_path / "out"), "--entries", str(root), "--json"]) == 0
    assert "no entry of identity that can be read" in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_rows_of_strange_items_leave_their_entry_out_alone(root: Path) -> None:
    entry = next(root.glob("*/median"))
    rows = plain(read_rows(entry / ITEMS))
    other = rows.set_column(rows.schema.get_field_index("photo"), "photo", pa.array(["b"] * rows.num_rows))
    (entry / ITEMS).write_bytes(parquet_bytes(other.cast(SCHEMA)))
    run = json.loads((entry / RUN).read_text("utf-8"))
    digest = hashlib.sha256((entry / ITEMS).read_bytes()).hexdigest()
    (entry / RUN).write_text(json.dumps({**run, "items_sha256": digest}), "utf-8")
    found, left_out = all_shelves_of(root)
    assert [row.model for row in found[0].board.rows if row.model == "median"] == []
    assert "the suite has no such item" in left_out[0].why


def test_entries_that_contradict_the_untouched_photo_are_left_out_alone(tmp_path: Path) -> None:
    write_entries(tmp_path)
    floor = next(tmp_path.glob("*/identity")) / ITEMS
    rows = plain(read_rows(floor))
    floor.write_bytes(parquet_bytes(rows.filter(pc.not_equal(rows["item"], rows["item"][0])).cast(SCHEMA)))
    fair = next(tmp_path.glob("*/fair")) / ITEMS
    shutil.copy(floor, fair)
    whole = plain(read_rows(next(tmp_path.glob("*/fair")) / ITEMS))
    names = pa.array(["fair"] * whole.num_rows)
    fair.write_bytes(
        parquet_bytes(whole.set_column(whole.schema.get_field_index("model"), "model", names).cast(SCHEMA))
    )
    found, left_out = all_shelves_of(tmp_path)
    assert {row.model for row in found[0].board.rows} == {"identity", "fair"}
    assert sorted(each.place.rpartition("/")[2] for each in left_out) == ["bad", "good"]
    assert "identity has no score" in left_out[0].why
    assert not (tmp_path / "out").exists()
