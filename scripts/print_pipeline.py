"""Fitted knobs as a pipeline, and a pipeline as the source of a preset."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from print_fit import AGE, FADING_UNEVEN, SPREAD, Knobs
from print_kinds import FILMS, KINDS, TONES
from print_prior import DUST, EIGHTH

from degrade.calibration.ranges import tidy
from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    ColourJitter,
    ContrastLoss,
    DoubleJpeg,
    DyeFading,
    FilmGrain,
    GammaShift,
    GaussianBlur,
    JpegCompression,
    LowResolution,
    SensorNoise,
    Sharpening,
    SilverFading,
    Toning,
    UnevenLight,
    Vignette,
    Yellowing,
)
from degrade.pipeline import Pipeline
from degrade.presets.stages import FOXING, HANDLING, WATER
from degrade.priors import Along, Choice, Group, Integers, Latent, LogUniform, Prior, Uniform, prior

ABOUT = (
    "An old print as it is found on the web, in four kinds: grey, hardly tinted, yellowed, or in fading colours; each "
    "was taken, printed, aged, scanned and saved in its own way. Fitted to scans of 39 real prints."
)

LATENTS = {
    "age": Latent(*AGE),  # soft, faded and yellow come together
    "scan": Latent(),
    "copy": Latent(),
    "levels": Latent(),
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


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """The knobs of one kind as numbers of a pipeline."""

    knobs: Knobs
    kind: str

    def ends(self, name: str) -> tuple[float, float, str]:
        """Of a range."""
        low, high, law = self.knobs.ends(self.kind, name)
        return float(low), float(high), law

    def range(self, name: str) -> Uniform | LogUniform | Along:
        """In two digits."""
        low, high, law = self.ends(name)
        if law == "log":
            return LogUniform(tidy(math.exp(low)), tidy(math.exp(high)))
        if law == "aged":
            return Along("age", tidy(low), tidy(high), spread=SPREAD)
        return Uniform(tidy(min(low, high)), tidy(max(low, high)))

    def along(self, name: str, latent: str, sign: int = 1) -> Along:
        """A range that several fields share."""
        low, high, _ = self.ends(name)
        return Along(latent, tidy(sign * low + 0), tidy(sign * high + 0), spread=0.0)  # + 0: no minus nought

    def whole(self, name: str) -> Integers:
        """In whole numbers."""
        low, high, _ = self.ends(name)
        return Integers(round(low), round(high))

    def p(self, name: str) -> float:
        """In two digits."""
        return tidy(float(self.knobs.chance(self.kind, name)))

    def either(self, values: tuple[str, str], name: str) -> Choice:
        """The second with that probability."""
        second = float(self.knobs.chance(self.kind, name))
        return Choice(values, (tidy(1 - second), tidy(second)))

    def print(self) -> Iterator[Prior]:
        """Taken, printed and aged."""
        k = self.kind
        yield prior(GaussianBlur, sigma=self.range("blur"), kernel=0, name=f"{k} blur")
        loss = self.range("vignette")
        yield prior(Vignette, p=self.p("vignette"), loss=loss, barrel=Uniform(0, 0.5), name=f"{k} vignette")
        even = {"slope": Uniform(0.2, 1), "size": Uniform(0.4, 1)}
        yield prior(UnevenLight, p=self.p("light"), strength=self.range("light"), name=f"{k} light", **even)
        yield self.film()
        grain = {"strength": self.range("grain"), "size": self.range("grain size")}
        yield prior(FilmGrain, p=self.p("grain"), exponent=0.8, channels="one", name=f"{k} grain", **grain)
        curve = {name: self.range(name) for name in ("dmin", "dmax", "slope", "shape", "exposure")}
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
            dyes = {name: self.range(name) for name in ("cyan", "magenta", "yellow", "shift")}
            yield prior(DyeFading, name=f"{k} dyes", **dyes)
        else:
            lost = {"highlights": self.range("fading of highlights"), "overall": self.range("fading")}
            even = {"warmth": 0.0, "unevenness": FADING_UNEVEN, "edges": 0.3}
            yield prior(SilverFading, p=self.p("fading"), name=f"{k} fading", **lost, **even)
        if k in TONES:
            weights = torch.softmax(self.knobs.tones(k), 0).tolist()
            process = Choice(tuple(TONES[k]), tuple(tidy(each) for each in weights))
            how = {"strength": self.range("tone"), "compression": self.range("tone compression")}
            yield prior(Toning, p=self.p("tone"), process=process, name=f"{k} tone", **how)
        if k != "grey":
            how = {"strength": self.range("yellowing"), "unevenness": self.range("unevenness")}
            yield prior(Yellowing, p=self.p("yellowing"), edges=0.0, reach=0.08, name=f"{k} yellowing", **how)

    def scan(self) -> Iterator[Prior | Group]:
        """Scanned and saved."""
        k = self.kind
        dull = {"blacks": self.range("blacks"), "whites": self.range("whites")}
        yield prior(ContrastLoss, p=self.p("veil"), name=f"{k} veil", **dull)
        yield self.smaller("resolution", "scan", self.p("resolution"))
        noise = {"shadows": self.range("noise in shadows"), "lights": self.range("noise in lights")}
        channels = self.either(("auto", "three"), "noise in three")
        yield prior(SensorNoise, size=self.range("noise size"), channels=channels, name=f"{k} noise", **noise)
        sharper = {"sigma": self.range("sharpening sigma"), "amount": self.range("sharpening")}
        yield prior(Sharpening, p=self.p("sharpening"), name=f"{k} sharpening", **sharper)
        if k != "grey":
            cast = {name: self.range(name) for name in ("red", "green", "blue")}
            yield prior(ColourJitter, p=self.p("balance"), name=f"{k} balance", **cast)
        darker = dict.fromkeys(("red", "green", "blue"), self.along("black point", "levels", -1))
        yield prior(ColourJitter, p=self.p("black point"), name=f"{k} black point", **darker)
        yield prior(GammaShift, p=self.p("gamma"), gamma=self.range("gamma"), name=f"{k} gamma")
        if k == "grey":
            yield prior(BlackAndWhite, film="luma", strength=1.0, name="stored in grey")
        yield self.web()

    def smaller(self, name: str, latent: str, p: float = 1.0) -> Prior:
        """A smaller copy, both sides by the same share."""
        side = self.along(name, latent)
        up = self.either(("cubic", "linear"), f"linear {name}")
        how = {"width": side, "height": side, "up": up}
        return prior(LowResolution, p=p, down="gaussian", name=f"{self.kind} {name}", **how)

    def web(self) -> Group:
        """JPEG once, twice, or before the picture was resized, or never."""
        k = self.kind
        chroma = self.either(("4:4:4", "4:2:0"), "4:2:0")
        never, *weights = torch.softmax(self.knobs.web(k), 0).tolist()
        once = prior(JpegCompression, quality=self.whole("jpeg"), subsampling=chroma, name=f"{k} jpeg")
        both = {"first": self.whole("first of two"), "second": self.whole("second of two")}
        twice = prior(DoubleJpeg, across=EIGHTH, down=EIGHTH, subsampling=chroma, name=f"{k} twice", **both)
        first = prior(JpegCompression, quality=self.whole("first copy"), subsampling=chroma, name=f"{k} first copy")
        again = {"quality": self.whole("second copy"), "subsampling": chroma}
        second = prior(JpegCompression, p=self.p("second copy"), name=f"{k} second copy", **again)
        copied = Group("in_order", (first, self.smaller("resized", "copy"), second), name="copied")
        shares = tuple(tidy(each) for each in weights)
        return Group("one_of", (once, twice, copied), p=tidy(1 - never), weights=shares, name="web")
