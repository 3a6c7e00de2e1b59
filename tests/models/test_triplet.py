"""The triplet network as a restorer: photos of any size, by tiles as whole, with holes or without."""

from dataclasses import replace
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
import torch
from small_triplets import SMALL, flavours, network, photo, scratched, small

from restore_models.detector import DetectorConfig
from restore_models.tiling import Tiling
from restore_models.triplet import halo_of
from restore_models.triplet_flavours import Flavour
from restore_models.triplet_options import TripletConfig


@flavours
@pytest.mark.parametrize("size", [(16, 16), (255, 257), (272, 272), (17, 90)])
def test_photos_of_any_size_keep_it_and_come_out_the_same_each_time(flavour: Flavour, size: tuple[int, int]) -> None:
    net, degraded, mask = network(small(flavour)), photo(*size), scratched(*size)
    kept = degraded.copy()
    restored = net.restore(degraded, mask)
    assert restored.shape == degraded.shape
    assert restored.dtype == np.uint8
    assert np.array_equal(restored, net.restore(degraded, mask))
    assert np.array_equal(degraded, kept)
    assert not np.array_equal(restored, net.restore(degraded))


@pytest.mark.parametrize("size", [(255, 257), (272, 272)])
def test_a_flat_photo_has_no_borders(size: tuple[int, int]) -> None:
    net, flat = network(), np.full((*size, 3), (180, 150, 110), np.uint8)
    for part in net.modules():
        if isinstance(part, torch.nn.ConvTranspose2d):  # without the chequerboard of random weights
            part.weight.data[:] = part.weight.data.mean(dim=(2, 3), keepdim=True)
    restored = net.restore(flat).astype(int)
    assert np.abs(restored - restored[0, 0]).max() <= 1
    mask = np.zeros(size, np.uint8)
    mask[-160:] = 255
    torn = net.restore(flat, mask).astype(int)
    assert np.abs(torn[-40:] - torn[-1, 0]).max() <= 1  # what is filled goes on to the last row: no band of zeros
    assert np.abs(torn[-1, 0] - torn[0, 0]).max() > 1


@pytest.mark.parametrize("size", [(255, 257), (272, 272)])
def test_the_last_pixels_of_a_photo_matter(size: tuple[int, int]) -> None:
    net, degraded = network(), photo(*size)
    other = degraded.copy()
    other[-1, -1] = 255 - other[-1, -1]
    change = np.abs(net.restore(degraded).astype(int) - net.restore(other).astype(int)).sum(axis=2)
    assert change[-8:, -8:].max() > 0
    assert change[: size[0] // 3, : size[1] // 3].max() == 0


@pytest.mark.parametrize("most", [0, 150, 5000])
def test_a_photo_cut_into_tiles_is_restored_as_it_is_whole(most: int) -> None:
    net = network(replace(SMALL, most_cells=most))
    chance = torch.Generator().manual_seed(13)
    degraded = torch.rand(1, 3, 260, 300, generator=chance)
    mask = (torch.rand(1, 1, 65, 75, generator=chance) < 0.1).float().repeat_interleave(4, 2).repeat_interleave(4, 3)
    mask[..., 100:160, 20:200] = 1  # larger than what the network sees
    with torch.inference_mode():
        plain = net(degraded, mask)
        net.tiling = Tiling(0)
        whole = net.whole(degraded, mask)
        net.tiling = Tiling(64)
        cut = net.whole(degraded, mask)
    assert torch.allclose(plain, whole, atol=1e-5)
    assert torch.allclose(whole, cut, atol=1e-5)
    assert whole.std() > 0.02


def test_the_halo_is_as_wide_as_the_network_sees_and_no_wider_than_a_cell_more() -> None:
    net = network()
    degraded = torch.rand(1, 3, 8, 256, generator=torch.Generator().manual_seed(14))
    degraded.requires_grad_(True)
    reach = []
    for column in (128, 131):  # the first and the last pixel of a cell
        (slope,) = torch.autograd.grad(net(degraded, torch.zeros(1, 1, 8, 256))[..., column].sum(), degraded)
        columns = torch.nonzero(slope.abs().amax(dim=(0, 1, 2)))[:, 0]
        reach += [column - int(columns.min()), int(columns.max()) - column]
    assert net.halo - 8 <= max(reach) < net.halo
    assert halo_of(TripletConfig()) == 152


def test_a_patch_of_a_flat_hole_looks_across_the_whole_photo_even_by_tiles() -> None:
    net = network(replace(SMALL, most_cells=0))
    net.tiling = Tiling(64)
    degraded, mask = photo(256, 384), np.zeros((256, 384), np.uint8)
    mask[100:140, :40] = 255
    other = degraded.copy()
    other[:, 300:] = 255 - other[:, 300:]
    there, here = net.computed(degraded, mask), net.computed(other, mask)
    assert (there - here)[..., 116:124, 8:24].abs().max() > 1e-5
    assert (there - here)[..., 220:, :40].abs().max() == 0  # intact, and out of sight


def test_a_photo_that_is_all_hole_is_restored() -> None:
    for flavour in get_args(Flavour):
        restored = network(small(flavour)).computed(photo(40, 40), np.full((40, 40), 255, np.uint8))
        assert torch.isfinite(restored).all()


def test_without_a_mask_the_detector_inside_is_asked() -> None:
    config = replace(SMALL, detects=True, detector=DetectorConfig(width=4, depth=1, top_hats=()))
    net, degraded = network(config), photo(64, 64)
    assert net.detector is not None
    mask = net.detector.binary(net.detector.detect(degraded))
    assert np.array_equal(net.restore(degraded), net.restore(degraded, mask))
    assert any(name.startswith("detector.") for name in net.state_dict())


def test_a_larger_photo_is_forecast_to_need_more_memory_up_to_the_tiles() -> None:
    net = network(TripletConfig(detects=False))
    needs = [net.peak_bytes(side, side) for side in (256, 512, 1024, 3500)]
    assert all(one < other for one, other in pairwise(needs))
    assert needs[-1] < 6 << 30
