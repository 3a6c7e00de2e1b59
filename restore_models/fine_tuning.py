"""A trained detector made to fit what somebody marked by hand: its weights, and where its soft masks are cut."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from degrade.types import Image, Mask
from restore_models.data import Feed
from restore_models.detection import Detection, Levels, detection, levels_of, pooled
from restore_models.detector import Detector, objective
from restore_models.hand_labels import Labelled, labelled_crops, of_pair
from restore_models.learning import Runtime, adam, descend
from restore_models.varying import Variation, varied

RATE_SHARE = 0.1
"""Of the learning rate: a few photos are to correct what many taught, not to take its place."""

GENTLE = Variation(zoom=1.5)
"""Real photos have their own scale; less is made of them."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """How long, and on how much at once."""

    steps: int = 500
    batch: int = 8
    size: int = 256
    seed: int = 0


def fine_tune(detector: Detector, folder: Path, tuning: Tuning, runtime: Runtime) -> Detector:
    """Another detector, trained further on hand-labelled photos; the given one stays as it is.

    Source: Wan et al. 2022, section 4.2: trained on synthetic scratches, fine-tuned on 400 labelled photos. What nobody
    knows (128) counts nowhere; the statistics of batch norm stay, as a handful of photos says little about them. The
    rate falls linearly to zero. The threshold stays too: `with_best_threshold` moves it.

    Args:
        detector: with weights; where it came from does not matter.
        folder: photos/ and masks/, see `hand_labels`.
        tuning: steps, batch, crop and seed: the same gives the same weights on the CPU.
        runtime: where it runs.

    Raises:
        ModelError: the folder holds no pairs.
        ImageError: a picture in it cannot be read.
    """
    crops = labelled_crops(folder, tuning.size, tuning.seed)
    tuned = Detector(detector.config)
    tuned.load_state_dict(detector.state_dict())
    runtime.place(tuned).eval()  # so that batch norm uses its statistics, and keeps them
    optimiser = adam([tuned.network], detector.config.rate * RATE_SHARE, detector.config.betas)
    feed = Feed(crops, None, tuning.batch, tuning.seed)
    first = optimiser.param_groups[0]["lr"]
    for step in range(tuning.steps):
        optimiser.param_groups[0]["lr"] = first * (1 - step / tuning.steps)
        arrays = {name: torch.as_tensor(array, device=runtime.device) for name, array in feed[step].items()}
        with seeded(tuning.seed + step, runtime.device):
            loss = _loss(tuned, arrays, runtime)
        descend(optimiser, loss, runtime)
    tuned.record = detector.record | {"fine-tuned on": f"{len(crops)} hand-labelled photos, {tuning.steps} steps"}
    return tuned


def _loss(detector: Detector, arrays: dict[str, Tensor], runtime: Runtime) -> Tensor:
    """What the detector learned down, on crops as they come from the folder."""
    degraded = arrays["degraded"].permute(0, 3, 1, 2).float() / 255
    known = torch.stack([arrays["mask"], arrays["ignore"]], dim=1).float() / 255  # (B, 2, S, S)
    degraded, known = varied(degraded, known, GENTLE)
    truth, counted = (known[:, :1] >= 0.5).float(), (known[:, 1:] < 0.5).float()
    with runtime.autocast():
        logits = detector.network(degraded)
    return objective(logits, truth, counted, detector.config)[0]


@contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Torch's own streams set to a seed, and back afterwards to what they were."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield


def with_best_threshold(detector: Detector, photos: Iterable[Labelled]) -> Detector:
    """The same detector, its soft masks cut where F1 over all pixels of the photos is best.

    Give photos that it has not learned from: pairs of a corpus (`hand_labels.of_pair`), or hand-labelled ones.

    Raises:
        ModelError: there is no damage on any of them, or nothing else.
    """
    best = detection(pooled(levels_by_photo(detector.detect, photos))).threshold
    found = Detector(replace(detector.config, threshold=best)).to(detector.device)
    found.load_state_dict(detector.state_dict())
    found.record, found.tiling = dict(detector.record), detector.tiling
    return found.train(detector.training)


def thresholded(detector: Detector, pairs: Iterable[Mapping[str, Any]]) -> Detector:
    """The same by degraded pictures and masks (H, W) of a corpus; as it is where none of them has any damage."""
    config = detector.config
    photos = [of_pair("", each["degraded"], each["mask"], config.positive, config.doubtful) for each in pairs]
    if not any(each.truth.any() for each in photos):
        return detector
    return with_best_threshold(detector, photos)


def levels_by_photo(detect: Callable[[Image], Mask], photos: Iterable[Labelled]) -> Iterator[Levels]:
    """What any maker of soft masks makes of labelled photos."""
    return (levels_of(detect(each.image), each.truth, each.counted) for each in photos)


def photo_means(photos: Iterable[Levels]) -> tuple[float, float]:
    """AUC and average precision, each the mean over the photos; those without any damage have neither."""
    found: list[Detection] = [detection(each) for each in photos if each.defect.any() and each.intact.any()]
    return sum(each.auc for each in found) / len(found), sum(each.auprc for each in found) / len(found)
