"""Level 4: the model runs again on answers that nobody could choose, in a process that is kept from what it can be."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmark.attempts import Attempt
from benchmark.cases import Case
from benchmark.contestants import entry_of
from benchmark.regions import WHOLE
from benchmark.scoring import Head, metrics_of, rows_of
from degrade.io import pixel_digest, png, write_bytes, write_text
from leaderboards.documents import read_json
from leaderboards.entry import NAME, EntryError
from leaderboards.faults import Row
from leaderboards.rerun_child import ANSWERS, CONFINED, JOB
from leaderboards.rescoring import Pictures, differences, output_of, read_output, scored_again
from leaderboards.verifying import Draw, Found, Subject, UncheckedError, now_answered
from restore_models.resolve import known

BYTE_EQUAL, ONE_LEVEL, HUNDREDTHS = "byte-equal", "one-level", "0.02 dB"
"""How near a model can come, from the nearest: bf16 for fp32 makes one level on 0.008 % of pixels."""

CLASSES = ("", BYTE_EQUAL, ONE_LEVEL, HUNDREDTHS)

PIXELS, DECIBELS = 0.001, 0.02

WEIGHTS = re.compile(r"\(sha256 ([0-9a-f]{16})\)")

PASSED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "TORCH_HOME", "HF_HOME")
"""Of the environment: nothing that may be a secret."""


@dataclass(frozen=True, slots=True)
class Running:
    """How a model runs again."""

    what: str = ""
    """What opens it; empty for what its record says, where that is a model of the zoo."""

    device: str = "cpu"
    seconds: int = 1800
    """In all."""

    memory: int = 16 * 2**30
    """Bytes."""


def what_runs(subject: Subject, running: Running) -> str:
    """What will be run: what was typed, or a model of the zoo; never what a stranger's file says.

    Raises:
        EntryError: nobody has said what opens it.
    """
    noted = str(subject.noted["what"])
    if not running.what and not (NAME.fullmatch(noted) and known(noted)):
        raise UncheckedError(
            f"{subject.model} ran as {noted!r}; say what opens it here with --model, as benchmark run takes it"
        )
    return running.what or noted


def announcement(what: str, running: Running) -> str:
    """What is said before anything of a stranger's runs."""
    memory = f"{running.memory / 2**30:g} GiB" if memory_limit(running) else "memory unlimited"
    return (
        f"about to run {what} with your rights, in a process of its own: {running.seconds} s, {memory}, without "
        "network where the system allows; it can read your files and write where you can"
    )


def memory_limit(running: Running) -> int:
    """Bytes of address space; GPUs take far more of it than of memory."""
    return running.memory if running.device == "cpu" else 0


def rerun(pictures: Pictures, running: Running, subject: Subject) -> Found:
    """Run the model on the drawn items, and say how near it comes."""
    what = what_runs(subject, running)
    failed = [*other_weights(what, subject)]
    if failed:
        return Found(tuple(failed))
    draws, failures = subject.drawn(), subject.drawn_failures()
    worst = ""
    with tempfile.TemporaryDirectory(prefix="foxing-verify-") as place:
        folder = Path(place)
        write_questions(folder, what, running, pictures, subject, [*draws, *failures])
        ended = run_child(folder, running)
        answers = answers_in(folder, ended, len(draws) + len(failures))
        for number, draw in enumerate(draws):
            try:
                nearness = judged(folder / f"{number}-output.png", answers[number], draw, pictures, subject)
                worst = max(worst, nearness, key=CLASSES.index)
            except EntryError as error:
                failed.append(str(error))
        failed.extend(now_answered(failures, answers[len(draws) :], subject))
        confined = (folder / CONFINED).read_text("utf-8")[:200] if (folder / CONFINED).is_file() else "not confined"
    notes = {
        "items": [str(draw) for draw in (*draws, *failures)],
        "confined": confined,
        "tolerance": "" if failed else worst,
    }
    return Found(tuple(failed), notes)


def other_weights(what: str, subject: Subject) -> Iterator[str]:
    """Whether the weights here are others than those that were scored."""
    here, there = WEIGHTS.search(entry_of(f"model@{what}").identity), WEIGHTS.search(str(subject.noted["identity"]))
    if here and there and here[1] != there[1]:
        yield f"{what}: its weights have SHA-256 {here[1]}..., those that were scored {there[1]}..."


def write_questions(
    folder: Path, what: str, running: Running, pictures: Pictures, subject: Subject, draws: Iterable[Draw]
) -> None:
    """Write what the other process needs: pictures and a list of questions."""
    questions = []
    for number, draw in enumerate(draws):
        case = pictures.materials.case(subject.suite.named(draw.item))
        given = subject.suite.masks == "given"
        write_bytes(folder / f"{number}-image.png", png(case.degraded))
        if given:
            write_bytes(folder / f"{number}-mask.png", png(case.mask))
        questions.append({"item": draw.item, "seed": draw.seed, "mask": given})
    job: dict[str, Any] = {"what": what, "task": subject.suite.task, "device": running.device, "questions": questions}
    job |= {
        "tile": subject.run.get("tile", -1),
        "seconds": running.seconds * (os.cpu_count() or 1),
        "memory": memory_limit(running),
    }
    write_text(folder / JOB, json.dumps(job))


