"""Face refinement: a small generator that draws a face anew, coarse to fine, as the degraded face tells it.

Source: Wan et al. 2022, "Old photo restoration via deep latent space translation" (TPAMI), the face stage, whose layers
the paper does not list and whose training was never released; Park et al. 2019, "Semantic image synthesis with
spatially-adaptive normalization" (SPADE), whose generator it takes over, with the degraded face in place of the
label map. Equation numbers are Park's.

At width 64 and 256 x 256 pixels these are the reference's 92.06 million parameters. Where we deviate: the start is the
degraded face itself, as in the released code, and not a latent noise, as the text has it; the degraded face is averaged
down to each scale, where the reference picks pixels and so lets noise and fine scratches through at random.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from degrade.types import Image, Mask
from restore_models.batch import Batch
from restore_models.blocks import MultiScaleDiscriminator
from restore_models.configs import refuse_below, refuse_below_one
from restore_models.faces import at_side
from restore_models.learning import Learner, Runtime, adam, descend, frozen, own_weights
from restore_models.losses import Perceptual, feature_matching, lsgan, sum_of
from restore_models.network import NetworkRestorer
from restore_models.restorer import Model, ModelError, Stage, Weights, checked

GRID = 32
"""Five doublings lie between the start and the face."""


@dataclass(frozen=True, slots=True)
class FacesConfig:
    """How large and how trained; the numbers of Park et al., section 4, where nothing else is said."""

    size: int = 256
    """Side of an aligned face in pixels, a multiple of 32 from 64; the start is a 32nd of it.

    Pictures to learn from have this side too: of larger ones the loop would take crops, which are no aligned faces.
    """

    width: int = 32  # 64 in the reference; half of it is a quarter of the memory and time
    norm: Literal["batch", "instance"] = "batch"  # without parameters, either way
    spectral: bool = True  # of the generator; the critic has it always
    critic_width: int = 64
    adversarial: Literal["hinge", "lsgan"] = "hinge"
    matching_weight: float = 10.0
    perceptual_weight: float = 10.0
    rate: float = 1e-4  # two time scales (Heusel et al. 2017): the critic learns four times as fast
    critic_rate: float = 4e-4
    betas: tuple[float, float] = (0.0, 0.9)

    def __post_init__(self) -> None:
        refuse_below_one(self, "width", "critic_width")
        refuse_below(self, 0, "matching_weight", "perceptual_weight")
        if self.size % GRID or self.size < 2 * GRID:
            raise ModelError(f"faces of size = {self.size}, not a multiple of {GRID} from {2 * GRID}; 256 is usual")


class Modulation(nn.Module):
    """Spatially-adaptive normalisation: gamma(face) * norm(features) + beta(face), pixel by pixel (eq. 1)."""

    def __init__(self, channels: int, config: FacesConfig) -> None:
        super().__init__()
        hidden = 2 * config.width
        batch = config.norm == "batch"
        self.norm = nn.BatchNorm2d(channels, affine=False) if batch else nn.InstanceNorm2d(channels)
        self.shared = convolution(3, hidden, spectral=False)
        self.scale = convolution(hidden, channels, spectral=False)
        self.shift = convolution(hidden, channels, spectral=False)

    def forward(self, features: Tensor, face: Tensor) -> Tensor:
        """The same shape as the features, (B, C, h, w), of a face of (B, 3, h, w)."""
        told = functional.relu(self.shared(face))  # (B, 2 width, h, w)
        return self.norm(features) * (1 + self.scale(told)) + self.shift(told)


class ModulatedBlock(nn.Module):
    """A residual block whose norms are told by the degraded face (Park et al., figure 4)."""

    def __init__(self, before: int, after: int, config: FacesConfig) -> None:
        super().__init__()
        inside = min(before, after)
        self.first, self.second = Modulation(before, config), Modulation(inside, config)
        self.inward = convolution(before, inside, spectral=config.spectral)
        self.outward = convolution(inside, after, spectral=config.spectral)
        self.beside: nn.ModuleList | None = None
        if before != after:
            straight = convolution(before, after, spectral=config.spectral, kernel=1)
            self.beside = nn.ModuleList([Modulation(before, config), straight])

    def forward(self, features: Tensor, face: Tensor) -> Tensor:
        """(B, after, h, w) of features (B, before, h, w)."""
        straight = features
        if self.beside is not None:
            straight = self.beside[1](self.beside[0](features, face))
        features = self.inward(functional.leaky_relu(self.first(features, face), 0.2))
        return straight + self.outward(functional.leaky_relu(self.second(features, face), 0.2))


class FaceGenerator(nn.Module):
    """A face from 8 x 8 features up to 256 x 256 pixels, modulated by the degraded face at every scale."""

    def __init__(self, config: FacesConfig) -> None:
        super().__init__()
        width = config.width
        self.start = convolution(3, 16 * width, spectral=False)
        self.blocks = nn.ModuleList(
            ModulatedBlock(before * width, after * width, config) for before, after, _ in BLOCKS
        )
        self.last = convolution(width, 3, spectral=False)

    def forward(self, degraded: Tensor) -> Tensor:
        """(B, 3, H, W) in [0, 1], of degraded faces alike; sides are multiples of 32."""
        faces = [degraded * 2 - 1]
        for _ in range(5):
            faces.append(functional.avg_pool2d(faces[-1], 2))  # the degraded face at each scale
        features = self.start(faces[5])  # (B, 16 width, H/32, W/32)
        for block, (_, _, scale) in zip(self.blocks, BLOCKS, strict=True):
            size = faces[scale].shape[-2:]
            if features.shape[-2:] != size:
                features = functional.interpolate(features, size=size, mode="nearest")
            features = block(features, faces[scale])
        drawn = self.last(functional.leaky_relu(features, 0.2))  # (B, 3, H, W)
        return (torch.tanh(drawn.float()) + 1) / 2


BLOCKS = ((16, 16, 5), (16, 16, 4), (16, 16, 4), (16, 8, 3), (8, 4, 2), (4, 2, 1), (2, 1, 0))
"""Of each block: channels before and after, in widths, and how many times its scale is halved."""


def convolution(before: int, after: int, *, spectral: bool, kernel: int = 3) -> nn.Module:
    """A convolution that keeps the size, drawn by Glorot's rule with a gain of 0.02 as in SPADE's released code."""
    conv = nn.Conv2d(before, after, kernel, padding=kernel // 2, bias=kernel > 1)
    nn.init.xavier_normal_(conv.weight, 0.02)
    if conv.bias is not None:
        nn.init.zeros_(conv.bias)
    return spectral_norm(conv) if spectral else conv


Verdicts = Sequence[Sequence[Tensor]]


def hinge(real: Verdicts, fake: Verdicts) -> Tensor:
    """What the critic minimises: real verdicts below 1 and fake ones above -1, the mean over the scales.

    Source: Lim and Ye 2017, "Geometric GAN"; Park et al., section 3.
    """
    terms = [functional.relu(1 - scale[-1].float()).mean() for scale in real]
    terms += [functional.relu(1 + scale[-1].float()).mean() for scale in fake]
    return sum_of(terms) / len(real)


def persuasion(fake: Verdicts) -> Tensor:
    """What the generator minimises against it: minus the mean verdict."""
    return -sum_of([scale[-1].float().mean() for scale in fake]) / len(fake)


class FaceLearner(Learner):
    """Learns from pairs of aligned faces: adversarial + 10 feature matching + 10 perceptual loss (Park, section 3)."""

    kept = ("generator",)

    def __init__(self, config: FacesConfig, runtime: Runtime) -> None:
        self.config, self.runtime = config, runtime
        self.generator = runtime.place(FaceGenerator(config))
        critic = MultiScaleDiscriminator(6, config.critic_width, scales=2, layers=3, norm="instance", spectral=True)
        self.critic = runtime.place(critic)
        self.perceptual = runtime.place(Perceptual(runtime.vgg))
        self.networks = {"generator": self.generator, "critic": self.critic}
        self.optimisers = {
            "generator": adam([self.generator], config.rate, config.betas),
            "critic": adam([self.critic], config.critic_rate, config.betas),
        }

    def step(self, batch: Batch) -> dict[str, Tensor]:
        """The generator first, then the critic, both on one drawing of the faces."""
        degraded, clean = self._faces(batch)
        with self.runtime.autocast():
            restored = self.generator(degraded)
            with frozen(self.critic):
                fake = self._verdicts(degraded, restored)
                with torch.no_grad():
                    real = self._verdicts(degraded, clean)
            perceptual = self.perceptual(restored, clean)
        adversarial = persuasion(fake) if self.config.adversarial == "hinge" else lsgan(fake, real=True)
        matching = feature_matching(fake, real)
        weighted = self.config.matching_weight * matching + self.config.perceptual_weight * perceptual
        descend(self.optimisers["generator"], adversarial + weighted, self.runtime)
        critic = self._judge(degraded, clean, restored.detach())
        losses = {"adversarial": adversarial, "matching": matching, "perceptual": perceptual, "critic": critic}
        return {name: loss.detach() for name, loss in losses.items()}

    def _judge(self, degraded: Tensor, clean: Tensor, restored: Tensor) -> Tensor:
        with self.runtime.autocast():
            real, fake = self._verdicts(degraded, clean), self._verdicts(degraded, restored)
        least_squares = self.config.adversarial == "lsgan"
        loss = (lsgan(real, real=True) + lsgan(fake, real=False)) / 2 if least_squares else hinge(real, fake)
        descend(self.optimisers["critic"], loss, self.runtime)
        return loss

    def _verdicts(self, degraded: Tensor, face: Tensor) -> list[list[Tensor]]:
        """The critic sees the face beside the degraded one, in [-1, 1]."""
        found: list[list[Tensor]] = self.critic(torch.cat([degraded, face], dim=1) * 2 - 1)
        return found

    def _faces(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The pair, of the size that faces will have in use: a network for one size makes little of another."""
        degraded, clean = batch.pair()
        size = self.config.size
        if degraded.shape[-2:] != (size, size):
            height, width = degraded.shape[-2:]
            raise ModelError(f"faces of {width} x {height} pixels for a model of size = {size}; make the two the same")
        return degraded, clean

    @torch.no_grad()
    def show(self, batch: Batch) -> Tensor:
        """The faces drawn anew."""
        assert batch.degraded is not None
        self.generator.eval()
        with self.runtime.autocast():
            shown: Tensor = self.generator(batch.degraded)
        self.generator.train()
        return shown.float()


