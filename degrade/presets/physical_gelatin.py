"""A gelatin silver print of the 1930s, in the order of a photo's life: taking, printing, ageing, handling, scanning.

Numbers marked as fitted are those of the 21 grey or hardly tinted ones of 39 real prints (scripts/print_ranges.py).
The prints have no dates and no processes: films, processes, defects, mirroring and edges follow published numbers, and
are estimates where there are none.
"""

from dataclasses import replace

from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    FilmGrain,
    Flare,
    GaussianBlur,
    MotionBlur,
    PaperTexture,
    SilverFading,
    SilverMirroring,
    Toning,
    Vignette,
    Yellowing,
)
from degrade.pipeline import Pipeline
from degrade.presets.scans import PRINT_LATENTS, REAL_SCAN
from degrade.presets.stages import FOXING, HANDLING, WATER
from degrade.priors import Along, Choice, LogUniform, Uniform, prior

GELATIN_1930 = Pipeline(
    "gelatin-1930",
    (
        prior(
            BlackAndWhite,
            film=Choice(("orthochromatic", "panchromatic", "panchromatic-yellow-filter"), (6, 3, 1)),
            strength=1.0,
        ),
        prior(MotionBlur, p=0.12, length=Uniform(1, 4), angle=Uniform(-180, 180)),
        prior(GaussianBlur, sigma=Along("chemical", 0.33, 1.2, spread=0.3), kernel=0),  # fitted
        prior(
            Vignette, p=0.5, loss=Uniform(0.05, 0.36), barrel=Uniform(0, 0.5)
        ),  # 0.36: a box camera's cos^4 at its corner
        prior(Flare, p=0.4, veil=LogUniform(0.005, 0.04), halo=Uniform(0, 0.08), radius=Uniform(0.02, 0.05)),
        prior(  # fitted, but for the exponent
            FilmGrain, p=0.96, strength=LogUniform(0.031, 0.084), size=Uniform(0.45, 0.59), exponent=0.8, channels="one"
        ),
        prior(
            CharacteristicCurve,
            dmin=Along("chemical", 0, 0.0044, spread=0.3),  # all of it fitted: a scan's white is its paper
            dmax=Along("chemical", 3.7, 2.5, spread=0.3),
            slope=Uniform(2, 3.3),
            shape=Uniform(0.69, 1.3),
            exposure=Uniform(-0.21, -0.0036),
            veil=LogUniform(0.0005, 0.0052),
        ),
        prior(
            PaperTexture,
            p=0.12,
            texture="",
            number=Choice((2, 6, 10)),
            blend="relief",
            opacity=LogUniform(0.01, 0.05),
            zoom=Uniform(0.8, 1.6),
            elastic=0.0,
        ),
        prior(
            SilverFading,
            p=0.5,
            latent="chemical",
            highlights=Along("chemical", 0.21, 0.48, spread=0.3),  # fitted
            overall=Along("chemical", 0.0082, 0.19, spread=0.3),  # fitted
            warmth=Along("chemical", 0, 0.5),
            unevenness=Along("chemical", 0, 0.4),
            edges=LogUniform(0.1, 2),
        ),
        prior(
            Toning,
            p=0.61,  # fitted
            process=Choice(
                ("gelatin-neutral", "gelatin-warm", "gelatin-aged", "sulfide-sepia", "selenium"), (2, 3, 5, 1.5, 0.5)
            ),
            strength=Uniform(0.067, 0.56),  # fitted
            compression=Uniform(0.062, 0.36),  # fitted
        ),
        prior(
            Yellowing,
            p=0.5,
            latent="chemical",
            strength=Along("chemical", 0, 0.11, spread=0.3),  # fitted
            unevenness=Uniform(0, 0.8),  # fitted
            edges=Along("chemical", 0, 0.06),
            reach=Uniform(0.03, 0.12),
        ),
        prior(
            SilverMirroring,
            p=0.45,
            latent="chemical",
            strength=Along("chemical", 0.15, 0.8),
            reach=Uniform(0.02, 0.12),
            patches=Along("chemical", 0, 0.25),
            unevenness=Uniform(0.2, 0.6),
        ),
        replace(FOXING, p=0.2),
        *WATER,
        *HANDLING,
        *REAL_SCAN,
    ),
    PRINT_LATENTS,
    "A gelatin silver snapshot or portrait of the 1930s: orthochromatic or panchromatic roll film, box-camera "
    "fall-off, a little grain, silver mirroring at the edges, creases and scratches of an album.",
)
