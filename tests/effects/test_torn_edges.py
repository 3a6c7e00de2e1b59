import cv2
import numpy as np

from degrade.effects.torn_edges import TornEdges, tear_line
from degrade.photo import Photo
from degrade.seeds import stream


def test_the_white_core_lies_between_the_picture_and_the_dark_beyond() -> None:
    photo = Photo.of(np.full((512, 512, 3), 100, np.uint8))
    step = TornEdges(sides=4, depth=0.1, extent=0.8, rim=0.01, background="black", seed=2)
    image = step.apply(photo).image[..., 1].astype(int)
    assert (image[64:448, 64:448] == 100).all()  # no tear reaches deeper than a tenth and its rim
    column = image[:256, int(np.argmax((image < 20).sum(axis=0)))]
    first_core, first_picture = np.argmax(column > 150), 255 - np.argmax(column[::-1] != 100)
    assert 0 < first_core < first_picture


def test_a_tear_is_as_rough_as_torn_paper() -> None:
    line = tear_line(1025, 1.0, 0.6, stream(1, "test"))
    steps = np.array([1, 2, 4, 8, 16, 32, 64, 128])
    spread = [np.sqrt(np.mean((line[step:] - line[:-step]) ** 2)) for step in steps]
    hurst = np.polyfit(np.log(steps), np.log(spread), 1)[0]
    assert 0.6 < hurst < 0.9


def test_the_line_of_a_shallow_tear_is_nibbled() -> None:
    def steps(bitten: float) -> float:
        lines = [tear_line(1025, 1.0, bitten, stream(seed, "test")) for seed in range(8)]
        return float(np.mean([np.abs(np.diff(line[::32])).mean() for line in lines]))

    assert steps(0.6) > 1.3 * steps(0.0)  # what lies a thirtieth of the side apart differs more


def test_fibres_stick_out_of_a_torn_edge() -> None:
    photo = Photo.of(np.full((1600, 1600, 3), 100, np.uint8))
    step = TornEdges(sides=1, depth=0.05, extent=0.9, rim=0.008, background="black", seed=3)
    image = step.apply(photo).image[..., 1]
    beyond = (image < 30).astype(np.uint8)
    smoothed = cv2.morphologyEx(beyond, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    fringe = (smoothed != beyond).sum() / max(cv2.Canny(beyond * 255, 50, 150).astype(bool).sum(), 1)
    assert 0.1 < fringe < 3  # pixels of fibres for each pixel of edge
