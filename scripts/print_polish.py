"""The last step of a fit: real photos tell what each knob does, and the knobs are turned by what is still wrong.

The emulator has errors of its own, and a fit goes where they flatter it: what is left between photos that are really
made and the prints that were fitted is about three times what the mean of so few prints strays by itself. Here each
knob is turned a little, all else drawn alike, photos are made again where their recipe changed, and measured: that is
what the knob does, without any model. Then the likeliest turns are those that explain what is wrong, as prints vary,
without turning far (a Gauss-Newton step under a normal prior); what is wrong is measured again, three times.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from print_chance import among, within
from print_emulator import Scores
from print_kinds import KINDS

from degrade.calibration.knobs import knobs, turned
from degrade.calibration.trials import Picture
from degrade.pipeline import Pipeline
from degrade.pipeline_file import digest
from degrade.priors import Group
from degrade.realism.measuring import Measured, stacked
from degrade.realism.patch import Doubles
from degrade.realism.patches import anywhere, cut
from degrade.realism.statistics import measured
from degrade.recipe import Recipe

PHOTOS, AGAIN = 100, 284
"""Photos by which knobs are tried, and by which it is measured what is wrong."""

PATCHES = 4
"""Of a photo."""

STEPS = 3

PLACE, CHANCE = 0.5, 1.0
"""How far a range's place is turned to see what it does, and an odds or a weight, to both sides: few recipes change."""

FARTHEST = 1.5
"""A knob is turned no further."""

SHARED, OWN = 0.5, 0.35
"""How far knobs are likely to be turned: of all kinds together, and of one kind beyond that."""

ALIKE = 0.5
"""What a knob does to photos of one kind is drawn by so much to what it does to all: a quarter of the photos is few."""

DRAWN_IN = 0.3
"""The covariance of few prints is drawn by so much to that of the patches of one print."""

DOUBT = 0.3
"""Variance of each statistic (of 1) that is put down to what no knob can do."""

NOT_FITTED = re.compile(r"(light\.(slope|size)|vignette\.barrel|film\.film|twice\.(across|down))\b")

Turns = dict[tuple[str, str], float]
"""How far a knob is turned, by its name and the kind of prints; without a kind, for all."""


@dataclass(frozen=True, slots=True, eq=False)
class Prints:
    """What a fit knows of prints: their statistics as normal scores, patch by patch."""

    scores: Scores
    mean: Doubles
    doubt: Doubles
    """Covariance of that mean: of so few prints, and of what no knob can do."""

    @classmethod
    def of(cls, prints: Sequence[Measured]) -> "Prints":
        """Of prints as the report measures them."""
        table = stacked(prints)
        count, patches, columns = table.shape
        scores = Scores(table.reshape(-1, columns))
        found = scores(table.reshape(-1, columns)).reshape(table.shape)
        near = within(found)
        doubt = (among(found, DRAWN_IN) + near / patches + DOUBT * np.eye(columns)) / count
        return cls(scores, found.mean(axis=(0, 1)), doubt)

    def scored(self, patches: Doubles) -> Doubles:
        """(photos, statistics) of photos' patches (photos, patches, statistics)."""
        flat = self.scores(patches.reshape(-1, patches.shape[2]))
        return np.asarray(flat.reshape(patches.shape).mean(axis=1))


def polished(
    pipeline: Pipeline, prints: Sequence[Measured], photos: Sequence[Picture], near: tuple[int, Path]
) -> Pipeline:
    """The pipeline with its knobs turned towards the prints.

    Args:
        pipeline: as print_pipeline.py writes it.
        prints: that were fitted.
        photos: clean ones.
        near: seed of the photos that are made, and where what was measured is kept.
    """
    known = Prints.of(prints)
    does = effects_of(pipeline, known, photos, near)
    turns: Turns = {}
    for _ in range(STEPS):
        wrong = missed(turned_by(pipeline, turns), known, photos, near[0] + 1)
        turns = likeliest(wrong, does, known.doubt, turns)
    return turned_by(pipeline, turns)


def missed(pipeline: Pipeline, known: Prints, photos: Sequence[Picture], seed: int) -> Doubles:
    """By how much the mean of photos made by the pipeline misses that of the prints."""
    made = known.scored(np.array([patches(pipeline.sample(seed, each.key), each) for each in often(photos, AGAIN)]))
    return np.asarray(made.mean(axis=0) - known.mean)


def likeliest(wrong: Doubles, does: Mapping[tuple[str, str], Doubles], doubt: Doubles, before: Turns) -> Turns:
    """The turns that explain what is wrong.

    Args:
        wrong: what is wrong where knobs are turned as `before` says.
        does: what each knob does when it is turned by 1, for all kinds or for one.
        doubt: covariance of what is wrong by chance.
        before: the turns so far.
    """
    likely = np.array([OWN if kind else SHARED for _, kind in does])
    table = np.stack(list(does.values()), axis=1) * likely
    so_far = np.array([before.get(each, 0.0) for each in does]) / likely
    precise = np.linalg.solve(doubt, table).T
    found = np.linalg.solve(precise @ table + np.eye(len(likely)), precise @ (table @ so_far - wrong))
    return dict(zip(does, (float(each) for each in found * likely), strict=True))


