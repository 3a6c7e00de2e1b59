"""What the field's papers use, for comparison."""

from degrade.effects import (
    BlackAndWhite,
    BoxBlur,
    ColourJitter,
    FilmGrain,
    GaussianBlur,
    GaussianNoise,
    Holes,
    JpegCompression,
    LowResolution,
    PaperTexture,
    SaltAndPepper,
    ScratchTexture,
    SpeckleNoise,
    StraightLines,
)
from degrade.pipeline import Pipeline
from degrade.priors import Choice, Group, Integers, LogUniform, OwnTexture, Uniform, prior

WAN2020_CODE = Pipeline(
    "wan2020-code",
    (
        prior(BlackAndWhite, p=0.1, film="luma", strength=1.0),
        Group(
            "shuffled",
            (
                prior(GaussianBlur, p=0.7, sigma=Uniform(1, 5), kernel=Choice((3, 5, 7))),
                Group(
                    "one_of",
                    (
                        prior(GaussianNoise, sigma=Uniform(5, 50), channels="three", size=1.0),
                        prior(
                            SpeckleNoise, sigma=Uniform(0.0196, 0.196), channels="three", size=1.0
                        ),  # 5/255 to 50/255
                        prior(
                            SaltAndPepper, share=Uniform(0, 0.01), salt=Uniform(0.3, 0.8), channels="three", size=1.0
                        ),
                    ),
                    p=0.7,
                    name="noise",
                ),
                prior(
                    LowResolution,
                    p=0.7,
                    width=Uniform(0.5, 1),
                    height=Uniform(0.5, 1),
                    down="cubic",
                    up=Choice(("nearest", "linear")),
                ),
                prior(JpegCompression, p=0.7, quality=Integers(40, 100), subsampling="4:2:0"),
            ),
            name="unstructured",
        ),
    ),
    about="The released code of Wan et al. 2020: four operations in random order, each kept with 70 %, noise of "
    "its own colour even on grey photos. It rounds where theirs truncates. Its holes come from mask files and are "
    "left out.",
)

WAN2020_PAPER = Pipeline(
    "wan2020-paper",
    (
        Group(
            "shuffled",
            (
                prior(GaussianNoise, p=0.7, sigma=Uniform(5, 50), channels="auto", size=1.0),
                prior(GaussianBlur, p=0.7, sigma=Uniform(1, 5), kernel=Choice((3, 5, 7))),
                prior(JpegCompression, p=0.7, quality=Integers(40, 100), subsampling="4:2:0"),
                prior(ColourJitter, p=0.7, red=Uniform(-20, 20), green=Uniform(-20, 20), blue=Uniform(-20, 20)),
                prior(BoxBlur, p=0.7, size=Choice((3.0, 5.0, 7.0))),  # the paper gives no size
            ),
            name="unstructured",
        ),
        prior(
            ScratchTexture,
            p=0.7,
            texture=OwnTexture("scratch"),
            number=Integers(0, 39),
            blend=Choice(("add", "lighten", "screen")),
            opacity=Uniform(0.3, 1),
            zoom=LogUniform(0.7, 1.6),
            elastic=Uniform(0, 0.05),
        ),
        prior(
            PaperTexture,
            p=0.4,
            texture=OwnTexture("paper"),
            number=Integers(0, 23),
            blend=Choice(("add", "lighten", "screen")),
            opacity=Uniform(0.05, 0.5),
            zoom=LogUniform(0.7, 1.6),
            elastic=Uniform(0, 0.03),
        ),
        prior(
            Holes,
            p=0.4,
            count=Integers(1, 4),
            radius=LogUniform(0.02, 0.12),
            rough=Uniform(0.2, 0.8),
            feather=LogUniform(0.003, 0.02),
            paper=Uniform(0.75, 0.97),
            warmth=Uniform(0, 0.3),
            number=Integers(0, 23),
        ),
        prior(FilmGrain, p=0.5, strength=LogUniform(0.01, 0.08), size=Uniform(0.6, 1.2), exponent=0.9, channels="one"),
        prior(GaussianBlur, p=0.5, sigma=Uniform(0.3, 1.5), kernel=Choice((3, 5, 7)), name="final blur"),
    ),
    about="The text of Wan et al. 2022, section 4.2: five operations in random order, each dropped with 30 %; scratch "
    "and paper textures by addition, lighten-only and screen under elastic distortion; feathered holes that unveil "
    "paper; film grain and blur. How often the structured ones come, and sizes the text does not give, are estimates.",
)

COURSEWORK_2021 = Pipeline(
    "coursework-2021",
    (
        prior(BlackAndWhite, p=0.5, film="luma", strength=1.0),
        prior(GaussianNoise, p=0.7, sigma=Uniform(10, 30), channels="three", size=1.0),
        prior(StraightLines, p=0.7, count=Integers(1, 12), width=Uniform(1, 3), level=Uniform(200, 255)),
    ),
    about="A student replication of Wan et al., 2021: Gaussian noise, random grey, random straight lines. Its ranges "
    "are not told and are estimates.",
)
