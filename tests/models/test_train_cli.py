"""`foxing train`: a run on stdout, and nothing that is there already lost."""

import json
import os
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from charts import chart
from models.small_training import contents, words

from degrade.io import write_png
from foxing import main
from restore_models.checkpoints import held, save_state
from restore_models.restorer import ModelError

Told = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def nafnet(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "nafnet"
    assert main(words("nafnet", data, out)) == 0
    return out


@pytest.fixture(scope="module")
def detector(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "my detector"
    assert main(words("detector", data, out)) == 0
    return out


def test_what_came_of_a_training_is_json_on_stdout_alone(
    data: Path, nafnet: Path, detector: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words("nafnet", data, nafnet, "--json")) == 0
    said, problems = capsys.readouterr()
    assert json.loads(said)["stages"]["nafnet"]["steps"] == 2
    assert problems.splitlines()[-1] == f"foxing: {nafnet}: trained already"
    assert main(words("detector", data, detector)) == 0
    said = capsys.readouterr().out
    assert f"as in: foxing detect '{detector}' photos/ masks/" in said
    assert re.search(r"^detector: 2 steps of 2 in \d+ s, auprc (\d\.\d{3}|none)$", said, re.MULTILINE)


def test_steps_that_were_typed_count_and_not_the_minutes_of_a_file(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[training]\nminutes = 0.05\n")
    assert main(words("nafnet", data, tmp_path / "run", "--config", str(file), "--json")) == 0
    assert json.loads(capsys.readouterr().out)["stages"]["nafnet"]["steps"] == 2


def test_settings_may_be_mended_while_nothing_was_learned_by_them(data: Path, tmp_path: Path, told: Told) -> None:
    out = tmp_path / "run"
    assert told(*words("nafnet", data, out, "--set", "model.rate=-1"))[0] == 2
    assert (out / "run.json").exists()
    assert main(words("nafnet", data, out)) == 0


def test_a_run_is_taken_away_only_once_another_can_begin(data: Path, nafnet: Path, tmp_path: Path, told: Told) -> None:
    out = tmp_path / "run"
    shutil.copytree(nafnet, out)
    before = contents(out)
    assert told(*words("nafnet", tmp_path / "nowhere", out, "--overwrite"))[0] == 2
    code, said = told(*words("nafnet", data, out, "--overwrite", "--from", str(out)))
    assert (code, said.startswith(f"foxing: {out}: begins with what --overwrite would take away")) == (2, True)
    with held(out):
        code, said = told(*words("nafnet", data, out, "--overwrite"))
        assert (code, said.startswith(f"foxing: {out}: another process trains there now; wait")) == (2, True)
    assert contents(out) == before
    assert main(words("nafnet", data, out, "--overwrite", "--seed", "5")) == 0
    assert contents(out)["weights/model.safetensors"] != before["weights/model.safetensors"]


def test_folders_that_are_no_training_are_left_alone(data: Path, tmp_path: Path, told: Told) -> None:
    file = tmp_path / "letter"
    file.write_text("dear all")
    for more in ([], ["--overwrite"]):
        code, said = told(*words("nafnet", data, file, *more))
        assert (code, said) == (2, f"foxing: {file}: a file, not a folder; give another folder")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text("[3]")
    code, said = told(*words("nafnet", data, tmp_path / "run"))
    assert (code, said.startswith(f"foxing: {tmp_path}/run/run.json: damaged, or no training")) == (2, True)
    assert (file.read_text(), (tmp_path / "run" / "run.json").read_text()) == ("dear all", "[3]")


def test_weights_to_start_from_make_it_another_training(
    data: Path, nafnet: Path, detector: Path, tmp_path: Path, told: Told
) -> None:
    code, said = told(*words("nafnet", data, nafnet, "--from", str(nafnet)))
    assert (code, "holds a training with another start (none, not " in said) == (2, True)
    code, said = told(*words("nafnet", data, tmp_path / "run", "--from", str(detector)))
    assert (code, said.startswith("foxing: --from: its weights fit no network of stage nafnet")) == (2, True)
    cut = tmp_path / "cut"
    shutil.copytree(nafnet / "weights", cut)
    (cut / "model.safetensors").write_bytes(b"short")
    code, said = told(*words("nafnet", data, tmp_path / "run", "--from", str(cut)))
    assert (code, said.startswith(f"foxing: {cut}/model.safetensors: damaged")) == (2, True)


def test_what_a_finished_stage_left_may_be_damaged(data: Path, nafnet: Path, tmp_path: Path, told: Told) -> None:
    out = tmp_path / "run"
    shutil.copytree(nafnet, out)
    shutil.rmtree(out / "weights")
    (out / "nafnet" / "final.safetensors").write_bytes(b"short")
    code, said = told(*words("nafnet", data, out))
    assert (code, f"delete {out}/nafnet/final.json" in said) == (2, True)
    (out / "nafnet" / "final.json").unlink()
    assert main(words("nafnet", data, out)) == 0
    assert contents(out)["weights/model.safetensors"] == contents(nafnet)["weights/model.safetensors"]


def test_an_interrupted_training_says_how_to_go_on(data: Path, tmp_path: Path, told: Told) -> None:
    out = tmp_path / "run"
    before = signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        code, said = told(*words("nafnet", data, out, "--steps", "100000"))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert (code, said) == (130, f"foxing: {out}: interrupted; run the same command again to go on")


def test_a_state_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "last.pt").mkdir()  # as good as a full disk
    with pytest.raises(OSError, match=r"cannot be written \(.*last\.pt"):
        save_state(tmp_path / "last.pt", {"step": 1})


def labelled(folder: Path) -> Path:
    drawn = np.zeros((48, 64), np.uint8)
    drawn[20:24] = 255
    write_png(folder / "photos" / "a.png", chart(48, 64))
    write_png(folder / "masks" / "a.png", drawn)
    return folder


def test_fine_tuning_keeps_to_a_folder_of_its_own(
    nafnet: Path, detector: Path, tmp_path: Path, told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    labels, out = labelled(tmp_path / "labels"), tmp_path / "tuned"
    call = ["train", "detector", "--labels", str(labels), "--from", str(detector), "--steps", "1", "--size", "32"]
    assert main([*call, "--batch", "1", "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["run"] == str(out)
    before = contents(out)
    assert main([*call, "--batch", "1", "--out", str(out)]) == 0
    assert contents(out) == before
    code, said = told(*call, "--batch", "2", "--out", str(out))
    assert (code, "holds a training with another training (batch: 1, not 2)" in said) == (2, True)
    code, said = told(*call, "--out", str(nafnet))
    assert (code, "holds a training with another model (nafnet, not detector)" in said) == (2, True)
    code, said = told(*call, "--out", str(labels))
    assert (code, said) == (2, f"foxing: {labels}: not empty, and no training; give another folder")
    assert main([*call, "--batch", "2", "--out", str(out), "--overwrite"]) == 0
    assert json.loads((out / "run.json").read_text())["training"]["batch"] == 2


def test_options_without_meaning_for_fine_tuning_are_refused(detector: Path, tmp_path: Path, told: Told) -> None:
    labels = labelled(tmp_path / "labels")
    call = ["train", "detector", "--labels", str(labels), "--from", str(detector), "--out", str(tmp_path / "tuned")]
    code, said = told(*call, "--set", "model.width=9", "--max-minutes", "3")
    assert (code, said.startswith("foxing: --set, --max-minutes: without meaning where --labels")) == (2, True)
    code, said = told(*call, "--size", "33")
    assert (code, said.startswith("foxing: --size 33: this detector wants a multiple of ")) == (2, True)
    assert not (tmp_path / "tuned").exists()


def test_two_processes_never_hold_one_folder(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(ModelError, match="another process trains there"), held(tmp_path):
        pass
    with held(tmp_path):
        pass
