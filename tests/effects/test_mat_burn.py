import numpy as np

from degrade.effects.mat_burn import MatBurn
from degrade.photo import Photo


def burnt(window: str) -> np.ndarray:
    paper = Photo.of(np.full((400, 400, 3), 235, np.uint8))
    burn = MatBurn(inset=0.1, width=0.02, strength=0.3, band=0.4, window=window, seed=3)  # type: ignore[arg-type]
    return burn.apply(paper).image[..., 2].astype(float)


def test_the_line_at_the_window_is_darkest_then_the_band_and_the_middle_stays_clean() -> None:
    blue = burnt("rectangle")
    line, band, middle = blue[100:300, 30:52].mean(axis=0).min(), blue[100:300, 5:20].mean(), blue[200, 200]
    assert line < band - 5
    assert band < middle - 5
    assert middle == 235


def test_a_density_of_0_3_takes_half_of_the_blue_light_at_most_where_the_line_is_even() -> None:
    linear = (burnt("rectangle").min() / 235) ** 2.2
    assert 10 ** (-0.3 * 1.4) < linear < 10 ** (-0.3 * 0.6)


def test_an_oval_window_leaves_the_corners_under_the_mat() -> None:
    assert burnt("oval")[60:80, 60:80].mean() < burnt("rectangle")[60:80, 60:80].mean()
