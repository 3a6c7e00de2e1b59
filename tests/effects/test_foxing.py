import cv2
import numpy as np

from degrade.effects.foxing import Foxing
from degrade.photo import Photo
from degrade.types import Defect

PAPER = Photo.of(np.full((256, 320, 3), (238, 231, 214), np.uint8))


def foxed(photo: Photo, *, clustering: float = 0.0) -> Photo:
    spots = Foxing(density=200, radius=0.008, strength=0.8, clustering=clustering, bullseye=0.3, seed=4)
    return spots.apply(photo)


def test_foxing_takes_most_light_from_blue_and_least_from_red() -> None:
    spotted = foxed(PAPER)
    lost = (PAPER.image.astype(float) - spotted.image)[spotted.mask > 128].mean(axis=0)
    assert lost[2] > 1.4 * lost[1] > 2 * lost[0] > 0


def test_every_covered_pixel_is_labelled_foxing_and_no_other_changes() -> None:
    spotted = foxed(PAPER)
    assert ((spotted.labels == Defect.FOXING) == (spotted.mask > 0)).all()
    assert (spotted.image == PAPER.image)[spotted.mask == 0].all()


def test_clusters_leave_more_of_the_paper_clean_than_strays_do() -> None:
    def emptiness(clustering: float) -> float:
        cells = cv2.resize(foxed(PAPER, clustering=clustering).mask, (10, 8), interpolation=cv2.INTER_AREA)
        return float((cells < 4).mean())

    assert emptiness(1.0) > emptiness(0.0) + 0.2


def test_the_same_spots_lie_in_the_same_places_at_any_resolution() -> None:
    small, large = (foxed(Photo.of(np.full((side, side, 3), 230, np.uint8))).mask for side in (256, 1024))
    shrunk = cv2.resize(large, (256, 256), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(small.ravel(), shrunk.ravel())[0, 1] > 0.95
