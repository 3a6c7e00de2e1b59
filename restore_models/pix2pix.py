"""Pix2Pix: a U-Net that turns degraded photos into clean ones, judged patch by patch by a discriminator.

Source: Isola et al. 2017, "Image-to-image translation with conditional adversarial networks", eq. 1-4 and section 6.

Where we deviate: the authors leave dropout and the statistics of the test batch switched on at test; here both are off
(running statistics), so that a photo is always restored to the same pixels, and batches are larger than their 1, which
the running statistics need. Photos of any size are continued to a multiple of 2^depth = 256 pixels: a photo of
272 x 272 costs as much as one of 512 x 512, one of 12 megapixels about 5 % more than its own size.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from restore_models.batch import Batch
from restore_models.blocks import PatchDiscriminator
from restore_models.configs import refuse_below, refuse_below_one
from restore_models.learning import Learner, Runtime, adam, descend, frozen, normal_weights, own_weights
from restore_models.losses import bce_gan
from restore_models.network import NetworkRestorer
from restore_models.restorer import Model, Stage, Weights
from restore_models.unet import UNet, check_crop, restored_by


@dataclass(frozen=True, slots=True)
class Pix2PixConfig:
    """What can be chosen. The students of the seed report: these values, 6000 steps of batches of 10."""

    width: int = 64  # of the first level, in the generator and the discriminator
    depth: int = 8  # halvings: sides are multiples of 2^depth; 6 for crops of 64 pixels
    dropout: float = 0.5  # section 6.1.1
    patch_layers: int = 3  # of stride 2 in the discriminator: patches of 70 x 70 pixels, section 4.4
    l1_weight: float = 100.0  # lambda, section 6.2
    rate: float = 2e-4  # section 3.3
    betas: tuple[float, float] = (0.5, 0.999)  # section 3.3

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        refuse_below_one(self, "width", "depth")
        refuse_below(self, 0, "dropout", "patch_layers", "l1_weight")


class Pix2Pix(NetworkRestorer):
    """The generator in use. It sees the whole picture through its bottleneck, so tiles of a large one are blended."""

    name = "pix2pix"
    blind = True

    def __init__(self, config: Pix2PixConfig) -> None:
        super().__init__(config)
        # Growth of `ru_maxrss` between two processes that restore one photo each, of 1024² and 1536² pixels: 407 bytes
        # per pixel for width 64.
        self.bytes_per_pixel = 7 * config.width
        self.spare_bytes = 92_000_000
        self.grid = self.halo = 2**config.depth
        self.generator = UNet(config.width, config.depth, "batch", config.dropout)

    def forward(self, degraded: Tensor, mask: Tensor) -> Tensor:
        """See `PhotoNetwork`; the mask is not looked at."""
        return restored_by(self.generator, degraded)


class Pix2PixLearner(Learner):
    """Generator and discriminator against each other."""

    kept = ("generator",)

    def __init__(self, config: Pix2PixConfig, runtime: Runtime, earlier: Mapping[str, Weights]) -> None:
        self.config, self.runtime = config, runtime
        self.generator = UNet(config.width, config.depth, "batch", config.dropout)
        self.discriminator = PatchDiscriminator(6, config.width, config.patch_layers)
        self.networks = {"generator": self.generator, "discriminator": self.discriminator}
        for net in self.networks.values():
            normal_weights(net)
            runtime.place(net)
        self.optimisers = {name: adam([net], config.rate, config.betas) for name, net in self.networks.items()}

    def step(self, batch: Batch) -> dict[str, Tensor]:
        """The discriminator's objective, eq. 1, and then the generator's, eq. 4, from the same restored pictures."""
        degraded, clean = (pictures * 2 - 1 for pictures in batch.pair())  # [-1, 1]: the scale of lambda
        check_crop(degraded, self.config.depth, "depth")
        with self.runtime.autocast():
            restored = self.generator(degraded)
        judged = self._discriminate(degraded, clean, restored.detach())
        with frozen(self.discriminator), self.runtime.autocast():
            verdicts = self.discriminator(torch.cat((degraded, restored), dim=1))
        adversarial = bce_gan([verdicts], real=True)  # -log D instead of log(1 - D): section 3.3
        l1 = functional.l1_loss(restored.float(), clean)  # eq. 3
        descend(self.optimisers["generator"], adversarial + self.config.l1_weight * l1, self.runtime)  # eq. 4
        return {"discriminator": judged, "adversarial": adversarial.detach(), "l1": l1.detach()}

    def _discriminate(self, degraded: Tensor, clean: Tensor, restored: Tensor) -> Tensor:
        """One step of the discriminator, halved against the generator's: section 3.3."""
        with self.runtime.autocast():
            fake = self.discriminator(torch.cat((degraded, restored), dim=1))
            real = self.discriminator(torch.cat((degraded, clean), dim=1))
        loss = 0.5 * (bce_gan([fake], real=False) + bce_gan([real], real=True))
        descend(self.optimisers["discriminator"], loss, self.runtime)
        return loss.detach()

    @torch.no_grad()
    def show(self, batch: Batch) -> Tensor:
        """The restored pictures."""
        assert batch.degraded is not None
        self.generator.eval()
        with self.runtime.autocast():
            restored = restored_by(self.generator, batch.degraded)
        self.generator.train()
        return restored.clamp(0, 1)


def assemble(config: Pix2PixConfig, stages: Mapping[str, Weights]) -> Pix2Pix:
    """The generator in use, with what its stage left."""
    network = Pix2Pix(config)
    own_weights(network.generator, stages["pix2pix"], "generator")
    return network


MODEL = Model(
    name="pix2pix",
    about="A U-Net trained on pairs, with an L1 term and a discriminator of patches.",
    source="Isola et al. 2017, Image-to-image translation with conditional adversarial networks",
    needs="training",
    build=Pix2Pix,
    config=Pix2PixConfig(),
    stages=(Stage("pix2pix", Pix2PixLearner, steps=20_000),),
    assemble=assemble,
    batch=16,
)
