"""CycleGAN: two generators, old to clean and clean to old, that learn from photos of both kinds that are no pairs.

Source: Zhu et al. 2017, "Unpaired image-to-image translation using cycle-consistent adversarial networks", eq. 1-3,
sections 4 and 5.2 and appendix.

It must never see the two sides of a pair in one step. Old photos are taken from `batch.old` where there are some; else
from `batch.degraded`, and the clean pictures are then moved on by one place in the stream of pictures: a degraded one
meets the clean one before it, the first of a batch the last of the step before. (Only the first step of a run has none
before it, and takes its own last.)

Where we deviate: the rate falls from the start, as for every model here; theirs is constant for half the time. Where
several processes train, each draws from a pool of its own, and all go on from the first one's when a run is resumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from restore_models.batch import Batch
from restore_models.blocks import PatchDiscriminator, ResBlock
from restore_models.configs import refuse_below, refuse_below_one
from restore_models.learning import Learner, Runtime, adam, descend, frozen, normal_weights, own_weights
from restore_models.losses import lsgan
from restore_models.network import NetworkRestorer
from restore_models.picture_pool import Pool
from restore_models.restorer import Model, Stage, Weights
from restore_models.unet import UNet, check_crop, restored_by


@dataclass(frozen=True, slots=True)
class CycleGanConfig:
    """What can be chosen."""

    generator: Literal["resnet", "unet"] = "resnet"  # section 4 has the ResNet
    width: int = 64  # of the first level, in generators and discriminators
    blocks: int = 9  # of the ResNet: appendix 7.2, for 256 pixels and more
    depth: int = 8  # of the U-Net: halvings
    patch_layers: int = 3  # of stride 2 in the discriminators: patches of 70 x 70 pixels
    cycle_weight: float = 10.0  # lambda, section 4
    identity_weight: float = 0.5  # times the cycle's: section 5.2; keeps the tints
    pool: int = 50  # pictures that the discriminators are shown again: section 4
    old_photos: Literal["real", "degraded"] = (
        "real"  # real ones where the batch has some, or degraded ones all the same
    )
    rate: float = 2e-4  # section 4
    betas: tuple[float, float] = (0.5, 0.999)  # of the authors' released code

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        refuse_below_one(self, "width", "depth")
        refuse_below(self, 0, "blocks", "patch_layers", "pool", "cycle_weight", "identity_weight")


STUDENTS = CycleGanConfig(generator="unet", cycle_weight=8.0)
"""The variant of the seed report, in batches of 5."""


class ResNet(nn.Module):
    """c7s1-64, d128, d256, nine R256, u128, u64, c7s1-3 of the appendix: a picture of a picture, both in [-1, 1].

    Instance norm takes the tone of the picture away at the first layer, and the network has to guess it.
    """

    def __init__(self, width: int = 64, blocks: int = 9) -> None:
        super().__init__()
        middle = 4 * width
        self.head = nn.Sequential(
            nn.Conv2d(3, width, 7, padding=3, padding_mode="reflect"),
            *_normed(width),
            nn.Conv2d(width, 2 * width, 3, 2, 1),
            *_normed(2 * width),
            nn.Conv2d(2 * width, middle, 3, 2, 1),
            *_normed(middle),
        )
        self.body = nn.Sequential(*(ResBlock(middle, "instance") for _ in range(blocks)))
        self.tail = nn.Sequential(
            nn.ConvTranspose2d(middle, 2 * width, 3, 2, 1, output_padding=1),
            *_normed(2 * width),
            nn.ConvTranspose2d(2 * width, width, 3, 2, 1, output_padding=1),
            *_normed(width),
            nn.Conv2d(width, 3, 7, padding=3, padding_mode="reflect"),
        )

    def forward(self, picture: Tensor) -> Tensor:
        """The same shape, (B, 3, H, W); both sides are a multiple of 4."""
        code = self.head(picture)  # (B, 4 width, H/4, W/4)
        found: Tensor = self.tail(self.body(code)).float().tanh()  # bf16 has fewer levels near white than a photo
        return found


def _normed(channels: int) -> tuple[nn.Module, nn.Module]:
    return nn.InstanceNorm2d(channels), nn.ReLU(inplace=True)


def generator_of(config: CycleGanConfig) -> nn.Module:
    """A generator of the kind that was chosen; the U-Net has instance norm too, and no dropout."""
    if config.generator == "unet":
        return UNet(config.width, config.depth, "instance", dropout=0.0)
    return ResNet(config.width, config.blocks)


class CycleGan(NetworkRestorer):
    """The generator of clean photos in use. Its norms see the whole picture, so tiles of a large one are blended."""

    name = "cyclegan"
    blind = True

    def __init__(self, config: CycleGanConfig) -> None:
        super().__init__(config)
        # Growth of `ru_maxrss` between two processes that restore one photo each, of 512² and 1024² pixels: 1032 bytes
        # per pixel for the ResNet, 403 for the U-Net, of width 64.
        if config.generator == "unet":
            self.grid = self.halo = 2**config.depth
            self.bytes_per_pixel = 7 * config.width
        else:
            self.grid = 4
            self.bytes_per_pixel = 17 * config.width
        self.spare_bytes = 56_000_000
        self.restorer = generator_of(config)

    def forward(self, degraded: Tensor, mask: Tensor) -> Tensor:
        """See `PhotoNetwork`; the mask is not looked at."""
        return restored_by(self.restorer, degraded)


class CycleGanLearner(Learner):
    """Two generators and a discriminator for each kind of photo."""

    kept = ("restorer",)

    def __init__(self, config: CycleGanConfig, runtime: Runtime, earlier: Mapping[str, Weights]) -> None:
        self.config, self.runtime = config, runtime
        self.restorer, self.ager = generator_of(config), generator_of(config)
        self.clean_discriminator, self.old_discriminator = (
            PatchDiscriminator(3, config.width, config.patch_layers, "instance") for _ in range(2)
        )
        self.networks = {
            "restorer": self.restorer,
            "ager": self.ager,
            "clean_discriminator": self.clean_discriminator,
            "old_discriminator": self.old_discriminator,
        }
        for net in self.networks.values():
            normal_weights(net)
            runtime.place(net)
        self.optimisers = {
            "generators": adam([self.restorer, self.ager], config.rate, config.betas),
            "discriminators": adam([self.clean_discriminator, self.old_discriminator], config.rate, config.betas),
        }
        self.restored_pool, self.aged_pool = Pool(config.pool), Pool(config.pool)
        self.before: Tensor | None = None

    def step(self, batch: Batch) -> dict[str, Tensor]:
        """The generators' objective, eq. 3 with the identity term of section 5.2, then the discriminators', eq. 1."""
        old, clean = self.unpaired(batch)
        for pictures in (old, clean):
            check_crop(pictures, *((self.config.depth, "depth") if self.config.generator == "unet" else (2,)))
        with frozen(self.clean_discriminator, self.old_discriminator), self.runtime.autocast():
            restored, aged = self.restorer(old), self.ager(clean)
            verdicts = self.clean_discriminator(restored), self.old_discriminator(aged)
            returned = self.ager(restored), self.restorer(aged)
        adversarial = lsgan([verdicts[0]], real=True) + lsgan([verdicts[1]], real=True)
        cycle = _distance(returned[0], old) + _distance(returned[1], clean)  # eq. 2
        identity = self._identity(old, clean)
        weighted = cycle + self.config.identity_weight * identity
        descend(self.optimisers["generators"], adversarial + self.config.cycle_weight * weighted, self.runtime)
        shown = self.restored_pool.drawn(restored.detach()), self.aged_pool.drawn(aged.detach())
        judged = self._discriminate((clean, old), shown)
        losses = {"adversarial": adversarial, "cycle": cycle, "identity": identity, "discriminators": judged}
        return {name: loss.detach() for name, loss in losses.items()}

    def unpaired(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Old and clean pictures in [-1, 1], no two of them of one photo: see the top of this file."""
        if batch.old is not None and self.config.old_photos == "real":
            assert batch.clean is not None
            return batch.old * 2 - 1, batch.clean * 2 - 1
        degraded, clean = batch.pair()
        first = clean[-1:] if self.before is None else self.before
        self.before = clean[-1:].clone()
        return degraded * 2 - 1, torch.cat((first, clean[:-1])) * 2 - 1

    def _identity(self, old: Tensor, clean: Tensor) -> Tensor:
        """How far the generators change what they should leave alone: section 5.2."""
        if not self.config.identity_weight:
            return torch.zeros((), device=old.device)
        with self.runtime.autocast():
            unchanged = self.restorer(clean), self.ager(old)
        return _distance(unchanged[0], clean) + _distance(unchanged[1], old)

    def _discriminate(self, real: tuple[Tensor, Tensor], made: tuple[Tensor, Tensor]) -> Tensor:
        """One step of both discriminators, clean and old, halved against the generators': appendix 7.1."""
        loss = torch.zeros((), device=self.runtime.device)
        for judge, one, other in zip((self.clean_discriminator, self.old_discriminator), real, made, strict=True):
            with self.runtime.autocast():
                verdicts = judge(one), judge(other)
            loss = loss + 0.5 * (lsgan([verdicts[0]], real=True) + lsgan([verdicts[1]], real=False))
        descend(self.optimisers["discriminators"], loss, self.runtime)
        return loss.detach()

    @torch.no_grad()
    def show(self, batch: Batch) -> Tensor:
        """The restored pictures."""
        assert batch.degraded is not None
        self.restorer.eval()
        with self.runtime.autocast():
            restored = restored_by(self.restorer, batch.degraded)
        self.restorer.train()
        return restored.clamp(0, 1)

    def extra(self) -> dict[str, Any]:
        """The pools, and the clean picture that the next step begins with."""
        before = [] if self.before is None else [self.before]
        return {"restored": list(self.restored_pool.pictures), "aged": list(self.aged_pool.pictures), "before": before}

    def set_extra(self, state: Mapping[str, Any]) -> None:
        """Take back what `extra` gave."""
        restored, aged, before = (
            [each.to(self.runtime.device) for each in state[name]] for name in ("restored", "aged", "before")
        )
        self.restored_pool.pictures, self.aged_pool.pictures = restored, aged
        self.before = before[0] if before else None


def _distance(one: Tensor, other: Tensor) -> Tensor:
    """Mean absolute difference, in fp32."""
    return functional.l1_loss(one.float(), other.float())


def assemble(config: CycleGanConfig, stages: Mapping[str, Weights]) -> CycleGan:
    """The generator in use, with what its stage left."""
    network = CycleGan(config)
    own_weights(network.restorer, stages["cyclegan"], "restorer")
    return network


MODEL = Model(
    name="cyclegan",
    about="Two generators, old to clean and back, trained without pairs; takes real old photos where there are some.",
    source="Zhu et al. 2017, Unpaired image-to-image translation using cycle-consistent adversarial networks",
    needs="training",
    build=CycleGan,
    config=CycleGanConfig(),
    stages=(Stage("cyclegan", CycleGanLearner, steps=60_000, welcome=frozenset(("old",))),),
    assemble=assemble,
    batch=1,
)
