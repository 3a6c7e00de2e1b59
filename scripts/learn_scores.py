"""How well photos that nothing was learned from are restored: means over photos, with intervals.

The photos are those of the corpus's split `test`, one pair of each preset. What was scored is kept by what scored it,
in scores/NAME.jsonl, and is not computed again.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from skimage.metrics import structural_similarity

from degrade.corpus.reading import Pair, open_corpus
from degrade.types import Image
from restore_models.resolve import opened

CLASSICAL = {
    "identity": False,
    "grey-world": False,
    "auto-levels": False,
    "median": False,
    "nlm": False,
    "telea": True,
    "navier-stokes": True,
    "sequential": True,
}
"""Whether they are told the exact mask."""

LEARNED = {"nafnet": (False,), "pix2pix": (False,), "triplet": (False, True)}

DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over photos, and between what it lies in 95 of 100 draws of as many photos, with replacement."""

    mean: float
    low: float
    high: float


def estimated(values: Sequence[float]) -> Estimate:
    """The mean of one value of each photo with its interval; the same each time."""
    array = np.asarray(values, float)
    draws = np.random.default_rng(0).integers(0, len(array), (DRAWS, len(array)))
    low, high = np.percentile(array[draws].mean(axis=1), (2.5, 97.5))
    return Estimate(float(array.mean()), float(low), float(high))


@dataclass(frozen=True, slots=True)
class RestorerRow:
    """How well a restorer does."""

    name: str
    told_mask: bool
    psnr: Estimate
    ssim: Estimate
    psnr_gain: Estimate
    """Against the degraded photo, photo by photo."""

    ssim_gain: Estimate
    better: float
    """Of the photos, the share whose PSNR is above that of the degraded one."""

    photos: int
    pairs: int
    seconds_per_megapixel: float


def restorer_scores(runs: dict[str, Path], corpus: Path, kept: Path, part: float) -> list[RestorerRow]:
    """A row for each classical restorer and each that is trained."""
    pairs = held_out(corpus, part)
    who = [(name, told, "") for name, told in CLASSICAL.items()]
    who += [(name, told, str(run)) for name, run in runs.items() for told in LEARNED[name]]
    scores = {(name, told): by_pair(name, told, run, pairs, kept) for name, told, run in who}
    floor = by_photo(scores["identity", False])
    return [restorer_row(name, told, found, floor) for (name, told), found in scores.items()]


def held_out(corpus: Path, part: float) -> list[Pair]:
    """The first pair of each preset, of the photos of the split `test` (or the first part of them, six at least)."""
    rows = open_corpus(corpus, "test")
    pairs = [pair for pair in rows if pair.record["variant"] == 0]
    keys = sorted({pair.record["key"] for pair in pairs})
    chosen = set(keys[: max(6, round(part * len(keys)))])
    return [pair for pair in pairs if pair.record["key"] in chosen]


Scores = dict[str, list[dict[str, Any]]]
"""Of each photo, those of its pairs."""


def by_pair(name: str, told: bool, run: str, pairs: Sequence[Pair], kept: Path) -> list[dict[str, Any]]:
    """The scores of a restorer, those that are kept and those that were missing."""
    print(f"learn: scoring {name}{', told the mask' if told else ''}", file=sys.stderr)
    kept.mkdir(parents=True, exist_ok=True)
    file = kept / f"{name}{'-told' if told else ''}.jsonl"
    by = digest(run)
    lines = map(json.loads, file.read_text("utf-8").splitlines()) if file.exists() else ()
    known = {line["pair"]: line for line in lines if line["by"] == by}
    restorer = opened(run or name, device="cpu")
    found = []
    for pair in pairs:
        address = f"{pair.record['key']} {pair.record['degraded_sha256'][:16]}"
        if address not in known:
            score = scored(restorer.restore, pair, told)
            known[address] = {"by": by, "pair": address, "key": pair.record["key"]} | score
            with file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(known[address]) + "\n")
        found.append(known[address])
    return found


def digest(run: str) -> str:
    """Of the weights."""
    if not run:
        return "no weights"
    return hashlib.sha256((Path(run) / "weights" / "model.safetensors").read_bytes()).hexdigest()[:16]


def scored(restore: Callable[..., Image], pair: Pair, told: bool) -> dict[str, float]:
    """PSNR, SSIM and seconds per megapixel of one pair."""
    clean, degraded = pair.clean, pair.degraded
    assert clean is not None
    begun = time.perf_counter()
    restored = restore(degraded, pair.mask if told else None)
    seconds = time.perf_counter() - begun
    return {
        "psnr": psnr(restored, clean),
        "ssim": ssim(restored, clean),
        "seconds": 1e6 * seconds / degraded[..., 0].size,
    }


def psnr(restored: Image, clean: Image) -> float:
    """Peak signal-to-noise ratio in dB, at most 100."""
    error = np.square(restored.astype(float) - clean).mean()
    return float(min(100.0, 10 * np.log10(255**2 / max(error, 1e-12))))


def ssim(restored: Image, clean: Image) -> float:
    """Mean structural similarity over pixels and channels, with the Gaussian window of Wang et al. 2004."""
    settings = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    return float(structural_similarity(restored, clean, channel_axis=2, data_range=255, **settings))


def by_photo(scores: Sequence[dict[str, Any]]) -> Scores:
    found: Scores = {}
    for score in scores:
        found.setdefault(score["key"], []).append(score)
    return found


def restorer_row(name: str, told: bool, scores: Sequence[dict[str, Any]], floor: Scores) -> RestorerRow:
    photos = by_photo(scores)

    def means(of: Scores, what: str) -> list[float]:
        return [float(np.mean([score[what] for score in of[key]])) for key in sorted(photos)]

    def gains(what: str) -> list[float]:
        return [own - least for own, least in zip(means(photos, what), means(floor, what), strict=True)]

    return RestorerRow(
        name=name,
        told_mask=told,
        psnr=estimated(means(photos, "psnr")),
        ssim=estimated(means(photos, "ssim")),
        psnr_gain=estimated(gains("psnr")),
        ssim_gain=estimated(gains("ssim")),
        better=float(np.mean([gain > 0 for gain in gains("psnr")])),
        photos=len(photos),
        pairs=len(scores),
        seconds_per_megapixel=float(np.median([score["seconds"] for score in scores])),
    )
