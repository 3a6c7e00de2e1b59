"""Networks that see whole photos: any size on any device, and weights that travel as safetensors with a config.json."""

from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from huggingface_hub import PyTorchModelHubMixin
from torch import Tensor, nn
from torch.nn import functional

from degrade.types import Image, Mask
from restore_models.restorer import ModelError, checked
from restore_models.tiling import Tiling, in_tiles, planned
from restore_models.weight_files import Weighed, read_weights, write_weights

SPARE_SHARE = 2.3
"""Of the activations, which the allocator holds back at most: of small photos nearly all pieces are small."""


class PhotoNetwork(nn.Module, PyTorchModelHubMixin):
    """What all networks in use share: padding, tiles, saving and loading.

    A model's class sets the class variables, makes its networks in `__init__(config)`, and says in `forward` what it
    does with tensors. `from_pretrained` and `push_to_hub` come from huggingface_hub.
    """

    name: ClassVar[str] = ""

    grid: int = 1
    """Both sides of what `forward` sees are a multiple of this many pixels."""

    halo: int = 64
    """How far from the edge of a tile its pixels are not to be trusted, a multiple of `grid`."""

    exact: bool = False
    """Whether a pixel hangs on nothing beyond the halo, so that tiles give what the whole photo gives."""

    blind: bool = False
    """Whether it looks at no mask."""

    bytes_per_pixel: int = 2000
    """Peak of the activations in fp32 per pixel of what is computed at once, measured."""

    spare_bytes: int = 0
    """At most what the process takes besides on a CPU: freed pieces below 32 MB that its allocator holds back; measured
    as the worst of 256 x 256, 512 x 512 and 1024 x 1024 pixels by `tests/speed/test_forecast.py`."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config
        self.record: dict[str, Any] = {}
        """How it was trained; empty with random weights."""

        self.tiling = Tiling()

    def forward(self, degraded: Tensor, mask: Tensor) -> Tensor:
        """(B, C, H, W) in [0, 1], of degraded pictures (B, 3, H, W) and masks (B, 1, H, W) in [0, 1]."""
        raise NotImplementedError

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        return next(self.parameters()).device

    def peak_bytes(self, height: int, width: int) -> int:
        """Memory that a photo of that size takes beside the process and the weights."""
        tile = planned((height, width), self.bytes_per_pixel, self.tiling, self.grid, self.halo)
        pictures = 8 * 4 * height * width  # the photo, its mask, the result and their paddings as floats
        return pictures + self.with_spare(self.bytes_per_pixel * tile.height * tile.width)

    def with_spare(self, activations: int) -> int:
        """Bytes of activations, and what the process takes besides."""
        spare = 0 if self.device.type == "cuda" else min(self.spare_bytes, SPARE_SHARE * activations)
        return activations + int(spare)

    @torch.inference_mode()
    def computed(self, image: Image, mask: Mask | None) -> Tensor:
        """(1, C, H, W); what `whole` makes of a photo of any size, padded to the grid and cut again.

        Raises:
            ModelError: the picture is none, or what is made of it.
        """
        checked(image, mask)
        height, width = image.shape[:2]
        degraded = as_tensor(image, self.device)
        covered = torch.zeros_like(degraded[:, :1]) if mask is None else as_tensor(mask[..., None], self.device)
        right, below = -width % self.grid, -height % self.grid
        degraded, covered = (padded(each, right, below) for each in (degraded, covered))
        was_training = self.training
        self.eval()
        try:
            found = self.whole(degraded, covered)[..., :height, :width]
        finally:
            self.train(was_training)
        if not bool(found.isfinite().all()):
            raise ModelError(
                f"{self.name} gave values that are no numbers; its weights are damaged, or were never good"
            )
        return found

    def whole(self, degraded: Tensor, mask: Tensor) -> Tensor:
        """What `forward` makes of one whole photo, by tiles where it is too large for one go."""
        return in_tiles(self, degraded, mask, self)

    def _save_pretrained(self, save_directory: Path) -> None:
        write_weights(Path(save_directory), Weighed(self.name, asdict(self.config), self.state_dict(), self.record))

    @classmethod
    def _from_pretrained(cls, *, model_id: str, map_location: str = "cpu", **others: Any) -> Self:
        from restore_models.zoo import network_from  # noqa: PLC0415 - the zoo knows all models, and they know this

        found = network_from(read_weights(model_id, others))
        if not isinstance(found, cls):
            raise ModelError(f"{model_id}: weights of the model {found.name}, not of {cls.name}")
        return found.to(map_location)


class NetworkRestorer(PhotoNetwork):
    """A network that restores: `forward` gives the restored pictures, (B, 3, H, W) in [0, 1]."""

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """The restored photo, of the same size: see `Restorer`."""
        return as_image(self.computed(image, mask))


def as_tensor(picture: Image, device: torch.device) -> Tensor:
    """(1, C, H, W) in [0, 1] of a picture (H, W, C)."""
    contiguous = np.ascontiguousarray(picture.transpose(2, 0, 1))
    return torch.from_numpy(contiguous).to(device)[None].float().div_(255)


def as_image(tensor: Tensor) -> Image:
    """The picture (H, W, C) of a tensor (1, C, H, W) in [0, 1]: clipped and rounded."""
    levels = (tensor[0].float() * 255).round_().clamp_(0, 255).to(torch.uint8)
    found: Image = np.ascontiguousarray(levels.permute(1, 2, 0).cpu().numpy())
    return found


def padded(tensor: Tensor, right: int, below: int) -> Tensor:
    """The picture continued as in a mirror; its last pixels are repeated where it is too small for that."""
    if not right and not below:
        return tensor
    mirrored = right < tensor.shape[-1] and below < tensor.shape[-2]
    return functional.pad(tensor, (0, right, 0, below), mode="reflect" if mirrored else "replicate")
