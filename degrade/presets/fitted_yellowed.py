"""Prints that have turned yellow or brown, and their scans: fitted to real ones by scripts/fit_presets.py.

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
from degrade.priors import Along, Choice, Group, Integers, LogUniform, Uniform, prior

YELLOWED_SHARE = 0.26

YELLOWED_PRINT = Group(
    "in_order",
    (
        prior(GaussianBlur, sigma=Along("age", 0.16, 1.6, spread=0.3), kernel=0, name="yellowed blur"),
        prior(Vignette, p=0.14, loss=Uniform(0.04, 0.29), barrel=Uniform(0, 0.5), name="yellowed vignette"),
        prior(
            UnevenLight,
            p=0.29,
            strength=LogUniform(0.035, 0.32),
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
            p=0.95,
            strength=LogUniform(0.031, 0.084),
            size=Uniform(0.45, 0.64),
            exponent=0.8,
            channels="one",
            name="yellowed grain",
        ),
        prior(
            FilmGrain,
            p=0.5,
            strength=LogUniform(0.0039, 0.025),
            size=Uniform(1.5, 2.7),
            exponent=0.8,
            channels="one",
            name="yellowed coarse grain",
        ),
        prior(
            CharacteristicCurve,
            dmin=Along("age", 0.0, 0.0024, spread=0.3),
            dmax=Along("age", 3.5, 2.2, spread=0.3),
            slope=Uniform(1.7, 3.1),
            shape=Uniform(0.46, 1.2),
            exposure=Uniform(-0.14, 0.15),
            veil=LogUniform(0.00077, 0.011),
            name="yellowed paper",
        ),
        prior(
            SilverFading,
            p=0.38,
            highlights=Along("age", 0.017, 0.31, spread=0.3),
            overall=Along("age", 0.041, 0.21, spread=0.3),
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
                weights=(0.34, 0.26, 0.16, 0.16, 0.08),
            ),
            strength=Uniform(0.64, 1.0),
            compression=Uniform(0.0, 0.29),
            name="yellowed tone",
        ),
        prior(
            Yellowing,
            p=0.51,
            strength=Along("age", 0.055, 0.28, spread=0.3),
            unevenness=Uniform(0.0032, 0.8),
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
        prior(ContrastLoss, p=0.32, blacks=Uniform(0.0, 36.0), whites=Uniform(0.0, 25.0), name="yellowed veil"),
        prior(
            LowResolution,
            p=0.5,
            width=Along("scan", 0.92, 1.0, spread=0.0),
            height=Along("scan", 0.92, 1.0, spread=0.0),
            down="gaussian",
            up=Choice(("cubic", "linear"), weights=(0.7, 0.3)),
            name="yellowed resolution",
        ),
        prior(
            SensorNoise,
            shadows=LogUniform(1.7, 7.3),
            lights=LogUniform(0.69, 1.8),
            size=Uniform(0.28, 0.79),
            channels=Choice(("auto", "three"), weights=(0.36, 0.64)),
            name="yellowed noise",
        ),
        prior(Sharpening, p=0.63, sigma=Uniform(0.38, 0.42), amount=Uniform(1.8, 2.7), name="yellowed sharpening"),
        prior(
            ColourJitter,
            p=0.5,
            red=Uniform(-5.9, 8.1),
            green=Uniform(-2.2, 3.8),
            blue=Uniform(-14.0, 4.8),
            name="yellowed balance",
        ),
        prior(ContrastStretch, p=0.37, blacks=Uniform(0.0, 24.0), whites=Uniform(12.0, 36.0), name="yellowed levels"),
        prior(GammaShift, p=0.39, gamma=LogUniform(0.77, 1.3), name="yellowed gamma"),
        prior(
            LowResolution,
            p=0.062,
            width=Along("thumbnail", 0.58, 0.94, spread=0.0),
            height=Along("thumbnail", 0.58, 0.94, spread=0.0),
            down="gaussian",
            up="cubic",
            name="yellowed thumbnail",
        ),
        Group(
            "one_of",
            (
                prior(
                    JpegCompression,
                    quality=Integers(77, 100),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.58)),
                    name="yellowed jpeg",
                ),
                prior(
                    DoubleJpeg,
                    first=Integers(64, 90),
                    second=Integers(87, 100),
                    across=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    down=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.58)),
                    name="yellowed twice",
                ),
                Group(
                    "in_order",
                    (
                        prior(
                            JpegCompression,
                            quality=Integers(59, 96),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.58)),
                            name="yellowed first copy",
                        ),
                        prior(
                            LowResolution,
                            width=Along("copy", 0.71, 1.0, spread=0.0),
                            height=Along("copy", 0.71, 1.0, spread=0.0),
                            down="gaussian",
                            up=Choice(("cubic", "linear"), weights=(0.69, 0.31)),
                            name="yellowed resized",
                        ),
                        prior(
                            JpegCompression,
                            p=0.49,
                            quality=Integers(88, 100),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.58)),
                            name="yellowed second copy",
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
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.58)),
                            name="yellowed reduced",
                        ),
                        prior(
                            JpegCompression,
                            p=0.23,
                            quality=Integers(88, 100),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.58)),
                            name="yellowed after reduced",
                        ),
                    ),
                    name="reduced",
                ),
            ),
            p=0.91,
            weights=(0.17, 0.14, 0.11, 0.49),
            name="web",
        ),
    ),
    name="yellowed",
)
