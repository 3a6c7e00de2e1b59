"""What was measured, as a table."""

import platform
from dataclasses import dataclass, field

import cv2
import numpy as np
import PIL

COMMAND = "make bench"

PYIQA_ROW = "SSIM of 1024 x 1024 px against pyiqa's `ssimc`"

RAY_ROW = "Ray on a local cluster of two nodes against one thread"

KEPT = (RAY_ROW, PYIQA_ROW)
"""What is measured only where an extra is installed that few want: the page keeps it from the time before."""


@dataclass
class Table:
    """What was measured so far."""

    ratios: list[tuple[str, str, str]] = field(default_factory=list)
    """What, measured, aim."""

    effects: list[tuple[str, float, str, float]] = field(default_factory=list)
    """Effect, its ms/MP, its primitive, that one's ms/MP."""

    def text(self) -> str:
        """The table as Markdown."""
        parts = [
            "# Speed",
            f"Made by `{COMMAND}`: CPU time of one thread, the shortest of several calls. {machine()} Seconds differ "
            "between machines; ratios, each taken in one run by turns, hardly do. No test hangs on any of these.",
            grid(("measured", "here", "aim"), self.ratios),
            "The four operations are blur (3, 5 or 7 px), Gaussian noise (sigma 5 to 50), low resolution (50 to 100 %) "
            "and JPEG (40 to 100), each kept with 70 %, in random order; both reduce without aliasing, "
            "albumentations by area, we by a Gaussian. Its time at 256 px hangs on whether the C library keeps freed "
            "memory: the ratio is 1.4 where it does, as here, and above 2 in a process that has never freed more. The "
            "usual way carries the same recipes out with float64 frames, Pillow and dense elastic fields "
            "(`tests/speed/usual_way.py`).",
            "Corpora are of JPEG photos of 384 px, cropped at random, or of 256 px as they are, which keep the clean "
            "photo's own bytes, with wan2020-paper; clean, degraded, mask and "
            "labels as PNG, by one worker, with all packages imported before. The engine alone degrades the same crops "
            "in memory; the rest is opening the photos, packing the pictures, hashing and writing. `from_generator` "
            "gets the same four arrays, and packs them as Pillow does by default. A third of the rest is libjpeg, for "
            "a photo is opened whole for a crop of it, a quarter the four PNGs, a tenth SHA-256 of photo, pixels and "
            "file, a tenth the file itself. So the share of the engine is reached with whole photos and where crops "
            "share a photo, and not quite where each crop has its own; 15 times `from_generator` is out of reach of "
            "one core while pictures are PNG: the engine alone is hardly faster than that. Threads gain little at this "
            "size: Python's lock is held by the engine's small steps, and by fpng; so several workers are processes "
            "where samples are small and many, each of them after the two seconds in which it draws its textures. The "
            "rows on two workers are of 1280 samples after the first 320, without these. Memory is that after the 64 "
            "built-in textures were drawn, which take 85 MB; the most of it is chance, where both workers are at their "
            "largest at once.",
            "The row on pyiqa is of version 0.1.16, whose value was the same to 1e-6 in that run; where it is not "
            "installed the row stays as it was. Made by `python -m pytest -m speed tests/speed/test_metrics_speed.py`.",
            "## Every effect",
            "At 1024 x 1024 pixels and severity 3, in milliseconds per megapixel, beside a primitive that it cannot "
            "beat: for effects that touch a few places only, the copy of the picture.",
            grid(
                ("effect", "ms/MP", "primitive", "ms/MP", "ratio"),
                [
                    (n, f"{t:.2f}", p, f"{b:.2f}", f"{t / b:.1f}" if t < 100 * b else f"{t / b:.0f}")
                    for n, t, p, b in sorted(self.effects)
                ],
            ),
        ]
        return "\n\n".join(parts) + "\n"


def row_of(page: str, name: str) -> tuple[str, str, str] | None:
    """What a page says was measured under a name; None where it says nothing of it."""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if cells[0] == name and len(cells) == 3:
            return cells[0], cells[1], cells[2]
    return None


def machine() -> str:
    """The kind of machine and the versions, in a sentence."""
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}, OpenCV {cv2.__version__}"
    return f"Here one core ({platform.machine()}), {versions}, Pillow {PIL.__version__}."


def grid(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Rows as a Markdown table with even columns."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [head, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        "| " + " | ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)) + " |" for row in lines
    )
