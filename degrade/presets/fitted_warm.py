"""Prints that are hardly tinted, and their scans: fitted to real ones by scripts/fit_presets.py.

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
    Toning,
    UnevenLight,
    Vignette,
    Yellowing,
)
from degrade.priors import Along, Choice, Group, Integers, LogUniform, Uniform, prior

WARM_SHARE = 0.26

WARM_PRINT = Group(
    "in_order",
    (
        prior(GaussianBlur, sigma=Along("age", 0.52, 1.3, spread=0.3), kernel=0, name="warm blur"),
        prior(Vignette, p=0.14, loss=Uniform(0.008, 0.27), barrel=Uniform(0, 0.5), name="warm vignette"),
        prior(
            UnevenLight,
            p=0.28,
            strength=LogUniform(0.023, 0.18),
            slope=Uniform(0.2, 1),
            size=Uniform(0.4, 1),
            name="warm light",
        ),
        prior(
            BlackAndWhite,
            film=Choice(("blue-sensitive", "orthochromatic", "panchromatic"), weights=(1.0, 4.0, 3.0)),
            strength=1.0,
            name="warm film",
        ),
        prior(
            FilmGrain,
            p=0.96,
            strength=LogUniform(0.034, 0.091),
            size=Uniform(0.45, 0.64),
            exponent=0.8,
            channels="one",
            name="warm grain",
        ),
        prior(
            CharacteristicCurve,
            dmin=Along("age", 0.0, 0.0092, spread=0.3),
            dmax=Along("age", 3.4, 2.2, spread=0.3),
            slope=Uniform(1.7, 3.0),
            shape=Uniform(0.54, 1.2),
            exposure=Uniform(-0.16, 0.04),
            veil=LogUniform(0.00061, 0.0067),
            name="warm paper",
        ),
        prior(
            SilverFading,
            p=0.37,
            highlights=Along("age", 0.2, 0.46, spread=0.3),
            overall=Along("age", 0.017, 0.2, spread=0.3),
            warmth=0.0,
            unevenness=0.2,
            edges=0.3,
            name="warm fading",
        ),
        prior(
            Toning,
            p=0.61,
            process=Choice(
                (
                    "gelatin-aged",
                    "gelatin-warm",
                    "sulfide-sepia",
                    "albumen-fresh",
                    "gold-toned",
                    "platinum",
                    "albumen-aged",
                ),
                weights=(0.14, 0.27, 0.13, 0.13, 0.066, 0.2, 0.066),
            ),
            strength=Uniform(0.067, 0.56),
            compression=Uniform(0.062, 0.36),
            name="warm tone",
        ),
        prior(
            Yellowing,
            p=0.48,
            strength=Along("age", 0.0, 0.11, spread=0.3),
            unevenness=Uniform(0.00062, 0.8),
            edges=0.0,
            reach=0.08,
            name="warm yellowing",
        ),
    ),
    name="warm",
)

WARM_SCAN = Group(
    "in_order",
    (
        prior(ContrastLoss, p=0.31, blacks=Uniform(0.0, 28.0), whites=Uniform(0.0, 10.0), name="warm veil"),
        prior(
            LowResolution,
            p=0.5,
            width=Along("scan", 0.75, 1.0, spread=0.0),
            height=Along("scan", 0.75, 1.0, spread=0.0),
            down="gaussian",
            up=Choice(("cubic", "linear"), weights=(0.68, 0.32)),
            name="warm resolution",
        ),
        prior(
            SensorNoise,
            shadows=LogUniform(1.3, 5.2),
            lights=LogUniform(0.4, 1.1),
            size=Uniform(0.6, 1.1),
            channels=Choice(("auto", "three"), weights=(0.43, 0.57)),
            name="warm noise",
        ),
        prior(Sharpening, p=0.47, sigma=Uniform(0.38, 0.88), amount=Uniform(0.25, 1.6), name="warm sharpening"),
        prior(
            ColourJitter,
            p=0.51,
            red=Uniform(-7.6, 8.3),
            green=Uniform(-2.9, 7.0),
            blue=Uniform(-13.0, 4.7),
            name="warm balance",
        ),
        prior(
            ColourJitter,
            p=0.33,
            red=Along("levels", 0.0, -2.5, spread=0.0),
            green=Along("levels", 0.0, -2.5, spread=0.0),
            blue=Along("levels", 0.0, -2.5, spread=0.0),
            name="warm black point",
        ),
        prior(GammaShift, p=0.38, gamma=LogUniform(0.76, 1.1), name="warm gamma"),
        Group(
            "one_of",
            (
                prior(
                    JpegCompression,
                    quality=Integers(84, 100),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.28, 0.72)),
                    name="warm jpeg",
                ),
                prior(
                    DoubleJpeg,
                    first=Integers(65, 92),
                    second=Integers(100, 100),
                    across=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    down=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.28, 0.72)),
                    name="warm twice",
                ),
                Group(
                    "in_order",
                    (
                        prior(
                            JpegCompression,
                            quality=Integers(67, 98),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.28, 0.72)),
                            name="warm first copy",
                        ),
                        prior(
                            LowResolution,
                            width=Along("copy", 0.57, 1.0, spread=0.0),
                            height=Along("copy", 0.57, 1.0, spread=0.0),
                            down="gaussian",
                            up=Choice(("cubic", "linear"), weights=(0.68, 0.32)),
                            name="warm resized",
                        ),
                        prior(
                            JpegCompression,
                            p=0.48,
                            quality=Integers(93, 100),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.28, 0.72)),
                            name="warm second copy",
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
    name="warm",
)
