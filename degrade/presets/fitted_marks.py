"""Marks of `old-print`: how often and how much of them was found on 39 real prints by scripts/fit_marks.py.

Counted by eye on those prints are all chances, the weights of kinds and the polarities of dust; what was seen on none
has the chance that Jeffreys gives it. Handled prints bear several kinds of marks, the others none. Fitted are how many
creases, scratches, rubbed places and specks there are, how much has flaked, and how faint the faintest of them are.
From docs/physics.md is the width of creases, from docs/defects.md that of scratches and the size of specks on handled
prints (real layers and film, no hand-drawn masks). All other numbers are guesses, those of `stages` and `losses`.
"""

from degrade.effects import (
    Abrasion,
    Cockling,
    Creases,
    Dust,
    Fingerprints,
    Flaking,
    Foxing,
    Holes,
    MissingCorner,
    Mould,
    Scratches,
    Stains,
    Tape,
    Tear,
    TornEdges,
    WaterStain,
)
from degrade.priors import Along, Choice, Group, Integers, LogUniform, Uniform, prior

FOXING = prior(
    Foxing,
    p=0.012,
    density=Along("chemical", 4, 150, spread=0.3),
    radius=LogUniform(0.002, 0.008),
    strength=Along("chemical", 0.1, 0.6, spread=0.3),
    clustering=Uniform(0.3, 0.9),
    bullseye=Uniform(0, 0.4),
    latent="chemical",
)

WATER = (
    prior(
        WaterStain,
        p=0.13,
        count=Integers(1, 2),
        size=Uniform(0.2, 0.5),
        strength=Along("water", 0.1, 0.5),
        tint=Uniform(0.1, 0.3),
        lines=Integers(1, 4),
        fade=Uniform(0.008, 0.03),
        only_with="water",
    ),
    prior(
        Mould,
        p=0.37,
        density=Along("water", 4, 50),
        radius=LogUniform(0.01, 0.03),
        strength=Along("water", 0.1, 0.5),
        spread=Uniform(0.15, 0.5),
        colour=Choice(("green", "brown", "black"), weights=(2, 3, 1)),
        only_with="water",
    ),
    prior(
        Cockling,
        p=0.13,
        pull=Along("water", 0.001, 0.005),
        wavelength=Uniform(0.15, 0.6),
        shading=Along("water", 0.02, 0.08),
        light=Uniform(-180, 180),
        only_with="water",
    ),
)

HANDLING = (
    Group(
        "one_of",
        (
            prior(
                Stains,
                count=Integers(1, 4),
                size=LogUniform(0.02, 0.15),
                strength=Along("chemical", 0.08, 0.5, spread=0.3),
                tint=Choice(("brown", "grease", "grey", "ink", "rust"), weights=(4, 2, 2, 1, 1)),
            ),
            prior(
                Fingerprints,
                count=Integers(1, 4),
                size=Uniform(0.13, 0.2),
                strength=LogUniform(0.05, 0.4),
                tint=Choice(("brown", "black", "pale"), weights=(3, 1, 2)),
            ),
        ),
        p=0.062,
        weights=(2.5, 0.5),
        name="stains",
    ),
    Group(
        "in_order",
        (
            prior(
                Abrasion,
                p=0.339,
                density=Along("mechanical", 0.6, 7.2),
                size=LogUniform(0.03, 0.12),
                opacity=Along("mechanical", 0.1, 0.8),
                edges=Uniform(0.3, 0.9),
                latent="mechanical",
            ),
            prior(
                Scratches,
                p=0.396,
                density=Along("mechanical", 4.4, 180.0, spread=0.25),
                length=LogUniform(0.05, 0.15),
                width=LogUniform(0.002, 0.008),
                opacity=Uniform(0.2, 1),
                swarming=Uniform(0.3, 0.9),
                polarity=Choice(("light", "dark"), weights=(5, 1)),
                latent="mechanical",
            ),
            prior(
                Creases,
                p=0.673,
                folds=Along("mechanical", 0, 3, spread=0.3),
                corners=Along("mechanical", 0, 7, spread=0.3),
                width=LogUniform(0.004, 0.014),
                opacity=Along("mechanical", 0.2, 1),
                feathers=Uniform(0.1, 0.8),
                shading=Uniform(0, 0.06),
                latent="mechanical",
            ),
            prior(
                Flaking,
                p=0.396,
                extent=Along("mechanical", 0.0018, 0.036),
                size=LogUniform(0.03, 0.1),
                clustering=Uniform(0.3, 0.8),
                rim=Uniform(0, 0.3),
                latent="mechanical",
            ),
            Group(
                "one_of",
                (
                    prior(
                        TornEdges,
                        sides=Integers(1, 3),
                        depth=Along("mechanical", 0.01, 0.07),
                        extent=Uniform(0.15, 0.9),
                        rim=LogUniform(0.003, 0.01),
                        background=Choice(("white", "black")),
                    ),
                    prior(
                        MissingCorner,
                        corners=Integers(1, 2),
                        size=Along("mechanical", 0.04, 0.2),
                        raggedness=Uniform(0.2, 0.8),
                        rim=LogUniform(0.003, 0.012),
                        background=Choice(("white", "black")),
                    ),
                    prior(
                        Tear,
                        tears=Integers(1, 3),
                        length=Along("mechanical", 0.08, 0.45),
                        rim=LogUniform(0.002, 0.008),
                        opening=LogUniform(0.0005, 0.006),
                        background=Choice(("white", "black")),
                    ),
                    prior(
                        Holes,
                        count=Integers(1, 3),
                        radius=LogUniform(0.006, 0.05),
                        rough=Uniform(0.3, 0.8),
                        feather=LogUniform(0.001, 0.004),
                        paper=Uniform(0.75, 0.95),
                        warmth=Uniform(0.03, 0.25),
                        number=Choice((0, 3, 4, 7)),
                    ),
                ),
                p=0.361,
                weights=(3.5, 2.5, 0.5, 1.5),
                name="losses",
            ),
            prior(
                Dust,
                p=0.75,
                density=LogUniform(3.6, 86.0),
                size=LogUniform(0.003, 0.012),
                opacity=Uniform(0.2, 1),
                clustering=0.6,
                polarity=Choice(("light", "dark"), weights=(9.5, 4.5)),
                name="specks",
            ),
        ),
        p=0.438,
        name="handling",
    ),
    prior(
        Tape,
        p=0.012,
        strips=Integers(1, 2),
        width=Uniform(0.07, 0.13),
        strength=Uniform(0.15, 0.6),
        bubbles=Uniform(0.1, 0.6),
        where=Choice(("edges", "across", "mixed")),
        latent="mechanical",
    ),
)

DUST = prior(
    Dust,
    p=0.109,
    density=LogUniform(5, 120),
    size=LogUniform(0.0012, 0.003),
    opacity=Uniform(0.4, 1),
    clustering=0.6,
    polarity=Choice(("light", "dark"), weights=(1.5, 1.5)),
)
