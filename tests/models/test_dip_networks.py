"""The networks of deep image prior: as published, alike in all their forms, and on a GPU."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from small_dips import NET, NOISY, QUICK, SMALL, noisy, smooth
from torch.nn import functional

from restore_models.dip import DEFAULTS, DeepImagePrior
from restore_models.dip_config import Way
from restore_models.dip_fitting import Job
from restore_models.dip_nets import HourglassNet, doubled, doubled_by_slices, mirrored, mirrored_by_slices
from restore_models.restorer import ModelError


@pytest.mark.parametrize(("way", "count"), [(DEFAULTS.plain, 2_217_831), (DEFAULTS.masked, 3_002_627)])
def test_the_networks_have_the_published_number_of_parameters(way: Way, count: int) -> None:
    assert sum(each.numel() for each in HourglassNet(way.net).parameters()) == count


def test_small_photos_get_fewer_scales() -> None:
    assert [Job(smooth(side, 200), None, DEFAULTS.plain).scales for side in (16, 31, 32, 127, 128, 150)] == [
        2, 2, 3, 4, 5, 5,
    ]  # fmt: skip


def test_the_forms_for_a_gpu_give_the_same_with_the_same_gradients() -> None:
    features = torch.rand(2, 3, 4, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    first, second = (features.clone().requires_grad_() for _ in range(2))
    weight = torch.rand(2, 3, 12, 16, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    for is_smooth in (True, False):
        one = mirrored(doubled(first, is_smooth))[..., 1:-1, :][..., :12] * weight[..., :8, :12]
        other = mirrored_by_slices(doubled_by_slices(second, is_smooth))[..., 1:-1, :][..., :12] * weight[..., :8, :12]
        torch.testing.assert_close(one, other)
        one.sum().backward()
        other.sum().backward()
        torch.testing.assert_close(first.grad, second.grad)


def test_convolutions_begin_within_torchs_own_bounds() -> None:
    net = HourglassNet(replace(NET, width=16))
    net.draw([torch.Generator().manual_seed(0)])
    weight = net.scales.get_parameter("down.1.0.weight")
    bound = (16 * 9) ** -0.5
    assert 0.9 * bound < weight.abs().max() <= bound
    assert functional.mse_loss(weight.std(), torch.tensor(bound / 3**0.5)) < 1e-4


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"device": "cuda"}, "there is no such GPU here; give cpu"),
        ({"device": "meta"}, "only cpu and cuda will do"),
        ({"device": "abacus"}, "no device; give cpu, cuda or auto"),
    ],
)
def test_a_device_that_is_not_there_is_refused(values: dict[str, str], said: str) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    with pytest.raises(ModelError, match=said):
        DeepImagePrior(replace(QUICK, **values))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_gives_the_same_on_each_run_and_begins_as_the_cpu_does() -> None:
    images = [noisy(smooth(32, width)) for width in (40, 37)]
    config = replace(SMALL, device="cuda")
    first, again = (DeepImagePrior(config).restore_many(images) for _ in range(2))
    assert all(np.array_equal(*pair) for pair in zip(first, again, strict=True))
    still = replace(QUICK, plain=replace(QUICK.plain, jitter=0.0))  # the jitter is drawn on the device
    one, other = (DeepImagePrior(replace(still, device=device)).restore(NOISY) for device in ("cpu", "cuda"))
    assert np.abs(one.astype(int) - other).max() <= 2
