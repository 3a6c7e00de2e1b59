"""A few tiny pictures to learn, and what every learner and its network must do with them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from charts import chart
from torch import Tensor, nn
from torch.nn import functional

from restore_models.batch import Batch
from restore_models.learning import Learner, Precision, Runtime
from restore_models.network import NetworkRestorer
from restore_models.restorer import Model
from restore_models.weight_files import read_weights


def small_batch(side: int, count: int = 2) -> Batch:
    """Smooth coloured pictures, faded and yellowed, with a white stripe that the mask tells of."""
    chance = torch.Generator().manual_seed(5)
    coarse = torch.rand((count, 3, 4, 4), generator=chance)
    clean = functional.interpolate(coarse, size=(side, side), mode="bilinear")
    mask = torch.zeros((count, 1, side, side))
    mask[..., side // 3 : side // 3 + 2] = 1
    faded = 0.35 + 0.5 * clean * torch.tensor([1, 0.9, 0.6])[:, None, None]
    noisy = faded + 0.05 * torch.randn(clean.shape, generator=chance)
    return Batch(degraded=torch.where(mask > 0, 1, noisy).clamp(0, 1), clean=clean, mask=mask)


def millions(net: nn.Module) -> float:
    """Its parameters."""
    return sum(each.numel() for each in net.parameters()) / 1e6


def learner_of(model: Model, config: Any, precision: Precision = "fp32") -> Learner:
    """The learner of a model's only stage, the same at each call."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return model.stages[0].learner(config, Runtime(precision=precision), {})


def learnt(learner: Learner, batch: Batch, steps: int, first: int = 0) -> list[dict[str, float]]:
    """The losses of some steps on the same batch, each seeded by its number as in the training loop."""
    found = []
    for step in range(first, first + steps):
        with torch.random.fork_rng():
            torch.manual_seed(step)
            found.append({name: float(loss) for name, loss in learner.step(batch).items()})
    return found


def left_behind(learner: Learner) -> Mapping[str, Tensor]:
    """What a stage keeps: `network.parameter`."""
    return {
        f"{name}.{key}": value for name in learner.kept for key, value in learner.networks[name].state_dict().items()
    }


def check_half_precision(model: Model, config: Any, batch: Batch) -> None:
    """Training in bf16 gives nearly the losses of fp32, but not the same, and pictures in fp32."""
    exact, coarse = (learner_of(model, config, precision) for precision in ("fp32", "bf16"))
    expected, found = (learnt(each, batch, 1)[0] for each in (exact, coarse))
    assert found != expected
    assert found == pytest.approx(expected, rel=0.05)
    assert coarse.show(batch).dtype == torch.float32


def check_any_size_and_the_way_to_disk_and_back(model: Model, config: Any, learner: Learner, folder: Path) -> None:
    """Odd sizes keep their size, twice the same pixels come out, and weights from the disk give them again."""
    assert model.assemble is not None
    network = model.assemble(config, {model.stages[0].name: left_behind(learner)})
    assert isinstance(network, NetworkRestorer)
    photos = [chart(272, 272), chart(257, 255), chart(16, 19)]
    before = [photo.copy() for photo in photos]
    restored = [network.restore(photo) for photo in photos]
    assert [each.shape for each in restored] == [photo.shape for photo in photos]
    assert all(np.array_equal(one, other) for one, other in zip(photos, before, strict=True))
    network.save_pretrained(folder)
    weighed = read_weights(folder)
    assert weighed.model == model.name
    again = model.assemble(config, {model.stages[0].name: weighed.weights})
    assert isinstance(again, NetworkRestorer)
    for photo, expected in zip(photos, restored, strict=True):
        assert expected.std() > 1  # not one tone, which would be easy to repeat
        assert np.array_equal(network.restore(photo), expected)
        assert np.array_equal(again.restore(photo), expected)
    other = model.build(replace(config))
    assert not np.array_equal(other.restore(photos[0]), restored[0])
