"""The defect detector: a U-Net that says of each pixel of a photo how surely a structured defect lies on it.

Source: Wan et al. 2022, "Old photo restoration via deep latent space translation", section 3.3, eq. 11-15; the layout
of the network is that of their released detector (37.6 million parameters), whose training was never released.

Where we deviate (each is a field of `DetectorConfig`; `PAPER` has the paper's own values):

- It sees photos at their own resolution, in tiles that give what the whole photo gives; theirs shrinks every photo to
  256 pixels, where fine scratches are gone.
- It is thin and shallow, and is handed what classical detectors compute: top-hats of the luma of several widths, and
  how far each colour is from its mean nearby. With a fixed front end it need not learn what a narrow bright thing is.
- Its finest level is half as large as the photo: four pixels go in as the channels of one, and come out as four again.
  That level cost most of each step, and what it learned could be had there.
- The weight of the positives: eq. 12 as printed makes the rare positives count even less; by default they get the
  share of the negatives instead, and for a whole batch, since an intact photo would otherwise have no weight at all.
  The focal loss is balanced in the same way: beta times eq. 13 as it is drowns the defects in the rest.
- gamma is 2, the usual value of the focal loss (Lin et al. 2017); the printed 0.2 may have lost a digit.
- To both the Dice loss can be added, which looks at the batch as a whole, however rare its defects are.
- Both losses are means over the pixels that count, not sums: the learning rate does not hang on the size of a crop.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from degrade.types import Image, Mask
from restore_models.batch import Batch
from restore_models.detection import cut, detection, levels_of
from restore_models.detector_config import PAPER, Balance, DetectorConfig
from restore_models.detector_front import front, hats, local_mean, toned
from restore_models.detector_losses import balanced, cross_entropy, focal, objective, overlap_loss, seg_loss, targets
from restore_models.detector_net import UNet, bytes_per_pixel, grid_of, halo_of
from restore_models.learning import Learner, Runtime, adam, descend, own_weights
from restore_models.network import PhotoNetwork, as_image
from restore_models.restorer import Model, ModelError, Stage, Weights
from restore_models.unet import check_crop
from restore_models.varying import varied

__all__ = [
    "MODEL",
    "PAPER",
    "STAGE",
    "Balance",
    "Detector",
    "DetectorConfig",
    "DetectorLearner",
    "UNet",
    "assemble",
    "balanced",
    "cross_entropy",
    "focal",
    "front",
    "halo_of",
    "hats",
    "local_mean",
    "masked",
    "objective",
    "overlap_loss",
    "seg_loss",
    "targets",
    "toned",
]


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
        check_crop(degraded, grid_of(self.config).bit_length() - 1)
        degraded, mask = varied(degraded, mask, self.config.variation)
        truth, counted = targets(mask, self.config)
        with self.runtime.autocast():
            logits = self.network(degraded)
        whole, terms = objective(logits, truth, counted, self.config)
        descend(self.optimisers["network"], whole, self.runtime)
        return terms

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


MIRRORS = ((-1,), (-2,), (-2, -1))
"""The mirror images of a photo, by the dimensions that are turned round."""


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
        found = torch.sigmoid(self.network(degraded).float())
        if not self.config.mirrored:
            return found
        turned = [torch.sigmoid(self.network(degraded.flip(way)).float()).flip(way) for way in MIRRORS]
        return torch.stack([found, *turned]).mean(dim=0)

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
