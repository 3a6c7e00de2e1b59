import numpy as np

from degrade.effects.water_rings import WaterRings, drop
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.types import Defect

PAPER = Photo.of(np.full((300, 400, 3), 235, np.uint8))


def test_a_dried_drop_is_darkest_at_its_rim_and_pale_within() -> None:
    rims, middles = [], []
    for seed in range(8):
        layer = np.zeros((200, 200), np.float32)
        drop(layer, (100, 100), 60, 0.5, stream(seed, "drop"))
        middles.append(float(layer[95:105, 95:105].mean()))
        rims.append(float(layer[100, 100:].max()))
    assert np.mean(rims) > 2.5 * np.mean(middles) > 0


def test_a_cup_leaves_a_ring_and_not_a_disc() -> None:
    marked = WaterRings(density=0, radius=0.01, cups=6, cup=0.2, strength=0.5, seed=2).apply(PAPER)
    share = (marked.mask > 20).mean()
    assert 0.01 < share < 6 * np.pi * 0.2**2 * 300 / 400 / 3
    assert (marked.labels[marked.mask > 0] == Defect.STAIN).all()


def test_no_water_leaves_no_mark() -> None:
    dry = WaterRings(density=0, radius=0.01, cups=0, cup=0.2, strength=0.5, seed=2).apply(PAPER)
    assert not dry.mask.any()
    assert (dry.image == PAPER.image).all()
