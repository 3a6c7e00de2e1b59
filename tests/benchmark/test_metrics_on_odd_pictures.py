"""Metrics on any pair, however odd: a number, or one line that says why there is none; and their pinned specs."""

import math

import numpy as np
import pytest
from charts import chart, flat, grey
from small_pairs import HOLE, noisy, value

from benchmark.metric import UnsupportedError
from benchmark.metrics import METRICS, scores
from degrade.types import Mask
from restore_models.restorer import ModelError

BLACK, WHITE = np.zeros((200, 200, 3), np.uint8), np.full((200, 200, 3), 255, np.uint8)

PAIRS = {
    "black": (BLACK, BLACK),
    "white": (WHITE, WHITE),
    "black and white": (BLACK, WHITE),
    "two greys": (flat(100, 200), flat(101, 200)),
    "equal": (noisy(flat(120, 200), 30), noisy(flat(120, 200), 30)),
    "grey": (grey(chart(200, 200)), grey(noisy(chart(200, 200), 9))),
    "odd sides": (chart(161, 203), noisy(chart(161, 203), 5)),
    "8 x 8": (chart(64, 64)[8:16, 8:16], noisy(chart(64, 64), 5)[8:16, 8:16]),
    "one pixel": (BLACK[:1, :1], WHITE[:1, :1]),
    "a line": (chart(200, 200)[:1], noisy(chart(200, 200), 5)[:1]),
}

NEEDED = {
    "psnr": 1,
    "psnr-y": 1,
    "ssim": 11,
    "ms-ssim": 161,
    "gmsd": 8,
    "mae": 1,
    "ciede2000": 1,
    "luma-spectrum": 64,
}
"""Pixels on the shorter side."""

MASKS = {"none": None, "empty": 0, "full": 255, "a pixel": 1, "half": 2}


def mask_of(kind: int | None, sides: tuple[int, int]) -> Mask | None:
    if kind is None:
        return None
    mask = np.full(sides, 255 if kind == 255 else 0, np.uint8)
    if kind == 1:
        mask[sides[0] // 2, sides[1] // 2] = 255
    if kind == 2:
        mask[: sides[0] // 2] = 200
    return mask


@pytest.mark.parametrize("kind", MASKS)
@pytest.mark.parametrize("names", PAIRS)
def test_every_metric_has_a_number_or_says_that_it_has_none(names: str, kind: str) -> None:
    restored, clean = PAIRS[names]
    mask = mask_of(MASKS[kind], clean.shape[:2])
    for metric in METRICS.values():
        if min(clean.shape[:2]) < NEEDED[metric.name]:
            with pytest.raises(UnsupportedError, match=f"{clean.shape[1]} x {clean.shape[0]} pixels"):
                metric.score(restored, clean, mask)
            continue
        found = metric.score(restored, clean, mask)
        assert "whole" in found
        assert all(math.isfinite(each) for each in found.values())
        if np.array_equal(restored, clean):
            best = {"psnr": 100, "psnr-y": 100, "ssim": 1, "ms-ssim": 1}.get(metric.name, 0)
            assert set(found.values()) == {best}


def test_the_smallest_picture_of_each_metric_is_known() -> None:
    for name, side in NEEDED.items():
        picture = np.zeros((side, side + 5, 3), np.uint8)
        assert math.isfinite(value(name, picture, picture))
        if side > 1:
            with pytest.raises(UnsupportedError, match=f"it needs {side} x {side}"):
                value(name, picture[1:], picture[1:])


def test_all_at_once_are_the_same_as_one_by_one() -> None:
    clean, restored = chart(180, 190), noisy(chart(180, 190), 8)
    mask = np.zeros((180, 190), np.uint8)
    mask[90:95] = 255
    together = scores(restored, clean, mask)
    assert together == {name: metric.score(restored, clean, mask) for name, metric in METRICS.items()}
    assert set(scores(restored[:20, :20], clean[:20, :20])) == {"psnr", "psnr-y", "ssim", "gmsd", "mae", "ciede2000"}


def test_scoring_changes_no_picture_and_minds_no_view_of_one() -> None:
    clean, restored = (each[::-1, ::2] for each in (chart(180, 380), noisy(chart(180, 380), 8)))
    before = clean.copy(), restored.copy()
    assert scores(restored, clean, HOLE[:1].repeat(180, 0).repeat(2, 1)[:, :190]) == scores(
        before[1], before[0], HOLE[:1].repeat(180, 0).repeat(2, 1)[:, :190]
    )
    assert np.array_equal(clean, before[0])
    assert np.array_equal(restored, before[1])


def test_a_direction_is_what_noise_does() -> None:
    clean = noisy(chart(180, 180), 4)
    little, much = (scores(noisy(clean, sigma, 7), clean) for sigma in (4, 30))
    for name, metric in METRICS.items():
        assert (little[name]["whole"] > much[name]["whole"]) == metric.higher_is_better


def test_specs_are_pinned() -> None:
    assert [metric.spec for metric in METRICS.values()] == [
        "psnr/v1?space=rgb&range=255&quant=uint8-round&cap=100&hole=26&band=3",
        "psnr-y/v1?space=bt601-studio&range=255&quant=uint8-round&cap=100&hole=26&band=3",
        "ssim/v1?space=rgb&window=gauss11-1.5&cov=population&border=valid&range=255&quant=uint8-round&hole=26&band=3",
        "ms-ssim/v1?space=luma601&scales=5&window=gauss11-1.5&cov=population&border=valid&range=255&quant=uint8-round"
        "&hole=26&band=3",
        "gmsd/v1?space=luma601&t=170&scale=2&range=255&quant=uint8-round&hole=26&band=3",
        "mae/v1?space=rgb&range=255&quant=uint8-round&hole=26&band=3",
        "ciede2000/v1?space=srgb-d65&weights=1-1-1&range=255&quant=uint8-round&hole=26&band=3",
        "luma-spectrum/v1?space=luma601&window=hann&bands=32&floor=1/12&range=255&quant=uint8-round",
    ]


def test_what_is_no_pair_is_named() -> None:
    with pytest.raises(ModelError, match=r"of \(20, 30, 3\), the clean one \(21, 30, 3\)"):
        scores(np.zeros((20, 30, 3), np.uint8), np.zeros((21, 30, 3), np.uint8))
    with pytest.raises(ModelError, match="not float64"):
        scores(np.zeros((20, 30, 3)), np.zeros((20, 30, 3), np.uint8))  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="a mask of this photo"):
        scores(BLACK, BLACK, np.zeros((20, 30), np.uint8))
    with pytest.raises(UnsupportedError, match="no clean photo"):
        METRICS["psnr"].score(BLACK, None, None)
