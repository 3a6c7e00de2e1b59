import numpy as np

from degrade.effects.pinholes import Pinholes
from degrade.photo import Photo


def test_a_pinhole_is_dark_with_a_light_ring_and_rust_around() -> None:
    photo = Photo.of(np.full((600, 600, 3), 140, np.uint8))
    step = Pinholes(count=1, size=0.03, rust=0.5, kind="pin", seed=5)
    image = step.apply(photo).image.astype(int)
    y, x = (int(v.mean()) for v in np.nonzero(image[..., 0] < 40))
    far = np.hypot(*(np.mgrid[:600, :600] - np.array([y, x])[:, None, None]))
    assert (image[far < 4] < 60).all()
    assert image[(far > 10) & (far < 13), 1].mean() > 155
    halo = image[(far > 21) & (far < 24)].mean(axis=0)
    assert halo[0] - halo[2] > 15
    assert (image[far > 150] == 140).all()
