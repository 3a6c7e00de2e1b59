"""Fitting the hourglass of deep image prior to photos."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.backends import cudnn

from degrade.io import pixel_digest
from degrade.seeds import stream
from degrade.types import Image, Mask
from restore_models.dip_config import DipConfig, Way
from restore_models.dip_nets import HourglassNet
from restore_models.early_stopping import EarlyStop, WindowedVariance
from restore_models.network import as_tensor
from restore_models.restorer import ModelError

NOISE = 0.1
"""The input is uniform from 0 to this."""

LEAST = 4
"""Pixels on the shorter side of the smallest scale, so that its statistics are of more than a few."""

OFTEN = 10
"""Steps between looks at which fits are over: a GPU need not be waited for in each."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A photo to fit."""

    image: Image
    mask: Mask | None
    way: Way

    @property
    def photo_size(self) -> tuple[int, int]:
        """Height and width."""
        return self.image.shape[0], self.image.shape[1]

    @property
    def scales(self) -> int:
        """As many as the way wants, or as the photo has room for."""
        shorter = min(self.photo_size)
        return max(n for n in range(1, self.way.net.scales + 1) if n == 1 or shorter >> n >= LEAST)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, padded so that they can be halved that often."""
        height, width = self.photo_size
        grid = 1 << self.scales
        return -(-height // grid) * grid, -(-width // grid) * grid

    @property
    def digest(self) -> str:
        """Of what can be seen, and where: hidden pixels count for nothing, not even for the seed."""
        mask = np.zeros(self.photo_size, np.uint8) if self.mask is None else self.mask
        return pixel_digest(np.dstack([np.where(mask[..., None] < 255, self.image, 0), mask]))


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """The pictures of several fits, (K, C, H, W) each."""

    noise: Tensor
    target: Tensor
    known: Tensor
    """Of each pixel, its share of the loss: the visible ones have the same, and all together 1/3 for each channel."""

    inside: Tensor
    """1 in the photo, 0 in its padding."""

    average: Tensor
    """Of the outputs, still leaning to 0 by what it has not seen."""

    best: Tensor
    """The average when the variance was lowest."""

    def of(self, fits: Tensor) -> "Pictures":
        """Those of some fits."""
        tensors = (self.noise, self.target, self.known, self.inside, self.average, self.best)
        return Pictures(*(each[fits] for each in tensors))


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What came of a photo."""

    picture: Tensor
    """(1, 3, H, W) in [0, 1]."""

    chosen: int
    """The step, from 1, whose picture it is."""


