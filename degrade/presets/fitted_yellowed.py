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
        prior(GaussianBlur, sigma=Along("age", 0.087, 1.5, spread=0.3), kernel=0, name="yellowed blur"),
        prior(Vignette, p=0.14, loss=Uniform(0.04, 0.29), barrel=Uniform(0, 0.5), name="yellowed vignette"),
        prior(
            UnevenLight,
            p=0.3,
            strength=LogUniform(0.034, 0.31),
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
            strength=LogUniform(0.021, 0.057),
            size=Uniform(0.36, 0.55),
            exponent=0.8,
            channels="one",
            name="yellowed grain",
        ),
        prior(
            FilmGrain,
            p=0.49,
            strength=LogUniform(0.0031, 0.02),
            size=Uniform(1.4, 2.6),
            exponent=0.8,
            channels="one",
            name="yellowed coarse grain",
        ),
        prior(
            CharacteristicCurve,
            dmin=Along("age", 0, 0.0021, spread=0.3),
            dmax=Along("age", 3.4, 2.1, spread=0.3),
            slope=Uniform(1.4, 2.8),
            shape=Uniform(0.51, 1.3),
            exposure=Uniform(-0.23, 0.065),
            veil=LogUniform(0.00072, 0.01),
            name="yellowed paper",
        ),
        prior(
            SilverFading,
            p=0.33,
            highlights=Along("age", 0, 0.27, spread=0.3),
            overall=Along("age", 0.02, 0.19, spread=0.3),
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
                weights=(0.34, 0.26, 0.15, 0.18, 0.076),
            ),
            strength=Uniform(0.54, 0.9),
            compression=Uniform(0, 0.22),
            name="yellowed tone",
        ),
        prior(
            Yellowing,
            p=0.47,
            strength=Along("age", 0.0068, 0.23, spread=0.3),
            unevenness=Uniform(0.079, 0.88),
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
        prior(ContrastLoss, p=0.21, blacks=Uniform(0, 35.0), whites=Uniform(0, 23.0), name="yellowed veil"),
        prior(
            LowResolution,
            p=0.44,
            width=Along("scan", 1, 1, spread=0.0),
            height=Along("scan", 1, 1, spread=0.0),
            down="gaussian",
            up=Choice(("cubic", "linear"), weights=(0.7, 0.31)),
            name="yellowed resolution",
        ),
        prior(
            SensorNoise,
            shadows=LogUniform(2.0, 8.5),
            lights=LogUniform(0.75, 1.9),
            size=Uniform(0.19, 0.7),
            channels=Choice(("auto", "three"), weights=(0.36, 0.63)),
            name="yellowed noise",
        ),
        prior(Sharpening, p=0.73, sigma=Uniform(0.36, 0.4), amount=Uniform(1.9, 2.8), name="yellowed sharpening"),
        prior(
            ColourJitter,
            p=0.49,
            red=Uniform(-6.4, 7.6),
            green=Uniform(-3.0, 3.0),
            blue=Uniform(-19.0, -0.36),
            name="yellowed balance",
        ),
        prior(ContrastStretch, p=0.49, blacks=Uniform(0, 7.3), whites=Uniform(20.0, 44.0), name="yellowed levels"),
        prior(GammaShift, p=0.35, gamma=LogUniform(0.82, 1.4), name="yellowed gamma"),
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
                    quality=Integers(80, 100),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.42, 0.6)),
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
                            scale=LogUniform(1, 1.7),
                            quality=Integers(37, 65),
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
            p=0.94,
            weights=(0.17, 0.17, 0.1, 0.63),
            name="web",
        ),
    ),
    name="yellowed",
)
