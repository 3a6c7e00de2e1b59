"""Prints that are stored without colour, and their scans: fitted to real ones by scripts/fit_presets.py.

Not fitted are the films, the vignette's shape, the unevenness of fading and light, and where the grids of two
JPEGs lie.
"""

from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    ColourJitter,
    ContrastLoss,
    DoubleJpeg,
    FilmGrain,
    GammaShift,
    GaussianBlur,
    JpegCompression,
    LowResolution,
    SensorNoise,
    Sharpening,
    SilverFading,
    UnevenLight,
    Vignette,
)
from degrade.priors import Along, Choice, Group, Integers, LogUniform, Uniform, prior

GREY_SHARE = 0.28

GREY_PRINT = Group(
    "in_order",
    (
        prior(GaussianBlur, sigma=Along("age", 0.15, 1.1, spread=0.3), kernel=0, name="grey blur"),
        prior(Vignette, p=0.14, loss=Uniform(0.0049, 0.26), barrel=Uniform(0, 0.5), name="grey vignette"),
        prior(
            UnevenLight,
            p=0.27,
            strength=LogUniform(0.021, 0.17),
            slope=Uniform(0.2, 1),
            size=Uniform(0.4, 1),
            name="grey light",
        ),
        prior(
            BlackAndWhite,
            film=Choice(("blue-sensitive", "orthochromatic", "panchromatic"), weights=(1.0, 4.0, 3.0)),
            strength=1.0,
            name="grey film",
        ),
        prior(
            FilmGrain,
            p=0.96,
            strength=LogUniform(0.028, 0.077),
            size=Uniform(0.45, 0.54),
            exponent=0.8,
            channels="one",
            name="grey grain",
        ),
        prior(
            CharacteristicCurve,
            dmin=Along("age", 0.0, 0.0, spread=0.3),
            dmax=Along("age", 4.0, 2.7, spread=0.3),
            slope=Uniform(2.3, 3.6),
            shape=Uniform(0.82, 1.4),
            exposure=Uniform(-0.25, -0.044),
            veil=LogUniform(0.0004, 0.0038),
            name="grey paper",
        ),
        prior(
            SilverFading,
            p=0.37,
            highlights=Along("age", 0.22, 0.49, spread=0.3),
            overall=Along("age", 0.0, 0.19, spread=0.3),
            warmth=0.0,
            unevenness=0.2,
            edges=0.3,
            name="grey fading",
        ),
    ),
    name="grey",
)

GREY_SCAN = Group(
    "in_order",
    (
        prior(ContrastLoss, p=0.31, blacks=Uniform(0.0, 30.0), whites=Uniform(0.0, 8.1), name="grey veil"),
        prior(
            LowResolution,
            p=0.49,
            width=Along("scan", 0.75, 1.0, spread=0.0),
            height=Along("scan", 0.75, 1.0, spread=0.0),
            down="gaussian",
            up=Choice(("cubic", "linear"), weights=(0.68, 0.32)),
            name="grey resolution",
        ),
        prior(
            SensorNoise,
            shadows=LogUniform(2.0, 7.8),
            lights=LogUniform(0.62, 1.7),
            size=Uniform(0.52, 1.0),
            channels=Choice(("auto", "three"), weights=(0.45, 0.55)),
            name="grey noise",
        ),
        prior(Sharpening, p=0.48, sigma=Uniform(0.45, 1.0), amount=Uniform(0.55, 1.9), name="grey sharpening"),
        prior(
            ColourJitter,
            p=0.33,
            red=Along("levels", 0.0, -1.2, spread=0.0),
            green=Along("levels", 0.0, -1.2, spread=0.0),
            blue=Along("levels", 0.0, -1.2, spread=0.0),
            name="grey black point",
        ),
        prior(GammaShift, p=0.38, gamma=LogUniform(0.74, 1.1), name="grey gamma"),
        prior(BlackAndWhite, film="luma", strength=1.0, name="stored in grey"),
        Group(
            "one_of",
            (
                prior(
                    JpegCompression,
                    quality=Integers(74, 92),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.29, 0.71)),
                    name="grey jpeg",
                ),
                prior(
                    DoubleJpeg,
                    first=Integers(63, 90),
                    second=Integers(85, 93),
                    across=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    down=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.29, 0.71)),
                    name="grey twice",
                ),
                Group(
                    "in_order",
                    (
                        prior(
                            JpegCompression,
                            quality=Integers(67, 98),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.29, 0.71)),
                            name="grey first copy",
                        ),
                        prior(
                            LowResolution,
                            width=Along("copy", 0.64, 1.0, spread=0.0),
                            height=Along("copy", 0.64, 1.0, spread=0.0),
                            down="gaussian",
                            up=Choice(("cubic", "linear"), weights=(0.67, 0.33)),
                            name="grey resized",
                        ),
                        prior(
                            JpegCompression,
                            p=0.49,
                            quality=Integers(92, 100),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.29, 0.71)),
                            name="grey second copy",
                        ),
                    ),
                    name="copied",
                ),
            ),
            p=0.94,
            weights=(0.14, 0.71, 0.096),
            name="web",
        ),
    ),
    name="grey",
)
