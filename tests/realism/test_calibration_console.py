"""A fit at the console: broken off it keeps the best and goes on, and it says in one line what it cannot do."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from realism.small_sets import photo

pytest.importorskip("optuna")
pytest.importorskip("sklearn")

from degrade.cli_fit import Asked, run_calibrate
from degrade.console import FailureError, MisuseError
from degrade.io import write_png
from degrade.realism.gap import Trees


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("photos")
    for name, count in (("old", 20), ("clean", 30)):
        (folder / name).mkdir()
        for number in range(count):
            write_png(folder / name / f"{number}.png", photo(f"{name} {number}"))
    return folder / "old", folder / "clean"


def asked(folders: tuple[Path, Path], out: Path, **choices: object) -> Asked:
    old, clean = folders
    given = {"base": "web-scan", "trials": 3, "minutes": 0, "photos": 100, "seed": 0, "workers": 1}
    given |= {"overwrite": False, "json": True, "max_pixels": 10**8}
    return Asked(str(old), str(clean), out, **(given | choices))  # type: ignore[arg-type]


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A fit whose loss is a valley, and that is broken off in the trial of that number; few photos are asked."""

    def plant(broken: int) -> None:
        done = 0

        def loss(turns: dict[str, float]) -> float:
            nonlocal done
            done += 1
            if done > broken:
                raise KeyboardInterrupt
            return (next(iter(turns.values())) - 0.5) ** 2

        monkeypatch.setattr("degrade.cli_fit.loss_of", lambda *_: loss)
        monkeypatch.setattr("degrade.calibration.fitting.ASKED", 5)
        monkeypatch.setattr("degrade.realism.patches.ANYWHERE", 3)

    return plant


def test_a_fit_that_is_broken_off_keeps_the_best_and_goes_on(
    folders: tuple[Path, Path],
    tmp_path: Path,
    planted: Callable[[int], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "mine.toml"
    planted(10)
    with pytest.raises(KeyboardInterrupt):
        run_calibrate(asked(folders, out, trials=12))
    from degrade.pipeline_file import read_pipeline  # noqa: PLC0415 - behind what may skip

    assert read_pipeline(out).name == "mine"
    said = capsys.readouterr().err
    assert "trial 1: distance 0.250, at first 0.250" in said  # where there is no terminal, the first word comes at once
    assert "the same command goes on" in said
    planted(2)
    run_calibrate(asked(folders, out, trials=12), Trees(2, 1))
    report = json.loads(capsys.readouterr().out)
    assert report["trials"] == 12
    assert report["distance"]["fitted"] < report["distance"]["base"]
    assert {name: each["photos"] for name, each in report["held_out"].items()} == {
        "base": [7, 5],
        "fitted": [7, 5],
        "clean": [7, 5],
        "scans of the fit": [7, 13],
    }


def test_what_is_there_already_is_not_replaced(
    folders: tuple[Path, Path], tmp_path: Path, planted: Callable[[int], None]
) -> None:
    out = tmp_path / "mine.toml"
    out.write_text("mine")
    with pytest.raises(MisuseError, match="there already"):
        run_calibrate(asked(folders, out))
    planted(1)
    with pytest.raises(KeyboardInterrupt):
        run_calibrate(asked(folders, out, overwrite=True))
    out.write_text(out.read_text() + "# by hand")
    with pytest.raises(MisuseError, match="not as this fit left it"):
        run_calibrate(asked(folders, out))


def test_too_few_scans_are_refused_in_one_line(folders: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match=r"19 scans, and a fit needs 20: .* old photos"):
        run_calibrate(asked(folders, tmp_path / "mine.toml", photos=19))
    assert not list(tmp_path.iterdir())


def test_an_output_that_cannot_be_written_is_refused_before_any_photo_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    nowhere = tmp_path / "no such folder"
    with pytest.raises(FailureError, match=r"mine.toml: cannot be written \(.*file: Not a directory\); name another"):
        run_calibrate(asked((nowhere, nowhere), tmp_path / "file" / "mine.toml"))


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"minutes": 1.0}, "give one of them"),
        ({"base": "old-prunt"}, "no preset 'old-prunt'"),
        ({"base": "none.toml"}, "none.toml"),
    ],
)
def test_what_makes_no_sense_is_said(
    choices: dict[str, object], words: str, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    with pytest.raises(MisuseError, match=words):
        run_calibrate(asked(folders, tmp_path / "mine.toml", **choices))
