"""The defect detector: its layout, what it sees, its tiles, and its masks."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from small_detectors import TINY, made, photo, seeded

from restore_models.detector import (
    PAPER,
    Detector,
    DetectorConfig,
    UNet,
    front,
    halo_of,
    hats,
    local_mean,
    toned,
)
from restore_models.detector_front import highest
from restore_models.detector_net import widths_of
from restore_models.restorer import ModelError
from restore_models.tiling import Tiling


def test_the_released_layout_has_its_published_size() -> None:
    with torch.device("meta"):
        network = UNet(PAPER)
    assert sum(each.numel() for each in network.parameters()) == 37_626_177  # "37.6 M"


def test_the_usual_one_is_a_fiftieth_of_it() -> None:
    with torch.device("meta"):
        network = UNet(DetectorConfig())
    assert sum(each.numel() for each in network.parameters()) < 37_626_177 / 50


def test_top_hats_are_those_of_opencv() -> None:
    grey = photo(40, 52)[..., 0]
    square = np.ones((5, 5), np.uint8)
    light, dark = hats(torch.from_numpy(grey)[None, None].float(), 5)
    assert np.array_equal(light[0, 0].numpy(), cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, square))
    assert np.array_equal(dark[0, 0].numpy(), cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, square))


def test_what_the_network_sees_is_as_chosen() -> None:
    pictures = torch.rand((1, 3, 16, 16), generator=seeded(0))
    assert toned(pictures, PAPER).shape[1] == 1
    assert toned(pictures, replace(PAPER, channels="rgb")).equal(pictures * 2 - 1)
    assert not front(toned(pictures, PAPER), PAPER)
    assert [each.shape[1] for each in front(pictures, TINY)] == [1, 1, 3]
    assert UNet(TINY).first[0].in_channels == 4 * (3 + 2 + 3)
    assert UNet(replace(TINY, channels="grey", top_hats=(), contrasts=(), halved=False)).first[0].in_channels == 1


@pytest.mark.parametrize("side", [1, 5, 11, 31])
def test_squares_are_joined_as_pooling_joins_them(side: int) -> None:
    """Up to squares that are larger than the picture."""
    pictures, reach = torch.rand((2, 3, 20, 27), generator=seeded(0)), side // 2
    assert highest(pictures, side).equal(torch.nn.functional.max_pool2d(pictures, side, 1, reach))
    means = torch.nn.functional.avg_pool2d(pictures, side, 1, reach, count_include_pad=False)
    assert (local_mean(pictures, side) - means).abs().max() < 1e-6


def test_a_halved_network_still_tells_neighbouring_pixels_apart() -> None:
    """A pixel of its finest level stands for four: each of them has its own say at the end."""
    config = replace(TINY, norm="none", top_hats=(), contrasts=())
    grey = torch.full((1, 3, 32, 32), 0.5)
    dotted = grey.clone()
    dotted[..., 14, 14] = 1
    with torch.inference_mode():
        network = made(config).network
        apart = (network(dotted) - network(grey))[0, 0, 14:16, 14:16].flatten().tolist()
    assert len({round(each, 6) for each in apart}) == 4


def test_levels_are_whole_sixteens_where_they_are_as_wide() -> None:
    assert widths_of(DetectorConfig()) == [32, 32, 48, 64]
    assert widths_of(PAPER) == [64, 128, 256, 512, 1024]
    assert widths_of(TINY) == [4, 5, 6]


def test_a_local_mean_is_that_of_the_pixels_there_are() -> None:
    ramp = torch.arange(25.0).view(1, 1, 5, 5)
    found = local_mean(ramp, 3)
    assert float(found[0, 0, 2, 2]) == 12
    assert float(found[0, 0, 0, 0]) == (0 + 1 + 5 + 6) / 4


@pytest.mark.parametrize(
    "config",
    [
        TINY,
        replace(TINY, halved=False),
        replace(TINY, norm="layer", top_hats=(), contrasts=(), depth=1),
        replace(TINY, mirrored=True),
    ],
)
def test_tiles_give_what_the_whole_photo_gives(config: DetectorConfig) -> None:
    detector, picture = made(config), photo(231, 203)
    detector.tiling = Tiling(0)
    whole = detector.computed(picture, None)
    detector.tiling = Tiling(64)
    assert whole.std() > 1e-3
    assert (detector.computed(picture, None) - whole).abs().max() < 1e-5


@pytest.mark.parametrize(
    "config",
    [
        TINY,
        replace(TINY, halved=False),
        replace(TINY, top_hats=(), contrasts=(), first=7),
        replace(TINY, depth=3, top_hats=(11,), contrasts=(31,)),
    ],
)
def test_nothing_beyond_the_halo_is_seen(config: DetectorConfig) -> None:
    config, halo = replace(config, norm="layer"), halo_of(config)
    detector, side = made(config), 2 * halo + 64
    one = torch.rand((1, 3, side, side), generator=seeded(0))
    other = one.clone()
    other[..., : side // 2 - halo, :] = torch.rand(other[..., : side // 2 - halo, :].shape, generator=seeded(1))
    with torch.inference_mode():
        first, second = (detector(each, each[:, :1])[0, 0] for each in (one, other))
    assert (first - second)[side // 2 :].abs().max() < 1e-6
    assert (first - second)[: side // 2 - halo].abs().max() > 1e-4


def test_where_it_is_asked_for_the_mirror_images_have_their_say() -> None:
    plain, picture = made(TINY), photo(48, 64)
    mirrored = Detector(replace(TINY, mirrored=True)).eval()
    mirrored.load_state_dict(plain.state_dict())
    ways = [np.s_[:, :], np.s_[:, ::-1], np.s_[::-1], np.s_[::-1, ::-1]]
    alone = [plain.computed(np.ascontiguousarray(picture[way]), None)[0, 0].numpy()[way] for way in ways]
    assert np.ptp([each[20, 30] for each in alone]) > 1e-4
    assert np.abs(mirrored.computed(picture, None)[0, 0].numpy() - np.mean(alone, axis=0)).max() < 1e-6
    assert np.array_equal(mirrored.detect(picture), mirrored.detect(picture))


@pytest.mark.parametrize(("height", "width"), [(16, 16), (17, 31), (53, 40)])
@pytest.mark.parametrize("depth", [2, 3])
def test_masks_of_any_size_fit_their_photos(height: int, width: int, depth: int) -> None:
    detector = made(replace(TINY, depth=depth))
    soft = detector.detect(photo(height, width))
    assert soft.shape == (height, width)
    assert soft.dtype == np.uint8
    assert np.array_equal(soft, detector.detect(photo(height, width)))


def test_a_photo_too_small_is_refused() -> None:
    with pytest.raises(ModelError, match="5 x 5 pixels"):
        made(TINY).detect(photo(5, 5))


def test_a_soft_mask_is_cut_at_the_threshold() -> None:
    detector = made(replace(TINY, threshold=0.4))
    assert detector.binary(np.array([[0, 101, 102, 255]], np.uint8)).tolist() == [[0, 0, 255, 255]]
