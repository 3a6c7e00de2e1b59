"""What a fit of `old-print` says of several kinds of prints together, and the physical presets with that in them.

Writes each preset as TOML. The shipped ones have their fitted numbers in this way from the fit before this one, to all
prints; a suite hangs on them, and they stay as they are.

    python scripts/print_ranges.py out/fit/old-print-all.toml out/physical

Both ends of each range, each probability and each weight are means over the kinds, by the kinds' shares.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from folders import there
from print_kinds import KINDS

from degrade.calibration.ranges import tidy
from degrade.distributions import Distribution
from degrade.io import write_text
from degrade.ladder import Value
from degrade.pipeline import Pipeline
from degrade.pipeline_file import read_pipeline, to_toml
from degrade.presets import PRESETS
from degrade.priors import Along, Choice, Group, Integers, LogUniform, Prior, Uniform

TOGETHER = {
    "albumen-1880": ("yellowed",),
    "gelatin-1930": ("grey", "warm"),
    "chrome-1975": ("colour",),
    "web-scan": KINDS,
}
"""The kinds of prints whose numbers a preset takes."""

IN_COLOUR = ("warm", "yellowed", "colour")
"""The kinds whose scans all presets have: those that are stored in colour."""

GRAIN = ("grain", "p strength size")
PAPER = ("paper", "dmin dmax slope shape exposure veil")
DYES = ("dyes", "cyan magenta yellow shift")

PRINTED = {
    "GaussianBlur": ("blur", "sigma"),
    "UnevenLight": ("light", "p strength"),
    "pale dyes": ("film", "strength"),
    "FilmGrain": GRAIN,
    "grain in colour": GRAIN,
    "CharacteristicCurve": PAPER,
    "colour paper": PAPER,
    "SilverFading": ("fading", "highlights overall"),
    "Toning": ("tone", "p strength compression"),
    "DyeFading": DYES,
    "both fadings": DYES,
    "Yellowing": ("yellowing", "p strength unevenness"),
}
"""By a preset's step, the step of the fit and what is taken of it: what the presets' sources mark as fitted."""

OWN_CHANCES = {"albumen-1880": ("Toning",), "gelatin-1930": ("Yellowing",)}
"""Steps that happen as often as a preset's process has it."""

SCANNED = {
    "scanner's veil": ("veil", "p blacks whites"),
    "scanner's resolution": ("resolution", "p width height up"),
    "SensorNoise": ("noise", "shadows lights size channels"),
    "Sharpening": ("sharpening", "p sigma amount"),
    "ColourJitter": ("balance", "p red green blue"),
    "GammaShift": ("gamma", "p gamma"),
    "JpegCompression": ("jpeg", "quality subsampling"),
    "DoubleJpeg": ("twice", "first second subsampling"),
    "first copy": ("first copy", "quality subsampling"),
    "resized": ("resized", "width height up"),
    "second copy": ("second copy", "p quality subsampling"),
}
"""The same of the scan, which all presets have from the same kinds."""

BEHIND = {
    "FilmGrain": ("coarse grain", "coarse grain"),
    "grain in colour": ("coarse grain", "coarse grain in colour"),
    "ColourJitter": ("levels", "levels"),
    "GammaShift": ("thumbnail", "thumbnail"),
    "copied": ("reduced", "reduced"),
}
"""By a preset's step, the step of later fits that comes behind it, and what it is called there."""

Step = Prior | Group

Numbers = dict[str, tuple[float, ...]]
"""By step and field."""

Changes = dict[str, dict[str, Any]]
"""By step, what replaces its fields, its p and its weights."""


