"""What training and restoring cost on this machine: pictures a second, waiting for data, memory. Writes SPEED.md.

    python scripts/measure_training.py                                  # on the GPU where there is one, else the CPU
    python scripts/measure_training.py --data CORPUS --models nafnet triplet --page out/SPEED.md

Every training is `foxing train`'s own, in a process of its own; the first half of its steps is not counted. On a GPU in
fp32, in bf16, and in bf16 compiled; on one thread of a CPU in fp32 alone. Of the page only this device's section is
written anew.
"""

import argparse
import io
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from PIL import Image as Pillow
from speed_page import Cost, Restored, section, with_section

from degrade.demo import shipped_photos
from degrade.io import write_bytes, write_text
from restore_models.learning import Runtime
from restore_models.losses import found_vgg
from restore_models.settings import Training
from restore_models.stage_run import World
from restore_models.train import Run, train
from restore_models.training_data import Asked
from restore_models.zoo import models

PAGE = Path(__file__).parent.parent / "restore_models" / "SPEED.md"

TRAINED = [name for name, model in models().items() if model.stages]

RESTORERS = [name for name, model in models().items() if model.needs != "a photo's own time" and name != "detector"]

MODES: dict[str, tuple[str, ...]] = {"cpu": ("fp32",), "cuda": ("fp32", "bf16", "bf16 compiled")}


@dataclass(frozen=True, slots=True)
class Job:
    """A training to be measured."""

    model: str
    mode: str
    device: str
    data: str
    old: str
    steps: int
    batch: int
    size: int


@dataclass
class Follower:
    """Follows a training, and keeps the peak of each stage, and the time at each line of its journal."""

    device: str
    peaks: dict[str, float] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)
    stage: str = ""

    def begins(self, stage: str, done: float) -> None:
        self.stage = stage
        if self.device == "cuda":
            torch.cuda.reset_peak_memory_stats()

    def stepped(self, step: int, done: float, losses: Mapping[str, float]) -> None:
        self.times.setdefault(self.stage, []).append(clock(self.device))
        self.peaks[self.stage] = peak_gib(self.device)

    def tell(self, text: str) -> None:
        pass


def clock(device: str) -> float:
    """Seconds on the wall beside a GPU; on a CPU, where others may be at work too, those that one thread computed."""
    return time.perf_counter() if device == "cuda" else time.process_time()


def peak_gib(device: str) -> float:
    """Of what torch holds on the GPU; on the CPU of the whole process up to now."""
    if device == "cuda":
        return torch.cuda.max_memory_allocated() / 2**30
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 2**20  # unlike ru_maxrss, without what the parent held when it started this one


