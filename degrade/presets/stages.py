"""Stages of a photo's life that several physical presets share.

Three latent quantities are drawn once for a photo: `chemical` (fading, stain, mirroring, foxing), `mechanical`
(creases, scratches, losses) and `water` (a flood, which brings tide lines, mould and cockling together).
"""

from degrade.effects import (
    Abrasion,
    Cockling,
    Creases,
    DoubleJpeg,
    Dust,
    Fingerprints,
    Foxing,
    JpegCompression,
    Mould,
    ScannerBanding,
    Scratches,
    SensorNoise,
    Sharpening,
    Skew,
    Stains,
    Tape,
    WaterStain,
)
from degrade.presets.losses import LOSSES
from degrade.priors import Along, Choice, Group, Integers, Latent, LogUniform, Normal, Uniform, prior

LATENTS = {
    "chemical": Latent(1.8, 2.6),
    "mechanical": Latent(1.8, 2.6, follows="chemical", correlation=0.2),
    "water": Latent(1.5, 1.5, p=0.1),
}
"""A medium condition; the two kinds of ageing are nearly independent, as measured on real prints."""

SCAN = (
    prior(
        Dust,
        p=0.5,
        density=LogUniform(5, 120),
        size=LogUniform(0.0012, 0.003),
        opacity=Uniform(0.4, 1),
        clustering=0.6,
        polarity=Choice(("light", "dark"), (2, 1)),
    ),
    prior(
        Skew,
        p=0.1,
        angle=Normal(0, 0.8, -3, 3),
        across=Normal(0, 0.004, -0.02, 0.02),
        down=Normal(0, 0.004, -0.02, 0.02),
        lid=Choice(("white", "black")),
    ),
    prior(SensorNoise, p=0.8, shadows=LogUniform(0.8, 3), lights=LogUniform(0.4, 1.2), size=0.55, channels="auto"),
    prior(
        ScannerBanding,
        p=0.15,
        amplitude=LogUniform(0.2, 0.9),
        width=Uniform(1, 3),
        axis=Choice(("down", "across")),
        channels="auto",
    ),
    prior(Sharpening, p=0.15, sigma=Uniform(0.6, 1), amount=Uniform(0.4, 1.4)),  # strong halos are the exception
    Group(
        "one_of",
        (
            prior(JpegCompression, quality=Integers(70, 99), subsampling=Choice(("4:2:0", "4:4:4"), (6, 4))),
            prior(
                DoubleJpeg,
                first=Integers(65, 92),
                second=Integers(75, 97),
                across=Integers(0, 7),
                down=Integers(0, 7),
                subsampling="4:2:0",
            ),
        ),
        p=0.85,
        weights=(2, 1),
        name="web",
    ),
)

WATER = (
    prior(
        WaterStain,
        p=0.9,
        only_with="water",
        count=Integers(1, 2),
        size=Uniform(0.2, 0.5),
        strength=Along("water", 0.1, 0.5),
        tint=Uniform(0.1, 0.3),
        lines=Integers(1, 4),
        fade=Uniform(0.008, 0.03),
    ),
    prior(
        Mould,
        p=0.35,
        only_with="water",
        density=Along("water", 4, 50),
        radius=LogUniform(0.01, 0.03),
        strength=Along("water", 0.1, 0.5),
        spread=Uniform(0.15, 0.5),
        colour=Choice(("green", "brown", "black"), (2, 3, 1)),
    ),
    prior(
        Cockling,
        p=0.5,
        only_with="water",
        pull=Along("water", 0.001, 0.005),
        wavelength=Uniform(0.15, 0.6),
        shading=Along("water", 0.02, 0.08),
        light=Uniform(-180, 180),
    ),
)

FOXING = prior(
    Foxing,
    p=0.25,
    latent="chemical",
    density=Along("chemical", 4, 150, spread=0.3),
    radius=LogUniform(0.002, 0.008),
    strength=Along("chemical", 0.1, 0.6, spread=0.3),
    clustering=Uniform(0.3, 0.9),
    bullseye=Uniform(0, 0.4),
)

STAINS = Group(
    "one_of",
    (
        prior(
            Stains,
            p=0.3,
            latent="chemical",
            count=Integers(1, 4),
            size=LogUniform(0.02, 0.15),
            strength=Along("chemical", 0.08, 0.5, spread=0.3),
            tint=Choice(("brown", "grease", "grey", "ink", "rust"), (4, 2, 2, 1, 1)),
        ),
        prior(
            Fingerprints,
            p=0.3,
            latent="mechanical",
            count=Integers(1, 4),
            size=Uniform(0.13, 0.2),
            strength=LogUniform(0.05, 0.4),
            tint=Choice(("brown", "black", "pale"), (3, 1, 2)),
        ),
    ),
    name="stains",
)

SCRATCHES = prior(
    Scratches,
    p=0.5,
    latent="mechanical",
    density=Along("mechanical", 4, 160, spread=0.25),
    length=LogUniform(0.05, 0.15),
    width=LogUniform(0.0008, 0.003),
    opacity=Uniform(0.4, 1),
    swarming=Uniform(0.3, 0.9),
    polarity=Choice(("light", "dark"), (5, 1)),
)

CREASES = prior(
    Creases,
    p=0.4,
    latent="mechanical",
    folds=Along("mechanical", 0, 3, spread=0.3),
    corners=Along("mechanical", 0, 6, spread=0.3),
    width=LogUniform(0.0015, 0.005),
    opacity=Along("mechanical", 0.4, 1),
    feathers=Uniform(0.1, 0.8),
    shading=Uniform(0, 0.06),
)

ABRASION = prior(
    Abrasion,
    p=0.25,
    latent="mechanical",
    density=Along("mechanical", 1, 12),
    size=LogUniform(0.03, 0.12),
    opacity=Along("mechanical", 0.2, 0.8),
    edges=Uniform(0.3, 0.9),
)

TAPE = prior(
    Tape,
    p=0.06,
    latent="mechanical",
    strips=Integers(1, 2),
    width=Uniform(0.07, 0.13),
    strength=Uniform(0.15, 0.6),
    bubbles=Uniform(0.1, 0.6),
    where=Choice(("edges", "across", "mixed")),
)

HANDLING = (STAINS, ABRASION, SCRATCHES, CREASES, LOSSES, TAPE)
"""What hands, albums and pockets do."""
