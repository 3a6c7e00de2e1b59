"""A fit and the file of its trials: one run at a time, and nothing that a killed one left is waited for."""

from pathlib import Path

import pytest
from realism.small_sets import photo

from degrade.io import write_png

pytest.importorskip("optuna")
pytest.importorskip("sklearn")

from degrade.calibration.knobs import Knob
from degrade.calibration.search import Search
from degrade.cli_fit import Asked, alone, run_calibrate
from degrade.console import FailureError
from degrade.corpus.holding import held_file

ONE = (Knob("noise", coarse=True),)


def test_a_file_is_held_by_one_run_alone_and_let_go_of_at_its_end(tmp_path: Path) -> None:
    kept = tmp_path / "mine.toml.trials"
    with (
        held_file(kept, "fit"),
        pytest.raises(OSError, match="another fit is at work there; wait until it ends"),
        held_file(kept, "fit"),
    ):
        pass
    with held_file(kept, "fit"):
        assert kept.read_bytes() == b""


def test_a_fit_holds_its_trials_even_where_it_begins_anew_and_says_where_knobs_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, count in (("old", 20), ("clean", 30)):
        for number in range(count):
            write_png(tmp_path / name / f"{number}.png", photo(f"{name} {number}"))
    out = tmp_path / "mine.toml"
    places = str(tmp_path / "old"), str(tmp_path / "clean")
    asked = Asked(*places, out, "old-print", 2, 0, 20, 0, 1, overwrite=True, json=True, max_pixels=10**8)
    refused = []

    def loss(_: dict[str, float]) -> float:
        with pytest.raises(FailureError) as error, alone(asked):
            pass
        refused.append(str(error.value))
        raise KeyboardInterrupt

    monkeypatch.setattr("degrade.cli_fit.loss_of", lambda *_: loss)
    asked.kept.write_text("trials of another fit\n")
    with pytest.raises(KeyboardInterrupt):
        run_calibrate(asked)
    assert refused == [f"{asked.kept}: another fit is at work there; wait until it ends"]
    assert "many knobs for so few scans" in capsys.readouterr().err
    with alone(asked):
        pass


def test_a_lock_that_a_killed_run_left_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fits").mkdir()
    kept = Path("fits/mine.toml.trials")
    Path("fits/mine.toml.trials.lock").symlink_to(kept)  # as Optuna makes it: here it leads nowhere
    search = Search(ONE, kept, "valley", 0)
    search.run(lambda turns: turns["noise"], lambda done: done == 2, lambda: None)
    assert len(Search(ONE, kept, "valley", 0).trials) == 2
