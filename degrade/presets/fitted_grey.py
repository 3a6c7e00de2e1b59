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
        prior(GaussianBlur, sigma=Along("age", 0, 1.2, spread=0.3), kernel=0, name="grey blur"),
        prior(Vignette, p=0.14, loss=Uniform(0.041, 0.29), barrel=Uniform(0, 0.5), name="grey vignette"),
        prior(
            UnevenLight,
            p=0.29,
            strength=LogUniform(0.036, 0.34),
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
            strength=LogUniform(0.02, 0.052),
            size=Uniform(0.38, 0.58),
            exponent=0.8,
            channels="one",
            name="grey grain",
        ),
        prior(
            FilmGrain,
            p=0.48,
            strength=LogUniform(0.003, 0.019),
            size=Uniform(1.5, 2.7),
            exponent=0.8,
            channels="one",
            name="grey coarse grain",
        ),
        prior(
            CharacteristicCurve,
            dmin=Along("age", 0, 0.0039, spread=0.3),
            dmax=Along("age", 3.6, 2.4, spread=0.3),
            slope=Uniform(1.7, 3.0),
            shape=Uniform(0.49, 1.2),
            exposure=Uniform(-0.29, -0.0029),
            veil=LogUniform(0.0005, 0.0069),
            name="grey paper",
        ),
        prior(
            SilverFading,
            p=0.33,
            highlights=Along("age", 0, 0.26, spread=0.3),
            overall=Along("age", 0, 0.17, spread=0.3),
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
        prior(ContrastLoss, p=0.2, blacks=Uniform(0, 31.0), whites=Uniform(0, 22.0), name="grey veil"),
        prior(
            LowResolution,
            p=0.44,
            width=Along("scan", 1, 1, spread=0.0),
            height=Along("scan", 1, 1, spread=0.0),
            down="gaussian",
            up=Choice(("cubic", "linear"), weights=(0.7, 0.31)),
            name="grey resolution",
        ),
        prior(
            SensorNoise,
            shadows=LogUniform(2.3, 9.3),
            lights=LogUniform(0.89, 2.4),
            size=Uniform(0.29, 0.8),
            channels=Choice(("auto", "three"), weights=(0.35, 0.64)),
            name="grey noise",
        ),
        prior(Sharpening, p=0.74, sigma=Uniform(0.37, 0.49), amount=Uniform(2.0, 2.8), name="grey sharpening"),
        prior(ContrastStretch, p=0.49, blacks=Uniform(0, 4.5), whites=Uniform(24.0, 48.0), name="grey levels"),
        prior(GammaShift, p=0.36, gamma=LogUniform(0.84, 1.3), name="grey gamma"),
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
                    quality=Integers(75, 98),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.58)),
                    name="grey jpeg",
                ),
                prior(
                    DoubleJpeg,
                    first=Integers(66, 92),
                    second=Integers(84, 98),
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
                            scale=LogUniform(1, 1.6),
                            quality=Integers(36, 64),
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
            p=0.95,
            weights=(0.2, 0.21, 0.1, 0.56),
            name="web",
        ),
    ),
    name="grey",
)
