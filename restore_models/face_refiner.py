"""Face refinement: a small generator that draws a face anew, coarse to fine, as the degraded face tells it.

Source: Wan et al. 2022, "Old photo restoration via deep latent space translation" (TPAMI), the face stage, whose layers
the paper does not list and whose training was never released; Park et al. 2019, "Semantic image synthesis with
spatially-adaptive normalization" (SPADE), whose generator it takes over, with the degraded face in place of the
label map. Equation numbers are Park's.

`face_generator` has the network, and where it deviates.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from degrade.types import Image, Mask
from restore_models.batch import Batch
from restore_models.blocks import MultiScaleDiscriminator
from restore_models.face_generator import GRID, FaceGenerator, FacesConfig
from restore_models.faces import at_side
from restore_models.learning import Learner, Runtime, adam, descend, frozen, own_weights
from restore_models.losses import Perceptual, feature_matching, lsgan, sum_of
from restore_models.network import NetworkRestorer
from restore_models.restorer import Model, ModelError, Stage, Weights, checked

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
    blind = True

    def __init__(self, config: FacesConfig) -> None:
        super().__init__(config)
        self.config: FacesConfig = config
        self.generator = FaceGenerator(config)
        self.bytes_per_pixel = 60 * config.width  # measured at widths 32 and 64: 58 and 53
        self.spare_bytes = 98_000_000

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
    perceptual=True,
    batch=8,
    size=256,
)
