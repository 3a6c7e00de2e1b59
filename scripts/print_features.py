"""A recipe as the emulator sees it: strengths, of which 0 means that the step is not there."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from print_kinds import FILMS, KINDS

from degrade.effects.toning import TONES
from degrade.pipeline import Pipeline
from degrade.realism.patch import Doubles

TONE_NAMES = [f"{which} of {where}" for where in ("lights", "middle", "darks") for which in ("a", "b")]

DEFECTS = ("Scratches", "Creases", "Abrasion", "Stains", "Foxing", "Flaking", "Dust", "specks")

LOSSES = ("TornEdges", "MissingCorner", "Tear", "Holes")

LATENTS = ("chemical", "mechanical", "water")

WEBS = ("never", "once", "twice", "copied", "reduced")

FEATURES = (
    *("silver", "blur", "vignette", "light", "paleness"),
    *(f"film {film}" for film in (*FILMS, "luma")),
    *("grain", "grain size", "coarse grain", "coarse grain size"),
    *("dmin", "dmax", "slope", "shape", "exposure", "surface"),
    *("fading of highlights", "fading", "uneven fading"),
    *TONE_NAMES,
    *("lifted", "dulled", "cyan", "magenta", "yellow", "shift", "yellowing", "uneven yellowing", "blacks", "whites"),
    *("resolution", "linear resolution", "noise in shadows", "noise in lights", "noise size", "noise in three"),
    *("sharpening", "sharpening width", "red", "green", "blue", "cut blacks", "cut whites"),
    *("gamma", "stored in grey", "thumbnail"),
    *WEBS,
    *("last quality", "first quality", "last 4:2:0", "first 4:2:0", "resized", "linear resized"),
    *("larger", "larger quality", "larger 4:2:0"),
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
    "ContrastStretch": "levels",
    "ReducedJpeg": "reduced",
}
"""Steps of print_prior.py by the names of print_pipeline.py."""

Named = dict[str, Any]
"""The effects of a recipe by the names of their priors, without the kind of print before them."""


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
    if "coarse grain" in steps:
        yield "coarse grain", steps["coarse grain"].strength ** 0.5
        yield "coarse grain size", steps["coarse grain"].size


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
    if "thumbnail" in steps:
        yield "thumbnail", -math.log(steps["thumbnail"].width)
    yield from balanced(steps)


def balanced(steps: Named) -> Features:
    """Balance, levels and gamma."""
    if "balance" in steps:
        yield from ((name, getattr(steps["balance"], name) / 10) for name in ("red", "green", "blue"))
    if "levels" in steps:
        yield "cut blacks", steps["levels"].blacks / 50
        yield "cut whites", steps["levels"].whites / 50
    if "gamma" in steps:
        yield "gamma", math.log(steps["gamma"].gamma)


def resampled(name: str, effect: Any) -> Features:
    """A smaller copy."""
    smaller = -math.log(effect.width)
    yield name, smaller
    yield f"linear {name}", smaller * (effect.up == "linear")


def web(steps: Named) -> Features:
    """What was compressed, and when."""
    first, last = steps.get("first copy"), steps.get("second copy", steps.get("after reduced"))
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
    elif "reduced" in steps:
        yield "reduced", 1.0
        large = steps["reduced"]
        yield "larger", math.log(large.scale)
        yield from compressed("larger", large.quality, large.subsampling)
    else:
        yield "never", 1.0
    if last:
        yield from compressed("last", last.quality, last.subsampling)


def compressed(which: str, quality: int, subsampling: str) -> Features:
    """One JPEG."""
    yield f"{which} quality", ((100 - quality) / 20) ** 0.5
    yield f"{which} 4:2:0", float(subsampling == "4:2:0")
