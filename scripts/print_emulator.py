"""What a recipe makes of a photo's statistics, learned from thousands of photos that were degraded and measured.

One photo of 0.2 seconds becomes a thousandth of a second, and differentiable: so a fit can try millions.
"""

import copy
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import torch
from print_kinds import FILMS, KINDS
from torch import Tensor, nn

from degrade.effects.toning import TONES
from degrade.pipeline import Pipeline
from degrade.realism.patch import Doubles

TONE_NAMES = [f"{which} of {where}" for where in ("lights", "middle", "darks") for which in ("a", "b")]

DEFECTS = ("Scratches", "Creases", "Abrasion", "Stains", "Foxing")

LOSSES = ("TornEdges", "MissingCorner", "Tear", "Holes", "Flaking")

LATENTS = ("chemical", "mechanical", "water")

WEBS = ("never", "once", "twice", "copied")

FEATURES = (
    *("silver", "blur", "vignette", "light", "paleness"),
    *(f"film {film}" for film in (*FILMS, "luma")),
    *("grain", "grain size", "dmin", "dmax", "slope", "shape", "exposure", "surface"),
    *("fading of highlights", "fading", "uneven fading"),
    *TONE_NAMES,
    *("lifted", "dulled", "cyan", "magenta", "yellow", "shift", "yellowing", "uneven yellowing", "blacks", "whites"),
    *("resolution", "linear resolution", "noise in shadows", "noise in lights", "noise size", "noise in three"),
    *("sharpening", "sharpening width", "red", "green", "blue", "black point", "gamma", "stored in grey"),
    *WEBS,
    *("last quality", "first quality", "last 4:2:0", "first 4:2:0", "resized", "linear resized"),
    *LATENTS,
    *DEFECTS,
    "losses",
)
"""What a recipe is to the emulator: strengths of which 0 means that the step is not there."""

AT = {name: number for number, name in enumerate(FEATURES)}

NUISANCE = [AT[name] for name in (*LATENTS, *DEFECTS, "losses")]
"""Of these nothing is fitted."""

SAME = {
    "ContrastLoss": "veil",
    "LowResolution": "resolution",
    "SensorNoise": "noise",
    "Sharpening": "sharpening",
    "GammaShift": "gamma",
    "JpegCompression": "jpeg",
    "DoubleJpeg": "twice",
    "enlarged": "resized",
}
"""Steps of print_prior.py by the names of print_pipeline.py."""

Named = dict[str, Any]
"""The effects of a recipe by the names of their priors, without the kind of print before them."""

EPOCHS = 30

CONTENT = 24
"""Principal components of the clean photo's statistics that the emulator is told."""

HELD = 36
"""Clean photos whose pictures an emulator does not learn from: what it gets wrong on them is added as chance."""


def named(pipeline: Pipeline, seed: int, key: str) -> Named:
    """A recipe's effects by name."""
    found: Named = {}
    for name, effect in pipeline.named(seed, key):
        kind, _, rest = name.partition(" ")
        short = rest if kind in (*KINDS, "silver") else name
        found[SAME.get(short, short)] = effect
        if kind in (*KINDS, "silver"):
            found.setdefault("kind", kind)
    return found


def encoded(pipeline: Pipeline, seed: int, key: str) -> Doubles:
    """A recipe as the emulator sees it."""
    steps = named(pipeline, seed, key)
    latents = pipeline.latents_drawn(seed, key)
    found = dict(latents_and_defects(steps, latents))
    for part in (taking, printing, ageing, scanning, web):
        found |= dict(part(steps))
    return np.array([float(found.get(name, 0.0)) for name in FEATURES])


Features = Iterator[tuple[str, float]]


def latents_and_defects(steps: Named, latents: dict[str, float]) -> Features:
    """What nothing is fitted of."""
    yield from ((name, latents[name]) for name in LATENTS)
    yield from ((name, float(name in steps)) for name in DEFECTS)
    yield "losses", float(any(name in steps for name in LOSSES))


def taking(steps: Named) -> Features:
    """Lens and film."""
    silver = steps["kind"] != "colour"
    yield "silver", float(silver)
    yield "blur", steps["blur"].sigma
    yield "paleness", steps["film"].strength
    if silver:
        yield f"film {steps['film'].film}", 1.0
    if "vignette" in steps:
        yield "vignette", steps["vignette"].loss
    if "light" in steps:
        yield "light", steps["light"].strength ** 0.5
    if "grain" in steps:
        yield "grain", steps["grain"].strength ** 0.5
        yield "grain size", steps["grain"].size