def run_child(folder: Path, running: Running) -> str:
    """Run the other process to its end; how it ended, empty where well. What it started ends with it."""
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    words = [sys.executable, "-m", "leaderboards.rerun_child", str(folder)]
    package = str(Path(__file__).parents[1])
    passed["PYTHONPATH"] = os.pathsep.join(filter(None, (package, passed.get("PYTHONPATH", ""))))
    with subprocess.Popen(
        words,
        env=passed | {"HOME": str(folder), "HF_HUB_OFFLINE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:
        try:
            code = child.wait(running.seconds)
        except subprocess.TimeoutExpired:
            return f"took over {running.seconds} seconds and was stopped; raise --timeout"
        finally:
            child.terminate()
            with suppress(subprocess.TimeoutExpired):
                child.wait(5)
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
    if code == 0:
        return ""
    return f"its process ended with {f'signal {-code}' if code < 0 else f'exit code {code}'}"


def answers_in(folder: Path, ended: str, count: int) -> list[Mapping[str, Any]]:
    """What the other process has written of each question, read as what a stranger wrote.

    Raises:
        EntryError: the model could not be opened, or not all questions were answered.
    """
    path = folder / ANSWERS
    if path.is_symlink() or not path.is_file():
        raise EntryError(f"the model gave no answer: {ended or 'it left before the first'}")
    found = read_json(path)
    if "problem" in found:
        raise EntryError(f"the model cannot be opened: {str(found['problem'])[:300]}")
    answers = found.get("answers")
    if not isinstance(answers, list) or len(answers) != count or not all(isinstance(each, dict) for each in answers):
        done = len(answers) if isinstance(answers, list) else 0
        raise EntryError(f"the model answered {done} of {count} questions: {ended or 'it left'}")
    return answers


def judged(path: Path, answer: Mapping[str, Any], draw: Draw, pictures: Pictures, subject: Subject) -> str:
    """How near an output comes to the one that was scored.

    Raises:
        EntryError: not near enough, or there is none.
    """
    item = subject.suite.named(draw.item)
    if answer.get("status") != "ok" or path.is_symlink() or not path.is_file():
        said = f"{answer.get('status')}: {answer.get('error')}"[:300]
        raise EntryError(f"{draw.item}: the model failed this time: {said}")
    output = read_output(path, item, subject.suite.task)
    case = pictures.materials.case(item)
    rows = subject.rows_of(draw)
    if {row["output_sha256"] for row in rows} == {pixel_digest(output)}:
        for difference in differences(rows, output, case, scored_again(subject)):
            raise EntryError(difference)
        return BYTE_EQUAL
    try:
        apart = cv2.absdiff(output_of(pictures, subject, draw, case), output)
    except EntryError:
        return by_psnr(draw, rows, psnr_of(output, case, subject), "other pixels, and the scored ones are not at hand")
    share = float(np.mean(apart.reshape(*apart.shape[:2], -1).max(axis=2) > 0))
    if apart.max() <= 1 and share <= PIXELS:
        return ONE_LEVEL
    said = f"{int(apart.max())} levels apart on {100 * share:.3g} % of pixels"
    return by_psnr(draw, rows, psnr_of(output, case, subject), said)


def by_psnr(draw: Draw, rows: list[Row], now: float | None, said: str) -> str:
    """The outcome by the PSNR alone, where the pixels are others: the last resort.

    Raises:
        EntryError: the model's PSNR is another one, or there is none.
    """
    told = next((row["value"] for row in rows if is_psnr(row)), None)
    if told is None or now is None:
        raise EntryError(f"{draw.item}: {said}, and there is no PSNR to compare")
    if abs(told - now) <= DECIBELS:
        return HUNDREDTHS
    raise EntryError(f"{draw.item}: {said}; PSNR is {now:.4f} dB and was {told:.4f}: over {DECIBELS} dB apart")


def psnr_of(output: Any, case: Case, subject: Subject) -> float | None:
    """The PSNR of an output, where the suite has that metric."""
    metrics = [each for each in metrics_of(subject.suite) if each.name == "psnr"]
    made = rows_of(Attempt("ok", 0.0, output), case, metrics, Head("", "", 0, 1))
    return next((row["value"] for row in made if is_psnr(row)), None)


def is_psnr(row: Mapping[str, Any]) -> bool:
    """Whether it is the PSNR of the whole photo."""
    return bool(row["region"] == WHOLE and str(row["metric"]).partition("/")[0] == "psnr")
