import json
from pathlib import Path

import pyarrow as pa
import pytest
from small_boards import MODELS, STEPS, small_board_suite, some_rows, write_entries, write_run

from foxing import main
from leaderboards.comparing import compared
from leaderboards.entry import EntryError, folder_name
from leaderboards.reading import entries


def only(rows: pa.Table, *models: str) -> pa.Table:
    return rows.filter(pa.compute.is_in(rows["model"].cast("string"), pa.array(models)))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_entries(tmp_path / "entries")
    return tmp_path / "entries"


def brought(folder: Path, step: float) -> Path:
    """A sweep of a model that lies so far above the untouched input, on the photos of the entries."""
    rows = some_rows((*MODELS, "mine"), (*STEPS, step))
    return write_run(folder, only(rows, "identity", "mine"))


def test_a_model_that_is_worse_everywhere_is_named_so(root: Path, tmp_path: Path) -> None:
    found = compared(brought(tmp_path / "run", -8.0), entries(root))
    assert found.row.rank == (5, 5)
    assert [each.model for each in found.worse_than] == ["good", "fair", "identity", "bad"]
    assert not found.better_than
    assert not found.unsure
    assert found.floor == "worse"
    assert all(each.difference.low is not None and each.difference.low > 0 for each in found.worse_than)


def test_a_model_that_is_better_everywhere_stands_first(root: Path, tmp_path: Path) -> None:
    found = compared(brought(tmp_path / "run", 12.0), entries(root))
    assert found.row.rank == (1, 1)
    assert {each.model for each in found.better_than} == set(MODELS)
    assert found.floor == "better"


def test_a_model_like_an_entry_cannot_be_told_from_it(root: Path, tmp_path: Path) -> None:
    found = compared(brought(tmp_path / "run", 6.0), entries(root))
    assert [each.model for each in found.unsure] == ["good"]
    assert found.row.rank == (1, 2)


def test_an_entry_is_compared_with_the_others_and_not_with_itself(root: Path) -> None:
    place = root / folder_name(small_board_suite().suite_id) / "fair"
    found = compared(place, entries(root))
    assert found.row.model == "fair"
    assert found.row.rank == (2, 2)
    assert len(found.board.rows) == len(MODELS)


def test_a_sweep_of_the_name_of_an_entry_is_told_from_it(root: Path, tmp_path: Path) -> None:
    rows = only(some_rows(), "identity", "good")
    pairs = zip(rows["model"].to_pylist(), rows["value"].to_pylist(), strict=True)
    values = [value + 0.01 * (number % 2 or -1) * (model == "good") for number, (model, value) in enumerate(pairs)]
    run = write_run(tmp_path / "run", rows.set_column(rows.schema.get_field_index("value"), "value", pa.array(values)))
    found = compared(run, entries(root))
    assert found.row.card.name == "good (mine)"
    assert "good" in [each.model for each in found.unsure]


def test_a_sweep_that_an_entry_was_made_of_is_that_entry(root: Path, tmp_path: Path) -> None:
    found = compared(write_run(tmp_path / "run", only(some_rows(), "identity", "good")), entries(root))
    assert found.row.card.name == "good"
    assert len(found.board.rows) == len(MODELS)
    rows = some_rows()
    other = rows.set_column(1, "model", pa.array(["twin" if m == "good" else m for m in rows["model"].to_pylist()]))
    twin = compared(write_run(tmp_path / "twin", only(other, "identity", "twin")), entries(root))
    assert twin.row.model == "twin"
    assert [each.model for each in twin.unsure] == ["good"]


def test_another_suite_is_refused_in_one_line_with_the_remedy(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = some_rows()
    other = rows.set_column(0, "suite_id", pa.array(["small:0000"] * rows.num_rows))
    run = write_run(tmp_path / "run", only(other, "identity", "good"))
    assert main(["leaderboard", "compare", str(run), "--suite", "small", "--entries", str(root)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "never compared" in said
    assert "foxing benchmark run --suite small" in said


def test_an_unknown_suite_names_those_there_are(root: Path, tmp_path: Path) -> None:
    with pytest.raises(
        EntryError, match=f"no entries of suite 'nope'; there are entries of {small_board_suite().suite_id}"
    ):
        compared(brought(tmp_path / "run", 1.0), entries(root), "nope")


def test_a_sweep_of_several_models_asks_which(root: Path, tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", some_rows())
    with pytest.raises(EntryError, match="say which with --model"):
        compared(run, entries(root))
    with pytest.raises(EntryError, match="no model 'nope'"):
        compared(run, entries(root), model="nope")
    assert compared(run, entries(root), model="bad").floor == "worse"


def test_what_is_no_sweep_is_refused(root: Path, tmp_path: Path) -> None:
    with pytest.raises(EntryError, match="neither an entry nor a finished sweep"):
        compared(tmp_path, entries(root))


def test_the_console_shows_it_all_on_one_screen(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = brought(tmp_path / "run", 3.0)
    assert main(["leaderboard", "compare", str(run), "--entries", str(root)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 24
    assert any(line.startswith("surely better than") and "fair" in line and "doing nothing" in line for line in lines)
    assert any(line.startswith("surely worse than") and "good" in line for line in lines)
    assert any(line.startswith(">\t2\tmine\t") for line in lines)


def test_the_same_comes_as_json(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = brought(tmp_path / "run", 3.0)
    assert main(["leaderboard", "compare", str(run), "--entries", str(root), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["row"]["rank"] == [2, 2]
    assert [each["model"] for each in data["better_than"]] == ["fair", "identity", "bad"]
    assert data["do_nothing"] == "better"
