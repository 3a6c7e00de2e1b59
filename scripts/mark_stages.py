"""The marks of `old-print` as stages whose chances were counted on real prints and whose amounts are knobs of a fit.

Counted by eye, once, on the 39 prints at up to 620 pixels: which kinds of marks a print bears. With so few prints, none
seen is not never: a chance is (seen + 1/2) / (prints + 1), Jeffreys' estimate. How wide, long and large marks are is
not fitted: docs/defects.md measured it, or docs/physics.md says it (at the end of the line).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from degrade.effects import (
    Abrasion,
    Cockling,
    Creases,
    Fingerprints,
    Flaking,
    Foxing,
    Holes,
    MissingCorner,
    Mould,
    Scratches,
    Stains,
    Tape,
    Tear,
    TornEdges,
    WaterStain,
)
from degrade.presets.losses import LOSSES
from degrade.presets.stages import ABRASION, CREASES, FOXING, SCAN, SCRATCHES, STAINS, TAPE, WATER
from degrade.priors import Along, Choice, Group, LogUniform, Prior

SEEN: dict[type, str] = {
    Creases: "gan_12 civi_real_0014 gan_30 dipmini_scanned3 civi_demo3 mark_photo2 civi_real_0089 dipmini_scanned5 "
    "bopbtl_scr_b bopbtl_scr_c civi_real_0009",
    Scratches: "gan_30 gan_13 gan_21 gan_19 dipmini_scanned5 bopbtl_scr_c",
    Abrasion: "gan_12 gan_13 gan_21 gan_19 gan_25",
    Flaking: "gan_12 gan_28 gan_16 gan_25 gan_19 dipmini_scanned5",
    TornEdges: "civi_real_0014 civi_demo3 dipmini_scanned5",
    MissingCorner: "dipmini_scanned3 bopbtl_scr_b",
    Holes: "civi_real_0089",
    Tear: "",
    Stains: "gan_21 dipmini_scanned3",
    Fingerprints: "",
    Tape: "",
    Foxing: "",
    WaterStain: "",
    Mould: "gan_25",
    Cockling: "",
}
"""Names of prints, without their ends, on which a kind of mark was seen."""

SPECKS = {
    "light": "gan_12 civi_real_0014 gan_30 gan_13 bopbtl_old_d dipmini_scanned5 gan_19 bopbtl_scr_b civi_real_0009 "
    "civi_real_0089",
    "dark": "gan_21 idaho_demo_004 civi_demo3 gan_25 gan_16",
}
"""The same of specks."""

HANDLED = (Creases, Scratches, Abrasion, Flaking, TornEdges, MissingCorner, Holes, Tear)
"""Marks of hands: 22 prints, most from archives, bear none of them, the other 17 two kinds each."""

FLOODS = 0.1
"""Share of photos with water, a latent quantity of the preset."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is fitted: factors on what `stages.py` guessed."""

    lines: float = 1.0
    """Of creases and scratches, how many."""

    opacity: float = 1.0
    """Of the faintest creases, scratches, rubbed places and specks; the strongest stay as they are."""

    lost: float = 1.0
    """Of rubbed places and flakes, how many and how far."""

    specks: float = 1.0
    """Of dust that a handled print has caught, how many."""


@dataclass(frozen=True, slots=True)
class Count:
    """What was seen on some prints."""

    prints: frozenset[str]

    def of(self, *kinds: type) -> int:
        """How many bear any of those kinds."""
        return len(self.prints & {name for kind in kinds for name in SEEN[kind].split()})

    @property
    def handled(self) -> "Count":
        """Those that hands have left marks on."""
        return Count(self.prints & {name for kind in HANDLED for name in SEEN[kind].split()})

    @property
    def kept(self) -> "Count":
        """The others."""
        return Count(self.prints - self.handled.prints)

    def dusty(self, dust: Prior, **fields: Any) -> Prior:
        """Dust, as often and as often light as specks were seen."""
        light, dark = (self.prints & set(SPECKS[kind].split()) for kind in ("light", "dark"))
        polarity = Choice(("light", "dark"), (len(light) + 0.5, len(dark) + 0.5))
        return changed(dust, chance(len(light | dark), len(self.prints)), polarity=polarity, **fields)

    @classmethod
    def on(cls, names: Collection[str]) -> "Count":
        """On files of those names."""
        return cls(frozenset(name.rsplit(".", 1)[0] for name in names))


def chance(seen: int, prints: int) -> float:
    """Jeffreys' estimate."""
    return round((seen + 0.5) / (prints + 1), 3)


RANKS = (np.arange(2000) + 0.5) / 2000

