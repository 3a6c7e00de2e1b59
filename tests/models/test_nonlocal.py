import math
import subprocess
import sys

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from restore_models.nonlocal_block import PartialNonlocal, attended, direct, hole_cells, places_of


def scene(batch: int = 2, channels: int = 8, side: int = 12, share: float = 0.3) -> tuple[Tensor, Tensor]:
    """Features, and holes in a share of their cells."""
    chance = torch.Generator().manual_seed(1)
    features = torch.randn(batch, channels, side, side, generator=chance)
    return features, (torch.rand(batch, 1, side, side, generator=chance) < share).float()


def block(channels: int = 8, most: int = 0, plain: bool = False) -> PartialNonlocal:
    with torch.random.fork_rng():
        torch.manual_seed(2)
        return PartialNonlocal(channels, most, plain=plain)


@torch.inference_mode()
def seen(net: PartialNonlocal, features: Tensor, holes: Tensor) -> Tensor:
    return net(features, net.cells(features, holes))


def by_the_equations(net: PartialNonlocal, features: Tensor, holes: Tensor) -> Tensor:
    """Eq. 7-9 in float64, one query after the other."""
    weights = {name: each.double().squeeze() for name, each in net.state_dict().items()}

    def embedded(name: str, columns: Tensor) -> Tensor:
        return weights[f"{name}.weight"] @ columns + weights[f"{name}.bias"][:, None]

    found = torch.empty(features.shape, dtype=torch.float64)
    for number, (picture, hole) in enumerate(zip(features.double().flatten(2), holes.double().flatten(1), strict=True)):
        theta, phi, mu = (embedded(name, picture) for name in ("theta", "phi", "mu"))
        for i in range(picture.shape[1]):
            f = (1 - hole) * torch.exp(theta[:, i] @ phi)  # (8), and the numerator of (7)
            found[number].flatten(1)[:, i] = embedded("nu", (mu @ (f / f.sum()))[:, None])[:, 0]  # (7), (9)
    return found


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("most", [0, 144, 1000])
def test_attention_is_equations_7_to_9(plain: bool, most: int) -> None:
    net = block(most=most, plain=plain)
    features, holes = scene()
    assert torch.allclose(seen(net, features, holes).double(), by_the_equations(net, features, holes), atol=1e-4)


def test_the_linear_form_equals_the_plain_one() -> None:
    chance = torch.Generator().manual_seed(3)
    query, key, value = torch.randn(3, 2, 400, 64, generator=chance) * 0.4
    intact = torch.rand(2, 400, generator=chance) > 0.5
    linear, plain = (form(query, key, value, intact, 1.0) for form in (attended, direct))
    assert (linear - plain).abs().max() < 1e-4
    assert plain.std() > 0.05


def test_holes_are_filled_from_intact_cells_only() -> None:
    net = block()
    features, holes = scene()
    other = torch.where(holes > 0, features + 5, features)
    before, after = seen(net, features, holes), seen(net, other, holes)
    intact = (holes == 0).expand_as(before)
    assert torch.allclose(before[intact], after[intact], atol=1e-5)
    assert not torch.allclose(before[~intact], after[~intact], atol=1e-2)  # what is asked for has changed


@pytest.mark.parametrize("most", [0, 20])
@pytest.mark.parametrize("plain", [False, True])
def test_a_picture_without_an_intact_cell_goes_without_attention(most: int, plain: bool) -> None:
    net = block(most=most, plain=plain)
    features, holes = scene()
    hidden = holes.clone()
    hidden[1] = 1
    found = seen(net, features, hidden)
    assert torch.isfinite(found).all()
    assert torch.equal(found[0], seen(net, features, holes)[0])
    with torch.inference_mode():
        assert torch.allclose(found[1:], net.nu(net.mu(features[1:])), atol=1e-6)


def test_gradients_flow_through_masked_attention_and_are_numbers() -> None:
    net = block(most=50)
    features, holes = scene()
    holes[0] = 1
    features.requires_grad_(True)
    net(features, net.cells(features, holes)).square().sum().backward()
    assert features.grad is not None
    assert torch.isfinite(features.grad).all()
    assert net.theta.weight.grad.abs().sum() > 0


def test_all_intact_cells_are_looked_at_where_there_are_few() -> None:
    _, holes = scene(batch=1)
    places = places_of(holes, 1000)
    chosen = set(places.flat[places.intact].tolist())
    assert chosen == set(torch.nonzero(holes.flatten() == 0)[:, 0].tolist())


def test_a_bounded_number_of_intact_cells_is_spread_evenly() -> None:
    holes = torch.zeros(1, 1, 120, 200)
    holes[..., 30:60, 40:90] = 1
    places = places_of(holes, 600)
    assert places.intact.all()
    assert places.flat.shape == (1, 600)
    taken = torch.zeros(120 * 200)
    taken[places.flat[0]] = 1
    assert not (taken.view(120, 200) * holes[0, 0]).any()
    away = cv2.distanceTransform((1 - taken.view(120, 200)).byte().numpy(), cv2.DIST_L2, 5)
    step = math.sqrt((120 * 200 - 30 * 50) / 600)
    assert away[holes[0, 0].numpy() == 0].max() < 1.5 * step
    assert torch.equal(places.flat, places_of(holes, 600).flat)


def thin_lines(count: int) -> list[np.ndarray]:
    """Masks of single oblique lines, one pixel wide."""
    chance = np.random.default_rng(4)
    masks = []
    for _ in range(count):
        mask = np.zeros((256, 256), np.uint8)
        (x, y), angle = chance.uniform(40, 216, 2), chance.uniform(0, math.pi)
        step = 300 * math.cos(angle), 300 * math.sin(angle)
        ends = [(round(x + sign * step[0]), round(y + sign * step[1])) for sign in (-1, 1)]
        masks.append(cv2.line(mask, ends[0], ends[1], 255, 1))
    return masks


def test_no_cell_that_a_thin_scratch_touches_is_lost_unless_by_the_rule_of_the_released_code() -> None:
    lines = np.stack(thin_lines(40))
    touched = (lines.reshape(40, 64, 4, 64, 4) > 0).any(axis=(2, 4))
    holes = torch.from_numpy(lines)[:, None].float() / 255
    assert np.array_equal(hole_cells(holes, "touched")[:, 0].numpy() > 0, touched)
    sampled = hole_cells(holes, "sampled")[:, 0].numpy() > 0
    assert not (sampled & ~touched).any()
    lost = (touched & ~sampled).sum() / touched.sum()
    assert 0.3 < lost < 0.5


def test_the_released_codes_rule_never_sees_every_fourth_column() -> None:
    holes = torch.zeros(1, 1, 32, 32)
    holes[..., 3::4] = 1
    assert not hole_cells(holes, "sampled").any()
    for column in (0, 1, 2):
        shifted = torch.zeros(1, 1, 32, 32)
        shifted[..., column::4] = 1
        assert hole_cells(shifted, "sampled").all()


MEMORY = """
import resource, torch
from restore_models.nonlocal_block import PartialNonlocal
torch.set_num_threads(1)
net, features = PartialNonlocal(16), torch.rand(1, 16, {side}, {side})
holes = (features[:, :1] < 0.3).float()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with torch.inference_mode():
    net(features, net.cells(features, holes))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


def test_memory_is_linear_in_the_photo() -> None:
    side = 112
    done = subprocess.run(
        [sys.executable, "-c", MEMORY.format(side=side)], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(done.stdout) < 4 * side**4 / 5  # a fifth of the affinities of all cells
