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
    line = tear_line(1025, 1.0, stream(1, "test"))
    steps = np.array([1, 2, 4, 8, 16, 32, 64, 128])
    spread = [np.sqrt(np.mean((line[step:] - line[:-step]) ** 2)) for step in steps]
    hurst = np.polyfit(np.log(steps), np.log(spread), 1)[0]
    assert 0.6 < hurst < 0.9
