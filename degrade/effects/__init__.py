"""The table of contents: every effect, at the moment of a photo's life where it happens.

`X as X` is how type checkers are told that X may be taken from here.
"""

from degrade.effect import Effect
from degrade.effects.abrasion import Abrasion as Abrasion
from degrade.effects.anisotropic_blur import AnisotropicBlur as AnisotropicBlur
from degrade.effects.black_and_white import BlackAndWhite as BlackAndWhite
from degrade.effects.box_blur import BoxBlur as BoxBlur
from degrade.effects.characteristic_curve import CharacteristicCurve as CharacteristicCurve
from degrade.effects.cockling import Cockling as Cockling
from degrade.effects.colour_jitter import ColourJitter as ColourJitter
from degrade.effects.contrast_loss import ContrastLoss as ContrastLoss
from degrade.effects.contrast_stretch import ContrastStretch as ContrastStretch
from degrade.effects.craquelure import Craquelure as Craquelure
from degrade.effects.creases import Creases as Creases
from degrade.effects.defocus import Defocus as Defocus
from degrade.effects.double_jpeg import DoubleJpeg as DoubleJpeg
from degrade.effects.dust import Dust as Dust
from degrade.effects.dye_fading import DyeFading as DyeFading
from degrade.effects.film_grain import FilmGrain as FilmGrain
from degrade.effects.fingerprints import Fingerprints as Fingerprints
from degrade.effects.flaking import Flaking as Flaking
from degrade.effects.flare import Flare as Flare
from degrade.effects.foxing import Foxing as Foxing
from degrade.effects.gamma_shift import GammaShift as GammaShift
from degrade.effects.gaussian_blur import GaussianBlur as GaussianBlur
from degrade.effects.gaussian_noise import GaussianNoise as GaussianNoise
from degrade.effects.hair import Hair as Hair
from degrade.effects.halftone import Halftone as Halftone
from degrade.effects.holes import Holes as Holes
from degrade.effects.jpeg_compression import JpegCompression as JpegCompression
from degrade.effects.light_leak import LightLeak as LightLeak
from degrade.effects.lint import Lint as Lint
from degrade.effects.low_resolution import LowResolution as LowResolution
from degrade.effects.mat_burn import MatBurn as MatBurn
from degrade.effects.missing_corner import MissingCorner as MissingCorner
from degrade.effects.motion_blur import MotionBlur as MotionBlur
from degrade.effects.mould import Mould as Mould
from degrade.effects.paper_texture import PaperTexture as PaperTexture
from degrade.effects.pinholes import Pinholes as Pinholes
from degrade.effects.reduced_jpeg import ReducedJpeg as ReducedJpeg
from degrade.effects.salt_and_pepper import SaltAndPepper as SaltAndPepper
from degrade.effects.scanner_banding import ScannerBanding as ScannerBanding
from degrade.effects.scratch_texture import ScratchTexture as ScratchTexture
from degrade.effects.scratches import Scratches as Scratches
from degrade.effects.sensor_noise import SensorNoise as SensorNoise
from degrade.effects.sharpening import Sharpening as Sharpening
from degrade.effects.shot_noise import ShotNoise as ShotNoise
from degrade.effects.silver_fading import SilverFading as SilverFading
from degrade.effects.silver_mirroring import SilverMirroring as SilverMirroring
from degrade.effects.skew import Skew as Skew
from degrade.effects.speckle_noise import SpeckleNoise as SpeckleNoise
from degrade.effects.stains import Stains as Stains
from degrade.effects.straight_lines import StraightLines as StraightLines
from degrade.effects.tape import Tape as Tape
from degrade.effects.tear import Tear as Tear
from degrade.effects.toning import Toning as Toning
from degrade.effects.torn_edges import TornEdges as TornEdges
from degrade.effects.uneven_light import UnevenLight as UnevenLight
from degrade.effects.vignette import Vignette as Vignette
from degrade.effects.water_rings import WaterRings as WaterRings
from degrade.effects.water_stain import WaterStain as WaterStain
from degrade.effects.yellowing import Yellowing as Yellowing

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
