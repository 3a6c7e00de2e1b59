"""First physical presets, in the order of a photo's life: taking, printing, ageing, handling, scanning.

Numbers follow published ones where they exist; probabilities and many ranges are estimates, and none is fitted yet.
"""

from dataclasses import replace

from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    ContrastLoss,
    Craquelure,
    DyeFading,
    FilmGrain,
    Flare,
    GammaShift,
    GaussianBlur,
    Halftone,
    LowResolution,
    MotionBlur,
    PaperTexture,
    SilverFading,
    SilverMirroring,
    Toning,
    UnevenLight,
    Vignette,
    Yellowing,
)
from degrade.pipeline import Pipeline
from degrade.presets.stages import CREASES, FOXING, HANDLING, LATENTS, LOSSES, SCAN, SCRATCHES, STAINS, WATER
from degrade.priors import Along, Choice, Group, LogUniform, Uniform, prior

ALBUMEN_1880 = Pipeline(
    "albumen-1880",
    (
        prior(BlackAndWhite, film="blue-sensitive", strength=1.0),
        prior(MotionBlur, p=0.1, length=Uniform(1.5, 5), angle=Uniform(-180, 180)),  # exposures of seconds
        prior(GaussianBlur, p=0.8, sigma=LogUniform(0.4, 1.3), kernel=0),
        prior(Vignette, p=0.4, loss=Uniform(0.05, 0.4), barrel=Uniform(0, 0.6)),
        prior(Flare, p=0.4, veil=LogUniform(0.005, 0.04), halo=Uniform(0, 0.08), radius=Uniform(0.02, 0.05)),
        prior(
            CharacteristicCurve,
            dmin=Uniform(0.05, 0.1),
            dmax=Along("chemical", 1.9, 1.1),
            slope=Uniform(1.5, 2.5),
            shape=Uniform(0.9, 1.3),
            exposure=Uniform(-0.1, 0.15),
            veil=LogUniform(0.004, 0.02),
        ),
        prior(
            SilverFading,
            p=0.9,
            highlights=Along("chemical", 0.05, 0.5),
            overall=Along("chemical", 0.02, 0.35),
            warmth=0.0,
            unevenness=Along("chemical", 0, 0.4),
            edges=LogUniform(0.1, 1),
        ),
        Group(
            "one_of",
            (
                prior(Toning, process="albumen-aged", strength=Along("chemical", 0.55, 1), compression=0.15),
                prior(Toning, process="albumen-fresh", strength=Uniform(0.7, 1), compression=0.1, name="fresh"),
            ),
            weights=(0.92, 0.08),  # nine of ten surviving albumen prints have turned
            name="process",
        ),
        prior(
            Yellowing,
            p=0.4,
            strength=Along("chemical", 0.01, 0.08),  # the tone of the process has the rest
            unevenness=Uniform(0, 0.5),
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
        *SCAN,
    ),
    LATENTS,
    "A mounted albumen print of the 1880s: blue-sensitive plate, contact print without grain, soft long tone scale, "
    "turned yellow-brown with faded highlights.",
)

GELATIN_1930 = Pipeline(
    "gelatin-1930",
    (
        prior(
            BlackAndWhite,
            film=Choice(("orthochromatic", "panchromatic", "panchromatic-yellow-filter"), (6, 3, 1)),
            strength=1.0,
        ),
        prior(MotionBlur, p=0.12, length=Uniform(1, 4), angle=Uniform(-180, 180)),
        prior(GaussianBlur, p=0.85, sigma=LogUniform(0.4, 1.2), kernel=0),
        prior(
            Vignette, p=0.5, loss=Uniform(0.05, 0.36), barrel=Uniform(0, 0.5)
        ),  # 0.36: a box camera's cos^4 at its corner
        prior(Flare, p=0.4, veil=LogUniform(0.005, 0.04), halo=Uniform(0, 0.08), radius=Uniform(0.02, 0.05)),
        prior(
            FilmGrain, p=0.8, strength=LogUniform(0.006, 0.03), size=Uniform(0.6, 0.85), exponent=0.7, channels="one"
        ),
        prior(
            CharacteristicCurve,
            dmin=Uniform(0.04, 0.1),
            dmax=Along("chemical", 2.1, 1.3),
            slope=Uniform(2.2, 4),
            shape=Uniform(0.57, 1.1),
            exposure=Uniform(-0.12, 0.12),
            veil=LogUniform(0.004, 0.03),
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
            highlights=Along("chemical", 0.02, 0.4),
            overall=Along("chemical", 0.02, 0.3),
            warmth=Along("chemical", 0, 0.5),
            unevenness=Along("chemical", 0, 0.4),
            edges=LogUniform(0.1, 2),
        ),
        prior(
            Toning,
            p=0.75,
            process=Choice(
                ("gelatin-neutral", "gelatin-warm", "gelatin-aged", "sulfide-sepia", "selenium"), (2, 3, 5, 1.5, 0.5)
            ),
            strength=Uniform(0.5, 1),
            compression=0.1,
        ),
        prior(
            Yellowing,
            p=0.5,
            latent="chemical",
            strength=Along("chemical", 0.01, 0.12),
            unevenness=Uniform(0, 0.5),
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
        *SCAN,
    ),
    LATENTS,
    "A gelatin silver snapshot or portrait of the 1930s: orthochromatic or panchromatic roll film, box-camera "
    "fall-off, a little grain, silver mirroring at the edges, creases and scratches of an album.",
)

CHROME_1975 = Pipeline(
    "chrome-1975",
    (
        prior(GaussianBlur, p=0.8, sigma=LogUniform(0.4, 1.1), kernel=0),
        prior(Vignette, p=0.3, loss=Uniform(0.05, 0.3), barrel=Uniform(0, 0.5)),
        prior(
            FilmGrain, p=0.8, strength=LogUniform(0.006, 0.03), size=Uniform(0.6, 0.95), exponent=0.6, channels="auto"
        ),
        prior(
            CharacteristicCurve,
            dmin=Uniform(0.05, 0.1),
            dmax=Uniform(1.9, 2.4),
            slope=Uniform(2, 3.6),
            shape=Uniform(0.6, 1.1),
            exposure=Uniform(-0.1, 0.1),
            veil=LogUniform(0.004, 0.015),
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
                    cyan=Along("chemical", 0.98, 0.65),
                    magenta=Along("chemical", 0.98, 0.7),
                    yellow=Along("chemical", 0.98, 0.66),
                    shift=Along("chemical", 0, 0.05),
                    name="both fadings",
                ),
            ),
            weights=(5, 2, 3),
            name="fading",
        ),
        prior(
            Yellowing,
            p=0.85,
            strength=Along("chemical", 0.02, 0.2),
            unevenness=Uniform(0, 0.3),
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
        *SCAN,
    ),
    LATENTS,
    "A chromogenic colour print of 1955 to 1983: faded dyes with cross-talk, red from the dark or green from the wall, "
    "yellow stain, silk-textured paper.",
)

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

WEB_SCAN = Pipeline(
    "web-scan",
    (
        Group(
            "one_of",
            (
                Group(
                    "in_order",
                    (
                        prior(BlackAndWhite, film=Choice(("orthochromatic", "panchromatic")), strength=1.0),
                        prior(
                            Toning,
                            p=0.5,
                            process=Choice(("gelatin-aged", "gelatin-warm", "sulfide-sepia")),
                            strength=Uniform(0.4, 1),
                            compression=0.0,
                        ),
                    ),
                    name="monochrome",
                ),
                prior(
                    DyeFading,
                    cyan=Along("chemical", 1, 0.6),
                    magenta=Along("chemical", 1, 0.8),
                    yellow=Along("chemical", 1, 0.75),
                    shift=0.0,
                ),
            ),
            weights=(3, 2),
            name="print",
        ),
        prior(ContrastLoss, p=0.7, blacks=Along("chemical", 0, 40), whites=Along("chemical", 0, 35)),
        prior(UnevenLight, p=0.2, strength=LogUniform(0.02, 0.15), slope=Uniform(0.3, 1), size=Uniform(0.4, 1)),
        replace(SCRATCHES, p=0.3),
        replace(CREASES, p=0.15),
        prior(GaussianBlur, p=0.9, sigma=LogUniform(0.4, 1.1), kernel=0),
        prior(
            LowResolution,
            p=0.6,
            width=Uniform(0.4, 0.95),
            height=Uniform(0.4, 0.95),
            down="gaussian",
            up=Choice(("linear", "cubic")),
        ),
        *SCAN,
    ),
    LATENTS,
    "An old photo as the web shows it: a mild print, scanned, made smaller, sharpened and saved as JPEG once or twice.",
)
