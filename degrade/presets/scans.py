"""The scanner and the web behind the physical presets, as real prints have them.

Fitted to the scans of the 28 real prints that are stored in colour (scripts/print_ranges.py), which the fit draws
towards those of all 39; dust, lids, skew and bands are not.
"""

from degrade.effects import (
    ColourJitter,
    ContrastLoss,
    DoubleJpeg,
    GammaShift,
    JpegCompression,
    LowResolution,
    SensorNoise,
    Sharpening,
)
from degrade.presets.stages import LATENTS, SCAN
from degrade.priors import Along, Choice, Group, Integers, Latent, LogUniform, Uniform, prior

DUST, SKEW, BANDS = SCAN[0], SCAN[1], SCAN[3]

CHROMA = Choice(("4:4:4", "4:2:0"), (0.28, 0.72))

PRINT_LATENTS = LATENTS | {"scan": Latent(), "copy": Latent()}
"""With how small the scan and its copy are: both sides by the same share."""

REAL_SCAN = (
    DUST,
    SKEW,
    prior(ContrastLoss, p=0.31, blacks=Uniform(0, 28), whites=Uniform(0, 10), name="scanner's veil"),
    prior(
        LowResolution,
        p=0.5,
        width=Along("scan", 0.79, 1, spread=0.0),
        height=Along("scan", 0.79, 1, spread=0.0),
        down="gaussian",
        up=Choice(("cubic", "linear"), (0.68, 0.32)),
        name="scanner's resolution",
    ),
    prior(
        SensorNoise,
        shadows=LogUniform(1.3, 5),
        lights=LogUniform(0.39, 1.1),
        size=Uniform(0.6, 1.1),
        channels=Choice(("auto", "three"), (0.43, 0.57)),
    ),
    BANDS,
    prior(Sharpening, p=0.47, sigma=Uniform(0.38, 0.89), amount=Uniform(0.26, 1.6)),
    prior(ColourJitter, p=0.51, red=Uniform(-8, 7.8), green=Uniform(-2.8, 7.1), blue=Uniform(-15, 2.9)),
    prior(GammaShift, p=0.38, gamma=LogUniform(0.79, 1.1)),
    Group(
        "one_of",
        (
            prior(JpegCompression, quality=Integers(85, 100), subsampling=CHROMA),
            prior(
                DoubleJpeg,
                first=Integers(67, 95),
                second=100,
                across=Integers(0, 7),
                down=Integers(0, 7),
                subsampling=CHROMA,
            ),
            Group(
                "in_order",
                (
                    prior(
                        JpegCompression,
                        quality=Integers(68, 98),
                        subsampling=CHROMA,
                        name="first copy",
                    ),
                    prior(
                        LowResolution,
                        width=Along("copy", 0.55, 1, spread=0.0),
                        height=Along("copy", 0.55, 1, spread=0.0),
                        down="gaussian",
                        up=Choice(("cubic", "linear"), (0.68, 0.32)),
                        name="resized",
                    ),
                    prior(
                        JpegCompression,
                        p=0.48,
                        quality=Integers(94, 100),
                        subsampling=CHROMA,
                        name="second copy",
                    ),
                ),
                name="copied",
            ),
        ),
        p=0.93,
        weights=(0.13, 0.68, 0.12),
        name="web",
    ),
)
