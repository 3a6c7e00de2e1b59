"""Whether few pixels are fetched and put back as all are."""

import numpy as np
import pytest
from charts import chart

from degrade import parts
from degrade.fields import clouds
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.types import Defect

AT = ((0, 0), (5, 11), (-7, 30), (20, -9))


@pytest.mark.parametrize("at", AT)
def test_few_pixels_are_painted_as_all_are(at: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    coverage = np.where(chart(40, 64)[..., 0] > 215, chart(40, 64)[..., 1], 0).astype(np.uint8)
    paint = np.ascontiguousarray(chart(40, 64)[::-1])
    photo = Photo.of(chart(48, 64)).damaged((9, 9, 9), np.full((9, 9), 90, np.uint8), Defect.DUST, (10, 20))
    ways = []
    for sparse in (0.0, 1.0):
        monkeypatch.setattr(parts, "SPARSE", sparse)
        after = photo.damaged(paint, coverage, Defect.CREASE, at)
        ways.append(after.stained(coverage * np.float32(0.003), (0.3, 0.6, 1.0), Defect.STAIN, at))
    few, every = ways
    assert np.array_equal(few.image, every.image)
    assert np.array_equal(few.mask, every.mask)
    assert np.array_equal(few.labels, every.labels)
    assert {Defect.DUST, Defect.CREASE} <= set(np.unique(few.labels).tolist())


def test_clouds_lie_in_the_same_places_at_every_resolution() -> None:
    large, small = (clouds((side, side), 0.1, stream(3, "clouds")) for side in (768, 256))
    assert np.abs(large[1::3, 1::3] - small).max() < 0.15
