import json
from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc
import pytest
from small_boards import CELLS, MODELS, PHOTOS, called, some_rows, write_entries
from small_items import MAE, PSNR

from benchmark.statistics import summary
from leaderboards.board import as_data, board
from leaderboards.entry import EntryError

COST = {"seconds_per_megapixel": 1.0, "hardware": "a cpu", "threads": 1, "parameters": 12}


def test_a_board_ranks_models_by_relative_error_and_names_the_do_nothing_line(tmp_path: Path) -> None:
    found = board(write_entries(tmp_path))
    assert [row.model for row in found.rows] == ["good", "fair", "identity", "bad"]
    assert [row.rank for row in found.rows] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert found.groups == (("good",), ("fair",), ("identity",), ("bad",))
    nothing = found.row("identity")
    assert nothing is not None
    assert nothing.relative_error == (100, 100, 100)
    assert nothing.gain_db.value == 0


def test_every_number_of_a_row_is_that_of_the_summary_of_all_items_together(tmp_path: Path) -> None:
    found = board(write_entries(tmp_path))
    told = summary(some_rows())
    lead = next(each for each in told["columns"] if each["metric"] == PSNR)
    for row in found.rows:
        mine = lead["models"][row.model]
        assert row.relative_error._asdict() == mine["relative_error"]
        assert row.gain_db._asdict() == mine["gain_db"]
        assert {name: each._asdict() for name, each in row.by_defect.items()} == mine["relative_error_by_defect"]
        assert row.worst is not None
        assert row.worst._asdict() == mine["worst"]
    assert [dict(each) for each in found.pairs] == lead["by_relative_error"]["pairs"]


def test_cells_are_those_of_the_model_defect_and_severity_and_of_known_size(tmp_path: Path) -> None:
    found = board(write_entries(tmp_path))
    cells = found.lead_cells()
    assert len(cells) == len(MODELS) * len(CELLS)
    good = [each for each in cells if each.model == "good"]
    assert {(each.defect, each.severity) for each in good} == set(CELLS)
    for each in good:
        assert each.photos == PHOTOS
        assert each.gain_db.value == pytest.approx(6, abs=0.3)
        assert each.relative_error.value == pytest.approx(100 * 10**-0.6, abs=2)
        assert each.relative_error.low is not None
        assert each.relative_error.low < each.relative_error.value


def test_a_model_that_lacks_items_is_shown_without_a_rank_and_with_the_reason(tmp_path: Path) -> None:
    rows = some_rows()
    lost = pc.and_(pc.equal(rows["model"].cast("string"), "good"), pc.equal(rows["photo"].cast("string"), "photo-0003"))
    found = board(write_entries(tmp_path, rows.filter(pc.invert(lost))))
    good = found.rows[-1]
    assert (good.model, good.rank, good.place, good.complete) == ("good", None, None, False)
    assert good.unranked == f"{len(CELLS)} of {PHOTOS * len(CELLS)} items missing"
    assert found.rows[0].rank == (1, 1)


def test_withdrawn_entries_are_named_and_do_not_count(tmp_path: Path) -> None:
    entries = [
        replace(each, withdrawn="a mistake") if each.model == "good" else each for each in write_entries(tmp_path)
    ]
    found = board(entries)
    assert "good" not in [row.model for row in found.rows]
    assert found.withdrawn == (("good", "a mistake"),)


def test_entries_of_two_suites_make_no_board(tmp_path: Path) -> None:
    entries = write_entries(tmp_path)
    with pytest.raises(EntryError, match="never mixed"):
        board([entries[0], replace(entries[1], suite_id="other:1")])
    with pytest.raises(EntryError, match="no entry"):
        board([])


def test_without_the_untouched_input_there_is_no_board(tmp_path: Path) -> None:
    with pytest.raises(EntryError, match="do-nothing line"):
        board([each for each in write_entries(tmp_path) if each.model != "identity"])


def test_the_front_holds_models_that_none_on_the_same_hardware_beats_in_speed_and_error(tmp_path: Path) -> None:
    costs = {
        "good": COST,
        "fair": COST | {"seconds_per_megapixel": 2.0},  # slower and worse than good
        "bad": COST | {"seconds_per_megapixel": 9.0, "hardware": "another"},  # alone there
    }
    found = board(write_entries(tmp_path, costs=costs))
    assert {row.model: row.pareto for row in found.rows} == {"good": True, "fair": False, "bad": True, "identity": None}
    good = found.row("good")
    assert good is not None
    assert (good.cost.parameters, good.cost.hardware) == (12, "a cpu")


def test_passports_say_what_each_column_is_and_how_it_agrees_with_the_lead(tmp_path: Path) -> None:
    found = board(write_entries(tmp_path))
    assert [(each.metric, each.lead, each.higher_is_better) for each in found.columns] == [
        (MAE, False, False),
        (PSNR, True, True),
    ]
    assert found.columns[0].agreement_with_lead == 1
    assert all(each.items == PHOTOS * len(CELLS) and each.photos == PHOTOS for each in found.columns)


def test_a_board_as_data_is_json_and_the_same_whatever_the_order_of_entries(tmp_path: Path) -> None:
    entries = write_entries(tmp_path)
    text = json.dumps(as_data(board(entries)), allow_nan=False)
    assert text == json.dumps(as_data(board(entries[::-1])), allow_nan=False)
    assert json.loads(text)["rows"][0]["relative_error"]["value"] == board(entries).rows[0].relative_error.value


def test_the_name_on_a_card_is_kept_as_it_is(tmp_path: Path) -> None:
    entries = write_entries(tmp_path)
    found = board([called(each, "<img onerror=x>") if each.model == "good" else each for each in entries])
    assert found.rows[0].card.name == "<img onerror=x>"


def test_a_model_without_any_error_has_a_relative_error_of_nought_and_no_gain_that_is_a_number(tmp_path: Path) -> None:
    rows = some_rows().to_pylist()
    for row in rows:
        if row["model"] == "good" and row["metric"] == MAE:
            row["value"] = 0.0
        if row["model"] == "identity" and row["metric"] == MAE and row["defect"] == "Tear" and row["severity"] == 1:
            row["value"] = 0.0
    found = board(write_entries(tmp_path, some_rows().from_pylist(rows, some_rows().schema)))
    cells = {(each.defect, each.severity): each for each in found.cells if (each.model, each.metric) == ("good", MAE)}
    assert cells["Foxing", 1].relative_error == (0, 0, 0)
    assert cells["Foxing", 1].gain_db.value is None
    assert cells["Tear", 1].relative_error.value is None  # there was nothing to restore
    json.dumps(as_data(found), allow_nan=False)
