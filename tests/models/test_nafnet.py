"""NAFNet, by its paper."""

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
from torch import Tensor, nn

from restore_models.batch import Batch
from restore_models.learning import psnr
from restore_models.nafnet import MODEL, ChannelAttention, NafNet, NafNetConfig, NafUNet, psnr_loss
from restore_models.restorer import ModelError
from restore_models.tiling import Tiling

TINY = NafNetConfig(width=4, encoder=(1, 1), middle=1, decoder=(1, 1), rate=5e-3)

BATCH = small_batch(32)


def awake(config: NafNetConfig) -> NafNet:
    """A network whose blocks do something: new ones start as nothing."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        network = NafNet(config)
        for name, each in network.named_parameters():
            if name.endswith(("beta", "gamma")):
                nn.init.normal_(each)
    return network.eval()


def test_the_networks_have_the_published_numbers_of_parameters() -> None:
    gopro = NafNetConfig(encoder=(1, 1, 1, 28), middle=1, decoder=(1, 1, 1, 1))
    with torch.device("meta"):
        assert millions(MODEL.build(MODEL.config)) == pytest.approx(29.16, abs=0.005)
        assert millions(NafUNet(gopro)) == pytest.approx(17.11, abs=0.005)


def test_one_batch_is_learnt_by_heart() -> None:
    learner = learner_of(MODEL, TINY)
    degraded, clean = BATCH.pair()
    losses = learnt(learner, BATCH, 100)
    assert losses[-1]["l1"] < 0.3 * losses[0]["l1"]
    assert (learner.score(BATCH) > psnr(degraded, clean) + 6).all()


def test_the_loss_is_minus_the_psnr() -> None:
    degraded, clean = BATCH.pair()
    levels = (clean * 255).round() / 255
    assert float(psnr_loss((degraded * 255).round() / 255, levels)) == pytest.approx(
        -float(psnr(degraded, clean).mean()), rel=1e-4
    )
    equal = clean.clone().requires_grad_()
    loss = psnr_loss(equal, clean)
    loss.backward()  # type: ignore[no-untyped-call]
    assert float(loss.detach()) == pytest.approx(-80)
    assert equal.grad is not None
    assert torch.isfinite(equal.grad).all()


def test_blocks_start_as_nothing() -> None:
    block = NafNet(TINY).network.middle
    features = torch.rand((1, 16, 8, 8), generator=torch.Generator().manual_seed(2))
    assert torch.equal(block(features), features)


def test_the_mask_is_looked_at_where_it_has_a_channel() -> None:
    photo, mask = chart(40, 40), np.zeros((40, 40), np.uint8)
    mask[10:14] = 255
    seeing, blind = awake(replace(TINY, mask_channel=True)), awake(TINY)
    assert not np.array_equal(seeing.restore(photo, mask), seeing.restore(photo))
    assert np.array_equal(blind.restore(photo, mask), blind.restore(photo))


def test_masks_that_a_setting_needs_are_asked_for() -> None:
    learner = learner_of(MODEL, replace(TINY, mask_channel=True))
    assert learnt(learner, BATCH, 1)[0]["l1"] > 0
    with pytest.raises(ModelError, match="mask_channel needs masks"):
        learner.step(Batch(degraded=BATCH.degraded, clean=BATCH.clean))


def test_crops_that_do_not_fit_are_refused_with_what_does() -> None:
    learner = learner_of(MODEL, replace(TINY, encoder=(1,) * 6, decoder=(1,) * 6, width=1))
    with pytest.raises(ModelError, match=r"crops of 32 x 32 pixels, no multiple of 64; .* at most 5 as levels"):
        learner.step(BATCH)


def test_levels_that_do_not_match_are_refused() -> None:
    with pytest.raises(ModelError, match=r"encoder = \(1, 1\) and decoder = \(1,\)"):
        MODEL.build(replace(TINY, decoder=(1,)))


def plain_means(features: Tensor, window: int) -> Tensor:
    """What a window's means are, said as plainly as can be."""
    found, reach = torch.empty_like(features), window // 2
    for row in range(features.shape[2]):
        for column in range(features.shape[3]):
            rows, columns = (slice(max(at - reach, 0), at + reach + 1) for at in (row, column))
            found[:, :, row, column] = features[:, :, rows, columns].mean(dim=(2, 3))
    return found


def test_local_means_are_those_of_what_lies_in_the_window_and_the_picture() -> None:
    features = torch.randn((2, 3, 13, 9), generator=torch.Generator().manual_seed(4))
    attention = ChannelAttention(3, window=6).eval()
    with torch.inference_mode():
        expected = features * attention.mix(plain_means(features, 6))
        assert torch.allclose(attention(features), expected, atol=1e-6)


@pytest.mark.parametrize("training", [True, False])
def test_a_window_as_large_as_the_picture_and_any_in_training_give_the_papers_means(training: bool) -> None:
    features = torch.randn((2, 3, 8, 8), generator=torch.Generator().manual_seed(4))
    attention = ChannelAttention(3, window=2 if training else 16).train(training)
    with torch.inference_mode():
        expected = features * attention.mix(features.mean(dim=(2, 3), keepdim=True))
        assert torch.allclose(attention(features), expected, atol=1e-6)


@pytest.mark.parametrize(("window", "agree"), [(4, True), (0, False)])
def test_tiles_give_what_the_whole_gives_only_where_means_are_local(window: int, agree: bool) -> None:
    network = awake(NafNetConfig(width=4, encoder=(1,), middle=1, decoder=(1,), window=window))
    photo = np.concatenate((chart(96, 96) // 4, 255 - chart(96, 96) // 4), axis=1)  # a dark half and a light one
    whole = network.computed(photo, None)
    network.tiling, network.halo, network.exact = Tiling(64), 16, True
    difference = float((network.computed(photo, None) - whole).abs().max())
    assert (difference < 1e-5) is agree, difference


def test_half_precision_gives_nearly_the_same() -> None:
    check_half_precision(MODEL, TINY, BATCH)


def test_any_size_is_restored_and_weights_come_back_from_the_disk(tmp_path: Path) -> None:
    learner = learner_of(MODEL, TINY)
    learnt(learner, BATCH, 3)
    check_any_size_and_the_way_to_disk_and_back(MODEL, TINY, learner, tmp_path)