class FaceRefiner(NetworkRestorer):
    """Draws aligned faces anew: a `FaceRestorer`, to be put behind a restorer of whole photos by `faces.Refined`.

    As a restorer of its own it takes the whole picture for one aligned face, whatever it shows.
    """

    name: ClassVar[str] = "faces"

    grid = GRID
    halo = 2 * GRID

    def __init__(self, config: FacesConfig) -> None:
        super().__init__(config)
        self.config: FacesConfig = config
        self.generator = FaceGenerator(config)
        self.bytes_per_pixel = 60 * config.width  # measured at widths 32 and 64: 58 and 53
        self.spare_bytes = 90_000_000

    @property
    def size(self) -> int:
        """Side of the faces that it was made for."""
        return self.config.size

    def forward(self, degraded: Tensor, mask: Tensor) -> Tensor:
        """(B, 3, H, W) in [0, 1]; what is damaged in a face it must see for itself, so the mask plays no part."""
        drawn: Tensor = self.generator(degraded)
        return drawn

    def whole(self, degraded: Tensor, mask: Tensor) -> Tensor:
        """Never by tiles: a part of a face is no face."""
        return self(degraded, mask)

    def refine(self, face: Image) -> Image:
        """The face drawn anew, of the same size; it is squared and scaled to `size` and back."""
        return at_side(face, self.size, super().restore)

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """The same, where the picture is one aligned face: see `Restorer`."""
        checked(image, mask)
        return self.refine(image)

    def peak_bytes(self, height: int, width: int) -> int:
        """Memory that a face of that size takes beside the process and the weights."""
        return 8 * 3 * max(height, width) ** 2 + self.with_spare(self.bytes_per_pixel * self.size**2)


def learner(config: Any, runtime: Runtime, earlier: Mapping[str, Weights]) -> Learner:
    """The one stage."""
    return FaceLearner(config, runtime)


def assemble(config: Any, weights: Mapping[str, Weights]) -> FaceRefiner:
    """The network in use."""
    refiner = FaceRefiner(config)
    own_weights(refiner.generator, weights["faces"], "generator")
    return refiner


MODEL = Model(
    name="faces",
    about="Draws aligned faces anew, as a last stage behind a restorer of whole photos.",
    source="Wan et al. 2022, TPAMI, face stage; Park et al. 2019",
    needs="training",
    build=FaceRefiner,
    config=FacesConfig(),
    stages=(Stage("faces", learner, steps=40_000),),
    assemble=assemble,
    batch=8,
    size=256,
)
