"""Prints that have hues of their own, and their scans: fitted to real ones by scripts/fit_presets.py.

Not fitted are the films, the vignette's shape, the unevenness of fading and light, and where the grids of two
JPEGs lie.
"""

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
    UnevenLight,
    Vignette,
    Yellowing,
)
from degrade.priors import Along, Choice, Group, Integers, LogUniform, Uniform, prior

COLOUR_SHARE = 0.21

COLOUR_PRINT = Group(
    "in_order",
    (
        prior(GaussianBlur, sigma=Along("age", 0.46, 1.2, spread=0.3), kernel=0, name="colour blur"),
        prior(Vignette, p=0.14, loss=Uniform(0.018, 0.27), barrel=Uniform(0, 0.5), name="colour vignette"),
        prior(
            UnevenLight,
            p=0.27,
            strength=LogUniform(0.023, 0.18),
            slope=Uniform(0.2, 1),
            size=Uniform(0.4, 1),
            name="colour light",
        ),
        prior(BlackAndWhite, film="luma", strength=Uniform(0.027, 0.62), name="colour film"),
        prior(
            FilmGrain,
            p=0.96,
            strength=LogUniform(0.046, 0.12),
            size=Uniform(0.45, 0.61),
            exponent=0.8,
            channels="one",
            name="colour grain",
        ),
        prior(
            CharacteristicCurve,
            dmin=Along("age", 0.0, 0.0, spread=0.3),
            dmax=Along("age", 3.5, 2.4, spread=0.3),
            slope=Uniform(1.9, 3.3),
            shape=Uniform(0.71, 1.4),
            exposure=Uniform(-0.096, 0.11),
            veil=LogUniform(0.00046, 0.005),
            name="colour paper",
        ),
        prior(
            DyeFading,
            cyan=Along("age", 1.0, 0.54, spread=0.3),
            magenta=Along("age", 0.96, 0.77, spread=0.3),
            yellow=Along("age", 0.98, 0.56, spread=0.3),
            shift=Uniform(0.0, 0.025),
            name="colour dyes",
        ),
        prior(
            Yellowing,
            p=0.51,
            strength=Along("age", 0.019, 0.13, spread=0.3),
            unevenness=Uniform(0.1, 0.89),
            edges=0.0,
            reach=0.08,
            name="colour yellowing",
        ),
    ),
    name="colour",
)

COLOUR_SCAN = Group(
    "in_order",
    (
        prior(ContrastLoss, p=0.31, blacks=Uniform(0.0, 27.0), whites=Uniform(0.0, 11.0), name="colour veil"),
        prior(
            LowResolution,
            p=0.49,
            width=Along("scan", 0.83, 1.0, spread=0.0),
            height=Along("scan", 0.83, 1.0, spread=0.0),
            down="gaussian",
            up=Choice(("cubic", "linear"), weights=(0.68, 0.32)),
            name="colour resolution",
        ),
        prior(
            SensorNoise,
            shadows=LogUniform(1.4, 5.5),
            lights=LogUniform(0.39, 1.1),
            size=Uniform(0.59, 1.1),
            channels=Choice(("auto", "three"), weights=(0.43, 0.57)),
            name="colour noise",
        ),
        prior(Sharpening, p=0.47, sigma=Uniform(0.38, 0.9), amount=Uniform(0.21, 1.6), name="colour sharpening"),
        prior(
            ColourJitter,
            p=0.52,
            red=Uniform(-6.5, 9.3),
            green=Uniform(-2.9, 7.0),
            blue=Uniform(-17.0, 0.31),
            name="colour balance",
        ),
        prior(
            ColourJitter,
            p=0.33,
            red=Along("levels", 0.0, -6.4, spread=0.0),
            green=Along("levels", 0.0, -6.4, spread=0.0),
            blue=Along("levels", 0.0, -6.4, spread=0.0),
            name="colour black point",
        ),
        prior(GammaShift, p=0.38, gamma=LogUniform(0.85, 1.2), name="colour gamma"),
        Group(
            "one_of",
            (
                prior(
                    JpegCompression,
                    quality=Integers(86, 100),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.28, 0.72)),
                    name="colour jpeg",
                ),
                prior(
                    DoubleJpeg,
                    first=Integers(67, 94),
                    second=Integers(100, 100),
                    across=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    down=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.28, 0.72)),
                    name="colour twice",
                ),
                Group(
                    "in_order",
                    (
                        prior(
                            JpegCompression,
                            quality=Integers(69, 98),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.28, 0.72)),
                            name="colour first copy",
                        ),
                        prior(
                            LowResolution,
                            width=Along("copy", 0.58, 1.0, spread=0.0),
                            height=Along("copy", 0.58, 1.0, spread=0.0),
                            down="gaussian",
                            up=Choice(("cubic", "linear"), weights=(0.68, 0.32)),
                            name="colour resized",
                        ),
                        prior(
                            JpegCompression,
                            p=0.48,
                            quality=Integers(94, 100),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.28, 0.72)),
                            name="colour second copy",
                        ),
                    ),
                    name="copied",
                ),
            ),
            p=0.93,
            weights=(0.13, 0.68, 0.12),
            name="web",
        ),
    ),
    name="colour",
)
