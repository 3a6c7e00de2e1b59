"""Deep image prior: a network learns to draw one degraded photo, and is stopped before it learns the damage too.

Nothing is trained beforehand. A network that turns fixed noise into a picture is fitted to the photo's visible pixels,
min over theta of |(f_theta(z) - photo) * (1 - mask)|^2 (eq. 2 and 4). It fits what looks like a picture long before it
fits noise, and what it draws where the mask hides the photo is inpainting.

Source: Ulyanov, Vedaldi, Lempitsky 2018, "Deep Image Prior", CVPR; the networks, noise and rates of its supplementary
material. It is stopped by the windowed variance of its outputs (Wang et al. 2023, see `early_stopping`). Where we
deviate: the average of the outputs forgets the grey of its first ones; nothing is taken back where a fit jumps, since
the best picture so far is kept anyway; small photos get fewer scales; large ones are fitted tile by tile.

Time is what counts, and it grows with the pixels. One step at one megapixel takes 26 to 38 s of one core (AMD EPYC,
torch 2.13) without a mask and 40 to 57 s with one. To the last of its 3000 steps a photo of 256 x 256 pixels takes
about 1.8 hours, one megapixel 27 hours and twelve two weeks, with a mask three times as long (6001 steps); the early
stop comes after 1100 steps at the soonest. A step holds 10.5 kB per pixel without a mask and 14.2 kB with one, of a
whole photo or of one tile. Four photos side by side take 1.3 to 1.6 times as long on a CPU as one after the other (0.9
times in networks of width 32). Measured by `pytest -m speed tests/speed/test_dip_speed.py`. None of it was measured on
a GPU.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor

from degrade.types import Image, Mask
from restore_models.dip_config import DipConfig, Way
from restore_models.dip_fitting import Job, fitted
from restore_models.dip_nets import Hourglass
from restore_models.network import as_image, as_tensor
from restore_models.restorer import Model, ModelError, checked
from restore_models.tiling import Tile, Tiling, in_tiles, planned, ran_out, tiles

DEFAULTS = DipConfig()

STUDENTS = DipConfig(
    plain=Way(Hourglass(input_depth=1), iterations=3001),
    masked=Way(Hourglass(input_depth=1, skip=128, smooth=False), iterations=3001, jitter=0.03),
    patience=0,
)
"""As in the students' report that the project began with: 3001 steps at 0.01 to the end, noise of one channel."""


MANY = 32
"""Photos in one network at most: groups enough to keep a GPU busy."""


@dataclass(slots=True)
class Plan:
    """What the planner of tiles must know."""

    tiling: Tiling
    bytes_per_pixel: int
    grid: int = 1  # each fit pads its own tile
    halo: int = 32
    exact: bool = False


