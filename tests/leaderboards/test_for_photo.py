"""Which model to take for a photo: by its likeness to the cells of a board, and at the console."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_boards import CELLS, MODELS, some_rows, write_entries
from small_fingerprints import SIDE, aged, of_the_board, scene, shipped

from degrade.io import write_png
from foxing import main
from leaderboards.board import board
from leaderboards.cli_for import telling
from leaderboards.entry import Entry, EntryError, folder_name
from leaderboards.fingerprint import FINGERPRINT, Fingerprint, path_of, written
from leaderboards.for_photo import advised
from leaderboards.pooling import pooled
from leaderboards.weighing import weighed


def test_all_weight_on_one_cell_gives_the_relative_errors_of_that_cell(tmp_path: Path) -> None:
    entries = write_entries(tmp_path)
    whole = board(entries)
    table = weighed(whole, pooled(entries), {("Tear", 3): 0.2, ("Unknown", 1): 0.8})
    cells = {each.model: each.relative_error.value for each in whole.lead_cells() if each[3:5] == ("Tear", 3)}
    assert {row.model: row.expected.value for row in table.rows} == pytest.approx(cells)
    assert table.weights == {cell: float(cell == ("Tear", 3)) for cell in CELLS}


def test_a_model_that_is_good_at_one_defect_alone_leads_where_the_photo_has_it(tmp_path: Path) -> None:
    rows = some_rows().to_pylist()
    for row in rows:  # `bad` repairs tears and nothing else
        if row["model"] == "bad" and row["defect"] == "Tear" and row["metric"].startswith("psnr"):
            row["value"] += 15
    entries = write_entries(tmp_path, some_rows().from_pylist(rows, some_rows().schema))
    whole, rows_of_all = board(entries), pooled(entries)
    tears = weighed(whole, rows_of_all, {("Tear", 1): 0.5, ("Tear", 3): 0.5})
    spots = weighed(whole, rows_of_all, {("Foxing", 1): 1.0})
    assert tears.rows[0].model == "bad"
    assert tears.rows[0].rank == (1, 1)
    assert spots.rows[0].model == "good"
    assert spots.rows[-1].model == "bad"
    assert all(row.expected.low is not None for row in tears.rows)


def test_a_photo_like_no_cell_of_the_board_is_refused(tmp_path: Path) -> None:
    entries = write_entries(tmp_path)
    with pytest.raises(EntryError, match="no cell of the board"):
        weighed(board(entries), pooled(entries), {("Unknown", 1): 1.0})


def test_a_photo_unlike_all_of_the_suite_is_said_to_be(fingerprint: Fingerprint, tmp_path: Path) -> None:
    entries = write_entries(tmp_path)
    snow = np.random.default_rng(0).integers(0, 2, (SIDE, SIDE, 3), np.uint8) * 255
    strange, usual = (
        advised(each, None, board(entries), pooled(entries), of_the_board(fingerprint), masked=True)
        for each in (snow, scene(1))
    )
    assert strange.unlike
    assert not usual.unlike
    assert [row.model for row in usual.table.rows] == ["good", "fair", "identity", "bad"]


@pytest.fixture
def root(fingerprint: Fingerprint, tmp_path: Path) -> Path:
    entries = write_entries(tmp_path / "entries")
    named = replace(of_the_board(fingerprint), suite_id=entries[0].suite_id)
    (tmp_path / "entries" / folder_name(named.suite_id) / FINGERPRINT).write_text(written(named), "utf-8")
    return tmp_path / "entries"


def test_the_console_says_what_ails_a_photo_and_which_model_to_take(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_png(tmp_path / "old.png", aged(53, "GaussianNoise")[0])
    assert main(["leaderboard", "for", str(tmp_path / "old.png"), "--entries", str(root)]) == 0
    said = capsys.readouterr().out
    assert "of the suite, most like" in said
    assert re.search(r"what seems wrong +grain or noise \(noise in the most even places: \d+\.?\d* levels; clean", said)
    assert "estimated by a top-hat filter" in said
    assert "\ntake                        good, surely better than leaving it as it is" in said
    assert len([line for line in said.splitlines() if "\t" in line]) == 1 + len(MODELS)
    assert main(["leaderboard", "for", str(tmp_path / "old.png"), "--entries", str(root), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert sum(each["weight"] for each in data["cells"]) == pytest.approx(1)
    assert data["mask_from"] == "top-hat"
    assert data["models"][0]["model"] == "good"
    assert "noise" in [each["key"] for each in data["symptoms"]]
    assert not data["little_seems_wrong"]


def test_an_undamaged_photo_is_left_as_it_is(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_png(tmp_path / "new.png", shipped("rocket"))
    assert main(["leaderboard", "for", str(tmp_path / "new.png"), "--entries", str(root)]) == 0
    said = capsys.readouterr().out
    assert re.search(r"what seems wrong +little: ", said)
    assert re.search(r"take +nothing: leave it as it is", said)
    assert "most like" not in said


def test_of_suites_the_one_with_a_handful_of_models_and_most_photos_is_taken(tmp_path: Path) -> None:
    entry = write_entries(tmp_path)[0]

    def board_of(models: int, photos: int) -> list[Entry]:
        run = {"suite": {"photos": photos, "items": photos * 8}}
        return [replace(entry, run=run) for _ in range(models)]

    two, many, wide = board_of(2, 24), board_of(11, 4), board_of(7, 24)
    assert max((two, many), key=telling) is many
    assert max((many, wide, two), key=telling) is wide


def test_a_mask_that_somebody_drew_counts(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image, mask = aged(54, "Tear")
    write_png(tmp_path / "old.png", image)
    write_png(tmp_path / "mask.png", mask)
    words = ["leaderboard", "for", str(tmp_path / "old.png"), "--entries", str(root), "--json"]
    said = []
    for more in ([], ["--mask", str(tmp_path / "mask.png")]):
        assert main([*words, *more]) == 0
        said.append(json.loads(capsys.readouterr().out))
    assert said[1]["signs"][0]["name"] == "masked"
    assert said[1]["signs"][0]["value"] == pytest.approx(100 * (mask >= 26).mean(), abs=0.01)
    assert said[0]["cells"] != said[1]["cells"]


def test_a_detector_counts_only_where_the_fingerprint_was_made_with_it(
    fingerprint: Fingerprint, tmp_path: Path
) -> None:
    entries = write_entries(tmp_path)
    image, mask = aged(55, "Tear")
    told = [
        advised(image, each, board(entries), pooled(entries), of_the_board(fingerprint), masked=masked)
        for each, masked in ((None, True), (mask, False), (mask, True))
    ]
    assert told[0].likely == told[1].likely
    assert told[0].likely != told[2].likely
    assert [each.undamaged for each in told[1].signs if each.name == "masked"] == [None]
    assert path_of(tmp_path, "a:1") != path_of(tmp_path, "a:1", "detector (sha256 0)")


def test_mistakes_are_answered_in_one_line(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_png(tmp_path / "old.png", scene(3))
    write_png(tmp_path / "tiny.png", scene(3)[:20, :20])
    write_png(tmp_path / "half.png", scene(3)[:, :70])
    (tmp_path / "not.png").write_text("no picture")
    old, other = str(tmp_path / "old.png"), ["--entries", str(root)]
    for words, answer in (
        ([old, "--suite", "nope", *other], "no suite 'nope'"),
        ([old, "--detector", str(tmp_path), *other], "no weights"),
        ([old, "--mask", str(tmp_path / "half.png"), *other], "as large as its photo"),
        ([str(tmp_path / "tiny.png"), *other], "smaller than 64"),
        ([str(tmp_path / "not.png"), *other], "not.png"),
        ([str(tmp_path / "none.png"), *other], "none.png"),
        ([old, "--entries", str(tmp_path / "nowhere")], "nowhere"),
    ):
        assert main(["leaderboard", "for", *words]) == 2
        said = capsys.readouterr().err
        assert answer in said
        assert said.count("\n") == 1
