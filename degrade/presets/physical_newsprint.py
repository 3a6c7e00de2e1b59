"""A newspaper cutting of the 1950s, in the order of its life: taking, printing, ageing, handling, scanning.

Not fitted, for there is no halftone among the real prints: it follows published numbers, and estimates where there are
none.
"""

from dataclasses import replace

from degrade.effects import BlackAndWhite, GammaShift, GaussianBlur, Halftone, PaperTexture, Yellowing
from degrade.pipeline import Pipeline
from degrade.presets.losses import LOSSES
from degrade.presets.stages import CREASES, FOXING, LATENTS, SCAN, STAINS, WATER
from degrade.priors import Along, Choice, LogUniform, Uniform, prior

NEWSPRINT_1950 = Pipeline(
    "newsprint-1950",
    (
        prior(BlackAndWhite, film="panchromatic", strength=1.0),
        prior(GaussianBlur, p=0.6, sigma=LogUniform(0.4, 1), kernel=0),
        prior(GammaShift, gamma=Uniform(0.45, 0.65)),
        prior(
            Halftone,
            pitch=Uniform(2.6, 5.5),
            angle=Uniform(40, 50),
            gain=Uniform(0.02, 0.1),
            ink=Uniform(0.9, 1.1),
            paper=Uniform(0.15, 0.25),
            inks="one",
        ),
        prior(
            PaperTexture,
            p=0.9,
            texture="",
            number=Choice((3, 7, 11, 15)),
            blend="multiply",
            opacity=LogUniform(0.05, 0.3),
            zoom=Uniform(0.7, 1.5),
            elastic=0.0,
        ),
        prior(
            Yellowing,
            p=0.95,
            strength=Along("chemical", 0.06, 0.35),
            unevenness=Uniform(0.05, 0.4),
            edges=Along("chemical", 0.02, 0.15),
            reach=Uniform(0.03, 0.12),
        ),
        replace(FOXING, p=0.15),
        *WATER,
        STAINS,
        replace(CREASES, p=0.5),
        LOSSES,
        prior(GaussianBlur, p=0.5, sigma=Uniform(0.5, 1.3), kernel=0, name="descreening"),
        *SCAN,
    ),
    LATENTS,
    "A cutting from a newspaper of the 1950s: a 65-line screen with dot gain on yellowed pulp, folded and torn, now "
    "and then descreened by its scanner's operator.",
)
