"""Prints that have hues of their own, and their scans: fitted to real ones by scripts/fit_presets.py.

Not fitted are the films, the vignette's shape, the unevenness of fading and light, and where the grids of two
JPEGs lie.
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
    UnevenLight,
    Vignette,
    Yellowing,
)
from degrade.priors import Along, Choice, Group, Integers, LogUniform, Uniform, prior

COLOUR_SHARE = 0.21

COLOUR_PRINT = Group(
    "in_order",
    (
        prior(GaussianBlur, sigma=Along("age", 0, 1.3, spread=0.3), kernel=0, name="colour blur"),
        prior(Vignette, p=0.14, loss=Uniform(0.043, 0.29), barrel=Uniform(0, 0.5), name="colour vignette"),
        prior(
            UnevenLight,
            p=0.29,
            strength=LogUniform(0.034, 0.31),
            slope=Uniform(0.2, 1),
            size=Uniform(0.4, 1),
            name="colour light",
        ),
        prior(BlackAndWhite, film="luma", strength=Uniform(0, 0.58), name="colour film"),
        prior(
            FilmGrain,
            p=0.95,
            strength=LogUniform(0.02, 0.055),
            size=Uniform(0.36, 0.56),
            exponent=0.8,
            channels="one",
            name="colour grain",
        ),
        prior(
            FilmGrain,
            p=0.49,
            strength=LogUniform(0.0033, 0.021),
            size=Uniform(1.4, 2.6),
            exponent=0.8,
            channels="one",
            name="colour coarse grain",
        ),
        prior(
            CharacteristicCurve,
            dmin=Along("age", 0, 0.013, spread=0.3),
            dmax=Along("age", 3.4, 2.1, spread=0.3),
            slope=Uniform(1.5, 2.9),
            shape=Uniform(0.5, 1.2),
            exposure=Uniform(-0.15, 0.13),
            veil=LogUniform(0.00075, 0.01),
            name="colour paper",
        ),
        prior(
            DyeFading,
            cyan=Along("age", 1, 0.68, spread=0.3),
            magenta=Along("age", 1.0, 0.8, spread=0.3),
            yellow=Along("age", 1.0, 0.64, spread=0.3),
            shift=Uniform(0.0041, 0.034),
            name="colour dyes",
        ),
        prior(
            Yellowing,
            p=0.47,
            strength=Along("age", 0.0016, 0.11, spread=0.3),
            unevenness=Uniform(0.093, 0.88),
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
        prior(ContrastLoss, p=0.2, blacks=Uniform(0, 35.0), whites=Uniform(0, 24.0), name="colour veil"),
        prior(
            LowResolution,
            p=0.43,
            width=Along("scan", 1, 1, spread=0.0),
            height=Along("scan", 1, 1, spread=0.0),
            down="gaussian",
            up=Choice(("cubic", "linear"), weights=(0.7, 0.31)),
            name="colour resolution",
        ),
        prior(
            SensorNoise,
            shadows=LogUniform(2.2, 9.4),
            lights=LogUniform(0.7, 1.9),
            size=Uniform(0.22, 0.72),
            channels=Choice(("auto", "three"), weights=(0.35, 0.64)),
            name="colour noise",
        ),
        prior(Sharpening, p=0.72, sigma=Uniform(0.37, 0.42), amount=Uniform(1.8, 2.8), name="colour sharpening"),
        prior(
            ColourJitter,
            p=0.5,
            red=Uniform(-5.9, 8.1),
            green=Uniform(-2.9, 3.2),
            blue=Uniform(-19.0, -0.45),
            name="colour balance",
        ),
        prior(ContrastStretch, p=0.5, blacks=Uniform(0, 7.6), whites=Uniform(20.0, 44.0), name="colour levels"),
        prior(GammaShift, p=0.36, gamma=LogUniform(0.82, 1.4), name="colour gamma"),
        prior(
            LowResolution,
            p=0.061,
            width=Along("thumbnail", 0.56, 0.93, spread=0.0),
            height=Along("thumbnail", 0.56, 0.93, spread=0.0),
            down="gaussian",
            up="cubic",
            name="colour thumbnail",
        ),
        Group(
            "one_of",
            (
                prior(
                    JpegCompression,
                    quality=Integers(77, 100),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.58)),
                    name="colour jpeg",
                ),
                prior(
                    DoubleJpeg,
                    first=Integers(63, 89),
                    second=Integers(87, 100),
                    across=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    down=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.58)),
                    name="colour twice",
                ),
                Group(
                    "in_order",
                    (
                        prior(
                            JpegCompression,
                            quality=Integers(60, 96),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.58)),
                            name="colour first copy",
                        ),
                        prior(
                            LowResolution,
                            width=Along("copy", 0.71, 1.0, spread=0.0),
                            height=Along("copy", 0.71, 1.0, spread=0.0),
                            down="gaussian",
                            up=Choice(("cubic", "linear"), weights=(0.69, 0.31)),
                            name="colour resized",
                        ),
                        prior(
                            JpegCompression,
                            p=0.49,
                            quality=Integers(89, 100),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.58)),
                            name="colour second copy",
                        ),
                    ),
                    name="copied",
                ),
                Group(
                    "in_order",
                    (
                        prior(
                            ReducedJpeg,
                            scale=LogUniform(1, 1.6),
                            quality=Integers(37, 65),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.59)),
                            name="colour reduced",
                        ),
                        prior(
                            JpegCompression,
                            p=0.24,
                            quality=Integers(89, 100),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.58)),
                            name="colour after reduced",
                        ),
                    ),
                    name="reduced",
                ),
            ),
            p=0.94,
            weights=(0.17, 0.17, 0.1, 0.65),
            name="web",
        ),
    ),
    name="colour",
)
