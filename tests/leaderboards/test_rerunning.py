"""Level 4 of verifying: a stranger's model is run again, confined, and only when asked for."""

import json
from pathlib import Path

import pytest
from tampering import refused, verify

from benchmark.store import RUN
from leaderboards.adding import as_text
from leaderboards.confinement import without_network
from leaderboards.entry import CHECKED
from leaderboards.reading import read_entry

Console = pytest.CaptureFixture[str]


def test_level_4_runs_nothing_without_a_word(entry: Path, capsys: Console) -> None:
    assert verify(entry, "--level", 4) == 2
    assert "add --run when you have looked at it" in capsys.readouterr().err


def test_a_model_that_runs_again_earns_its_badge(entry: Path, small_run: Path, capsys: Console) -> None:
    assert verify(entry, "--level", 4, "--run", "--suite", small_run / "suite") == 0
    said = capsys.readouterr()
    assert said.err.startswith("foxing: about to run median with your rights, in a process of its own: 1800 s, 16 GiB")
    checked = json.loads((entry / CHECKED).read_text("utf-8"))
    assert (checked["badge"], checked["tolerance"]) == ("re-run", "byte-equal")
    assert " s of processor, 16 GiB, n" in checked["confined"]
    assert len(checked["items"]) == 9


MODELS = """
import os, socket, subprocess, sys, time
import cv2

def median(image):
    return cv2.medianBlur(image, 3)

def one_off(image):
    found = median(image)
    found[0, 0, 0] ^= 1
    return found

def close(image):
    found = median(image)
    found[:2, :2] ^= 1
    return found

def blurred(image):
    return cv2.blur(image, (5, 5))

def hangs(image):
    os.setsid()
    time.sleep(60)

def greedy(image):
    return bytearray(64 * 2**30) and image

def dies(image):
    os._exit(3)

def curious(image):
    assert "SECRET" not in os.environ
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", os.getcwd()], start_new_session=True)
    try:
        socket.create_connection(("127.0.0.1", int(open("port").read())), 2)
    except OSError:
        return median(image)
    raise RuntimeError("reached the network")
"""


@pytest.fixture
def strangers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "strangers.py").write_text(MODELS, "utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("strangers")
@pytest.mark.parametrize(
    ("model", "outputs", "said"),
    [
        ("close", False, "0.02 dB"),
        ("one_off", True, "one-level"),
    ],
)
def test_a_model_may_come_very_near(entry: Path, small_run: Path, model: str, outputs: bool, said: str) -> None:
    words = [entry, "--level", 4, "--run", "--suite", small_run / "suite", "--model", f"strangers:{model}"]
    assert verify(*words, *(["--outputs", small_run / "outputs"] if outputs else [])) == 0
    assert json.loads((entry / CHECKED).read_text("utf-8"))["tolerance"] == said


@pytest.mark.usefixtures("strangers")
@pytest.mark.parametrize(
    ("model", "said", "words"),
    [
        ("blurred", "over 0.02 dB apart", []),
        ("hangs", "took over 3 seconds and was stopped", ["--timeout", 3]),
        ("greedy", "out of memory", ["--memory", 8]),
        ("dies", "the model gave no answer: its process ended with exit code 3", []),
        ("nothing", "the model cannot be opened", []),
    ],
)
def test_a_model_that_gives_something_else_is_rejected(
    entry: Path, small_run: Path, capsys: Console, model: str, said: str, words: list[object]
) -> None:
    begun = (entry, "--level", 4, "--run", "--suite", small_run / "suite", "--model", f"strangers:{model}")
    refused(capsys, said, *begun, *words)
    assert read_entry(entry).badge == "consistent"


@pytest.mark.usefixtures("strangers")
def test_a_stranger_s_model_has_no_secrets_and_no_network(
    entry: Path, small_run: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import socket  # noqa: PLC0415

    monkeypatch.setenv("SECRET", "1")
    with socket.create_server(("127.0.0.1", 0)) as server:
        (tmp_path / "port").write_text(str(server.getsockname()[1]), "utf-8")
        words = ["--suite", small_run / "suite", "--model", "strangers:curious"]
        done = verify(entry, "--level", 4, "--run", *words)
    checked = json.loads((entry / CHECKED).read_text("utf-8"))
    if "network not cut" in checked["confined"]:
        pytest.skip("this system lets no process give up its network")
    assert done == 0
    assert checked["confined"].endswith("no network")
    left = [path for path in Path("/proc").glob("[0-9]*/cmdline") if str(tmp_path).encode() in held(path)]
    assert left == []


def held(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_stranger_s_file_never_says_what_is_run(entry: Path, small_run: Path, capsys: Console) -> None:
    record = json.loads((entry / RUN).read_text("utf-8"))
    record["models"]["median"]["what"] = "os:system"
    (entry / RUN).write_text(as_text(record), "utf-8")
    said = "level 4 was not checked: median ran as 'os:system'; say what opens it here with --model"
    refused(capsys, said, entry, "--level", 4, "--run", "--suite", small_run / "suite")


def test_without_unshare_it_is_said_that_the_network_stays() -> None:
    class Bare:
        pass

    assert without_network(Bare()) == "network not cut: this system has no unshare"  # type: ignore[arg-type]