def measured(job: Job) -> list[Cost]:
    """Train for some steps, and read what they cost."""
    model = models()[job.model]
    size = job.size or model.size
    config = fitting(job.model, size)
    half = max(1, job.steps // 2)
    training = Training(steps=2 * half, batch=job.batch, size=size, log_every=half, check_every=1 << 30, checked=1)
    precision: Literal["fp32", "bf16"] = "fp32" if job.mode == "fp32" else "bf16"
    runtime = Runtime(torch.device(job.device), precision, "compiled" in job.mode, vgg=found_vgg())
    watcher = Follower(job.device)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        train(
            Run(model, config, training, runtime, Asked(job.data, job.old), out, watcher, World(), workers(job.device))
        )
        lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
        notes = json.loads((out / "weights" / "config.json").read_text())["record"]["stages"]
    return [cost(job, size, stage, note["batch"], lines, watcher) for stage, note in notes.items()]


def fitting(name: str, size: int) -> Any:
    """The model's own configuration, but for what must be otherwise for such crops."""
    config = models()[name].config
    if name == "faces":  # which are never cropped
        return replace(config, size=size)
    if name == "pix2pix":  # which halves them down to a single value
        return replace(config, depth=min(config.depth, (size & -size).bit_length() - 1))
    return config


def workers(device: str) -> int:
    return max(1, min(16, (os.cpu_count() or 1) - 2)) if device == "cuda" else 0


def cost(job: Job, size: int, stage: str, batch: int, lines: Sequence[Mapping[str, Any]], seen: Follower) -> Cost:
    """Of the steps between the first line of a stage and its last."""
    first, last = (line for line in lines if line["stage"] == stage and "losses" in line)
    begun, ended = seen.times[stage]
    waited = last["waited"] * last["seconds"] - first["waited"] * first["seconds"]
    share = max(waited, 0) / max(last["seconds"] - first["seconds"], 1e-9)
    speed = (last["step"] - first["step"]) * batch / max(ended - begun, 1e-9)
    return Cost(job.model, stage, job.mode, batch, size, speed, share, seen.peaks[stage])


def restored(name: str, device: str, side: int) -> Restored:
    """Restore a photo with random weights: the second time counts."""
    net: Any = models()[name].build(models()[name].config)
    learned = isinstance(net, torch.nn.Module)
    if learned:
        net.to(device)
    photo = np.array(Pillow.fromarray(shipped_photos()["astronaut"]).resize((side, side)))
    mask = photo[..., 0] // 250 * 255  # some damage, so that what fills holes has work to do
    net.restore(photo, mask)
    begun = clock(device)
    net.restore(photo, mask)
    seconds = clock(device) - begun
    return Restored(
        name,
        sum(each.numel() for each in net.parameters()) if learned else 0,
        side,
        1e6 * seconds / side**2,
        peak_gib(device if learned else "cpu"),
        net.peak_bytes(side, side) / 2**30 if hasattr(net, "peak_bytes") else 0.0,
    )


def corpus(folder: Path, size: int) -> str:
    """A small one of scikit-image's photographs: enough to read from, not to learn from."""
    for name, photo in shipped_photos().items():
        written = io.BytesIO()
        Pillow.fromarray(photo).save(written, "PNG")
        for kind in ("clean", "old"):
            write_bytes(folder / kind / f"{name}.png", written.getvalue())
    words = [
        "build",
        folder / "clean",
        folder / "corpus",
        "--preset",
        "medium",
        "--variants",
        "12",
        "--old",
        folder / "old",
    ]
    more = ["--size", str(size), "--shares", "60,20,20"]
    subprocess.run([sys.executable, "-m", "foxing", "degrade", *map(str, words), *more], check=True)
    return str(folder / "corpus")


def alone(function: Any, *arguments: Any) -> Any:
    """What a function gives in a process of its own, on one thread, so that its memory is its own too."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), torch.set_num_threads, (1,)) as pool:
        return pool.submit(function, *arguments).result()


def asked(words: Sequence[str]) -> argparse.Namespace:
    """What was typed; a CPU gets small crops and batches where nothing is said."""
    parser = argparse.ArgumentParser(description="Measure training and restoring, and write the tables.")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--data", default="", help="a corpus; one of scikit-image's photographs where none is given")
    parser.add_argument("--old", default="", help="real old photos; the corpus's where none are given")
    parser.add_argument("--models", nargs="*", choices=TRAINED, default=TRAINED)
    parser.add_argument("--restorers", nargs="*", choices=RESTORERS, default=RESTORERS)
    parser.add_argument("--modes", nargs="*", choices=MODES["cuda"], help="fp32 alone on a CPU")
    parser.add_argument("--steps", type=int, help="200 on a GPU, 6 on a CPU; the second half counts")
    parser.add_argument("--batch", type=int, help="the model's own on a GPU, 2 on a CPU")
    parser.add_argument("--size", type=int, help="side of crops: the model's own on a GPU, 64 on a CPU")
    parser.add_argument("--side", type=int, default=512, help="of the photo that is restored")
    parser.add_argument("--page", type=Path, default=PAGE)
    typed = parser.parse_args(words)
    usual = {"steps": 200, "batch": 0, "size": 0} if typed.device == "cuda" else {"steps": 6, "batch": 2, "size": 64}
    for name, value in usual.items():
        if getattr(typed, name) is None:
            setattr(typed, name, value)
    typed.modes = typed.modes or MODES[typed.device]
    return typed


def main(words: Sequence[str]) -> int:
    typed = asked(words)
    costs, found = [], []
    with tempfile.TemporaryDirectory() as folder:
        data = typed.data or (corpus(Path(folder), typed.size or 256) if typed.models else "")
        for name in typed.models:
            for mode in typed.modes:
                print(f"measure: training {name}, {mode}", file=sys.stderr)
                job = Job(name, mode, typed.device, data, typed.old, typed.steps, typed.batch, typed.size)
                costs += alone(measured, job)
        for name in typed.restorers:
            print(f"measure: restoring by {name}", file=sys.stderr)
            found.append(alone(restored, name, typed.device, typed.side))
    command = " ".join(["python scripts/measure_training.py", *words])
    before = typed.page.read_text("utf-8") if typed.page.exists() else ""
    write_text(typed.page, with_section(before, typed.device, section(typed.device, command, costs, found)))
    print(f"{typed.page}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