def printing(steps: Named) -> Features:
    """Paper and process."""
    paper = steps["paper"]
    yield from ((name, getattr(paper, name)) for name in ("dmin", "dmax", "slope", "shape", "exposure"))
    yield "surface", paper.veil**0.5
    if "tone" in steps:
        tone = steps["tone"]
        tones = np.array(TONES[tone.process], np.float64)
        yield from zip(TONE_NAMES, (tone.strength * tones[:, 1:] / 15).ravel(), strict=True)
        yield "lifted", tone.compression * tones[2, 0] / 30
        yield "dulled", tone.compression * (100 - tones[0, 0]) / 30


def ageing(steps: Named) -> Features:
    """Fading and yellowing."""
    if "fading" in steps:
        fading = steps["fading"]
        yield "fading of highlights", fading.highlights
        yield "fading", fading.overall
        yield "uneven fading", fading.unevenness
    if "dyes" in steps:
        dyes = steps["dyes"]
        yield from ((name, 1 - getattr(dyes, name)) for name in ("cyan", "magenta", "yellow"))
        yield "shift", dyes.shift * 10
    if "yellowing" in steps:
        yield "yellowing", steps["yellowing"].strength ** 0.5
        yield "uneven yellowing", steps["yellowing"].strength ** 0.5 * steps["yellowing"].unevenness


def scanning(steps: Named) -> Features:
    """The scanner and its operator."""
    if "veil" in steps:
        yield "blacks", steps["veil"].blacks / 50
        yield "whites", steps["veil"].whites / 50
    if "resolution" in steps:
        yield from resampled("resolution", steps["resolution"])
    if "noise" in steps:
        noise = steps["noise"]
        yield "noise in shadows", noise.shadows**0.5
        yield "noise in lights", noise.lights**0.5
        yield "noise size", noise.size
        yield "noise in three", (noise.channels == "three") * noise.shadows**0.5
    if "sharpening" in steps:
        yield "sharpening", steps["sharpening"].amount
        yield "sharpening width", steps["sharpening"].amount * steps["sharpening"].sigma
    yield "stored in grey", float("stored in grey" in steps)
    yield from balanced(steps)


def balanced(steps: Named) -> Features:
    """Balance, black point and gamma."""
    if "balance" in steps:
        yield from ((name, getattr(steps["balance"], name) / 10) for name in ("red", "green", "blue"))
    if "black point" in steps:
        yield "black point", -steps["black point"].red / 50
    if "gamma" in steps:
        yield "gamma", math.log(steps["gamma"].gamma)


def resampled(name: str, effect: Any) -> Features:
    """A smaller copy."""
    smaller = -math.log(effect.width)
    yield name, smaller
    yield f"linear {name}", smaller * (effect.up == "linear")


def web(steps: Named) -> Features:
    """What was compressed, and when."""
    first, last = steps.get("first copy"), steps.get("second copy")
    if "jpeg" in steps:
        yield "once", 1.0
        last = steps["jpeg"]
    elif "twice" in steps:
        yield "twice", 1.0
        both = steps["twice"]
        yield from compressed("first", both.first, both.subsampling)
        yield from compressed("last", both.second, both.subsampling)
    elif first:
        yield "copied", 1.0
        yield from compressed("first", first.quality, first.subsampling)
        yield from resampled("resized", steps["resized"])
    else:
        yield "never", 1.0
    if last:
        yield from compressed("last", last.quality, last.subsampling)