def main(arguments: list[str]) -> None:
    """A file for each preset."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("fit", type=there)
    reader.add_argument("out", type=Path)
    asked = reader.parse_args(arguments)
    found = read_pipeline(asked.fit)
    asked.out.mkdir(parents=True, exist_ok=True)
    for name in TOGETHER:
        write_text(asked.out / f"{name}.toml", to_toml(derived(PRESETS[name], found)))


def derived(preset: Pipeline, found: Pipeline) -> Pipeline:
    """The preset with all that is fitted in it as that fit has it; what is not fitted stays.

    Steps of the fit that the preset has not (coarse grain, levels, thumbnails, JPEG before a scan was made smaller) are
    put in where they belong.
    """
    prints, scans = averaged(found, TOGETHER[preset.name]), averaged(found, IN_COLOUR)
    changes = taken(prints, PRINTED) | taken(scans, SCANNED)
    for step in OWN_CHANCES.get(preset.name, ()):
        del changes[step]["p"]
    *monochrome, colour = groups_of(found)[0].weights
    if isinstance(web := scans["web"], Group):
        changes["web"] = {"p": web.p, "weights": web.weights}
    changes["print"] = {"weights": (tidy(sum(monochrome)), colour)}
    by = prints | scans
    new = {step: replace(by[of], name=name) for step, (of, name) in BEHIND.items() if of in by}
    latents = {name: latent for name, latent in found.latents.items() if name == "thumbnail"}
    steps = tuple(each for step in preset.steps for each in changed(step, changes, new))
    return replace(preset, steps=steps, latents=preset.latents | latents)


def taken(by: dict[str, Step], table: dict[str, tuple[str, str]]) -> Changes:
    """What a table of steps and fields takes of the steps of a fit."""
    found: Changes = {}
    for step, (of, fields) in table.items():
        if isinstance(source := by.get(of), Prior):
            all_of_it = source.fields | {"p": source.p}
            found[step] = {field: all_of_it[field] for field in fields.split()}
    return found


def changed(step: Step, changes: Changes, behind: dict[str, Step]) -> Iterator[Step]:
    """A step with what replaces its numbers, and what comes behind it."""
    name = step.name if isinstance(step, Group) else step.stream_name
    own = changes.get(name, {})
    p = own.get("p", step.p)
    if isinstance(step, Group):
        members = tuple(each for member in step.members for each in changed(member, changes, behind))
        yield replace(step, members=members, p=p, weights=own.get("weights", step.weights))
    else:
        yield replace(step, p=p, fields=step.fields | {field: own[field] for field in own if field != "p"})
    if name in behind:
        yield behind[name]


def averaged(found: Pipeline, kinds: Sequence[str]) -> dict[str, Step]:
    """The steps of a fit by their names without their kinds: the last kind's that has it, with the means over all."""
    numbers = mean(found, kinds)
    return {
        plain(step, kind): with_numbers(step, kind, numbers)
        for kind in kinds
        for group in groups_of(found)
        for step in every(group.members[KINDS.index(kind)])
    }


def with_numbers(step: Step, kind: str, numbers: Numbers) -> Step:
    """The step of one kind with the numbers of several."""
    name = plain(step, kind)
    (p,) = numbers[f"{name} p"]
    if isinstance(step, Group):
        members = tuple(with_numbers(member, kind, numbers) for member in step.members)
        return replace(step, members=members, p=p, weights=numbers.get(f"{name} weights", step.weights))
    fields = {field: with_ends(given, numbers.get(f"{name} {field}", ())) for field, given in step.fields.items()}
    return Prior(step.effect, p, fields, name=name)


def with_ends(given: Distribution | Value, numbers: tuple[float, ...]) -> Distribution | Value:
    """A range with other ends, or a choice with other weights; the age of a print is called chemical in the presets."""
    if isinstance(given, Choice):
        return replace(given, weights=numbers or given.weights)
    if not numbers or not isinstance(given, Along | Integers | LogUniform | Uniform):
        return given
    low, high = numbers
    if isinstance(given, Integers):
        low, high = round(low), round(high)
        return Integers(low, high) if low < high else low
    if isinstance(given, Along) and given.latent == "age":
        given = replace(given, latent="chemical")
    return replace(given, low=low, high=high) if low != high else low


def mean(pipeline: Pipeline, kinds: Sequence[str]) -> Numbers:
    """Numbers by step and field."""
    groups = groups_of(pipeline)
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


def groups_of(pipeline: Pipeline) -> list[Group]:
    """The kinds of prints, and of their scans."""
    return [step for step in pipeline.steps if isinstance(step, Group) and step.name == "print"]


def every(step: Step) -> Iterator[Step]:
    """A step and all in it."""
    yield step
    if isinstance(step, Group):
        for member in step.members:
            yield from every(member)


def plain(step: Step, kind: str) -> str:
    """The name of a step without its kind."""
    return (step.name if isinstance(step, Group) else step.stream_name).removeprefix(f"{kind} ")


def within(step: Step, kind: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Probabilities, weights and ends of ranges of a step and all in it."""
    for each in every(step):
        name = plain(each, kind)
        yield f"{name} p", (each.p,)
        if isinstance(each, Group):
            if each.weights:
                yield f"{name} weights", each.weights
            continue
        for field, given in each.fields.items():
            yield from ((f"{name} {field}", numbers) for numbers in ends(given))


def ends(given: Any) -> Iterator[tuple[float, ...]]:
    """Of a range, or the weights of a choice."""
    if isinstance(given, Choice) and given.weights:
        yield given.weights
    elif hasattr(given, "low"):
        yield given.low, given.high


if __name__ == "__main__":
    main(sys.argv[1:])
