"""A chromogenic print of 1955 to 1983, in the order of a photo's life: taking, printing, ageing, handling, scanning.

Numbers marked as fitted are those of the eight of 39 real prints that have hues of their own (scripts/print_ranges.py):
few, so that the fit draws them towards all. The prints have no dates and no processes: processes, defects and edges
follow published numbers, and are estimates where there are none.
"""

from dataclasses import replace

from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    DyeFading,
    FilmGrain,
    GaussianBlur,
    PaperTexture,
    Vignette,
    Yellowing,
)
from degrade.pipeline import Pipeline
from degrade.presets.scans import PRINT_LATENTS, REAL_SCAN
from degrade.presets.stages import CREASES, FOXING, HANDLING, WATER
from degrade.priors import Along, Choice, Group, LogUniform, Uniform, prior

CHROME_1975 = Pipeline(
    "chrome-1975",
    (
        prior(GaussianBlur, sigma=Along("chemical", 0.46, 1.2, spread=0.3), kernel=0),  # fitted
        prior(Vignette, p=0.3, loss=Uniform(0.05, 0.3), barrel=Uniform(0, 0.5)),
        prior(BlackAndWhite, film="luma", strength=Uniform(0.027, 0.62), name="pale dyes"),  # fitted
        prior(  # fitted, but for the exponent
            FilmGrain, p=0.96, strength=LogUniform(0.046, 0.12), size=Uniform(0.45, 0.61), exponent=0.8, channels="one"
        ),
        prior(
            CharacteristicCurve,
            dmin=0.0,  # all of it fitted: a scan's white is its paper
            dmax=Along("chemical", 3.5, 2.4, spread=0.3),
            slope=Uniform(1.9, 3.3),
            shape=Uniform(0.71, 1.4),
            exposure=Uniform(-0.096, 0.11),
            veil=LogUniform(0.00046, 0.005),
        ),
        Group(
            "one_of",
            (  # retained dye and stain after 40 to 60 years; cyan goes first in the dark, magenta in the light
                prior(
                    DyeFading,
                    cyan=Along("chemical", 0.97, 0.35),
                    magenta=Along("chemical", 0.99, 0.86),
                    yellow=Along("chemical", 0.97, 0.6),
                    shift=0.0,
                    name="dark fading",
                ),
                prior(
                    DyeFading,
                    cyan=Along("chemical", 1, 0.85),
                    magenta=Along("chemical", 0.97, 0.55),
                    yellow=Along("chemical", 0.98, 0.7),
                    shift=Along("chemical", 0, 0.06),
                    name="light fading",
                ),
                prior(
                    DyeFading,
                    cyan=Along("chemical", 1, 0.54, spread=0.3),  # all of it fitted
                    magenta=Along("chemical", 0.96, 0.77, spread=0.3),
                    yellow=Along("chemical", 0.98, 0.56, spread=0.3),
                    shift=Uniform(0, 0.025),
                    name="both fadings",
                ),
            ),
            weights=(5, 2, 3),
            name="fading",
        ),
        prior(
            Yellowing,
            p=0.51,  # fitted
            strength=Along("chemical", 0.019, 0.13, spread=0.3),  # fitted
            unevenness=Uniform(0.1, 0.89),  # fitted
            edges=Along("chemical", 0, 0.04),
            reach=Uniform(0.03, 0.12),
        ),
        prior(
            PaperTexture,
            p=0.3,
            texture="",
            number=Choice((2, 6, 10, 14)),
            blend="relief",
            opacity=LogUniform(0.01, 0.06),
            zoom=Uniform(0.8, 1.6),
            elastic=0.0,
        ),  # silk
        replace(FOXING, p=0.02),
        *WATER,
        replace(CREASES, p=0.15),
        *(step for step in HANDLING if step is not CREASES),
        *REAL_SCAN,
    ),
    PRINT_LATENTS,
    "A chromogenic colour print of 1955 to 1983: faded dyes with cross-talk, red from the dark or green from the wall, "
    "yellow stain, silk-textured paper.",
)