class Run:
    """Photos of one padded size and one way in the fitting, each as if it were alone."""

    def __init__(self, jobs: Sequence[Job], config: DipConfig, device: torch.device) -> None:
        assert len({(job.size, job.scales, job.way) for job in jobs}) == 1
        self.jobs = list(jobs)
        self.numbers = list(range(len(jobs)))
        self.config, self.way = config, jobs[0].way
        self.steps = 0
        digests = [job.digest for job in jobs]
        sources = [_generator(config.seed, each, "start", torch.device("cpu")) for each in digests]
        self.jitters = [_generator(config.seed, each, "jitter", device) for each in digests]
        self.net = HourglassNet(replace(self.way.net, scales=jobs[0].scales), len(jobs))
        self.net.draw(sources)
        self.net.to(device)
        self.pictures = _laid_out(self.jobs, sources, device)
        self.adam = torch.optim.Adam(self.net.parameters(), config.rate, fused=device.type == "cuda")
        self.variance = WindowedVariance(config.window)
        self.stop = EarlyStop(len(jobs), config.patience, device)

    def advance(self) -> Tensor:
        """One step; (K,), the losses before it."""
        self.steps += 1
        here = self.pictures
        jitter = torch.empty_like(here.noise)
        for each, source in zip(jitter, self.jitters, strict=True):
            each.normal_(0, self.way.jitter, generator=source)
        outputs = self.net(here.noise + jitter)
        losses = (here.known * (outputs - here.target).square()).sum(dim=(1, 2, 3))
        self.adam.zero_grad(set_to_none=True)
        losses.sum().backward()
        self.adam.step()
        self._look_at(outputs.detach() * here.inside)
        return losses.detach()

    def _look_at(self, outputs: Tensor) -> None:
        here = self.pictures
        here.average.lerp_(outputs, 1 - self.config.averaging)
        if self.config.patience:
            values = 3 * here.inside.sum(dim=(1, 2, 3), dtype=torch.float64)
            improved = self.stop.seen(self.variance.seen(outputs, values))
            here.best.copy_(torch.where(improved[:, None, None, None], self.averages(), here.best))

    def averages(self) -> Tensor:
        """(K, 3, H, W); the averages of the outputs so far, with the paddings."""
        return self.pictures.average / (1 - self.config.averaging**self.steps)

    def finished(self, *, at_the_end: bool) -> dict[int, Fit]:
        """The fits that are over, by the number of their photos; all of them at the end. They leave the run."""
        done = [at_the_end or over for over in self.stop.done.tolist()]
        found = {number: self.fit(place) for place, number in enumerate(self.numbers) if done[place]}
        if found:
            self._keep([place for place, over in enumerate(done) if not over])
        return found

    def fit(self, place: int) -> Fit:
        """What would come of a photo if the run ended here.

        Raises:
            ModelError: there is no number in it.
        """
        height, width = self.jobs[place].photo_size
        chosen = int(self.stop.at[place])
        picture = (self.pictures.best if chosen else self.averages())[place, None, :, :height, :width]
        if not bool(picture.isfinite().all()):
            raise ModelError(f"deep image prior lost its way at a rate of {self.config.rate}; give a lower one")
        return Fit(picture.clone(), chosen or self.steps)

    def _keep(self, places: list[int]) -> None:
        """Go on with some photos: their weights, the state of the optimiser, and all else."""
        self.numbers = [self.numbers[place] for place in places]
        self.jobs = [self.jobs[place] for place in places]
        self.jitters = [self.jitters[place] for place in places]
        fits = torch.tensor(places, dtype=torch.long, device=self.stop.done.device)
        for parameter in self.net.parameters():
            parameter.data, parameter.grad = parameter.data[fits], None
            state = self.adam.state[parameter]
            for name in ("exp_avg", "exp_avg_sq"):
                state[name] = state[name][fits]
        self.pictures = self.pictures.of(fits)
        self.variance.keep(fits)
        self.stop.keep(fits)


def _generator(seed: int, digest: str, name: str, device: torch.device) -> torch.Generator:
    """A source of random numbers for one photo; torch's own stays as it is."""
    return torch.Generator(device).manual_seed(stream(seed, "dip", name, digest).seed())


def _laid_out(jobs: Sequence[Job], sources: Sequence[torch.Generator], device: torch.device) -> Pictures:
    """The noise of each photo, drawn on the CPU so that every device begins alike; the photos; and what counts."""
    count, size = len(jobs), jobs[0].size
    noise = torch.empty(count, jobs[0].way.net.input_depth, *size)
    target, known, inside = (torch.zeros(count, channels, *size) for channels in (3, 1, 1))
    for place, (job, source) in enumerate(zip(jobs, sources, strict=True)):
        noise[place].uniform_(0, NOISE, generator=source)
        height, width = job.photo_size
        here = (place, slice(None), slice(height), slice(width))
        target[here] = as_tensor(job.image, torch.device("cpu"))[0]
        inside[here] = 1.0
        known[here] = 1.0 if job.mask is None else 1 - as_tensor(job.mask[..., None], torch.device("cpu"))[0]
    known /= 3 * known.sum(dim=(1, 2, 3), keepdim=True)
    placed = (each.to(device) for each in (noise, target, known, inside))
    return Pictures(*placed, *(torch.zeros(count, 3, *size, device=device) for _ in range(2)))


@contextmanager
def fitting() -> Iterator[None]:
    """Gradients, whatever the caller thinks of them, and sums in one order on a GPU."""
    with torch.inference_mode(mode=False), torch.enable_grad(), cudnn.flags(enabled=True, deterministic=True):
        yield


def fitted(jobs: Sequence[Job], config: DipConfig, device: torch.device) -> list[Fit]:
    """What comes of photos of one padded size and one way; each is stopped at its own time."""
    found: dict[int, Fit] = {}
    with fitting():
        run = Run(jobs, config, device)
        while run.jobs:
            run.advance()
            if run.steps % OFTEN == 0 or run.steps == run.way.iterations:
                found |= run.finished(at_the_end=run.steps == run.way.iterations)
    return [found[number] for number in range(len(jobs))]
