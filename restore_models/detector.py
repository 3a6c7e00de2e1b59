"""The defect detector: a U-Net that says of each pixel of a photo how surely a structured defect lies on it.

Source: Wan et al. 2022, "Old photo restoration via deep latent space translation", section 3.3, eq. 11-15; the layout
of the network is that of their released detector (37.6 million parameters), whose training was never released.

Where we deviate (each is a field of `DetectorConfig`; `PAPER` has the paper's own values):

- It sees photos at their own resolution, in tiles that give what the whole photo gives; theirs shrinks every photo to
  256 pixels, where fine scratches are gone.
- It is thin and shallow, and is handed what classical detectors compute: top-hats of the luma of several widths, and
  how far each colour is from its mean nearby. With a fixed front end it need not learn what a narrow bright thing is.
- The weight of the positives: eq. 12 as printed makes the rare positives count even less; by default they get the
  share of the negatives instead, and for a whole batch, since an intact photo would otherwise have no weight at all.
  The focal loss is balanced in the same way: beta times eq. 13 as it is drowns the defects in the rest.
- gamma is 2, the usual value of the focal loss (Lin et al. 2017); the printed 0.2 may have lost a digit.
- Both losses are means over the pixels that count, not sums: the learning rate does not hang on the size of a crop.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from degrade.types import Image, Mask
from restore_models.batch import Batch
from restore_models.blocks import norm_layer
from restore_models.configs import refuse_below_one
from restore_models.detection import cut, detection, levels_of
from restore_models.learning import Learner, Runtime, adam, descend, own_weights
from restore_models.network import PhotoNetwork, as_image
from restore_models.restorer import Model, ModelError, Stage, Weights
from restore_models.unet import check_crop
from restore_models.varying import Variation, luma, varied

Balance = Literal["negatives", "as printed", "none"]


@dataclass(frozen=True, slots=True)
class DetectorConfig:
    """What can be chosen; the defaults are ours."""

    width: int = 16  # 64 in the released weights
    depth: int = 3  # 4 in the released weights
    first: int = 3  # width of the first convolution; 7 in the released weights, at four times the cost
    channels: Literal["grey", "rgb"] = "rgb"  # theirs sees grey; stains and foxing have colours
    top_hats: tuple[int, ...] = (5, 11, 25)  # widths in pixels of those in the fixed front end; () for none
    contrasts: tuple[int, ...] = (9, 31)  # widths of the squares whose mean each colour is compared with; () for none
    norm: Literal["batch", "layer", "none"] = "batch"  # those that do not look at the whole photo
    positive: float = 0.3  # coverage from which a pixel is a defect: of what hides less, most is no more than a tint
    doubtful: float = 0.05  # what is covered more than this and less than `positive` counts neither way
    balance: Balance = "negatives"  # alpha of eq. 11
    beta: float = 10.0  # section 3.3
    focal_balance: bool = True  # alpha in the focal loss too (Lin et al. 2017, eq. 5); False in eq. 13
    gamma: float = 2.0  # Lin et al. 2017; 0.2 as printed
    rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    variation: Variation = field(default_factory=Variation)
    threshold: float = 0.5  # soft masks are cut here; `with_best_threshold` finds a better one

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        refuse_below_one(self, "width", "depth")


PAPER = DetectorConfig(
    width=64,
    depth=4,
    first=7,
    channels="grey",
    top_hats=(),
    contrasts=(),
    positive=0.5,  # masks are binary there
    doubtful=0.5,
    balance="as printed",
    focal_balance=False,
    gamma=0.2,
    rate=2e-4,
    betas=(0.5, 0.999),
    variation=Variation(zoom=1.0, grey=0.0, tone=0.0, noise=0.0, blur=0.0),
    threshold=0.4,  # released code
)
"""The text of the paper, in the layout of the released weights."""


class Blur(nn.Module):
    """Every other pixel of a blurred picture, so that a shift by one pixel changes little.

    Source: Zhang 2019, "Making convolutional networks shift-invariant again", with the binomial filter 1 2 1.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        line = torch.tensor([0.25, 0.5, 0.25])
        self.register_buffer("kernel", (line[:, None] * line).repeat(channels, 1, 1, 1), persistent=False)
        self.kernel: Tensor

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, H, W) to (B, C, H/2, W/2)."""
        around = functional.pad(features, (1, 1, 1, 1), mode="reflect")
        return functional.conv2d(around, self.kernel, stride=2, groups=features.shape[1])


def convolved(before: int, after: int, config: DetectorConfig) -> nn.Sequential:
    """A 3 x 3 convolution, the normalisation and LeakyReLU."""
    return nn.Sequential(
        nn.Conv2d(before, after, 3, padding=1, padding_mode="reflect"),
        norm_layer(config.norm, after),
        nn.LeakyReLU(0.2, inplace=True),
    )


class Up(nn.Module):
    """Back to twice the size, and together with what was there on the way down."""

    def __init__(self, before: int, after: int, config: DetectorConfig) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(before, after, 3, padding=1, padding_mode="reflect")
        self.join = nn.Sequential(convolved(2 * after, after, config), convolved(after, after, config))

    def forward(self, features: Tensor, skipped: Tensor) -> Tensor:
        """(B, 2C, H, W) and (B, C, 2H, 2W) to (B, C, 2H, 2W)."""
        wide = functional.interpolate(features, scale_factor=2, mode="bilinear", align_corners=False)
        joined: Tensor = self.join(torch.cat([self.narrow(wide), skipped], dim=1))
        return joined


class UNet(nn.Module):
    """From pictures (B, 3, H, W) in [0, 1] to logits (B, 1, H, W); sides are multiples of `grid_of(config)`."""

    def __init__(self, config: DetectorConfig) -> None:
        super().__init__()
        self.config = config
        colours = 1 if config.channels == "grey" else 3
        extra = 2 * len(config.top_hats) + colours * len(config.contrasts)
        widths = [config.width * 2**level for level in range(config.depth + 1)]
        self.first = nn.Sequential(
            nn.Conv2d(colours + extra, widths[0], config.first, padding=config.first // 2, padding_mode="reflect"),
            nn.LeakyReLU(0.2, inplace=True),
        )
        self.downs = nn.ModuleList(
            nn.Sequential(
                convolved(fine, fine, config),
                Blur(fine),
                convolved(fine, coarse, config),
                convolved(coarse, coarse, config),
            )
            for fine, coarse in pairwise(widths)
        )
        self.ups = nn.ModuleList(Up(coarse, fine, config) for fine, coarse in reversed(list(pairwise(widths))))
        self.last = nn.Conv2d(widths[0] + extra, 1, 3, padding=1, padding_mode="reflect")
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # a third quicker on the CPU too

    def forward(self, pictures: Tensor) -> Tensor:
        """How surely each pixel is a defect, before the sigmoid."""
        seen = toned(pictures, self.config)
        extra = front(seen, self.config)
        now = self.first(torch.cat([seen, *extra], dim=1).contiguous(memory_format=torch.channels_last))
        skipped = []
        for down in self.downs:
            skipped.append(now)
            now = down(now)
        for up in self.ups:
            now = up(now, skipped.pop())
        found: Tensor = self.last(torch.cat([now, *extra], dim=1))
        return found


def toned(pictures: Tensor, config: DetectorConfig) -> Tensor:
    """The pictures or their luma, in [-1, 1]."""
    return (luma(pictures) if config.channels == "grey" else pictures) * 2 - 1


def front(seen: Tensor, config: DetectorConfig) -> list[Tensor]:
    """What is handed to the network beside the picture, and once more to its last layer."""
    grey = luma(seen) if seen.shape[1] == 3 else seen
    narrow = [each for width in config.top_hats for each in hats(grey, width)]
    apart = [seen - local_mean(seen, width) for width in config.contrasts]
    return [FRONT_GAIN * each for each in (*narrow, *apart)]


FRONT_GAIN = 4.0
"""Damage stands out by a tenth of full scale; a network wants to see numbers of about one."""


def local_mean(pictures: Tensor, side: int) -> Tensor:
    """The mean of what of the picture lies in a square around each pixel."""
    rows = functional.avg_pool2d(pictures, (1, side), 1, (0, side // 2), count_include_pad=False)
    return functional.avg_pool2d(rows, (side, 1), 1, (side // 2, 0), count_include_pad=False)


def hats(grey: Tensor, side: int) -> tuple[Tensor, Tensor]:
    """What is lighter, and what is darker, than all that is as wide as a square of that side."""
    opened = highest(-highest(-grey, side), side)
    closed = -highest(-highest(grey, side), side)
    return grey - opened, closed - grey


def highest(grey: Tensor, side: int) -> Tensor:
    """The highest value within a square around each pixel; along the rows, then along the columns."""
    rows = functional.max_pool2d(grey, (1, side), 1, (0, side // 2))
    return functional.max_pool2d(rows, (side, 1), 1, (side // 2, 0))


def grid_of(config: DetectorConfig) -> int:
    """The sides of what the network sees are multiples of this: two pixels are left at the bottom to reflect."""
    return int(2 ** (config.depth + 1))


def halo_of(config: DetectorConfig) -> int:
    """How far the network sees, rounded up to the grid.

    In pixels: half the first convolution; at each scale of s pixels 2 s for the convolution and the blur, 4 s for the
    two convolutions below; 2 s for the enlargement and 3 s for the three convolutions on the way up; 1 for the last.
    The top-hats look at squares of squares.
    """
    scales = sum(2**level for level in range(config.depth))
    narrow, apart = (max(widths, default=1) for widths in (config.top_hats, config.contrasts))
    reach = config.first // 2 + (2 + 4 + 2 + 3) * scales + 1 + max(narrow - 1, apart // 2)
    grid = grid_of(config)
    return -(-reach // grid) * grid


def balanced(truth: Tensor, counted: Tensor, balance: Balance) -> Tensor:
    """The weight of each pixel: alpha for the defects, 1 - alpha for the rest; 0 where the truth is not known.

    Args:
        truth: (B, 1, H, W), 1 for a defect, 0 for none.
        counted: 1 where that is known, else 0.
        balance: alpha is the share of the negatives in the batch, that of the positives (eq. 12 as printed), or 1/2.
    """
    positives = (truth * counted).sum() / counted.sum().clamp_min(1)
    alpha = {"negatives": 1 - positives, "as printed": positives, "none": torch.full_like(positives, 0.5)}[balance]
    return torch.where(truth > 0.5, alpha, 1 - alpha) * counted


def cross_entropy(logits: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """-log p of what is true, weighed, as a mean over the pixels; eq. 11."""
    right = torch.where(truth > 0.5, logits.float(), -logits.float())
    return -(weight * functional.logsigmoid(right)).mean()


def focal(logits: Tensor, truth: Tensor, weight: Tensor, gamma: float) -> Tensor:
    """Cross-entropy that dwells on what is still wrong: -(1 - p)^gamma log p, weighed, as a mean; eq. 13-14."""
    right = torch.where(truth > 0.5, logits.float(), -logits.float())
    wrong = torch.exp(gamma * functional.logsigmoid(-right))  # (1 - p)^gamma, with a slope where p is 1
    return -(weight * wrong * functional.logsigmoid(right)).mean()


def seg_loss(logits: Tensor, truth: Tensor, counted: Tensor, config: DetectorConfig) -> tuple[Tensor, Tensor]:
    """The two terms of eq. 15, whose sum it is with the weight beta: cross-entropy (eq. 11) and focal loss (eq. 13)."""
    weight = balanced(truth, counted, config.balance)
    return (
        cross_entropy(logits, truth, weight),
        focal(logits, truth, weight if config.focal_balance else counted, config.gamma),
    )


def targets(mask: Tensor, config: DetectorConfig) -> tuple[Tensor, Tensor]:
    """What the network is to say of masks in [0, 1], and where that counts: both 0 or 1."""
    truth = (mask >= config.positive).float()
    doubtful = (mask > config.doubtful) & (mask < config.positive)
    return truth, (~doubtful).float()


class DetectorLearner(Learner):
    """The U-Net in training on the engine's exact masks."""

    kept = ("network",)
    score_name = "auprc"

    def __init__(self, config: DetectorConfig, runtime: Runtime, earlier: Mapping[str, Weights]) -> None:
        self.config, self.runtime = config, runtime
        self.network = runtime.place(UNet(config))
        self.networks = {"network": self.network}
        self.optimisers = {"network": adam([self.network], config.rate, config.betas)}

    def step(self, batch: Batch) -> dict[str, Tensor]:
        """Down eq. 15."""
        degraded, mask = masked(batch)
        check_crop(degraded, self.config.depth + 1)
        degraded, mask = varied(degraded, mask, self.config.variation)
        truth, counted = targets(mask, self.config)
        with self.runtime.autocast():
            logits = self.network(degraded)
        entropy, hard = seg_loss(logits, truth, counted, self.config)
        descend(self.optimisers["network"], entropy + self.config.beta * hard, self.runtime)  # eq. 15
        return {"cross_entropy": entropy.detach(), "focal": hard.detach()}

    @torch.no_grad()
    def soft(self, degraded: Tensor) -> Tensor:
        """(B, 1, H, W) in [0, 1]; how surely each pixel is a defect."""
        self.network.eval()
        with self.runtime.autocast():
            logits = self.network(degraded)
        self.network.train()
        return logits.float().sigmoid()

    def show(self, batch: Batch) -> Tensor:
        """The soft masks, as grey pictures."""
        return self.soft(masked(batch)[0]).expand(-1, 3, -1, -1)

    def score(self, batch: Batch) -> Tensor:
        """The average precision over all pixels of the batch that count, for each of its pictures the same.

        A batch without any damage has none, and counts as 0: with every checkpoint alike.
        """
        degraded, mask = masked(batch)
        soft = (self.soft(degraded) * 255).round().to(torch.uint8).cpu().numpy()
        truth, counted = (each.bool().cpu().numpy() for each in targets(mask, self.config))
        levels = levels_of(soft, truth, counted)
        some = levels.defect.any() and levels.intact.any()
        return torch.full((len(mask),), detection(levels).auprc if some else 0.0)


