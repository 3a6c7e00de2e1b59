"""Batches on the device, ahead of when they are needed: streamed by worker processes, or cut from data kept there."""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader

from degrade.seeds import stream
from restore_models.batch import Batch
from restore_models.data import Arrays, Cropped, Feed, Items, enlarged, order, window

RESIDENT_SHARE = 0.4
"""Of a GPU's memory that data may take."""

PROBED = 16


def batches(feed: Feed, steps: range, workers: int, device: torch.device) -> Iterator[Batch]:
    """The batches of some steps, in order, made by worker processes while the device is at work; 0 makes them here."""
    loader: DataLoader[Any] = DataLoader(
        Careful(feed),  # type: ignore[arg-type]  # map-style by its methods
        batch_size=None,
        sampler=steps,
        num_workers=workers,
        prefetch_factor=4 if workers else None,
        pin_memory=device.type == "cuda",
        worker_init_fn=_quiet if workers else None,
    )
    for arrays in loader:
        if isinstance(arrays, Exception):
            raise arrays
        yield on_device(arrays, device)


@dataclass(frozen=True, slots=True, eq=False)
class Careful:
    """A feed that hands out what is wrong with its data: a worker process would bury it under its own traceback."""

    feed: Feed

    def __getitem__(self, step: int) -> Arrays | Exception:
        try:
            return self.feed[step]
        except (ValueError, OSError) as error:
            return error

    def __len__(self) -> int:
        return len(self.feed)


def _quiet(worker: int) -> None:
    """One thread in each worker: there are as many workers as there are cores to spare."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)


def usual_workers(device: torch.device) -> int:
    """Processes that load: beside a GPU all cores but two; beside training on the CPU, which has none to spare, 0."""
    return max(1, min(16, (os.cpu_count() or 1) - 2)) if device.type == "cuda" else 0


def on_device(arrays: Mapping[str, Any], device: torch.device) -> Batch:
    """A batch of stacked uint8 arrays or tensors, (B, H, W, 3) and (B, H, W)."""
    return Batch(**{name: _floats(torch.as_tensor(array), device) for name, array in arrays.items()})


def _floats(levels: Tensor, device: torch.device) -> Tensor:
    levels = levels.to(device, non_blocking=True)
    levels = levels.permute(0, 3, 1, 2) if levels.ndim == 4 else levels[:, None]
    channels_last = device.type == "cuda" and levels.shape[1] == 3
    floats = levels.float().div_(255)
    return floats.contiguous(memory_format=torch.channels_last) if channels_last else floats.contiguous()


@dataclass(frozen=True, slots=True, eq=False)
class Resident:
    """All pictures of a data set as tensors on the device, uncropped, item by item."""

    items: Sequence[Mapping[str, Tensor]]
    size: int
    seed: int
    name: str
    flips: bool

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: tuple[int, int]) -> dict[str, Tensor]:
        """What `Cropped` gives, to the level."""
        epoch, place = index
        pictures = self.items[place]
        height, width = next(iter(pictures.values())).shape[:2]
        top, left, mirrored = window(stream(self.seed, "crop", self.name, epoch, place), height, width, self.size)
        part = (slice(top, top + self.size), slice(left, left + self.size))
        cut = {name: picture[part] for name, picture in pictures.items()}
        return {name: each.flip(1) for name, each in cut.items()} if self.flips and mirrored else cut


def resident(cropped: Cropped, device: torch.device) -> Resident:
    """A data set on the device, read by all cores."""

    def read(place: int) -> dict[str, NDArray[np.uint8]]:
        return dict(enlarged(cropped.whole(place), cropped.size))

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        items = [
            {name: torch.from_numpy(np.array(array)).to(device) for name, array in arrays.items()}
            for arrays in pool.map(read, range(len(cropped)))
        ]
    return Resident(items, cropped.size, cropped.seed, cropped.name, cropped.flips)


def fits(parts: Sequence[Items], device: torch.device) -> bool:
    """Whether data sets are of stored pictures and small enough to be kept on a GPU, going by a few of their items."""
    if device.type != "cuda":
        return False
    total = 0.0
    for part in parts:
        if not isinstance(part, Cropped):
            return False
        probes = range(0, len(part), max(1, len(part) // PROBED))
        sizes = [sum(array.nbytes for array in part.whole(place).values()) for place in probes]
        total += len(part) * sum(sizes) / len(sizes)
    return total < RESIDENT_SHARE * torch.cuda.get_device_properties(device).total_memory


def resident_batches(feed: Feed, steps: range, device: torch.device) -> Iterator[Batch]:
    """The same batches as `batches`, of data sets that are kept on the device."""
    for step in steps:
        items = [feed.pairs[index] for index in feed.places(step, "pairs", len(feed.pairs))]
        found = {name: torch.stack([item[name] for item in items]) for name in items[0]}
        if feed.old is not None:
            found["old"] = torch.stack([feed.old[index]["old"] for index in feed.places(step, "old", len(feed.old))])
        yield on_device(found, device)


def checks(items: Items, count: int, batch: int, seed: int) -> Iterator[Arrays]:
    """The first so many items of epoch 0 in random order: what a validation looks at, always the same."""
    places = order(seed, "checks", 0, len(items))[:count]
    for first in range(0, len(places), batch):
        chosen = [items[0, place] for place in places[first : first + batch]]
        yield {name: np.stack([item[name] for item in chosen]) for name in chosen[0]}
