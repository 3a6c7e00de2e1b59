"""What a model costs: its size, its operations, its time and its memory, measured in a process of its own."""

import os
import sys
import time
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmark.attempts import Question, in_process
from benchmark.contestants import Entry, Opening
from benchmark.isolated import STARTING, end_with_parent, unhurried
from benchmark.peak_memory import counted_anew, peak_beyond, peak_of_started
from benchmark.provenance import hardware, hardware_key, threads
from benchmark.suite import Task
from degrade.console import one_line
from degrade.seeds import stream
from degrade.types import Image, Mask
from restore_models.foreign import NETWORK_FILES, is_command
from restore_models.resolve import known, network_in, weights_folder
from restore_models.restorer import ModelError
from restore_models.weight_files import TENSORS

SIDE = 512
"""Pixels of the square photo that it is measured on."""

REPEATS = 5
"""After one to warm up."""

PATIENCE = 120.0
"""Seconds after which no further repeat is begun."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a model costs; None where nobody can say."""

    parameters: int | None
    weights_bytes: int | None
    macs_per_pixel: float | None
    """Multiply-adds as torch counts them: half its floating-point operations. Operations that it does not know of are
    not in it."""

    seconds_per_megapixel: float | None
    """The median after a warm-up; only to be compared where the hardware is the same."""

    seconds_low: float | None
    seconds_high: float | None
    """The quickest and the slowest of them, per megapixel."""

    peak_bytes: int | None
    """Of memory beyond what the process had when the model was ready; on a GPU, of its memory; all of a command's."""

    hardware: str
    threads: int
    side: int
    error: str = ""


def cost(entry: Entry, task: Task, opening: Opening, side: int = SIDE) -> dict[str, Any]:
    """What a model costs, as plain data; where it fails, why."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, entry, task, opening, side), daemon=True)
    with unhurried():
        process.start()
    theirs.close()
    limit = STARTING + PATIENCE + 10 * max(opening.seconds, 60.0)
    try:
        found: Cost = ours.recv() if ours.poll(limit) else nothing(side, f"took over {limit:g} seconds")
    except (EOFError, OSError):
        process.join(5)
        found = nothing(side, f"its process died (exit code {process.exitcode})")
    finally:
        process.kill()
        process.join()
    return asdict(found)


def serve(pipe: Connection, entry: Entry, task: Task, opening: Opening, side: int) -> None:
    """What the other process does."""
    end_with_parent()
    os.dup2(2, 1)  # whatever a model's C code prints: results alone go to stdout
    try:
        pipe.send(measured(entry, task, opening, side))
    except (ModelError, MemoryError) as error:
        pipe.send(nothing(side, one_line(str(error))))


def nothing(side: int, error: str) -> Cost:
    """A cost that nobody knows."""
    return Cost(None, None, None, None, None, None, None, hardware_key(hardware()), 0, side, error)


def measured(entry: Entry, task: Task, opening: Opening, side: int) -> Cost:
    """What a model costs, measured in this process.

    Raises:
        ModelError: it cannot be opened, or fails on the photo.
    """
    model = in_process(entry, task, opening)
    image, mask = subject(side)
    question = Question("cost", image, mask, 0)
    before = counted_anew()
    times = timed(model.attempt, question, entry)
    peak = peak_of_started() if is_command(entry.what) else gpu_peak() or peak_beyond(before)
    network = network_of(entry, opening)
    megapixels = side * side / 1e6
    return Cost(
        parameters=sum(each.numel() for each in network.parameters()) if network is not None else None,
        weights_bytes=weights_bytes(entry),
        macs_per_pixel=macs(network, side) if network is not None else None,
        seconds_per_megapixel=median(times) / megapixels,
        seconds_low=min(times) / megapixels,
        seconds_high=max(times) / megapixels,
        peak_bytes=peak,
        hardware=hardware_key(hardware()),
        threads=max(threads().values()),
        side=side,
    )


def subject(side: int) -> tuple[Image, Mask]:
    """A photo-like picture, smooth with some grain, and a mask of a scratch."""
    rows, columns = np.mgrid[0:side, 0:side].astype(np.float32) / side
    grain = stream(0, "cost").normals(side, side)
    base = 128 + 60 * np.sin(6 * rows) * np.cos(4 * columns) + 6 * grain
    image = np.clip(np.rint(np.stack([base, base * 0.9, base * 0.8], axis=2)), 0, 255).astype(np.uint8)
    mask = np.zeros((side, side), np.uint8)
    mask[:, side // 3 : side // 3 + 3] = 255
    return image, mask


def timed(attempt: Any, question: Question, entry: Entry) -> list[float]:
    """Seconds of several runs, the first of which does not count unless it takes very long."""
    times: list[float] = []
    began = time.monotonic()
    for _ in range(REPEATS + 1):
        found = attempt(question)
        if found.status != "ok":
            raise ModelError(f"{entry.label}: {found.error}")
        times.append(found.seconds)
        if time.monotonic() - began > PATIENCE:
            break
    return times[1:] or times


def gpu_peak() -> int:
    """The most memory of the GPU; 0 without one."""
    torch = sys.modules.get("torch")
    return int(torch.cuda.max_memory_allocated()) if torch is not None and torch.cuda.is_available() else 0


def network_of(entry: Entry, opening: Opening) -> Any:
    """The network whose parameters can be counted; None of models that are none, or nobody's to look into."""
    path = Path(entry.what)
    if known(entry.what) is not None or not path.exists() or path.suffix.lower() in NETWORK_FILES:
        return None
    return network_in(path, opening.device, 0)


def weights_bytes(entry: Entry) -> int | None:
    """The size of the file of weights."""
    path = Path(entry.what)
    if known(entry.what) is not None or not path.exists():
        return None
    file = path if path.suffix.lower() in NETWORK_FILES else weights_folder(path) / TENSORS
    return file.stat().st_size


def macs(network: Any, side: int) -> float:
    """Multiply-adds per pixel, by torch's own counter."""
    import torch  # noqa: PLC0415 - heavy
    from torch.utils.flop_counter import FlopCounterMode  # noqa: PLC0415

    grid = -(-side // network.grid) * network.grid
    degraded = torch.zeros(1, 3, grid, grid, device=network.device)
    mask = torch.zeros(1, 1, grid, grid, device=network.device)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        network.eval()(degraded, mask)
    return counter.get_total_flops() / 2 / grid**2
