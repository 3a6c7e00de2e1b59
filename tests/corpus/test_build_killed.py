"""Builds that are killed or interrupted, anywhere: the next run ends them the same, and no process is left."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from corpus_builds import build, config, contents, foxing

from degrade.corpus.belongings import erase
from degrade.corpus.build import finish, made_all, prepared
from degrade.corpus.card import has_card
from degrade.corpus.runners import Threads
from degrade.corpus.store import Folder
from degrade.sources import open_source


def test_a_corpus_killed_twice_ends_the_same(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    words = ["build", photos, out, "--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20"]
    chance = random.Random(5)
    command = [sys.executable, "-m", "foxing", "degrade", *map(str, words), "--workers", "2"]
    for _ in range(2):
        run = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert run.stderr is not None
        run.stderr.readline()  # the first shard of this run is there
        time.sleep(chance.uniform(0, 0.05))
        run.send_signal(signal.SIGKILL)
        run.wait()
        run.stderr.close()
    done = foxing(*words)
    assert done.returncode == 0, done.stderr
    assert contents(out) == contents(undisturbed)


def test_ctrl_c_is_130_and_the_next_run_goes_on(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    words = ["build", photos, out, "--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20"]
    command = [sys.executable, "-m", "foxing", "degrade", *map(str, words)]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert run.stderr is not None
    run.stderr.readline()
    run.send_signal(signal.SIGINT)
    run.wait()
    run.stderr.close()
    assert run.returncode in (130, 0)  # 0 where it was quicker
    assert foxing(*words).returncode == 0
    assert contents(out) == contents(undisturbed)


def test_ctrl_c_ends_worker_processes_at_once_and_in_silence(photos: Path, tmp_path: Path) -> None:
    words = ["build", photos, tmp_path / "corpus", "--preset", "mild", "--variants", "400", "--runner", "processes"]
    command = [sys.executable, "-m", "foxing", "degrade", *map(str, words)]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not list(tmp_path.glob("corpus/data/.*.tmp")):
        assert run.poll() is None
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does it: to the workers too
    begun = time.monotonic()
    _, said = run.communicate()
    assert (run.returncode, said) == (130, "")
    assert time.monotonic() - begun < 10  # what is half-made would take minutes


def test_overwrite_may_be_killed_anywhere_too(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    class KilledError(Exception):
        pass

    @dataclass(frozen=True, slots=True)
    class Dying(Folder):
        left: list[None] = field(default_factory=list)

        def remove(self, name: str) -> None:
            if not self.left:
                raise KilledError
            self.left.pop()
            Folder.remove(self, name)

    for removals in range(0, 30, 3):
        out = tmp_path / f"corpus {removals}"
        build(photos, out, seed=9)
        with suppress(KilledError):
            erase(Dying(str(out), [None] * removals))
        assert not has_card(Folder(str(out)))
        erase(Folder(str(out)))
        build(photos, out)
        assert contents(out) == contents(undisturbed)


def test_a_dead_worker_leaves_nothing_behind(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    store = Folder(str(tmp_path / "corpus"))
    plan = prepared(config(), open_source(str(photos)), None, store)
    list(made_all(plan, Threads(1), lambda _: None))
    (store.root / "data" / ".train-0.parquet.x.tmp").write_bytes(b"left by a killed worker")
    finish(store)
    assert contents(store.root) == contents(undisturbed)


def test_workers_end_with_their_parent(photos: Path, tmp_path: Path) -> None:
    words = ("build", photos, tmp_path / "corpus", "--preset", "mild", "--shard-photos", "1", "--variants", "200")
    command = [sys.executable, "-m", "foxing", "degrade", *map(str, words), "--runner", "processes", "--workers", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as run:
        while not list((tmp_path / "corpus").rglob(".*.parquet.*.tmp")):
            time.sleep(0.02)
        run.kill()
        assert run.stderr is not None
        run.stderr.read()  # it ends when the last process that holds it has ended