AGE = (1 - (1 - RANKS) ** (1 / 2.6)) ** (1 / 1.8)
"""The latent quantities `chemical` and `mechanical` of many photos."""


def with_age(mean: float) -> float:
    """The p of a prior that hangs on a latent quantity and happens to so many photos all in all."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if float(np.mean(middle ** (1 / (0.4 + 1.2 * AGE)))) < mean else (low, middle)
    return round(low, 3)


def grown(along: Any, by: float, most: float = np.inf) -> Along:
    """A number that follows a latent quantity, with both ends multiplied."""
    whole = isinstance(along.high, int) and along.low == 0
    low, high = (float(f"{min(by * end, most):.2g}") for end in (along.low, along.high))
    return replace(along, low=round(low), high=max(round(high), 1)) if whole else replace(along, low=low, high=high)


def opaque(prior: Prior, by: float) -> Any:
    """Its opacity, with the lower end multiplied."""
    given: Any = prior.fields["opacity"]
    return replace(given, low=round(min(by * given.low, given.high), 2))


def changed(prior: Prior, p: float, **fields: Any) -> Prior:
    """The same with another p and other fields."""
    return replace(prior, p=p, fields=prior.fields | fields)


def members(group: Group) -> dict[type, Prior]:
    """Its priors by their effects, each of which always happens."""
    return {each.effect: replace(each, p=1.0, latent="") for each in group.members if isinstance(each, Prior)}


Stages = dict[str, Any]
"""FOXING, WATER, HANDLING and DUST."""


def stages(count: Count, amounts: Amounts, *, always: bool = False) -> Stages:
    """The marks.

    Args:
        count: what was seen.
        amounts: how much of it.
        always: whether all photos are handled.
    """
    every = len(count.prints)
    wet = {each.effect: each for each in WATER}
    flooded = {kind: min(chance(count.of(kind), every) / FLOODS, 1.0) for kind in wet}
    return {
        "FOXING": replace(FOXING, p=with_age(chance(count.of(Foxing), every))),
        "WATER": tuple(replace(prior, p=round(flooded[kind], 3)) for kind, prior in wet.items()),
        "HANDLING": (
            stains(count, every),
            Group(
                "in_order",
                hand(count.handled, amounts),
                1.0 if always else chance(len(count.handled.prints), every),
                name="handling",
            ),
            replace(TAPE, p=with_age(chance(count.of(Tape), every))),
        ),
        "DUST": count.kept.dusty(SCAN[0]),
    }


def stains(count: Count, prints: int) -> Group:
    """Stains and fingerprints, never both."""
    kinds = members(STAINS)
    weights = tuple(count.of(kind) + 0.5 for kind in kinds)
    return Group("one_of", tuple(kinds.values()), chance(count.of(*kinds), prints), weights, "stains")


def hand(count: Count, amounts: Amounts) -> tuple[Prior | Group, ...]:
    """What hands, albums and pockets do to the prints that they do anything to."""
    hands = len(count.prints)
    p = {kind: with_age(chance(count.of(kind), hands)) for kind in (Abrasion, Scratches, Creases, Flaking)}
    lost = members(LOSSES)
    flakes = replace(lost.pop(Flaking), latent="mechanical")
    return (
        changed(
            ABRASION,
            p[Abrasion],
            density=grown(ABRASION.fields["density"], amounts.lost, 40),
            opacity=opaque(ABRASION, amounts.opacity),
        ),
        changed(
            SCRATCHES,
            p[Scratches],
            density=grown(SCRATCHES.fields["density"], amounts.lines),
            opacity=opaque(SCRATCHES, amounts.opacity),
            width=LogUniform(0.002, 0.008),  # 3.7 per mille, most below 6: docs/defects.md
        ),
        changed(
            CREASES,
            p[Creases],
            folds=grown(CREASES.fields["folds"], amounts.lines, 8),
            corners=grown(CREASES.fields["corners"], amounts.lines, 40),
            opacity=opaque(CREASES, amounts.opacity),
            width=LogUniform(0.004, 0.014),  # half-height width 6 to 14 per mille: docs/physics.md
        ),
        changed(flakes, p[Flaking], extent=grown(flakes.fields["extent"], amounts.lost, 1)),
        Group(
            "one_of",
            tuple(lost.values()),
            chance(count.of(*lost), hands),
            tuple(count.of(kind) + 0.5 for kind in lost),
            "losses",
        ),
        count.dusty(
            replace(SCAN[0], name="specks"),
            density=LogUniform(*(float(f"{amounts.specks * end:.2g}") for end in (5, 120))),
            size=LogUniform(0.003, 0.012),  # 6.9 per mille on scans of film: docs/defects.md
            opacity=opaque(SCAN[0], amounts.opacity),
        ),
    )
