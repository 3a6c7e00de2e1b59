"""What a defect detector is to find: every mark with an edge, wide enough to be seen, on photos of any tone."""

from dataclasses import replace

from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    Craquelure,
    Creases,
    Dust,
    DyeFading,
    FilmGrain,
    GaussianBlur,
    Hair,
    Lint,
    Scratches,
    ScratchTexture,
    Toning,
    Yellowing,
)
from degrade.pipeline import Pipeline
from degrade.presets.losses import LOSSES
from degrade.presets.stages import ABRASION, SCAN
from degrade.priors import Along, Choice, Group, Integers, Latent, LogUniform, OwnTexture, Uniform, prior

TONE = (
    prior(GaussianBlur, p=0.5, sigma=Uniform(0.3, 1.2), kernel=0),
    prior(FilmGrain, p=0.6, strength=LogUniform(0.005, 0.03), size=Uniform(0.6, 0.9), exponent=0.8, channels="auto"),
    Group(
        "one_of",
        (
            Group(
                "in_order",
                (
                    prior(BlackAndWhite, film="panchromatic", strength=1.0),
                    prior(
                        Toning,
                        p=0.6,
                        process=Choice(("gelatin-neutral", "gelatin-warm", "gelatin-aged", "albumen-aged")),
                        strength=Uniform(0.4, 1),
                        compression=0.1,
                    ),
                ),
                name="silver",
            ),
            prior(
                DyeFading,
                cyan=Along("chemical", 1, 0.4),
                magenta=Along("chemical", 1, 0.8, spread=0.4),
                yellow=Along("chemical", 1, 0.6),
                shift=Along("chemical", 0, 0.03),
            ),
        ),
        p=0.8,
        weights=(7, 3),
        name="material",
    ),
    prior(
        CharacteristicCurve,
        p=0.6,
        dmin=Along("chemical", 0.03, 0.14),
        dmax=Along("chemical", 2.6, 1.5),
        slope=Uniform(1.8, 3.4),
        shape=Uniform(0.6, 1.2),
        exposure=Uniform(-0.1, 0.1),
        veil=0.004,
    ),
    prior(
        Yellowing,
        p=0.4,
        latent="chemical",
        strength=Along("chemical", 0, 0.18),
        unevenness=Along("chemical", 0, 0.5),
        edges=Along("chemical", 0, 0.06),
        reach=Uniform(0.03, 0.12),
    ),
)

LIGHT_OR_DARK = Choice(("light", "dark"), (3, 1))

EDGED = (
    replace(ABRASION, p=0.3),
    prior(
        Scratches,
        p=0.7,
        density=Along("mechanical", 4, 80, spread=0.3),
        length=LogUniform(0.05, 0.4),
        width=LogUniform(0.002, 0.01),  # half a pixel to two and a half in a crop of 256
        opacity=Uniform(0.5, 1),
        swarming=Uniform(0, 0.9),
        polarity=LIGHT_OR_DARK,
    ),
    prior(
        ScratchTexture,
        p=0.4,
        texture=OwnTexture("scratch"),
        number=Integers(0, 39),
        blend=Choice(("add", "lighten", "screen")),
        opacity=Uniform(0.5, 1),
        zoom=LogUniform(0.7, 2.5),
        elastic=Uniform(0, 0.05),
    ),
    prior(
        Dust,
        p=0.6,
        density=LogUniform(10, 150),
        size=LogUniform(0.003, 0.015),
        opacity=Uniform(0.5, 1),
        clustering=Uniform(0.3, 0.8),
        polarity=LIGHT_OR_DARK,
        name="specks",  # beside the dust of the scanner
    ),
    Group(
        "one_of",
        (
            prior(
                Hair,
                density=LogUniform(2, 30),
                length=Uniform(0.1, 0.3),
                width=LogUniform(0.002, 0.008),
                opacity=Uniform(0.6, 1),
                curl=Uniform(0.2, 0.8),
                polarity=LIGHT_OR_DARK,
            ),
            prior(
                Lint,
                density=LogUniform(2, 40),
                size=LogUniform(0.02, 0.06),
                opacity=Uniform(0.6, 1),
                polarity=LIGHT_OR_DARK,
            ),
        ),
        p=0.4,
        name="fibres",
    ),
    prior(
        Craquelure,
        p=0.15,
        cell=LogUniform(0.04, 0.25),
        width=LogUniform(0.002, 0.008),
        extent=Uniform(0.2, 0.9),
        opacity=Uniform(0.5, 1),
        direction=Uniform(-180, 180),
        alignment=Uniform(0.2, 0.8),
    ),
    prior(
        Creases,
        p=0.7,
        folds=Along("mechanical", 0, 4, spread=0.3),
        corners=Along("mechanical", 0, 6, spread=0.3),
        width=LogUniform(0.004, 0.016),
        opacity=Along("mechanical", 0.5, 1),
        feathers=Uniform(0.1, 0.8),
        shading=Uniform(0, 0.06),
    ),
    replace(LOSSES, p=0.6),
)

MARKS = Pipeline(
    "marks",
    (*TONE, *EDGED, *SCAN),
    {"chemical": Latent(1.5, 2), "mechanical": Latent(1.6, 1.4, follows="chemical", correlation=0.2)},
    "For training defect detectors: scratches, dust, fibres, cracks, creases and losses, all of them often and wide "
    "enough for crops of 64 to 256 pixels, on photos of any tone. No stains: where they end, nobody can say.",
)
