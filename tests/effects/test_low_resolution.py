import numpy as np
import pytest

from degrade.effects.low_resolution import LowResolution
from degrade.photo import Photo


@pytest.mark.parametrize("down", ["gaussian", "area", "cubic"])
@pytest.mark.parametrize(("width", "height"), [(0.5, 0.5), (0.61, 0.83), (0.13, 0.3)])
def test_nothing_moves(down: str, width: float, height: float) -> None:
    y, x = np.mgrid[:120, :150]
    spot = 220 * np.exp(-((x - 70.3) ** 2 + (y - 52.8) ** 2) / (2 * 9**2))
    image = np.repeat(np.rint(spot).astype(np.uint8)[..., None], 3, 2)
    small = LowResolution(width=width, height=height, down=down, up="linear").apply(Photo.of(image)).image[..., 0] * 1.0
    assert (small * x).sum() / small.sum() == pytest.approx(70.3, abs=0.15)
    assert (small * y).sum() / small.sum() == pytest.approx(52.8, abs=0.15)


@pytest.mark.parametrize("share", [0.5, 0.3, 0.08])
def test_the_finest_grating_becomes_even_grey(share: float) -> None:
    image = np.zeros((96, 97, 3), np.uint8)
    image[:, ::2] = 255
    grey = LowResolution(width=share, height=share, down="gaussian", up="cubic").apply(Photo.of(image)).image
    middle = grey[16:-16, 16:-16].astype(float)
    assert middle.mean() == pytest.approx(127.5, abs=5)
    assert middle.std() < 5


def test_nearest_leaves_blocks_of_equal_pixels() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    blocks = LowResolution(width=0.25, height=0.25, down="area", up="nearest").apply(Photo.of(noise)).image
    assert (blocks.reshape(16, 4, 16, 4, 3) == blocks[::4, ::4].reshape(16, 1, 16, 1, 3)).all()
