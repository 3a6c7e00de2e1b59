"""Old photos of no particular time, in three conditions."""

from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    DyeFading,
    FilmGrain,
    GaussianBlur,
    SilverFading,
    SilverMirroring,
    Toning,
    Vignette,
    Yellowing,
)
from degrade.pipeline import Pipeline
from degrade.presets.stages import FOXING, HANDLING, LATENTS, SCAN, WATER
from degrade.priors import Along, Choice, Group, Latent, LogUniform, Uniform, prior

STEPS = (
    prior(GaussianBlur, p=0.8, sigma=Along("chemical", 0.35, 1.3, spread=0.4), kernel=0),  # heavier damage is softer
    prior(Vignette, p=0.3, loss=Uniform(0.05, 0.35), barrel=Uniform(0, 0.5)),
    prior(FilmGrain, p=0.6, strength=LogUniform(0.005, 0.025), size=Uniform(0.6, 0.85), exponent=0.8, channels="auto"),
    Group(
        "one_of",
        (
            Group(
                "in_order",
                (
                    prior(
                        BlackAndWhite,
                        film=Choice(("blue-sensitive", "orthochromatic", "panchromatic"), (1, 3, 3)),
                        strength=1.0,
                    ),
                    prior(
                        SilverFading,
                        p=0.6,
                        latent="chemical",
                        highlights=Along("chemical", 0, 0.45),
                        overall=Along("chemical", 0, 0.35),
                        warmth=Along("chemical", 0, 0.5),
                        unevenness=Along("chemical", 0, 0.4),
                        edges=LogUniform(0.1, 2),
                    ),
                    prior(
                        Toning,
                        p=0.7,
                        process=Choice(
                            ("gelatin-neutral", "gelatin-warm", "gelatin-aged", "albumen-aged", "sulfide-sepia"),
                            (2, 2, 5, 2, 1),
                        ),
                        strength=Uniform(0.4, 1),
                        compression=0.1,
                    ),
                    prior(
                        SilverMirroring,
                        p=0.25,
                        latent="chemical",
                        strength=Along("chemical", 0.1, 0.8),
                        reach=Uniform(0.02, 0.12),
                        patches=Along("chemical", 0, 0.25),
                        unevenness=Uniform(0.2, 0.6),
                    ),
                ),
                name="silver",
            ),
            prior(
                DyeFading,
                cyan=Along("chemical", 1, 0.35),
                magenta=Along("chemical", 1, 0.8, spread=0.4),
                yellow=Along("chemical", 1, 0.6),
                shift=Along("chemical", 0, 0.03),
            ),
        ),
        weights=(7, 3),
        name="material",
    ),
    prior(
        CharacteristicCurve,
        dmin=Along("chemical", 0.03, 0.16),
        dmax=Along("chemical", 2.6, 1.4),
        slope=Uniform(1.8, 3.4),
        shape=Uniform(0.6, 1.2),
        exposure=Uniform(-0.1, 0.1),
        veil=0.004,
    ),
    prior(
        Yellowing,
        p=0.6,
        latent="chemical",
        strength=Along("chemical", 0, 0.18),
        unevenness=Along("chemical", 0, 0.5),
        edges=Along("chemical", 0, 0.06),
        reach=Uniform(0.03, 0.12),
    ),
    FOXING,
    *WATER,
    *HANDLING,
    *SCAN,
)

MILD = Pipeline(
    "mild",
    STEPS,
    {
        "chemical": Latent(1.15, 4),
        "mechanical": Latent(1.15, 4, follows="chemical", correlation=0.2),
        "water": Latent(1.5, 3, p=0.03),
    },
    "Looked after: a little fading, a few scratches and specks.",
)

MEDIUM = Pipeline("medium", STEPS, LATENTS, "The usual drawer: faded and yellow, some creases, now and then a flood.")

SEVERE = Pipeline(
    "severe",
    STEPS,
    {
        "chemical": Latent(2.6, 1.5),
        "mechanical": Latent(2.6, 1.5, follows="chemical", correlation=0.2),
        "water": Latent(1.5, 1, p=0.2),
    },
    "Found in the attic: lifted blacks, yellow, soft, creased, torn.",
)
