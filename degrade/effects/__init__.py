"""The table of contents: every effect, at the moment of a photo's life where it happens."""

from degrade.effect import Effect
from degrade.effects.abrasion import Abrasion
from degrade.effects.anisotropic_blur import AnisotropicBlur
from degrade.effects.black_and_white import BlackAndWhite
from degrade.effects.box_blur import BoxBlur
from degrade.effects.characteristic_curve import CharacteristicCurve
from degrade.effects.cockling import Cockling
from degrade.effects.colour_jitter import ColourJitter
from degrade.effects.contrast_loss import ContrastLoss
from degrade.effects.contrast_stretch import ContrastStretch
from degrade.effects.craquelure import Craquelure
from degrade.effects.creases import Creases
from degrade.effects.defocus import Defocus
from degrade.effects.double_jpeg import DoubleJpeg
from degrade.effects.dust import Dust
from degrade.effects.dye_fading import DyeFading
from degrade.effects.film_grain import FilmGrain
from degrade.effects.fingerprints import Fingerprints
from degrade.effects.flaking import Flaking
from degrade.effects.flare import Flare
from degrade.effects.foxing import Foxing
from degrade.effects.gamma_shift import GammaShift
from degrade.effects.gaussian_blur import GaussianBlur
from degrade.effects.gaussian_noise import GaussianNoise
from degrade.effects.hair import Hair
from degrade.effects.halftone import Halftone
from degrade.effects.holes import Holes
from degrade.effects.jpeg_compression import JpegCompression
from degrade.effects.light_leak import LightLeak
from degrade.effects.lint import Lint
from degrade.effects.low_resolution import LowResolution
from degrade.effects.mat_burn import MatBurn
from degrade.effects.missing_corner import MissingCorner
from degrade.effects.motion_blur import MotionBlur
from degrade.effects.mould import Mould
from degrade.effects.paper_texture import PaperTexture
from degrade.effects.pinholes import Pinholes
from degrade.effects.reduced_jpeg import ReducedJpeg
from degrade.effects.salt_and_pepper import SaltAndPepper
from degrade.effects.scanner_banding import ScannerBanding
from degrade.effects.scratch_texture import ScratchTexture
from degrade.effects.scratches import Scratches
from degrade.effects.sensor_noise import SensorNoise
from degrade.effects.sharpening import Sharpening
from degrade.effects.shot_noise import ShotNoise
from degrade.effects.silver_fading import SilverFading
from degrade.effects.silver_mirroring import SilverMirroring
from degrade.effects.skew import Skew
from degrade.effects.speckle_noise import SpeckleNoise
from degrade.effects.stains import Stains
from degrade.effects.straight_lines import StraightLines
from degrade.effects.tape import Tape
from degrade.effects.tear import Tear
from degrade.effects.toning import Toning
from degrade.effects.torn_edges import TornEdges
from degrade.effects.uneven_light import UnevenLight
from degrade.effects.vignette import Vignette
from degrade.effects.water_rings import WaterRings
from degrade.effects.water_stain import WaterStain
from degrade.effects.yellowing import Yellowing

STAGES: dict[str, tuple[type[Effect], ...]] = {
    "taking": (
        GaussianBlur,
        BoxBlur,
        Defocus,
        MotionBlur,
        AnisotropicBlur,
        Vignette,
        UnevenLight,
        Flare,
        LightLeak,
        BlackAndWhite,
        ShotNoise,
        FilmGrain,
    ),
    "printing": (
        CharacteristicCurve,
        ContrastLoss,
        GammaShift,
        Halftone,
        Toning,
        PaperTexture,
    ),
    "ageing": (
        DyeFading,
        SilverFading,
        Yellowing,
        ColourJitter,
        SilverMirroring,
        Foxing,
        Mould,
        Stains,
        WaterStain,
        WaterRings,
        MatBurn,
        Cockling,
    ),
    "handling": (
        Fingerprints,
        Abrasion,
        Scratches,
        ScratchTexture,
        StraightLines,
        Creases,
        Craquelure,
        Flaking,
        Tear,
        Holes,
        TornEdges,
        MissingCorner,
        Pinholes,
        Tape,
        Dust,
        Hair,
        Lint,
    ),
    "scanning": (
        Skew,
        LowResolution,
        GaussianNoise,
        SpeckleNoise,
        SaltAndPepper,
        SensorNoise,
        ScannerBanding,
        Sharpening,
        ContrastStretch,
        ReducedJpeg,
        JpegCompression,
        DoubleJpeg,
    ),
}
"""The only registry: a new effect is one file and one entry here."""

EFFECTS: tuple[type[Effect], ...] = tuple(effect for stage in STAGES.values() for effect in stage)
