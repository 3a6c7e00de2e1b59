"""The table that `make bench` prints and leaves in docs/speed.md."""

import platform
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import PIL
import pytest

COMMAND = "make bench"
DOCS = Path(__file__).parents[2] / "docs" / "speed.md"


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
            "## Every effect",
            "At 1024 x 1024 pixels and severity 3, in milliseconds per megapixel, beside a primitive that it cannot "
            "beat: for effects that touch a few places only, the copy of the picture.",
            grid(
                ("effect", "ms/MP", "primitive", "ms/MP", "ratio"),
                [(n, f"{t:.2f}", p, f"{b:.2f}", f"{t / b:.1f}") for n, t, p, b in sorted(self.effects)],
            ),
        ]
        return "\n\n".join(parts) + "\n"


def machine() -> str:
    """The kind of machine and the versions, in a sentence."""
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}, OpenCV {cv2.__version__}"
    return f"One core of a {platform.machine()} server, {versions}, Pillow {PIL.__version__}."


def grid(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Rows as a Markdown table with even columns."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [head, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        "| " + " | ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)) + " |" for row in lines
    )


TABLE = pytest.StashKey[Table]()


@pytest.fixture(scope="session")
def table(request: pytest.FixtureRequest) -> Table:
    return request.config.stash.setdefault(TABLE, Table())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    table = config.stash.get(TABLE, None)
    if table is None:
        return
    terminalreporter.write_line("\n" + table.text())
    if len(table.ratios) >= 8 and table.effects:  # all of it was run
        DOCS.parent.mkdir(exist_ok=True)
        DOCS.write_text(table.text(), "utf-8")
        terminalreporter.write_line(f"written to {DOCS}")
