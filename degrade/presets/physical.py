"""Physical presets, in the order of a photo's life: taking, printing, ageing, handling, scanning.

Numbers marked as fitted, and the scan (`scans`), are those of 39 real prints, by kind: grey and hardly tinted ones for
gelatin-1930 (21), yellow or brown ones for albumen-1880 (10), those with hues of their own for chrome-1975 (8), all for
web-scan (scripts/print_ranges.py; eight or ten prints are few, and the fit draws them towards all). The prints have no
dates and no processes: films, processes, defects, mirroring and edges follow published numbers, and are estimates where
there are none. newsprint-1950 is not fitted, for there is no halftone among the prints.
"""

from dataclasses import replace

from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    Craquelure,
    DyeFading,
    FilmGrain,
    Flare,
    GammaShift,
    GaussianBlur,
    Halftone,
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
from degrade.presets.scans import PRINT_LATENTS, REAL_SCAN
from degrade.presets.stages import CREASES, FOXING, HANDLING, LATENTS, LOSSES, SCAN, SCRATCHES, STAINS, WATER
from degrade.priors import Along, Choice, Group, LogUniform, Uniform, prior

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

CHROME_1975 = Pipeline(
    "chrome-1975",
    (
        prior(GaussianBlur, sigma=Along("chemical", 0.46, 1.2, spread=0.3), kernel=0),  # fitted
        prior(Vignette, p=0.3, loss=Uniform(0.05, 0.3), barrel=Uniform(0, 0.5)),
        prior(BlackAndWhite, film="luma", strength=Uniform(0.027, 0.62), name="pale dyes"),  # fitted
        prior(  # fitted, but for the exponent
            FilmGrain, p=0.96, strength=LogUniform(0.046, 0.12), size=Uniform(0.45, 0.61), exponent=0.8, channels="one"
        ),
        prior(
            CharacteristicCurve,
            dmin=0.0,  # all of it fitted: a scan's white is its paper
            dmax=Along("chemical", 3.5, 2.4, spread=0.3),
            slope=Uniform(1.9, 3.3),
            shape=Uniform(0.71, 1.4),
            exposure=Uniform(-0.096, 0.11),
            veil=LogUniform(0.00046, 0.005),
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
                    cyan=Along("chemical", 1, 0.54, spread=0.3),  # all of it fitted
                    magenta=Along("chemical", 0.96, 0.77, spread=0.3),
                    yellow=Along("chemical", 0.98, 0.56, spread=0.3),
                    shift=Uniform(0, 0.025),
                    name="both fadings",
                ),
            ),
            weights=(5, 2, 3),
            name="fading",
        ),
        prior(
            Yellowing,
            p=0.51,  # fitted
            strength=Along("chemical", 0.019, 0.13, spread=0.3),  # fitted
            unevenness=Uniform(0.1, 0.89),  # fitted
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
        *REAL_SCAN,
    ),
    PRINT_LATENTS,
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

WEB_GRAIN = prior(
    FilmGrain, p=0.96, strength=LogUniform(0.035, 0.095), size=Uniform(0.45, 0.61), exponent=0.8, channels="one"
)
"""Fitted, but for the exponent."""

WEB_PAPER = prior(
    CharacteristicCurve,
    dmin=Along("chemical", 0, 0.0025, spread=0.3),
    dmax=Along("chemical", 3.6, 2.4, spread=0.3),
    slope=Uniform(1.9, 3.2),
    shape=Uniform(0.66, 1.3),
    exposure=Uniform(-0.17, 0.038),
    veil=LogUniform(0.00051, 0.0055),
)
"""Fitted."""

WEB_SCAN = Pipeline(
    "web-scan",
    (
        prior(GaussianBlur, sigma=Along("chemical", 0.42, 1.2, spread=0.3), kernel=0),  # fitted, as the light
        prior(UnevenLight, p=0.27, strength=LogUniform(0.022, 0.18), slope=Uniform(0.2, 1), size=Uniform(0.4, 1)),
        Group(
            "one_of",
            (
                Group(
                    "in_order",
                    (
                        prior(BlackAndWhite, film=Choice(("orthochromatic", "panchromatic")), strength=1.0),
                        WEB_GRAIN,
                        WEB_PAPER,
                        prior(
                            Toning,
                            p=0.77,  # fitted
                            process=Choice(("gelatin-aged", "gelatin-warm", "sulfide-sepia")),
                            strength=Uniform(0.24, 0.74),  # fitted
                            compression=Uniform(0.096, 0.39),  # fitted
                        ),
                    ),
                    name="monochrome",
                ),
                Group(
                    "in_order",
                    (
                        prior(BlackAndWhite, film="luma", strength=Uniform(0.027, 0.62), name="pale dyes"),  # fitted
                        replace(WEB_GRAIN, name="grain in colour"),
                        replace(WEB_PAPER, name="colour paper"),
                        prior(
                            DyeFading,
                            cyan=Along("chemical", 1, 0.54, spread=0.3),  # all of it fitted
                            magenta=Along("chemical", 0.96, 0.77, spread=0.3),
                            yellow=Along("chemical", 0.98, 0.56, spread=0.3),
                            shift=Uniform(0, 0.025),
                        ),
                    ),
                    name="colour",
                ),
            ),
            weights=(0.8, 0.21),  # as among the prints
            name="print",
        ),
        replace(SCRATCHES, p=0.3),
        replace(CREASES, p=0.15),
        *REAL_SCAN,
    ),
    PRINT_LATENTS,
    "An old photo as the web shows it: a mild print, scanned, made smaller, sharpened and saved as JPEG once or twice.",
)
