import numpy as np
import pytest

from degrade.effects.scanner_banding import ScannerBanding
from degrade.photo import Photo

GREY = Photo.of(np.full((300, 500, 3), 128, np.uint8))


@pytest.mark.parametrize(("axis", "along"), [("down", 0), ("across", 1)])
def test_streaks_run_along_the_carriage(axis: str, along: int) -> None:
    change = ScannerBanding(amplitude=4, width=1, axis=axis, channels="one", seed=2).apply(GREY).image[..., 0] - 128.0
    assert change.mean(axis=along).std() == pytest.approx(4, rel=0.25)
    assert change.mean(axis=1 - along).std() < 0.2


def test_streaks_of_a_third_of_a_level_are_kept_on_the_average() -> None:
    change = ScannerBanding(amplitude=0.3, width=1, axis="down", channels="one", seed=2).apply(GREY).image - 128.0
    assert change[..., 0].mean(axis=0).std() == pytest.approx(0.3, rel=0.25)
    assert change.mean() == pytest.approx(0, abs=0.1)
