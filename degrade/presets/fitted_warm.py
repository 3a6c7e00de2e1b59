"""Prints that are hardly tinted, and their scans: fitted to real ones by scripts/fit_presets.py.

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

WARM_SHARE = 0.26

WARM_PRINT = Group(
    "in_order",
    (
        prior(GaussianBlur, sigma=Along("age", 0.11, 1.6, spread=0.3), kernel=0, name="warm blur"),
        prior(Vignette, p=0.14, loss=Uniform(0.043, 0.29), barrel=Uniform(0, 0.5), name="warm vignette"),
        prior(
            UnevenLight,
            p=0.29,
            strength=LogUniform(0.033, 0.3),
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
            p=0.95,
            strength=LogUniform(0.022, 0.056),
            size=Uniform(0.35, 0.55),
            exponent=0.8,
            channels="one",
            name="warm grain",
        ),
        prior(
            FilmGrain,
            p=0.48,
            strength=LogUniform(0.0032, 0.02),
            size=Uniform(1.4, 2.7),
            exponent=0.8,
            channels="one",
            name="warm coarse grain",
        ),
        prior(
            CharacteristicCurve,
            dmin=Along("age", 0, 0.0097, spread=0.3),
            dmax=Along("age", 3.5, 2.2, spread=0.3),
            slope=Uniform(1.7, 3.0),
            shape=Uniform(0.57, 1.3),
            exposure=Uniform(-0.22, 0.058),
            veil=LogUniform(0.0007, 0.0097),
            name="warm paper",
        ),
        prior(
            SilverFading,
            p=0.34,
            highlights=Along("age", 0, 0.27, spread=0.3),
            overall=Along("age", 0.013, 0.18, spread=0.3),
            warmth=0.0,
            unevenness=0.2,
            edges=0.3,
            name="warm fading",
        ),
        prior(
            Toning,
            p=0.58,
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
                weights=(0.13, 0.28, 0.14, 0.13, 0.062, 0.2, 0.066),
            ),
            strength=Uniform(0.013, 0.52),
            compression=Uniform(0, 0.24),
            name="warm tone",
        ),
        prior(
            Yellowing,
            p=0.46,
            strength=Along("age", 0, 0.11, spread=0.3),
            unevenness=Uniform(0.091, 0.88),
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
        prior(ContrastLoss, p=0.21, blacks=Uniform(0.2, 34.0), whites=Uniform(0, 24.0), name="warm veil"),
        prior(
            LowResolution,
            p=0.45,
            width=Along("scan", 1, 1, spread=0.0),
            height=Along("scan", 1, 1, spread=0.0),
            down="gaussian",
            up=Choice(("cubic", "linear"), weights=(0.7, 0.31)),
            name="warm resolution",
        ),
        prior(
            SensorNoise,
            shadows=LogUniform(2.1, 9.1),
            lights=LogUniform(0.82, 2.2),
            size=Uniform(0.24, 0.74),
            channels=Choice(("auto", "three"), weights=(0.36, 0.64)),
            name="warm noise",
        ),
        prior(Sharpening, p=0.72, sigma=Uniform(0.36, 0.39), amount=Uniform(1.8, 2.8), name="warm sharpening"),
        prior(
            ColourJitter,
            p=0.5,
            red=Uniform(-5.5, 8.5),
            green=Uniform(-2.8, 3.2),
            blue=Uniform(-18.0, 0.15),
            name="warm balance",
        ),
        prior(ContrastStretch, p=0.5, blacks=Uniform(0, 6.4), whites=Uniform(23.0, 47.0), name="warm levels"),
        prior(GammaShift, p=0.35, gamma=LogUniform(0.85, 1.4), name="warm gamma"),
        prior(
            LowResolution,
            p=0.061,
            width=Along("thumbnail", 0.57, 0.93, spread=0.0),
            height=Along("thumbnail", 0.57, 0.93, spread=0.0),
            down="gaussian",
            up="cubic",
            name="warm thumbnail",
        ),
        Group(
            "one_of",
            (
                prior(
                    JpegCompression,
                    quality=Integers(82, 100),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.59)),
                    name="warm jpeg",
                ),
                prior(
                    DoubleJpeg,
                    first=Integers(63, 89),
                    second=Integers(87, 100),
                    across=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    down=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.57)),
                    name="warm twice",
                ),
                Group(
                    "in_order",
                    (
                        prior(
                            JpegCompression,
                            quality=Integers(59, 95),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.57)),
                            name="warm first copy",
                        ),
                        prior(
                            LowResolution,
                            width=Along("copy", 0.7, 1.0, spread=0.0),
                            height=Along("copy", 0.7, 1.0, spread=0.0),
                            down="gaussian",
                            up=Choice(("cubic", "linear"), weights=(0.69, 0.31)),
                            name="warm resized",
                        ),
                        prior(
                            JpegCompression,
                            p=0.49,
                            quality=Integers(88, 100),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.57)),
                            name="warm second copy",
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
                            quality=Integers(36, 63),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.57)),
                            name="warm reduced",
                        ),
                        prior(
                            JpegCompression,
                            p=0.24,
                            quality=Integers(88, 100),
                            subsampling=Choice(("4:4:4", "4:2:0"), weights=(0.43, 0.57)),
                            name="warm after reduced",
                        ),
                    ),
                    name="reduced",
                ),
            ),
            p=0.94,
            weights=(0.17, 0.18, 0.1, 0.63),
            name="web",
        ),
    ),
    name="warm",
)
