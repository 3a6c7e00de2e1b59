import io

import numpy as np
import PIL.Image
import pytest

from degrade.effects.jpeg_compression import JpegCompression
from degrade.photo import Photo

RANDOM = np.random.default_rng(3)
SMOOTH = np.kron(RANDOM.integers(0, 256, (9, 11, 3)), np.ones((8, 8, 1))).astype(np.uint8)
PICTURE = np.clip(SMOOTH[:67, :85] + RANDOM.normal(0, 6, (67, 85, 3)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("subsampling", "factor"), [("4:2:0", 2), ("4:4:4", 0)])
@pytest.mark.parametrize("quality", [12, 60, 95])
def test_pillow_writes_the_same_picture(quality: int, subsampling: str, factor: int) -> None:
    file = io.BytesIO()
    PIL.Image.fromarray(PICTURE).save(file, "JPEG", quality=quality, subsampling=factor)
    expected = np.asarray(PIL.Image.open(file)).astype(int)
    ours = JpegCompression(quality=quality, subsampling=subsampling).apply(Photo.of(PICTURE)).image
    difference = np.abs(ours - expected)
    assert difference.mean() < 0.1
    assert np.percentile(difference, 99) <= 2


def test_420_loses_the_finest_colour_and_keeps_the_finest_grey() -> None:
    image = np.full((32, 32, 3), (200, 60, 60), np.uint8)
    image[:, ::2] = (60, 120, 120)
    kept, lost = (
        JpegCompression(quality=95, subsampling=each).apply(Photo.of(image)).image.astype(float)
        for each in ("4:4:4", "4:2:0")
    )
    redness = [np.ptp((each[..., 0] - each[..., 1])[8:-8, 8:-8], axis=1).mean() for each in (kept, lost)]
    assert redness[0] > 150
    assert redness[1] < 30


def test_a_side_too_long_for_jpeg_is_refused() -> None:
    with pytest.raises(ValueError, match="65501 x 1"):
        JpegCompression(quality=50, subsampling="4:4:4").apply(Photo.of(np.zeros((1, 65501, 3), np.uint8)))
