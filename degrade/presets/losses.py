"""What hands, albums and time have taken away from a print; at most one kind of it on one photo."""

from degrade.effects import Flaking, Holes, MissingCorner, Tear, TornEdges
from degrade.priors import Along, Choice, Group, Integers, LogUniform, Uniform, prior

LOSSES = Group(
    "one_of",
    (
        prior(
            TornEdges,
            p=0.25,
            latent="mechanical",
            sides=Integers(1, 3),
            depth=Along("mechanical", 0.01, 0.07),
            extent=Uniform(0.15, 0.9),
            rim=LogUniform(0.003, 0.01),
            background=Choice(("white", "black")),
        ),
        prior(
            MissingCorner,
            p=0.3,
            latent="mechanical",
            corners=Integers(1, 2),
            size=Along("mechanical", 0.04, 0.2),
            raggedness=Uniform(0.2, 0.8),
            rim=LogUniform(0.003, 0.012),
            background=Choice(("white", "black")),
        ),
        prior(
            Tear,
            p=0.3,
            latent="mechanical",
            tears=Integers(1, 3),
            length=Along("mechanical", 0.08, 0.45),
            rim=LogUniform(0.002, 0.008),
            opening=LogUniform(0.0005, 0.006),
            background=Choice(("white", "black")),
        ),
        prior(
            Holes,
            p=0.15,
            latent="mechanical",
            count=Integers(1, 3),
            radius=LogUniform(0.006, 0.05),
            rough=Uniform(0.3, 0.8),
            feather=LogUniform(0.001, 0.004),
            paper=Uniform(0.75, 0.95),
            warmth=Uniform(0.03, 0.25),
            number=Choice((0, 3, 4, 7)),
        ),
        prior(
            Flaking,
            p=0.2,
            latent="mechanical",
            extent=Along("mechanical", 0.003, 0.06),
            size=LogUniform(0.03, 0.1),
            clustering=Uniform(0.3, 0.8),
            rim=Uniform(0, 0.3),
        ),
    ),
    name="losses",
)
