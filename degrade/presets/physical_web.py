"""An old photo as the web shows it, in the order of its life: taking, printing, ageing, handling, scanning.

Numbers marked as fitted are those of all of 39 real prints (scripts/print_ranges.py), which have no dates and no
processes: defects are estimates.
"""

from dataclasses import replace

from degrade.effects import BlackAndWhite, CharacteristicCurve, DyeFading, FilmGrain, GaussianBlur, Toning, UnevenLight
from degrade.pipeline import Pipeline
from degrade.presets.scans import PRINT_LATENTS, REAL_SCAN
from degrade.presets.stages import CREASES, SCRATCHES
from degrade.priors import Along, Choice, Group, LogUniform, Uniform, prior

WEB_GRAIN = prior(
    FilmGrain, p=0.96, strength=LogUniform(0.035, 0.095), size=Uniform(0.45, 0.61), exponent=0.8, channels="one"
)
"""Fitted, but for the exponent."""

WEB_PAPER = prior(
    CharacteristicCurve,
    dmin=Along("chemical", 0, 0.0025, spread=0.3),
    dmax=Along("chemical", 3.6, 2.4, spread=0.3),
    slope=Uniform(1.9, 3.2),
    shape=Uniform(0.66, 1.3),
    exposure=Uniform(-0.17, 0.038),
    veil=LogUniform(0.00051, 0.0055),
)
"""Fitted."""

WEB_SCAN = Pipeline(
    "web-scan",
    (
        prior(GaussianBlur, sigma=Along("chemical", 0.42, 1.2, spread=0.3), kernel=0),  # fitted, as the light
        prior(UnevenLight, p=0.27, strength=LogUniform(0.022, 0.18), slope=Uniform(0.2, 1), size=Uniform(0.4, 1)),
        Group(
            "one_of",
            (
                Group(
                    "in_order",
                    (
                        prior(BlackAndWhite, film=Choice(("orthochromatic", "panchromatic")), strength=1.0),
                        WEB_GRAIN,
                        WEB_PAPER,
                        prior(
                            Toning,
                            p=0.77,  # fitted
                            process=Choice(("gelatin-aged", "gelatin-warm", "sulfide-sepia")),
                            strength=Uniform(0.24, 0.74),  # fitted
                            compression=Uniform(0.096, 0.39),  # fitted
                        ),
                    ),
                    name="monochrome",
                ),
                Group(
                    "in_order",
                    (
                        prior(BlackAndWhite, film="luma", strength=Uniform(0.027, 0.62), name="pale dyes"),  # fitted
                        replace(WEB_GRAIN, name="grain in colour"),
                        replace(WEB_PAPER, name="colour paper"),
                        prior(
                            DyeFading,
                            cyan=Along("chemical", 1, 0.54, spread=0.3),  # all of it fitted
                            magenta=Along("chemical", 0.96, 0.77, spread=0.3),
                            yellow=Along("chemical", 0.98, 0.56, spread=0.3),
                            shift=Uniform(0, 0.025),
                        ),
                    ),
                    name="colour",
                ),
            ),
            weights=(0.8, 0.21),  # as among the prints
            name="print",
        ),
        replace(SCRATCHES, p=0.3),
        replace(CREASES, p=0.15),
        *REAL_SCAN,
    ),
    PRINT_LATENTS,
    "An old photo as the web shows it: a mild print, scanned, made smaller, sharpened and saved as JPEG once or twice.",
)
