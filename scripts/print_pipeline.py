"""Fitted knobs as a pipeline, and a pipeline as the source of a preset."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from print_draws import AGE, FADING_UNEVEN, SPREAD
from print_kinds import FILMS, KINDS, OWN, TONES
from print_knobs import NUMBERS, PROCESSES, STEPS, Knobs
from print_prior import EIGHTH
from torch import Tensor

from degrade.calibration.ranges import tidy
from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    ColourJitter,
    ContrastLoss,
    ContrastStretch,
    DoubleJpeg,
    DyeFading,
    FilmGrain,
    GammaShift,
    GaussianBlur,
    JpegCompression,
    LowResolution,
    ReducedJpeg,
    SensorNoise,
    Sharpening,
    SilverFading,
    Toning,
    UnevenLight,
    Vignette,
    Yellowing,
)
from degrade.pipeline import Pipeline
from degrade.presets.fitted_marks import DUST, FOXING, HANDLING, WATER
from degrade.priors import Along, Choice, Group, Integers, Latent, LogUniform, Prior, Uniform, prior

ABOUT = (
    "An old print as it is found on the web, in four kinds: grey, hardly tinted, yellowed, or in fading colours; each "
    "was taken, printed, aged, scanned and saved in its own way. Fitted to scans of 39 real prints."
)

LATENTS = {
    "age": Latent(*AGE),  # soft, faded and yellow come together
    "scan": Latent(),
    "thumbnail": Latent(),
    "copy": Latent(),
    "chemical": Latent(1.8, 2.6, follows="age", correlation=0.6),
    "mechanical": Latent(1.8, 2.6, follows="age", correlation=0.2),
    "water": Latent(1.5, 1.5, p=0.1),
}


def pipeline(knobs: Knobs, shares: Sequence[float]) -> Pipeline:
    """Prints and scans of all kinds; a print and its scan are of one kind, because both groups have one name."""
    weights = tuple(round(each, 2) for each in shares)
    with torch.no_grad():
        written = [Written(knobs, kind) for kind in KINDS]
        prints = tuple(Group("in_order", tuple(each.print()), name=each.kind) for each in written)
        scans = tuple(Group("in_order", tuple(each.scan()), name=each.kind) for each in written)
    steps = (
        Group("one_of", prints, weights=weights, name="print"),
        FOXING,
        *WATER,
        *HANDLING,
        DUST,
        Group("one_of", scans, weights=weights, name="print"),
    )
    return Pipeline("old-print", steps, LATENTS, ABOUT)


Fields = dict[str, Any]
"""Of a prior."""


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """The knobs of one kind as numbers of a pipeline."""

    knobs: Knobs
    kind: str

    def ends(self, name: str) -> tuple[float, float, str]:
        """Of a range."""
        low, high = (float(each[KINDS.index(self.kind), NUMBERS.index(name)]) for each in self.knobs.ends())
        return low, high, OWN[self.kind][name][2]

    def range(self, name: str) -> Uniform | LogUniform | Along:
        """In two digits."""
        low, high, law = self.ends(name)
        if law == "log":
            return LogUniform(tidy(math.exp(low)), tidy(math.exp(high)))
        if law == "aged":
            return Along("age", tidy(low), tidy(high), spread=SPREAD)
        return Uniform(tidy(min(low, high)), tidy(max(low, high)))

    def along(self, name: str, latent: str) -> Along:
        """A range that several fields share."""
        low, high, _ = self.ends(name)
        return Along(latent, tidy(low), tidy(high), spread=0.0)

    def whole(self, name: str) -> Integers:
        """In whole numbers."""
        low, high, _ = self.ends(name)
        return Integers(round(low), round(high))

    def p(self, name: str) -> float:
        """In two digits."""
        return tidy(self.chance(name))

    def chance(self, name: str) -> float:
        """As it was fitted."""
        return float(self.knobs.chances()[KINDS.index(self.kind), STEPS.index(name)])

    def weights(self, table: Tensor) -> list[float]:
        """Of logarithms (kinds, choices)."""
        found: list[float] = torch.softmax(table[KINDS.index(self.kind)], 0).tolist()
        return found

    def either(self, values: tuple[str, str], name: str) -> Choice:
        """The second with that probability."""
        second = self.chance(name)
        return Choice(values, (tidy(1 - second), tidy(second)))

    def print(self) -> Iterator[Prior]:
        """Taken, printed and aged."""
        k = self.kind
        yield prior(GaussianBlur, sigma=self.range("blur"), kernel=0, name=f"{k} blur")
        loss = self.range("vignette")
        yield prior(Vignette, p=self.p("vignette"), loss=loss, barrel=Uniform(0, 0.5), name=f"{k} vignette")
        even: Fields = {"slope": Uniform(0.2, 1), "size": Uniform(0.4, 1)}
        yield prior(UnevenLight, p=self.p("light"), strength=self.range("light"), name=f"{k} light", **even)
        yield self.film()
        grain: Fields = {"strength": self.range("grain"), "size": self.range("grain size")}
        yield prior(FilmGrain, p=self.p("grain"), exponent=0.8, channels="one", name=f"{k} grain", **grain)
        coarse: Fields = {"strength": self.range("coarse grain"), "size": self.range("coarse grain size")}
        p = self.p("coarse grain")
        yield prior(FilmGrain, p=p, exponent=0.8, channels="one", name=f"{k} coarse grain", **coarse)
        curve: Fields = {name: self.range(name) for name in ("dmin", "dmax", "slope", "shape", "exposure")}
        yield prior(CharacteristicCurve, veil=self.range("surface"), name=f"{k} paper", **curve)
        yield from self.aged()

    def film(self) -> Prior:
        """Black and white, or pale colours."""
        name = f"{self.kind} film"
        if self.kind == "colour":
            return prior(BlackAndWhite, film="luma", strength=self.range("paleness"), name=name)
        return prior(BlackAndWhite, film=Choice(tuple(FILMS), tuple(FILMS.values())), strength=1.0, name=name)

    def aged(self) -> Iterator[Prior]:
        """Toned, faded, yellowed."""
        k = self.kind
        if k == "colour":
            dyes: Fields = {name: self.range(name) for name in ("cyan", "magenta", "yellow", "shift")}
            yield prior(DyeFading, name=f"{k} dyes", **dyes)
        else:
            lost: Fields = {"highlights": self.range("fading of highlights"), "overall": self.range("fading")}
            even: Fields = {"warmth": 0.0, "unevenness": FADING_UNEVEN, "edges": 0.3}
            yield prior(SilverFading, p=self.p("fading"), name=f"{k} fading", **lost, **even)
        if k in TONES:
            weights = dict(zip(PROCESSES, self.weights(self.knobs.tones()), strict=True))
            process = Choice(tuple(TONES[k]), tuple(tidy(weights[each]) for each in TONES[k]))
            how: Fields = {"strength": self.range("tone"), "compression": self.range("tone compression")}
            yield prior(Toning, p=self.p("tone"), process=process, name=f"{k} tone", **how)
        if k != "grey":
            how = {"strength": self.range("yellowing"), "unevenness": self.range("unevenness")}
            yield prior(Yellowing, p=self.p("yellowing"), edges=0.0, reach=0.08, name=f"{k} yellowing", **how)

    def scan(self) -> Iterator[Prior | Group]:
        """Scanned and saved."""
        k = self.kind
        dull: Fields = {"blacks": self.range("blacks"), "whites": self.range("whites")}
        yield prior(ContrastLoss, p=self.p("veil"), name=f"{k} veil", **dull)
        yield self.smaller("resolution", "scan", self.p("resolution"))
        noise: Fields = {"shadows": self.range("noise in shadows"), "lights": self.range("noise in lights")}
        channels = self.either(("auto", "three"), "noise in three")
        yield prior(SensorNoise, size=self.range("noise size"), channels=channels, name=f"{k} noise", **noise)
        sharper: Fields = {"sigma": self.range("sharpening sigma"), "amount": self.range("sharpening")}
        yield prior(Sharpening, p=self.p("sharpening"), name=f"{k} sharpening", **sharper)
        if k != "grey":
            cast: Fields = {name: self.range(name) for name in ("red", "green", "blue")}
            yield prior(ColourJitter, p=self.p("balance"), name=f"{k} balance", **cast)
        cut: Fields = {"blacks": self.range("cut blacks"), "whites": self.range("cut whites")}
        yield prior(ContrastStretch, p=self.p("levels"), name=f"{k} levels", **cut)
        yield prior(GammaShift, p=self.p("gamma"), gamma=self.range("gamma"), name=f"{k} gamma")
        if k == "grey":
            yield prior(BlackAndWhite, film="luma", strength=1.0, name="stored in grey")
        side = self.along("thumbnail", "thumbnail")
        how: Fields = {"width": side, "height": side, "down": "gaussian", "up": "cubic"}
        yield prior(LowResolution, p=self.p("thumbnail"), name=f"{k} thumbnail", **how)
        yield self.web()

    def smaller(self, name: str, latent: str, p: float = 1.0) -> Prior:
        """A smaller copy, both sides by the same share."""
        side = self.along(name, latent)
        up = self.either(("cubic", "linear"), f"linear {name}")
        how: Fields = {"width": side, "height": side, "up": up}
        return prior(LowResolution, p=p, down="gaussian", name=f"{self.kind} {name}", **how)

    def web(self) -> Group:
        """JPEG once, twice, before the picture was enlarged or made smaller, or never."""
        k = self.kind
        chroma = self.either(("4:4:4", "4:2:0"), "4:2:0")
        never, *weights = self.weights(self.knobs.webs())
        once = prior(JpegCompression, quality=self.whole("jpeg"), subsampling=chroma, name=f"{k} jpeg")
        both: Fields = {"first": self.whole("first of two"), "second": self.whole("second of two")}
        twice = prior(DoubleJpeg, across=EIGHTH, down=EIGHTH, subsampling=chroma, name=f"{k} twice", **both)
        first = prior(JpegCompression, quality=self.whole("first copy"), subsampling=chroma, name=f"{k} first copy")
        again: Fields = {"quality": self.whole("second copy"), "subsampling": chroma}
        second = prior(JpegCompression, p=self.p("second copy"), name=f"{k} second copy", **again)
        copied = Group("in_order", (first, self.smaller("resized", "copy"), second), name="copied")
        large: Fields = {"scale": self.range("larger"), "quality": self.whole("larger jpeg"), "subsampling": chroma}
        kept = prior(JpegCompression, p=self.p("after reduced"), name=f"{k} after reduced", **again)
        reduced = Group("in_order", (prior(ReducedJpeg, name=f"{k} reduced", **large), kept), name="reduced")
        shares = tuple(tidy(each) for each in weights)
        return Group("one_of", (once, twice, copied, reduced), p=tidy(1 - never), weights=shares, name="web")
