"""NAFNet: a U-shaped network without activation functions, trained on pairs by nothing but their PSNR.

Source: Chen et al. 2022, "Simple baselines for image restoration", sections 4 and 5 and figure 3c. Width 32 with the
blocks of the SIDD setting (denoising of real photographs, the task nearest to ours): 29.16 M parameters. The GoPro
setting (deblurring) is `encoder = [1, 1, 1, 28]`, `middle = 1`, `decoder = [1, 1, 1, 1]`: 17.11 M.

Where we deviate: the rate falls in a straight line, as for every model here, not by a cosine. The mask as a fourth
channel and the local means are options, off where nobody asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from restore_models.batch import Batch
from restore_models.blocks import ChannelNorm
from restore_models.configs import refuse_below, refuse_below_one
from restore_models.learning import Learner, Runtime, adam, descend, own_weights
from restore_models.network import NetworkRestorer
from restore_models.restorer import Model, ModelError, Stage, Weights
from restore_models.unet import check_crop


@dataclass(frozen=True, slots=True)
class NafNetConfig:
    """What can be chosen."""

    width: int = 32  # table 6
    encoder: tuple[int, ...] = (2, 2, 4, 8)  # blocks on each level, of the released SIDD setting
    middle: int = 12
    decoder: tuple[int, ...] = (2, 2, 2, 2)  # innermost first
    mask_channel: bool = False  # show it the mask as a fourth channel; the paper's is blind
    window: int = 0  # side in pixels of the means of channel attention in use; 0 for the whole picture, as in the paper
    rate: float = 1e-3  # section 5.1
    betas: tuple[float, float] = (0.9, 0.9)  # section 5.1
    decay: float = 0.0  # of the weights: section 5.1

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        refuse_below_one(self, "width")
        refuse_below(self, 0, "encoder", "middle", "decoder", "window")


class SimpleGate(nn.Module):
    """One half of the channels times the other: eq. 6."""

    def forward(self, features: Tensor) -> Tensor:
        """(B, C / 2, H, W)."""
        one, other = features.chunk(2, dim=1)
        return one * other


class ChannelAttention(nn.Module):
    """Every channel times a mix of the means of all: eq. 7.

    Means go over the whole picture, as in the paper, while training; with a window, in use, over its surroundings. A
    photo is larger than the crops of the training, and its mean tells less of a place. Source: Chu et al. 2022,
    "Improving image restoration by revisiting global information aggregation" (TLC), who advise 1.5 times the crop.
    """

    def __init__(self, channels: int, window: int) -> None:
        super().__init__()
        self.window = window
        self.mix = nn.Conv2d(channels, channels, 1)

    def forward(self, features: Tensor) -> Tensor:
        """The same shape."""
        if self.window and not self.training:
            means = _local_means(_local_means(features, self.window, -1), self.window, -2)
        else:
            means = features.mean(dim=(-2, -1), keepdim=True)
        return features * self.mix(means)


def _local_means(features: Tensor, window: int, dim: int) -> Tensor:
    """The mean of what lies within a window around each place along one dimension, and inside the picture."""
    length = features.shape[dim]
    sums = features.double().cumsum(dim)  # fp32 would lose the differences of long sums
    sums = torch.cat((torch.zeros_like(sums.narrow(dim, 0, 1)), sums), dim)
    place = torch.arange(length, device=features.device)
    start, end = (place - window // 2).clamp_min(0), (place + window // 2 + 1).clamp_max(length)
    counts = (end - start).reshape(-1, *(1,) * (-1 - dim))
    return ((sums.index_select(dim, end) - sums.index_select(dim, start)) / counts).to(features.dtype)


class NafBlock(nn.Module):
    """Figure 3c: a gated convolution with channel attention, then a gated pointwise layer, each beside a straight way.

    Both start as nothing: the scales beta and gamma are 0 at first.
    """

    def __init__(self, channels: int, window: int) -> None:
        super().__init__()
        self.spatial = nn.Sequential(
            ChannelNorm(channels),
            nn.Conv2d(channels, 2 * channels, 1),
            nn.Conv2d(2 * channels, 2 * channels, 3, padding=1, groups=2 * channels),
            SimpleGate(),
            ChannelAttention(channels, window),
            nn.Conv2d(channels, channels, 1),
        )
        self.pointwise = nn.Sequential(
            ChannelNorm(channels),
            nn.Conv2d(channels, 2 * channels, 1),
            SimpleGate(),
            nn.Conv2d(channels, channels, 1),
        )
        self.beta, self.gamma = (nn.Parameter(torch.zeros(1, channels, 1, 1)) for _ in range(2))

    def forward(self, features: Tensor) -> Tensor:
        """The same shape."""
        now = features + self.beta * self.spatial(features)
        return now + self.gamma * self.pointwise(now)


class NafUNet(nn.Module):
    """Blocks on every level of a U: halved by convolutions of 2 x 2, doubled by pixel shuffles, skips added."""

    def __init__(self, config: NafNetConfig) -> None:
        super().__init__()
        if not config.encoder or len(config.encoder) != len(config.decoder):
            raise ModelError(f"encoder = {config.encoder} and decoder = {config.decoder}: as many levels, at least one")
        width = config.width
        self.head = nn.Conv2d(4 if config.mask_channel else 3, width, 3, padding=1)
        self.encoders, self.downs, self.ups, self.decoders = (nn.ModuleList() for _ in range(4))
        for blocks in config.encoder:
            self.encoders.append(_blocks(blocks, width, config.window, len(self.encoders)))
            self.downs.append(nn.Conv2d(width, 2 * width, 2, 2))
            width *= 2
        self.middle = _blocks(config.middle, width, config.window, len(self.encoders))
        for blocks in config.decoder:
            self.ups.append(nn.Sequential(nn.Conv2d(width, 2 * width, 1, bias=False), nn.PixelShuffle(2)))
            width //= 2
            self.decoders.append(_blocks(blocks, width, config.window, len(self.encoders) - len(self.ups)))
        self.tail = nn.Conv2d(width, 3, 3, padding=1)

    def forward(self, seen: Tensor) -> Tensor:
        """(B, 3, H, W), of a picture in [0, 1] and the mask where it has one; sides are a multiple of 2^levels."""
        now, levels = self.head(seen), []
        for encoder, down in zip(self.encoders, self.downs, strict=True):
            levels.append(encoder(now))
            now = down(levels[-1])
        now = self.middle(now)  # (B, width 2^levels, H / 2^levels, W / 2^levels)
        for up, decoder in zip(self.ups, self.decoders, strict=True):
            now = decoder(up(now) + levels.pop())
        return self.tail(now).float() + seen[:, :3]  # what it finds is what to add


def _blocks(number: int, channels: int, window: int, level: int) -> nn.Sequential:
    """Blocks of one level, whose window covers the same part of the photo as on all others."""
    own = max(window >> level, 1) if window else 0
    return nn.Sequential(*(NafBlock(channels, own) for _ in range(number)))


class NafNet(NetworkRestorer):
    """The network in use. Its channel attention sees the whole picture, so tiles of a large one are blended."""

    name = "nafnet"

    def __init__(self, config: NafNetConfig) -> None:
        super().__init__(config)
        # Growth of `ru_maxrss` between two processes that restore one photo each, of 1024² and 1536² pixels: 889 bytes
        # per pixel for width 32; with a window, of 640² and 1024²: 1686, of 256² and 512²: 2420.
        self.bytes_per_pixel = (64 if config.window else 28) * config.width
        self.spare_bytes = 172_000_000 if config.window else 236_000_000
        self.blind = not config.mask_channel
        self.grid = 2 ** len(config.encoder)
        self.halo = -(-64 // self.grid) * self.grid
        self.network = NafUNet(config)

    def forward(self, degraded: Tensor, mask: Tensor) -> Tensor:
        """See `PhotoNetwork`; the mask is looked at where it has a channel."""
        found: Tensor = self.network(torch.cat((degraded, mask), dim=1) if self.config.mask_channel else degraded)
        return found


def psnr_loss(restored: Tensor, clean: Tensor) -> Tensor:
    """Minus the PSNR in dB, averaged over the pictures: the loss of the released code.

    Equal pictures give -80 and no gradient that grows without bounds.
    """
    error = (restored.float() - clean.float()).square().mean(dim=(1, 2, 3))
    return 10 * torch.log10(error + 1e-8).mean()


class NafNetLearner(Learner):
    """One network and one loss."""

    kept = ("network",)

    def __init__(self, config: NafNetConfig, runtime: Runtime, earlier: Mapping[str, Weights]) -> None:
        self.config, self.runtime = config, runtime
        self.network = runtime.place(NafUNet(config))
        self.networks = {"network": self.network}
        self.optimisers = {"network": adam([self.network], config.rate, config.betas, config.decay)}

    def step(self, batch: Batch) -> dict[str, Tensor]:
        """The PSNR, uphill."""
        degraded, clean = batch.pair()
        check_crop(degraded, len(self.config.encoder), "levels of encoder and decoder")
        restored = self._restored(batch)
        loss = psnr_loss(restored, clean)
        descend(self.optimisers["network"], loss, self.runtime)
        return {"psnr_loss": loss.detach(), "l1": functional.l1_loss(restored.detach(), clean)}

    def _restored(self, batch: Batch) -> Tensor:
        """What the network makes of a batch.

        Raises:
            ModelError: it was to see masks, and there are none.
        """
        assert batch.degraded is not None
        seen = batch.degraded
        if self.config.mask_channel:
            if batch.mask is None:
                raise ModelError("nafnet with mask_channel needs masks; give a corpus that has them, or leave it false")
            seen = torch.cat((seen, batch.mask), dim=1)
        with self.runtime.autocast():
            restored: Tensor = self.network(seen)
        return restored

    @torch.no_grad()
    def show(self, batch: Batch) -> Tensor:
        """The restored pictures."""
        self.network.eval()
        restored = self._restored(batch)
        self.network.train()
        return restored.clamp(0, 1)


def assemble(config: NafNetConfig, stages: Mapping[str, Weights]) -> NafNet:
    """The network in use, with what its stage left."""
    network = NafNet(config)
    own_weights(network.network, stages["nafnet"], "network")
    return network


MODEL = Model(
    name="nafnet",
    about="A strong plain regressor without any adversary: what supervised regression alone gives.",
    source="Chen et al. 2022, Simple baselines for image restoration",
    needs="training",
    build=NafNet,
    config=NafNetConfig(),
    stages=(Stage("nafnet", NafNetLearner, steps=20_000),),
    assemble=assemble,
    batch=16,
)
