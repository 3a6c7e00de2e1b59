"""A mounted albumen print of the 1880s, in the order of a photo's life: taking, printing, ageing, handling, scanning.

Numbers marked as fitted are those of the ten yellow or brown ones of 39 real prints (scripts/print_ranges.py): few, so
that the fit draws them towards all. The prints have no dates and no processes: film, process, defects and edges follow
published numbers, and are estimates where there are none.
"""

from dataclasses import replace

from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    Craquelure,
    Flare,
    GaussianBlur,
    MotionBlur,
    SilverFading,
    Toning,
    Vignette,
    Yellowing,
)
from degrade.pipeline import Pipeline
from degrade.presets.losses import LOSSES
from degrade.presets.scans import PRINT_LATENTS, REAL_SCAN
from degrade.presets.stages import CREASES, FOXING, SCRATCHES, STAINS, WATER
from degrade.priors import Along, Group, LogUniform, Uniform, prior

ALBUMEN_1880 = Pipeline(
    "albumen-1880",
    (
        prior(BlackAndWhite, film="blue-sensitive", strength=1.0),
        prior(MotionBlur, p=0.1, length=Uniform(1.5, 5), angle=Uniform(-180, 180)),  # exposures of seconds
        prior(GaussianBlur, sigma=Along("chemical", 0.56, 1.3, spread=0.3), kernel=0),  # fitted
        prior(Vignette, p=0.4, loss=Uniform(0.05, 0.4), barrel=Uniform(0, 0.6)),
        prior(Flare, p=0.4, veil=LogUniform(0.005, 0.04), halo=Uniform(0, 0.08), radius=Uniform(0.02, 0.05)),
        prior(
            CharacteristicCurve,
            dmin=Along("chemical", 0, 0.00062, spread=0.3),  # all of it fitted: a scan's white is its paper
            dmax=Along("chemical", 3.3, 2.1, spread=0.3),
            slope=Uniform(1.5, 2.9),
            shape=Uniform(0.57, 1.2),
            exposure=Uniform(-0.14, 0.066),
            veil=LogUniform(0.00058, 0.0065),
        ),
        prior(
            SilverFading,
            p=0.9,
            highlights=Along("chemical", 0.18, 0.45, spread=0.3),  # fitted
            overall=Along("chemical", 0.011, 0.2, spread=0.3),  # fitted
            warmth=0.0,
            unevenness=Along("chemical", 0, 0.4),
            edges=LogUniform(0.1, 1),
        ),
        Group(
            "one_of",
            (
                prior(
                    Toning,
                    process="albumen-aged",
                    strength=Uniform(0.42, 0.92),  # fitted
                    compression=Uniform(0.13, 0.42),  # fitted
                ),
                prior(Toning, process="albumen-fresh", strength=Uniform(0.7, 1), compression=0.1, name="fresh"),
            ),
            weights=(0.92, 0.08),  # nine of ten surviving albumen prints have turned
            name="process",
        ),
        prior(
            Yellowing,
            p=0.49,  # fitted
            strength=Along("chemical", 0.018, 0.25, spread=0.3),  # fitted
            unevenness=Uniform(0.087, 0.89),  # fitted
            edges=Along("chemical", 0, 0.06),
            reach=Uniform(0.03, 0.12),
        ),
        replace(FOXING, p=0.45),
        *WATER,
        prior(
            Craquelure,
            p=0.1,
            cell=LogUniform(0.03, 0.08),
            width=LogUniform(0.0005, 0.001),
            extent=Uniform(0.1, 0.5),
            opacity=Uniform(0.2, 0.5),
            direction=Uniform(-180, 180),
            alignment=Uniform(0.3, 0.8),
        ),
        STAINS,
        SCRATCHES,
        replace(CREASES, p=0.2),
        LOSSES,
        *REAL_SCAN,
    ),
    PRINT_LATENTS,
    "A mounted albumen print of the 1880s: blue-sensitive plate, contact print without grain, soft long tone scale, "
    "turned yellow-brown with faded highlights.",
)
