"""What pins a metric of pyiqa: the direction, what it does to a photo before it looks, and the weights that it read."""

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np

BETTER = "better"
"""The key of the direction, which nobody can then ask the library for without having it."""

HIGHER, LOWER = "higher", "lower"

LUMA = "yiq"
"""Whose Y pyiqa takes for luma where a metric does not say."""

FAR = 10
"""A value so many times as far out as the range is wide is none: of two flat pictures `cw_ssim` gives a million."""


class Network(Protocol):
    """A metric as pyiqa makes it."""

    metric_mode: str
    """FR: with the clean photo; NR: without."""

    lower_better: bool

    score_range: str | None
    """Roughly, as `0, 1` or `~0, ~100`."""

    net: Any
    """What computes it."""

    def __call__(self, target: Any, ref: Any = None) -> Any:
        """The value, as a tensor; of Pillow's pictures or of names of folders."""

    def state_dict(self) -> Mapping[str, Any]:
        """All numbers it has learnt."""


def direction(network: Network) -> dict[str, str]:
    """Which way is better."""
    return {BETTER: LOWER if network.lower_better else HIGHER}


def choices(network: Network) -> dict[str, str]:
    """What it does to a photo before it looks, where it has a choice: the colour space, the crop, the scale."""
    net, found = network.net, dict[str, str]()
    luma = getattr(net, "test_y_channel", None)
    if luma is not None:
        found["space"] = f"y-of-{getattr(net, 'color_space', LUMA)}" if luma else "rgb"
    if hasattr(net, "crop_border"):
        found["crop"] = f"{net.crop_border:g}"
    if hasattr(net, "downsample"):
        found["downsample"] = str(net.downsample).lower()
    return found


def is_far_out(value: float, network: Network) -> bool:
    """Whether a value lies so far outside the range that it is none."""
    ends = re.fullmatch(r"([-\d.]+), *([-\d.]+)", network.score_range or "")  # both known, neither with a ~
    if ends is None or not math.isfinite(value):
        return False
    low, high = map(float, ends.groups())
    return not low - FAR * (high - low) <= value <= high + FAR * (high - low)


def hashes(files: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of every file that is there, by path: half of a download has been renamed since."""
    found = {}
    for path in (each for each in map(Path, files) if each.is_file()):
        with path.open("rb") as file:
            found[str(path)] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def digest(files: Mapping[str, str], one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Of all that was learnt: the files that were read, and what the networks hold that does not differ by chance."""
    total = hashlib.sha256("".join(sorted(files.values())).encode())
    for name in sorted(one):
        numbers, again = (np.asarray(each[name].cpu().double()) for each in (one, other))
        total.update(f"{name} {numbers.shape}".encode())
        if np.array_equal(numbers, again):
            total.update(numbers.tobytes())
    return total.hexdigest()[:16]
