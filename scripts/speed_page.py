"""The page SPEED.md: a section for each kind of device, of which one is written anew at a time."""

import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tables import grid


@dataclass(frozen=True, slots=True)
class Cost:
    """What a stage cost."""

    model: str
    stage: str
    mode: str
    batch: int
    size: int
    images_per_second: float
    waited: float
    """Share of the time in which the loop waited for data."""

    peak_gib: float


@dataclass(frozen=True, slots=True)
class Restored:
    """What restoring a photo cost."""

    model: str
    parameters: int
    side: int
    seconds_per_megapixel: float
    peak_gib: float
    forecast_gib: float


def section(device: str, command: str, costs: Sequence[Cost], found: Sequence[Restored]) -> str:
    """The tables of a device."""
    gpu = device == "cuda"
    on = torch.cuda.get_device_name() if gpu else f"one core of an {platform.machine()} CPU"
    clock = "on the wall" if gpu else "of one thread's computing"
    memory = "what torch held on the GPU" if gpu else "the whole process, Python and torch too"
    parts = [f"Made by `{command}` on {on}, torch {torch.__version__}. Seconds are {clock}."]
    if costs:
        parts += [
            "### Training",
            "Each model with its own widths. *Waiting* is the share of the time in which the loop waited for data: a "
            f"GPU, which goes on meanwhile, idles no longer than that. The peak is {memory}.",
            grid(TRAINING, [cells_of(each) for each in costs]),
        ]
    if found:
        parts += [
            "### Restoring",
            f"A photo of {found[0].side} x {found[0].side} px with a mask, random weights, each in its own process. "
            f"The forecast is what `foxing restore` reckons with, beside the process; the peak is {memory}.",
            grid(RESTORING, [cells_of_restored(each) for each in found]),
        ]
    return "\n\n".join(parts)


TRAINING = ("model", "stage", "as", "batch and crop", "pictures/s", "waiting", "peak GiB")

RESTORING = ("model", "parameters", "s/MP", "peak GiB", "forecast GiB")


def cells_of(each: Cost) -> list[str]:
    """A row of the table of trainings."""
    numbers = [f"{each.images_per_second:.3g}", f"{each.waited:.1%}", f"{each.peak_gib:.2f}"]
    return [each.model, each.stage, each.mode, f"{each.batch} of {each.size} px", *numbers]


def cells_of_restored(each: Restored) -> list[str]:
    """A row of the other table."""
    parameters = f"{each.parameters / 1e6:.2f} M" if each.parameters else ""
    forecast = f"{each.forecast_gib:.2f}" if each.forecast_gib else ""
    return [each.model, parameters, f"{each.seconds_per_megapixel:.3g}", f"{each.peak_gib:.2f}", forecast]


HEADINGS = {"cpu": "On a CPU", "cuda": "On a GPU"}

EMPTY = {
    "cpu": "Not measured yet: `python scripts/measure_training.py --device cpu` fills this in.",
    "cuda": "Not measured: no GPU at hand. `python scripts/measure_training.py --device cuda` fills this in.",
}

TOP = """# What the models cost

Ratios to primitives, to the plain nonlocal block and to forecasts are printed by `make
bench`; here are seconds and gibibytes."""


def with_section(page: str, device: str, text: str) -> str:
    """The page with this device's section, and the others as they were."""
    parts = {}
    for name, heading in HEADINGS.items():
        there = re.search(rf"^## {heading}\n\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
        parts[name] = there.group(1).strip() if there else EMPTY[name]
    parts[device] = text
    return "\n\n".join([TOP, *(f"## {HEADINGS[name]}\n\n{part}" for name, part in parts.items())]) + "\n"
