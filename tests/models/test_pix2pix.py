"""Pix2Pix, by its paper."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from charts import chart
from small_batches import (
    check_any_size_and_the_way_to_disk_and_back,
    check_half_precision,
    learner_of,
    learnt,
    millions,
    small_batch,
)
from torch import nn
from torch.nn import functional

from restore_models.batch import Batch
from restore_models.blocks import PatchDiscriminator
from restore_models.learning import psnr
from restore_models.pix2pix import MODEL, Pix2PixConfig, Pix2PixLearner
from restore_models.restorer import ModelError
from restore_models.unet import UNet

TINY = Pix2PixConfig(width=8, depth=4, rate=2e-3)

BATCH = small_batch(32)


def test_the_networks_have_the_published_numbers_of_parameters() -> None:
    with torch.device("meta"):
        assert millions(MODEL.build(MODEL.config)) == pytest.approx(54.41, abs=0.01)
        assert millions(PatchDiscriminator(6)) == pytest.approx(2.77, abs=0.01)


def test_a_verdict_hangs_on_a_patch_of_70_pixels() -> None:
    judge = PatchDiscriminator(6, width=2).eval()
    picture = torch.rand((1, 6, 256, 256), generator=torch.Generator().manual_seed(1)).requires_grad_()
    verdicts = judge(picture)[-1]
    assert verdicts.shape == (1, 1, 30, 30)
    verdicts[0, 0, 15, 15].backward()
    assert picture.grad is not None
    seen = picture.grad.abs().sum(dim=(0, 1)).nonzero()
    assert (seen.amax(0) - seen.amin(0) + 1).tolist() == [70, 70]


def test_dropout_lies_on_the_three_inner_512_channel_ups_but_the_innermost() -> None:
    with torch.device("meta"):
        net = UNet()
    assert [any(isinstance(part, nn.Dropout) for part in up.children()) for up in net.ups] == [
        False,
        *[True] * 3,
        *[False] * 3,
    ]


def test_batches_of_one_crop_of_the_bottlenecks_size_are_learnt_from() -> None:
    one = Batch(degraded=BATCH.degraded[:1, :, :16, :16], clean=BATCH.clean[:1, :, :16, :16])  # type: ignore[index]
    learner = learner_of(MODEL, replace(TINY, patch_layers=1))
    assert all(np.isfinite(list(losses.values())).all() for losses in learnt(learner, one, 2))


def test_one_batch_is_learnt_by_heart() -> None:
    learner = learner_of(MODEL, TINY)
    degraded, clean = BATCH.pair()
    first, *_, last = learnt(learner, BATCH, 80)
    assert last["l1"] < 0.4 * first["l1"]
    assert (learner.score(BATCH) > psnr(degraded, clean) + 4).all()


def test_the_losses_are_those_of_the_paper() -> None:
    learner = learner_of(MODEL, replace(TINY, dropout=0.0))
    assert isinstance(learner, Pix2PixLearner)
    degraded, clean = (pictures * 2 - 1 for pictures in BATCH.pair())
    with torch.no_grad():
        restored = learner.generator(degraded)
        fake, real = (learner.discriminator(torch.cat((degraded, each), 1))[-1] for each in (restored, clean))
    entropy = -functional.logsigmoid(real).mean() - functional.logsigmoid(-fake).mean()
    (losses,) = learnt(learner, BATCH, 1)
    assert losses["l1"] == pytest.approx(float((restored - clean).abs().mean()), rel=1e-5)
    assert losses["discriminator"] == pytest.approx(float(entropy) / 2, rel=1e-5)


def test_the_generators_step_leaves_the_discriminator_and_its_gradients_alone() -> None:
    learner = learner_of(MODEL, TINY)
    learnt(learner, BATCH, 1)
    judge = learner.networks["discriminator"]
    kept = [(each.clone(), each.grad.clone()) for each in judge.parameters() if each.grad is not None]
    assert kept
    learner.optimisers["discriminator"].step = lambda *_: None  # type: ignore[method-assign, assignment]
    before = {name: value.clone() for name, value in learner.networks["generator"].named_parameters()}
    learnt(learner, BATCH, 1)
    assert all(torch.equal(old, new) for (old, _), new in zip(kept, judge.parameters(), strict=True))
    assert any(not torch.equal(before[name], new) for name, new in learner.networks["generator"].named_parameters())


def test_showing_pictures_leaves_the_training_as_it_was() -> None:
    plain, shown = learner_of(MODEL, TINY), learner_of(MODEL, TINY)
    learnt(plain, BATCH, 2)
    learnt(shown, BATCH, 1)
    assert torch.equal(shown.show(BATCH), shown.show(BATCH))
    learnt(shown, BATCH, 1, first=1)
    for one, other in zip(
        plain.networks["generator"].state_dict().values(),
        shown.networks["generator"].state_dict().values(),
        strict=True,
    ):
        assert torch.equal(one, other)


def test_half_precision_gives_nearly_the_same() -> None:
    check_half_precision(MODEL, TINY, BATCH)


def test_any_size_is_restored_and_weights_come_back_from_the_disk(tmp_path: Path) -> None:
    learner = learner_of(MODEL, TINY)
    learnt(learner, BATCH, 3)
    check_any_size_and_the_way_to_disk_and_back(MODEL, TINY, learner, tmp_path)


def test_a_small_photo_is_restored_by_the_papers_depth() -> None:
    network = MODEL.build(Pix2PixConfig(width=1))
    assert network.grid == 256
    assert network.restore(chart(255, 257)).shape == (255, 257, 3)


def test_crops_that_do_not_fit_are_refused_with_the_depth_that_does() -> None:
    learner = learner_of(MODEL, replace(TINY, depth=6))
    with pytest.raises(ModelError, match=r"crops of 32 x 32 pixels, no multiple of 64; .* at most 5 as depth"):
        learner.step(BATCH)
    with pytest.raises(ModelError, match=r"depth = 1, outside \[2, 10\]"):
        MODEL.build(replace(TINY, depth=1))
