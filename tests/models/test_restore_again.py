"""A second `foxing restore` into a folder: it goes on with its own results, and leaves those of others alone."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from charts import chart
from small_photos import mask, photo, results, weights

from degrade.io import read_image
from foxing import main

ROOT = Path(__file__).parents[2]


def test_a_second_run_makes_only_what_is_missing_or_older_than_its_photo(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    def counts(*more: str) -> list[int]:
        assert main(["restore", "identity", str(photos), str(out), "--json", *more]) == 0
        data = json.loads(capsys.readouterr().out)
        return [len(data[state]) for state in ("made", "skipped", "failed")]

    assert counts() == [2, 0, 0]
    assert counts() == [0, 2, 0]
    (out / "a.png").unlink()
    assert counts() == [1, 1, 0]
    later = (out / "inner/b.png").stat().st_mtime + 10
    os.utime(photos / "inner/b.png", (later, later))
    assert counts() == [1, 1, 0]
    assert counts("--overwrite") == [2, 0, 0]


def test_what_earlier_runs_made_and_masks_are_no_photos_though_they_lie_among_them(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mask(photos / "masks/a.png")
    mask(photos / "masks/inner/b.png", (44, 60))
    call = ["restore", "telea", str(photos)]
    for out in ("one", "inner/two"):
        assert main([*call, str(photos / out), "--mask", str(photos / "masks")]) == 0
        assert results(photos / out) == ["a.png", "inner/b.png"]
    assert main(["restore", "median", str(photos / "one"), str(tmp_path / "chain")]) == 0
    assert results(tmp_path / "chain") == ["a.png", "inner/b.png"]  # results of another may well be restored further
    (photos / "inner/two/restore.json").write_text('{"of": "somebody else"}')
    assert main(["restore", "median", str(photos / "inner"), str(tmp_path / "all")]) == 0
    assert results(tmp_path / "all") == ["b.png", "two/a.png", "two/inner/b.png"]
    capsys.readouterr()
    assert main(["restore", "median", str(photos / "inner"), str(photos)]) == 2
    assert capsys.readouterr().err == f"foxing: {photos}: the photos lie in it; give another folder for the results\n"


def test_another_model_does_not_mix_its_results_into_the_folder(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert main(["restore", "identity", str(photos), out]) == 0
    capsys.readouterr()
    assert main(["restore", "median", str(photos), out]) == 2
    assert "holds results of another run, with model identity; give another folder, or --ov" in capsys.readouterr().err
    assert np.array_equal(read_image(tmp_path / "out/a.png"), chart(40, 52))
    assert main(["restore", "median", str(photos), out, "--overwrite"]) == 0
    assert not np.array_equal(read_image(tmp_path / "out/a.png"), chart(40, 52))


def test_results_of_a_version_that_wrote_no_grid_down_are_gone_on_with(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call = ["restore", "median", str(photos), str(out)]
    assert main(call) == 0
    record = json.loads((out / "restore.json").read_text("utf-8"))
    (out / "restore.json").write_text(json.dumps({name: record[name] for name in ("model", "masks", "faces")}))
    assert main([*call, "--grid", "8"]) == 2
    (out / "a.png").unlink()
    assert main(call) == 0
    assert results(out) == ["a.png", "inner/b.png"]
    assert json.loads((out / "restore.json").read_text("utf-8")) == record


def test_the_record_says_how_photos_were_cut_and_padded(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    def record() -> dict[str, str]:
        found: dict[str, str] = json.loads((out / "restore.json").read_text("utf-8"))
        return found

    assert main(["restore", str(weights(tmp_path / "nafnet")), str(photos), str(out), "--tile", "0"]) == 0
    assert (record()["tile"], record()["grid"]) == ("0", "0")
    (out / "a.png").unlink()
    for _ in range(2):  # smaller tiles because memory ran out: the folder goes on, and says so
        assert main(["restore", str(tmp_path / "nafnet"), str(photos), str(out), "--tile", "32"]) == 0
    assert record()["tile"] == "0, 32"
    capsys.readouterr()
    (out / "restore.json").write_text(json.dumps(record() | {"grid": "8"}), "utf-8")
    assert main(["restore", str(tmp_path / "nafnet"), str(photos), str(out)]) == 2
    assert "holds results of another run, with grid 8; give another folder" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "nafnet"), str(photos), str(out), "--overwrite"]) == 0
    assert record()["tile"] == "auto"


def test_pictures_that_nobody_restored_are_not_replaced(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = photo(tmp_path / "out/a.png", (20, 20))
    assert main(["restore", "median", str(photos), str(tmp_path / "out")]) == 2
    assert "holds pictures of these names" in capsys.readouterr().err
    assert read_image(theirs).shape == (20, 20, 3)


def test_an_interrupted_run_ends_with_130_and_leaves_only_whole_results(tmp_path: Path) -> None:
    for number in range(40):
        photo(tmp_path / f"photos/{number:02}.png", (300, 400))
    call = [sys.executable, "-m", "foxing", "restore", "nlm", str(tmp_path / "photos"), str(tmp_path / "out")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(call, env=environment, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        while not (tmp_path / "out" / "00.png").exists():  # the first of forty that take a quarter of a second each
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        told = running.stderr.read()
        assert running.wait(20) == 130
    assert "Traceback" not in told
    done = results(tmp_path / "out")
    assert 0 < len(done) < 40
    assert all(read_image(tmp_path / "out" / name).shape == (300, 400, 3) for name in done)
