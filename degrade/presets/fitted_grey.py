"""Prints that are stored without colour, and their scans: fitted to real ones by scripts/fit_presets.py.

Not fitted are the films, the vignette's shape, the unevenness of fading and light, and where the grids of two
JPEGs lie.
"""

from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    ContrastLoss,
    ContrastStretch,
    DoubleJpeg,
    FilmGrain,
    GammaShift,
    GaussianBlur,
    JpegCompression,
    LowResolution,
    ReducedJpeg,
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
        prior(GaussianBlur, sigma=Along("age", 0.0, 1.4, spread=0.3), kernel=0, name="grey blur"),
        prior(Vignette, p=0.14, loss=Uniform(0.041, 0.29), barrel=Uniform(0, 0.5), name="grey vignette"),
        prior(
            UnevenLight,
            p=0.28,
            strength=LogUniform(0.038, 0.36),
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
            p=0.95,
            strength=LogUniform(0.026, 0.068),
            size=Uniform(0.45, 0.65),
            exponent=0.8,
            channels="one",
            name="grey grain",
        ),
        prior(
            FilmGrain,
            p=0.49,
            strength=LogUniform(0.0037, 0.023),
            size=Uniform(1.5, 2.7),
            exponent=0.8,
            channels="one",
            name="grey coarse grain",
        ),
        prior(
            CharacteristicCurve,
            dmin=Along("age", 0.0, 0.0045, spread=0.3),
            dmax=Along("age", 3.7, 2.5, spread=0.3),
            slope=Uniform(2.2, 3.5),
            shape=Uniform(0.52, 1.2),
            exposure=Uniform(-0.26, 0.024),
            veil=LogUniform(0.00053, 0.0072),
            name="grey paper",
        ),
        prior(
            SilverFading,
            p=0.39,
            highlights=Along("age", 0.022, 0.31, spread=0.3),
            overall=Along("age", 0.03, 0.2, spread=0.3),
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
        prior(ContrastLoss, p=0.31, blacks=Uniform(0.0, 32.0), whites=Uniform(0.0, 24.0), name="grey veil"),
        prior(
            LowResolution,
            p=0.49,
            width=Along("scan", 1.0, 1.0, spread=0.0),
            height=Along("scan", 1.0, 1.0, spread=0.0),
            down="gaussian",
            up=Choice(("cubic", "linear"), weights=(0.7, 0.3)),
            name="grey resolution",
        ),
        prior(
            SensorNoise,
            shadows=LogUniform(2.0, 8.0),
            lights=LogUniform(0.79, 2.1),
            size=Uniform(0.38, 0.89),
            channels=Choice(("auto", "three"), weights=(0.35, 0.65)),
            name="grey noise",
        ),
        prior(Sharpening, p=0.65, sigma=Uniform(0.38, 0.5), amount=Uniform(1.9, 2.7), name="grey sharpening"),
        prior(ContrastStretch, p=0.38, blacks=Uniform(0.0, 27.0), whites=Uniform(15.0, 39.0), name="grey levels"),
        prior(GammaShift, p=0.39, gamma=LogUniform(0.82, 1.3), name="grey gamma"),
        prior(BlackAndWhite, film="luma", strength=1.0, name="stored in grey"),
        prior(
            LowResolution,
            p=0.06,
            width=Along("thumbnail", 0.59, 0.94, spread=0.0),
            height=Along("thumbnail", 0.59, 0.94, spread=0.0),
            down="gaussian",
            up="cubic",
            name="grey thumbnail",
        ),
        Group(
            "one_of",
            (
                prior(
                    JpegCompression,
                    quality=Integers(74, 97),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.57)),
                    name="grey jpeg",
                ),
                prior(
                    DoubleJpeg,
                    first=Integers(63, 89),
                    second=Integers(86, 100),
                    across=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    down=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.57)),
                    name="grey twice",
                ),
                Group(
                    "in_order",
                    (
                        prior(
                            JpegCompression,
                            quality=Integers(58, 94),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.57)),
                            name="grey first copy",
                        ),
                        prior(
                            LowResolution,
                            width=Along("copy", 0.7, 1.0, spread=0.0),
                            height=Along("copy", 0.7, 1.0, spread=0.0),
                            down="gaussian",
                            up=Choice(("cubic", "linear"), weights=(0.69, 0.31)),
                            name="grey resized",
                        ),
                        prior(
                            JpegCompression,
                            p=0.49,
                            quality=Integers(87, 100),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.57)),
                            name="grey second copy",
                        ),
                    ),
                    name="copied",
                ),
                Group(
                    "in_order",
                    (
                        prior(
                            ReducedJpeg,
                            scale=LogUniform(1.3, 2.8),
                            quality=Integers(40, 68),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.57)),
                            name="grey reduced",
                        ),
                        prior(
                            JpegCompression,
                            p=0.24,
                            quality=Integers(87, 100),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.57)),
                            name="grey after reduced",
                        ),
                    ),
                    name="reduced",
                ),
            ),
            p=0.91,
            weights=(0.2, 0.17, 0.11, 0.44),
            name="web",
        ),
    ),
    name="grey",
)
