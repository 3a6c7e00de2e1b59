"""Presets whose numbers were fitted to scans of real prints (scripts/fit_presets.py; how well: docs/realism.md).

Fitted are all ranges and probabilities but those of defects, water and foxing (`stages`), of the processes' shares, of
films, dyes and the paper's gradation, and of the scanner's balance: of these, twenty prints say too little.
"""

from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    ColourJitter,
    DoubleJpeg,
    DyeFading,
    FilmGrain,
    GaussianBlur,
    JpegCompression,
    LowResolution,
    SensorNoise,
    Sharpening,
    Toning,
    Yellowing,
)
from degrade.pipeline import Pipeline
from degrade.presets.stages import FOXING, HANDLING, SCAN, WATER
from degrade.priors import Along, Choice, Group, Integers, Latent, LogUniform, Uniform, prior

SCANNER_DUST = SCAN[0]

OLD_PRINT = Pipeline(
    "old-print",
    (
        prior(GaussianBlur, sigma=Along("age", 0.093, 0.99, spread=0.3), kernel=0),
        Group(
            "one_of",
            (
                prior(
                    BlackAndWhite,
                    film=Choice(("blue-sensitive", "orthochromatic", "panchromatic"), (1, 4, 3)),  # not fitted
                    strength=1.0,
                ),
                Group(
                    "in_order",
                    (
                        prior(BlackAndWhite, film="luma", strength=Uniform(0.18, 0.49), name="pale dyes"),
                        prior(
                            DyeFading,  # not fitted
                            cyan=Along("age", 1, 0.5),
                            magenta=Along("age", 1, 0.85, spread=0.4),
                            yellow=Along("age", 1, 0.65),
                            shift=0.0,
                        ),
                    ),
                    name="colour",
                ),
            ),
            weights=(3, 1.3),
            name="material",
        ),
        prior(  # as measured on all prints, docs/physics.md, section 7; the fit's own was weaker, and no nearer
            FilmGrain, strength=LogUniform(0.013, 0.07), size=Uniform(0.6, 0.9), exponent=0.8, channels="one"
        ),
        prior(
            CharacteristicCurve,
            dmin=Along("age", 0, 0.1),
            dmax=Along("age", 2.4, 1.3),
            slope=Uniform(2.4, 3.5),  # not fitted
            shape=Uniform(0.57, 1.3),  # not fitted
            exposure=Uniform(-0.34, 0.14),
            veil=0.004,
        ),
        prior(
            Toning,
            p=0.59,
            process=Choice(
                ("gelatin-aged", "gelatin-warm", "albumen-aged", "sulfide-sepia", "albumen-fresh", "gold-toned"),
                (4, 2, 2, 2, 1, 1),  # not fitted
            ),
            strength=Uniform(0.54, 0.88),
            compression=0.0,
        ),
        prior(
            Yellowing, p=0.32, strength=Along("age", 0.028, 0.13), unevenness=Uniform(0.57, 1), edges=0.0, reach=0.08
        ),
        FOXING,
        *WATER,
        *HANDLING,
        prior(
            LowResolution,
            p=0.59,
            width=Along("scan", 0.4, 1, spread=0.02),
            height=Along("scan", 0.4, 1, spread=0.02),
            down="gaussian",
            up="cubic",
        ),
        SCANNER_DUST,
        prior(SensorNoise, shadows=LogUniform(1.1, 2.4), lights=LogUniform(0.25, 0.73), size=0.6, channels="three"),
        prior(Sharpening, p=0.44, sigma=Uniform(0.6, 1), amount=Uniform(0, 1.6)),
        prior(ColourJitter, p=0.5, red=Uniform(-4, 8), green=Uniform(-3, 3), blue=Uniform(-8, 4)),  # not fitted
        prior(BlackAndWhite, p=0.2, film="luma", strength=1.0, name="stored in grey"),
        Group(
            "one_of",
            (
                prior(JpegCompression, quality=Integers(88, 100), subsampling=Choice(("4:2:0", "4:4:4"), (1, 1.1))),
                prior(
                    DoubleJpeg,  # not fitted
                    first=Integers(82, 98),
                    second=Integers(92, 100),
                    across=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    down=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    subsampling="4:2:0",
                ),
            ),
            weights=(3, 0.85),
            name="web",
        ),
    ),
    {
        "age": Latent(1.5, 1.6),  # soft, faded and yellow come together
        "scan": Latent(1.9),
        "chemical": Latent(1.8, 2.6, follows="age", correlation=0.6),  # not fitted, as the two below
        "mechanical": Latent(1.8, 2.6, follows="age", correlation=0.2),
        "water": Latent(1.5, 1.5, p=0.1),
    },
    "An old print as it is found on the web, fitted to 20 scans of real ones: two thirds black and white, most of them "
    "toned, the others in pale colours; faded and soft as they aged; scanned, sharpened now and then, saved as JPEG.",
)