class DeepImagePrior:
    """Fits a network to each photo; large photos are fitted by tiles that fade into each other.

    A photo of more than about 500 x 500 pixels (410 x 410 with a mask) would need over 3 GiB and is cut into tiles
    about as large, each with a network of its own, so that memory is bounded; the time is not. The same photo, mask
    and seed give the same pixels on the same machine with as many threads, whatever else is restored with it.
    """

    name = "dip"

    def __init__(self, config: DipConfig = DEFAULTS) -> None:
        self.config = config
        self.device = _device(config.device)
        self.tiling = Tiling()

    def to(self, device: torch.device | str) -> Self:
        """Itself, from now on on that device."""
        self.device = _device(str(device))
        return self

    def at_most(self, steps: int) -> Self:
        """The same with no more steps for a photo than so many: what it had drawn by then is the result.

        Fewer than about a thousand leave a photo blurred, as the network learns what is smooth first.

        Raises:
            ValueError: there is not a single one.
        """
        plain, masked = (
            replace(way, iterations=min(steps, way.iterations)) for way in (self.config.plain, self.config.masked)
        )
        found = type(self)(replace(self.config, plain=plain, masked=masked)).to(self.device)
        found.tiling = self.tiling
        return found

    def peak_bytes(self, height: int, width: int) -> int:
        """Memory that a photo of that size takes beside the process, mask or not."""
        return max(self._bytes(height, width, way) for way in (self.config.plain, self.config.masked))

    def _bytes(self, height: int, width: int, way: Way) -> int:
        tile, plan = self._tile((height, width), way), self._plan(way)
        pictures = 8 * 4 * height * width  # the photo, its mask and the result as floats
        weights = 16 * way.net.scales * way.net.width * (29 * way.net.width + 10 * way.net.skip)  # gradients, Adam
        return pictures + weights + plan.bytes_per_pixel * tile.height * tile.width

    def _tile(self, size: tuple[int, int], way: Way) -> Tile:
        """The largest part of a photo that is fitted at once."""
        plan = self._plan(way)
        return planned(size, plan.bytes_per_pixel, plan.tiling, plan.grid, plan.halo)

    def whole(self, job: Job) -> bool:
        """Whether a photo is fitted in one piece."""
        tile, size = self._tile(job.photo_size, job.way), job.photo_size
        return (tile.height, tile.width) == size

    def _plan(self, way: Way) -> Plan:
        net = way.net
        activations = 1000 + 24 * net.input_depth + 75 * net.width + 40 * net.skip  # fitted to measurements
        outputs = (12 * self.config.window + 48) if self.config.patience else 0
        return Plan(self.tiling, activations + outputs)

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """The restored photo: see `Restorer`.

        Raises:
            ModelError: also where the mask hides a whole photo or tile, of which there is nothing to learn.
        """
        return self._alone(self.job(image, mask))

    def restore_many(self, images: Sequence[Image], masks: Sequence[Mask | None] | None = None) -> list[Image]:
        """The restored photos, the same as one by one but for the rounding of sums.

        On a GPU, photos of one padded size are fitted by one network, whose convolutions keep them apart in groups. On
        a CPU, where groups are slower, they are fitted one after the other.
        """
        chosen: Sequence[Mask | None] = [None] * len(images) if masks is None else masks
        jobs = [self.job(image, mask) for image, mask in zip(images, chosen, strict=True)]
        found: dict[int, Image] = {}
        for numbers in self._batches(jobs):
            restored = self._side_by_side([jobs[number] for number in numbers])
            found.update(zip(numbers, restored, strict=True))
        return [found[number] for number in range(len(jobs))]

    def job(self, image: Image, mask: Mask | None) -> Job:
        """The work on a photo, once it is sure that it can be done.

        Raises:
            ModelError: it cannot.
        """
        checked(image, mask)
        if mask is None or not mask.any():
            return Job(image, None, self.config.plain)
        job = Job(image, mask, self.config.masked)
        size, plan, tile = job.photo_size, self._plan(job.way), self._tile(job.photo_size, job.way)
        for each in tiles(size, tile, plan.halo, plan.grid):
            if (mask[each.top : each.top + each.height, each.left : each.left + each.width] == 255).all():
                part = "the photo" if self.whole(job) else f"a tile of {tile.width} x {tile.height} pixels"
                raise ModelError(f"the mask hides all of {part}: nothing to learn from; give a smaller photo or mask")
        return job

    def _batches(self, jobs: Sequence[Job]) -> list[list[int]]:
        """The numbers of photos that are fitted together."""
        alike: dict[tuple[object, ...], list[int]] = {}
        for number, job in enumerate(jobs):
            alike.setdefault((job.size, job.scales, job.way), []).append(number)
        found = []
        for numbers in alike.values():
            most = self._together(jobs[numbers[0]])
            found += [numbers[start : start + most] for start in range(0, len(numbers), most)]
        return found

    def _together(self, job: Job) -> int:
        """How many photos like this one are fitted by one network."""
        if not self.whole(job):
            return 1
        if self.config.together or self.device.type != "cuda":
            return max(1, self.config.together)
        free, _ = torch.cuda.mem_get_info(self.device)
        return min(MANY, max(1, free // 2 // self._bytes(*job.photo_size, job.way)))

    def _side_by_side(self, jobs: Sequence[Job]) -> list[Image]:
        """The restored photos by one network; where memory runs out, by one for each after all."""
        if len(jobs) > 1:
            try:
                return [as_image(fit.picture) for fit in fitted(jobs, self.config, self.device)]
            except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
                if not ran_out(error):
                    raise
        return [self._alone(job) for job in jobs]

    def _alone(self, job: Job) -> Image:
        def part(degraded: Tensor, mask: Tensor) -> Tensor:
            covered = None if job.mask is None else as_image(mask)[..., 0]
            return fitted([Job(as_image(degraded), covered, job.way)], self.config, self.device)[0].picture.cpu()

        cpu = torch.device("cpu")  # the photo waits there, and each tile goes to the device
        degraded = as_tensor(job.image, cpu)
        mask = torch.zeros_like(degraded[:, :1]) if job.mask is None else as_tensor(job.mask[..., None], cpu)
        return as_image(in_tiles(part, degraded, mask, self._plan(job.way)))


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        found = torch.device(name)
    except RuntimeError:
        raise ModelError(f"device = {name!r}: no device; give cpu, cuda or auto") from None
    if found.type not in ("cpu", "cuda"):  # of the others, some have no fp64
        raise ModelError(f"device = {name!r}: only cpu and cuda will do")
    if found.type == "cuda" and (found.index or 0) >= torch.cuda.device_count():
        raise ModelError(f"device = {name!r}: there is no such GPU here; give cpu")
    return found


MODEL = Model(
    name="dip",
    about="A network learns to draw one photo and is stopped before it learns the damage; needs no training.",
    source='Ulyanov, Vedaldi, Lempitsky 2018, "Deep Image Prior"; stopped as in Wang et al. 2023 (TMLR)',
    needs="a photo's own time",
    build=DeepImagePrior,
    config=DEFAULTS,
)