def masked(batch: Batch) -> tuple[Tensor, Tensor]:
    """The degraded pictures and their masks.

    Raises:
        ModelError: there are none.
    """
    if batch.degraded is None or batch.mask is None:
        raise ModelError("the detector learns from degraded photos with masks; give a corpus that has masks")
    return batch.degraded, batch.mask


class Detector(PhotoNetwork):
    """The detector in use: `detect` gives the soft mask of a photo of any size, `binary` the hard one."""

    name = "detector"
    exact = True

    def __init__(self, config: DetectorConfig) -> None:
        super().__init__(config)
        self.network = UNet(config)
        self.grid, self.halo = grid_of(config), halo_of(config)
        self.bytes_per_pixel = bytes_per_pixel(config)

    @property
    def threshold(self) -> float:
        """In [0, 1]; where soft masks are cut."""
        return float(self.config.threshold)

    def forward(self, degraded: Tensor, mask: Tensor) -> Tensor:
        """(B, 1, H, W) in [0, 1]; how surely each pixel is a defect. The mask is not looked at."""
        return torch.sigmoid(self.network(degraded).float())

    def detect(self, image: Image) -> Mask:
        """The soft mask, at the photo's own resolution: 0 intact to 255 surely a defect.

        Raises:
            ModelError: this is no photo, or too small a one.
        """
        found: Mask = as_image(self.computed(image, None))[..., 0]
        return found

    def binary(self, soft: Mask) -> Mask:
        """The hard mask: 255 where the soft one reaches the threshold, else 0."""
        return cut(soft, self.threshold)


def bytes_per_pixel(config: DetectorConfig) -> int:
    """Peak of the activations per pixel, measured at widths of 8 to 64 and rounded up."""
    return 150 + 48 * config.width


def assemble(config: DetectorConfig, stages: Mapping[str, Weights]) -> Detector:
    """The detector in use, with what its stage left."""
    detector = Detector(config)
    own_weights(detector.network, stages["detector"], "network")
    return detector


STAGE = Stage("detector", DetectorLearner, steps=10_000, needs=frozenset(("degraded", "mask")), batch=16)

MODEL = Model(
    name="detector",
    about="Finds scratches, creases, losses and stains: a mask of the damage for the models that want one.",
    source="Wan et al. 2022, Old photo restoration via deep latent space translation, eq. 11-15",
    needs="training",
    build=Detector,
    config=DetectorConfig(),
    stages=(STAGE,),
    assemble=assemble,
    batch=16,
)
