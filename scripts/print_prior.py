"""What an old print may be before any was looked at: one wide pipeline, from which the fit learns (fit_presets.py).

Its ranges are wider than any that docs/physics.md knows: what a print has must lie inside, and what it has not costs no
more than a few photos.
"""

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

TONES = (
    "gelatin-aged",
    "gelatin-warm",
    "albumen-aged",
    "sulfide-sepia",
    "albumen-fresh",
    "gold-toned",
    "salted-paper",
    "platinum",
)

CHROMA = Choice(("4:2:0", "4:4:4"))

LINEAR_OR_CUBIC = Choice(("linear", "cubic"))

EIGHTH = Choice((0, 1, 2, 3, 4, 5, 6, 7))
"""Where the grid of the first JPEG lies in the second's."""


def taken(kind: str) -> tuple[Prior, ...]:
    """How the photo was taken."""
    return (
        prior(GaussianBlur, sigma=Uniform(0.05, 1.8), kernel=0, name=f"{kind} blur"),
        prior(Vignette, p=0.2, loss=Uniform(0.05, 0.4), barrel=Uniform(0, 0.5), name=f"{kind} vignette"),
        prior(
            UnevenLight,
            p=0.35,
            strength=LogUniform(0.03, 0.5),
            slope=Uniform(0.2, 1),
            size=Uniform(0.4, 1),
            name=f"{kind} light",
        ),
    )


def printed(kind: str) -> tuple[Prior, ...]:
    """How it was printed."""
    return (
        prior(
            FilmGrain,
            p=0.9,
            strength=LogUniform(0.004, 0.1),
            size=Uniform(0.5, 1.1),
            exponent=0.8,
            channels="one",
            name=f"{kind} grain",
        ),
        prior(
            FilmGrain,
            p=0.5,
            strength=LogUniform(0.002, 0.08),
            size=Uniform(0.8, 2.8),
            exponent=0.8,
            channels="one",
            name=f"{kind} coarse grain",
        ),
        prior(
            CharacteristicCurve,
            dmin=Uniform(0, 0.2),
            dmax=Uniform(1.0, 4),
            slope=Uniform(1.8, 6),
            shape=Uniform(0.5, 1.3),
            exposure=Uniform(-0.5, 0.3),
            veil=LogUniform(0.0005, 0.03),
            name=f"{kind} paper",
        ),
    )


def yellowed(kind: str) -> Prior:
    """How yellow it has become."""
    return prior(
        Yellowing,
        p=0.5,
        strength=LogUniform(0.01, 0.45),
        unevenness=Uniform(0, 1),
        edges=0.0,
        reach=0.08,
        name=f"{kind} yellowing",
    )


def resampled(latent: str, low: float, high: float, up: Choice | str, *, p: float = 1.0, name: str = "") -> Prior:
    """Made smaller and large again, both sides by one share, which hangs on the latent."""
    share = Along(latent, low, high, spread=0.0)
    return prior(LowResolution, p=p, width=share, height=share, down="gaussian", up=up, name=name)


SILVER = Group(
    "in_order",
    (
        *taken("silver"),
        prior(
            BlackAndWhite,
            film=Choice(("blue-sensitive", "orthochromatic", "panchromatic", "luma"), (1, 3, 3, 1)),
            strength=1.0,
            name="silver film",
        ),
        *printed("silver"),
        prior(
            SilverFading,
            p=0.4,
            highlights=Uniform(0, 0.5),
            overall=Uniform(0, 0.3),
            warmth=0.0,
            unevenness=Uniform(0, 0.4),
            edges=LogUniform(0.1, 2),
            name="silver fading",
        ),
        prior(
            Toning,
            p=0.7,
            process=Choice(TONES),
            strength=Uniform(0.1, 1),
            compression=Uniform(0, 0.5),
            name="silver tone",
        ),
        yellowed("silver"),
    ),
    name="silver",
)

COLOUR = Group(
    "in_order",
    (
        *taken("colour"),
        prior(BlackAndWhite, film="luma", strength=Uniform(0, 0.85), name="colour film"),
        *printed("colour"),
        prior(
            DyeFading,
            cyan=Uniform(0.4, 1),
            magenta=Uniform(0.65, 1),
            yellow=Uniform(0.5, 1),
            shift=Uniform(0, 0.05),
            name="colour dyes",
        ),
        yellowed("colour"),
    ),
    name="colour",
)

SCANNED = (
    prior(ContrastLoss, p=0.4, blacks=Uniform(0, 60), whites=Uniform(0, 50)),
    resampled("scan", 0.25, 1, LINEAR_OR_CUBIC, p=0.65),
    DUST,
    prior(
        SensorNoise,
        p=0.9,
        shadows=LogUniform(0.4, 7),
        lights=LogUniform(0.2, 2),
        size=Uniform(0.3, 1.3),
        channels=Choice(("three", "auto"), (2, 1)),
    ),
    prior(Sharpening, p=0.5, sigma=Uniform(0.4, 1.6), amount=Uniform(0.2, 2.5)),
    prior(ColourJitter, p=0.5, red=Uniform(-16, 12), green=Uniform(-8, 8), blue=Uniform(-24, 8), name="balance"),
    prior(ContrastStretch, p=0.4, blacks=Uniform(0, 60), whites=Uniform(0, 50)),
    prior(GammaShift, p=0.5, gamma=LogUniform(0.55, 1.6)),
    prior(BlackAndWhite, p=0.3, film="luma", strength=1.0, name="stored in grey"),
    resampled("thumbnail", 0.15, 0.95, "cubic", p=0.15, name="thumbnail"),
    Group(
        "one_of",
        (
            prior(JpegCompression, quality=Integers(60, 100), subsampling=CHROMA),
            prior(
                DoubleJpeg,
                first=Integers(60, 98),
                second=Integers(75, 100),
                across=EIGHTH,
                down=EIGHTH,
                subsampling=CHROMA,
            ),
            Group(
                "in_order",
                (
                    prior(JpegCompression, quality=Integers(50, 98), subsampling=CHROMA, name="first copy"),
                    resampled("copy", 0.4, 0.98, LINEAR_OR_CUBIC, name="enlarged"),
                    prior(JpegCompression, p=0.5, quality=Integers(80, 100), subsampling=CHROMA, name="second copy"),
                ),
                name="copied",
            ),
            Group(
                "in_order",
                (
                    prior(ReducedJpeg, scale=LogUniform(1.1, 2.8), quality=Integers(40, 98), subsampling=CHROMA),
                    prior(JpegCompression, p=0.4, quality=Integers(80, 100), subsampling=CHROMA, name="after reduced"),
                ),
                name="reduced",
            ),
        ),
        p=0.85,
        weights=(3, 2, 3, 4),
        name="web",
    ),
)

WIDE = Pipeline(
    "old-print",
    (Group("one_of", (SILVER, COLOUR), weights=(3, 1.3), name="material"), FOXING, *WATER, *HANDLING, *SCANNED),
    {
        "scan": Latent(1, 1),
        "thumbnail": Latent(1, 1),
        "copy": Latent(1, 1),
        "chemical": Latent(1.8, 2.6),
        "mechanical": Latent(1.5, 2.0, follows="chemical", correlation=0.2),
        "water": Latent(1.5, 1.5, p=0.1),
    },
)
