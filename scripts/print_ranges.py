"""What a fit says of several kinds of prints together: the physical presets have their fitted numbers from here.

    python scripts/print_ranges.py out/fit/old-print-all.toml

Both ends of each range, each probability and each weight are means over the kinds, by the kinds' shares.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from print_kinds import KINDS

from degrade.calibration.ranges import tidy
from degrade.pipeline import Pipeline
from degrade.pipeline_file import read_pipeline
from degrade.priors import Choice, Group, Prior

TOGETHER = {
    "gelatin-1930": ("grey", "warm"),
    "albumen-1880": ("yellowed",),
    "chrome-1975": ("colour",),
    "web-scan": KINDS,
    "scans": ("warm", "yellowed", "colour"),
}
"""The kinds of prints whose numbers a preset takes."""

Numbers = dict[str, list[tuple[float, ...]]]
"""By step and field, the numbers of each kind that has them."""


def main(arguments: list[str]) -> None:
    """A table for each preset."""
    found = read_pipeline(Path(arguments[0]))
    for preset, kinds in TOGETHER.items():
        print(f"\n{preset}: {', '.join(kinds)}")
        for name, numbers in sorted(mean(found, kinds).items()):
            print(f"  {name:32} {'  '.join(f'{each:g}' for each in numbers)}")


def mean(pipeline: Pipeline, kinds: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """Numbers by step and field."""
    groups = [step for step in pipeline.steps if isinstance(step, Group) and step.name == "print"]
    share = dict(zip(KINDS, groups[0].weights, strict=True))
    summed: dict[str, list[tuple[float, tuple[float, ...]]]] = {}
    for kind in kinds:
        for group in groups:
            for name, numbers in within(group.members[KINDS.index(kind)], kind):
                summed.setdefault(name, []).append((share[kind], numbers))
    return {
        name: tuple(
            tidy(sum(weight * each[at] for weight, each in rows) / sum(weight for weight, _ in rows))
            for at in range(len(rows[0][1]))
        )
        for name, rows in summed.items()
        if len({len(each) for _, each in rows}) == 1  # kinds of different processes have no mean
    }


def within(step: Prior | Group, kind: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Probabilities, weights and ends of ranges of a step and all in it."""
    if isinstance(step, Group):
        yield f"{step.name} p", (step.p,)
        if step.weights:
            yield f"{step.name} weights", step.weights
        for member in step.members:
            yield from within(member, kind)
        return
    name = step.stream_name.removeprefix(f"{kind} ")
    yield f"{name} p", (step.p,)
    for field, given in step.fields.items():
        yield from ((f"{name} {field}", each) for each in ends(given))


def ends(given: Any) -> Iterator[tuple[float, ...]]:
    """Of a range, or the weights of a choice."""
    if isinstance(given, Choice) and given.weights:
        yield given.weights
    elif hasattr(given, "low"):
        yield given.low, given.high


if __name__ == "__main__":
    main(sys.argv[1:])
