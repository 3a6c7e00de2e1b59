"""Prints that have turned yellow or brown, and their scans: fitted to real ones by scripts/fit_presets.py.

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

YELLOWED_SHARE = 0.26

YELLOWED_PRINT = Group(
    "in_order",
    (
        prior(GaussianBlur, sigma=Along("age", 0.56, 1.3, spread=0.3), kernel=0, name="yellowed blur"),
        prior(Vignette, p=0.14, loss=Uniform(0.017, 0.27), barrel=Uniform(0, 0.5), name="yellowed vignette"),
        prior(
            UnevenLight,
            p=0.27,
            strength=LogUniform(0.023, 0.18),
            slope=Uniform(0.2, 1),
            size=Uniform(0.4, 1),
            name="yellowed light",
        ),
        prior(
            BlackAndWhite,
            film=Choice(("blue-sensitive", "orthochromatic", "panchromatic"), weights=(1.0, 4.0, 3.0)),
            strength=1.0,
            name="yellowed film",
        ),
        prior(
            FilmGrain,
            p=0.96,
            strength=LogUniform(0.036, 0.1),
            size=Uniform(0.45, 0.64),
            exponent=0.8,
            channels="one",
            name="yellowed grain",
        ),
        prior(
            CharacteristicCurve,
            dmin=Along("age", 0.0, 0.00062, spread=0.3),
            dmax=Along("age", 3.3, 2.1, spread=0.3),
            slope=Uniform(1.5, 2.9),
            shape=Uniform(0.57, 1.2),
            exposure=Uniform(-0.14, 0.066),
            veil=LogUniform(0.00058, 0.0065),
            name="yellowed paper",
        ),
        prior(
            SilverFading,
            p=0.36,
            highlights=Along("age", 0.18, 0.45, spread=0.3),
            overall=Along("age", 0.011, 0.2, spread=0.3),
            warmth=0.0,
            unevenness=0.2,
            edges=0.3,
            name="yellowed fading",
        ),
        prior(
            Toning,
            p=0.93,
            process=Choice(
                ("gelatin-aged", "albumen-aged", "salted-paper", "sulfide-sepia", "gold-toned"),
                weights=(0.35, 0.25, 0.17, 0.16, 0.081),
            ),
            strength=Uniform(0.42, 0.92),
            compression=Uniform(0.13, 0.42),
            name="yellowed tone",
        ),
        prior(
            Yellowing,
            p=0.49,
            strength=Along("age", 0.018, 0.25, spread=0.3),
            unevenness=Uniform(0.087, 0.89),
            edges=0.0,
            reach=0.08,
            name="yellowed yellowing",
        ),
    ),
    name="yellowed",
)

YELLOWED_SCAN = Group(
    "in_order",
    (
        prior(ContrastLoss, p=0.31, blacks=Uniform(0.0, 28.0), whites=Uniform(0.0, 10.0), name="yellowed veil"),
        prior(
            LowResolution,
            p=0.5,
            width=Along("scan", 0.79, 1.0, spread=0.0),
            height=Along("scan", 0.79, 1.0, spread=0.0),
            down="gaussian",
            up=Choice(("cubic", "linear"), weights=(0.68, 0.32)),
            name="yellowed resolution",
        ),
        prior(
            SensorNoise,
            shadows=LogUniform(1.1, 4.5),
            lights=LogUniform(0.39, 1.1),
            size=Uniform(0.61, 1.1),
            channels=Choice(("auto", "three"), weights=(0.43, 0.57)),
            name="yellowed noise",
        ),
        prior(Sharpening, p=0.47, sigma=Uniform(0.38, 0.89), amount=Uniform(0.3, 1.7), name="yellowed sharpening"),
        prior(
            ColourJitter,
            p=0.51,
            red=Uniform(-9.7, 6.2),
            green=Uniform(-2.5, 7.4),
            blue=Uniform(-14.0, 3.3),
            name="yellowed balance",
        ),
        prior(
            ColourJitter,
            p=0.33,
            red=Along("levels", 0.0, -2.4, spread=0.0),
            green=Along("levels", 0.0, -2.4, spread=0.0),
            blue=Along("levels", 0.0, -2.4, spread=0.0),
            name="yellowed black point",
        ),
        prior(GammaShift, p=0.38, gamma=LogUniform(0.77, 1.1), name="yellowed gamma"),
        Group(
            "one_of",
            (
                prior(
                    JpegCompression,
                    quality=Integers(86, 100),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.28, 0.72)),
                    name="yellowed jpeg",
                ),
                prior(
                    DoubleJpeg,
                    first=Integers(70, 98),
                    second=Integers(100, 100),
                    across=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    down=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.28, 0.72)),
                    name="yellowed twice",
                ),
                Group(
                    "in_order",
                    (
                        prior(
                            JpegCompression,
                            quality=Integers(68, 98),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.28, 0.72)),
                            name="yellowed first copy",
                        ),
                        prior(
                            LowResolution,
                            width=Along("copy", 0.51, 1.0, spread=0.0),
                            height=Along("copy", 0.51, 1.0, spread=0.0),
                            down="gaussian",
                            up=Choice(("cubic", "linear"), weights=(0.67, 0.33)),
                            name="yellowed resized",
                        ),
                        prior(
                            JpegCompression,
                            p=0.48,
                            quality=Integers(94, 100),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.28, 0.72)),
                            name="yellowed second copy",
                        ),
                    ),
                    name="copied",
                ),
            ),
            p=0.93,
            weights=(0.14, 0.67, 0.12),
            name="web",
        ),
    ),
    name="yellowed",
)