def compressed(which: str, quality: int, subsampling: str) -> Features:
    """One JPEG."""
    yield f"{which} quality", ((100 - quality) / 20) ** 0.5
    yield f"{which} 4:2:0", float(subsampling == "4:2:0")


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Photos that were degraded and measured."""

    statistics: Doubles
    """(photos, statistics)."""

    recipes: Doubles
    """(photos, features)."""

    content: "np.ndarray[Any, np.dtype[np.intp]]"
    """Which clean photo each was made of."""


class Scores:
    """Statistics as normal scores of the pool."""

    def __init__(self, table: Doubles) -> None:
        self._curves = []
        for column in table.T:
            values, count = np.unique(column, return_counts=True)
            share = (np.cumsum(count) - count / 2) / len(table)
            ends = 0.5 / len(table)
            self._curves.append(
                (values, np.array([NormalDist().inv_cdf(min(max(each, ends), 1 - ends)) for each in share]))
            )

    def __call__(self, table: Doubles) -> Doubles:
        columns = zip(table.T, self._curves, strict=True)
        return np.stack([np.interp(column, *curve, left=-3.4, right=3.4) for column, curve in columns], 1)


class Network(nn.Module):
    """Statistics of recipe and content: linear, and what is not."""

    def __init__(self, recipe: int, content: int, out: int) -> None:
        super().__init__()
        self.linear = nn.Linear(recipe + content, out)
        self.rest = nn.Sequential(
            nn.Linear(recipe + content, 256),
            nn.SiLU(),
            nn.Linear(256, 256),
            nn.SiLU(),
            nn.Dropout(0.1),
            nn.Linear(256, out),
        )

    def forward(self, recipe: Tensor, content: Tensor) -> Tensor:
        both = torch.cat([recipe, content], 1)
        out: Tensor = self.linear(both) + self.rest(both)
        return out


def floats(table: Doubles) -> Tensor:
    """Numbers as torch has them."""
    return torch.tensor(table, dtype=torch.float32)


class Emulator:
    """Two networks, each learned without some of the photos, and what they get wrong on those."""

    def __init__(self, pool: Pool, clean: Doubles) -> None:
        self.scores = Scores(pool.statistics)
        self._table = self.scores(pool.statistics)
        self._recipes = pool.recipes
        self._content = pool.content
        self._near = np.zeros(len(self._table), bool)
        self._middle, self._spread = pool.recipes.mean(0), pool.recipes.std(0) + 1e-3
        table = self.scores(clean)
        parts, sizes, _ = np.linalg.svd(table - table.mean(0), full_matrices=False)
        contents = (parts * sizes)[:, :CONTENT]
        self._contents = contents / contents.std(0).mean()
        self._learn()

    def with_more(self, pool: Pool) -> "Emulator":
        """One that has seen photos near the fit too, each counted twice; its errors are those near the fit."""
        other = copy.copy(self)
        table = self.scores(pool.statistics)
        other._near = np.r_[self._near, np.ones(2 * len(table), bool)]
        other._table = np.r_[self._table, table, table]
        other._recipes = np.r_[self._recipes, pool.recipes, pool.recipes]
        other._content = np.r_[self._content, pool.content, pool.content]
        other._learn()
        return other

    def _learn(self) -> None:
        self._networks, errors, classes = [], [], []
        for number in range(2):
            held = np.random.default_rng(number).permutation(len(self._contents))[:HELD]
            unseen = np.isin(self._content, held)
            network, wrong = self._network(unseen, number)
            self._networks.append(network)
            unseen &= self._near if self._near.any() else True
            share = 1 - (wrong[unseen] ** 2).mean() / self._table[unseen].var(0).mean()
            sys.stderr.write(f"emulator {number}: {share:.3f} of the variance on clean photos that it has not seen\n")
            errors.append(wrong[unseen])
            recipes = self._recipes[unseen]
            classes.append(np.where(recipes[:, AT["stored in grey"]] > 0, 0, np.where(recipes[:, 0] > 0, 1, 2)))
        every, each = np.concatenate(errors), np.concatenate(classes)
        self._errors = [floats(every[each == number]) for number in range(3)]
        self._photos = floats(self._contents)
        self._seen = floats(self._recipes[self._near] if self._near.any() else self._recipes)

    def _network(self, unseen: "np.ndarray[Any, np.dtype[np.bool_]]", seed: int) -> tuple[Network, Doubles]:
        torch.manual_seed(seed)
        recipes = floats((self._recipes - self._middle) / self._spread)
        contents, table = floats(self._contents[self._content]), floats(self._table)
        network = Network(recipes.shape[1], contents.shape[1], table.shape[1])
        seen = torch.tensor(np.flatnonzero(~unseen))
        inputs, extras, targets = recipes[seen], contents[seen], table[seen]
        optimiser = torch.optim.AdamW(network.parameters(), 1e-3, weight_decay=0.05)
        steps = EPOCHS * (len(seen) // 128 + 1)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, steps)
        network.train()
        for _ in range(EPOCHS):
            for batch in torch.randperm(len(seen)).split(128):
                optimiser.zero_grad()
                loss = ((network(inputs[batch], extras[batch]) - targets[batch]) ** 2).mean()
                loss.backward()
                optimiser.step()
                if schedule.last_epoch < steps - 1:
                    schedule.step()
        network.eval()
        with torch.no_grad():
            return network, (table - network(recipes, contents)).numpy()

    def photos(self, recipes: Tensor, kind: str) -> Tensor:
        """The statistics (photos, statistics) of photos made by recipes, each of a clean photo by chance.

        Args:
            recipes: (photos, features), without the nuisance.
            kind: of the prints.
        """
        count = len(recipes)
        other = torch.randint(len(self._seen), (count,))
        recipes[:, NUISANCE] = self._seen[other][:, NUISANCE]
        inputs = ((recipes - floats(self._middle)) / floats(self._spread)).clamp(-6, 6)
        content = self._photos[torch.randint(len(self._photos), (count,))]
        first, second = self._networks
        table = (first(inputs, content) + second(inputs, content)) / 2
        errors = self._errors[{"grey": 0, "colour": 2}.get(kind, 1)]
        found: Tensor = (table + errors[torch.randint(len(errors), (count,))]).clamp(-3.4, 3.4)
        return found