def turned_by(pipeline: Pipeline, turns: Turns) -> Pipeline:
    """The pipeline with knobs turned, those of a kind by what all are turned by and what it is beyond that."""
    found = {}
    for name, members in grouped(pipeline).items():
        for kind, knob in members:
            turn = turns.get((name, ""), 0.0) + turns.get((name, kind), 0.0)
            found[knob] = min(max(turn, -FARTHEST), FARTHEST)
    return turned(pipeline, found)


def grouped(pipeline: Pipeline) -> dict[str, list[tuple[str, str]]]:
    """Kind and knob by the name without the kind; both sides of a smaller copy are one knob."""
    found: dict[str, list[tuple[str, str]]] = {}
    for knob in knobs(pipeline):
        parts = re.fullmatch(rf"(?:/print/\d+/)?({'|'.join(KINDS)})[ /](.+)", knob.name)
        if parts and knob.coarse and not NOT_FITTED.match(parts[2]):
            name = re.sub(r"\.(width|height) place$", ".side place", parts[2])
            found.setdefault(name, []).append((parts[1], knob.name))
    return found


def effects_of(
    pipeline: Pipeline, known: Prints, photos: Sequence[Picture], near: tuple[int, Path]
) -> dict[tuple[str, str], Doubles]:
    """What each knob does to the mean of all photos, turned by 1: for all kinds, and for each."""
    seed, out = near
    file = out / f"knobs-{digest(pipeline)}-{seed}-{PHOTOS}.npy"
    groups, pictures = grouped(pipeline), often(photos, PHOTOS)
    if not file.exists():
        np.save(file, np.array(list(tried(pipeline, groups, known, pictures, seed))))
    kinds = np.array([kind_of(pipeline, seed, each.key) for each in pictures])
    share = shares_of(pipeline)
    found: dict[tuple[str, str], Doubles] = {}
    for (name, members), table in zip(groups.items(), np.load(file), strict=True):
        of_kind = {kind: table[kinds == kind].mean(axis=0) for kind in dict(members) if (kinds == kind).any()}
        if not of_kind:  # it is of a kind that none of the photos became
            continue
        total = sum(share[kind] for kind in of_kind)
        alike = sum(share[kind] * each for kind, each in of_kind.items()) / total
        own = {kind: share[kind] * (ALIKE * alike + (1 - ALIKE) * of_kind.get(kind, alike)) for kind in dict(members)}
        found[name, ""] = np.sum(list(own.values()), axis=0)
        found |= {(name, kind): each for kind, each in own.items()}
    return found


def tried(
    pipeline: Pipeline, groups: Mapping[str, list[tuple[str, str]]], known: Prints, photos: Sequence[Picture], seed: int
) -> Iterator[Doubles]:
    """By how much each knob changes the statistics of each photo (photos, statistics), turned by 1."""
    recipes = [pipeline.sample(seed, each.key) for each in photos]
    begun = [patches(recipe, each) for recipe, each in zip(recipes, photos, strict=True)]

    def made(turn: float, members: list[tuple[str, str]]) -> Doubles:
        other = turned(pipeline, {knob: turn for _, knob in members})
        drawn = [other.sample(seed, each.key) for each in photos]
        rows = zip(recipes, begun, drawn, photos, strict=True)
        return known.scored(np.array([old if new == was else patches(new, each) for was, old, new, each in rows]))

    there = known.scored(np.array(begun))
    for name, members in groups.items():
        if name.endswith(" place"):
            yield (made(PLACE, members) - there) / PLACE
        else:
            yield (made(CHANCE, members) - made(-CHANCE, members)) / (2 * CHANCE)


def patches(recipe: Recipe, photo: Picture) -> Doubles:
    """(patches, statistics) of the photo with that recipe."""
    image = recipe.apply(photo.image).image
    return np.array([measured(cut(image, place)) for place in anywhere(image.shape[:2], 0, photo.key)[:PATCHES]])


def often(photos: Sequence[Picture], count: int) -> list[Picture]:
    """So many photos, the same ones again under other keys where there are fewer."""
    rounds = ((photos[at % len(photos)], at // len(photos)) for at in range(count))
    return [Picture(f"{photo.key} {number}", photo.image) for photo, number in rounds]


def shares_of(pipeline: Pipeline) -> dict[str, float]:
    """The share of each kind of prints."""
    weights = next(step.weights for step in pipeline.steps if isinstance(step, Group) and step.name == "print")
    return {kind: weight / sum(weights) for kind, weight in zip(KINDS, weights, strict=True)}


def kind_of(pipeline: Pipeline, seed: int, key: str) -> str:
    """The kind of print that a photo becomes."""
    return next(kind for name, _ in pipeline.named(seed, key) if (kind := name.partition(" ")[0]) in KINDS)
