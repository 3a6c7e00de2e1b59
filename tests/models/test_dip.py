"""Deep image prior: what it does for a photo, what decides it, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from small_dips import CLEAN, CPU, NET, NOISY, QUICK, SMALL, error, noisy, smooth, square_hole

from restore_models.configs import changed
from restore_models.dip import DEFAULTS, MODEL, DeepImagePrior
from restore_models.dip_fitting import Job, Run
from restore_models.dip_oracle import restored_with_oracle
from restore_models.restorer import ModelError, Restorer
from restore_models.tiling import Tiling


def test_a_restorer_in_the_zoos_terms() -> None:
    prior: Restorer = MODEL.build(QUICK)
    assert prior.name == MODEL.name == "dip"
    assert MODEL.needs == "a photo's own time"
    assert not MODEL.stages
    assert changed(MODEL.config, {"plain": {"iterations": 7}}, "dip").plain.iterations == 7


def test_the_loss_falls_as_the_photo_is_learned() -> None:
    run = Run([Job(NOISY, None, SMALL.plain)], SMALL, CPU)
    losses = [float(run.advance()) for _ in range(40)]
    assert losses[-1] < 0.4 * losses[0]


def test_a_hole_is_inpainted_better_than_by_the_mean_of_what_is_seen() -> None:
    mask = square_hole(32, 40)
    hidden = mask > 0
    degraded = np.where(hidden[..., None], 255, CLEAN).astype(np.uint8)
    restored = DeepImagePrior(SMALL).restore(degraded, mask)
    mean = np.broadcast_to(CLEAN[~hidden].mean(axis=0), CLEAN[hidden].shape)
    assert error(restored[hidden], CLEAN[hidden]) < 0.7 * error(mean, CLEAN[hidden])


def test_hidden_pixels_change_nothing() -> None:
    mask = square_hole(32, 40)
    other = np.where(mask[..., None] > 0, 17, NOISY).astype(np.uint8)
    prior = DeepImagePrior(QUICK)
    assert np.array_equal(prior.restore(NOISY, mask), prior.restore(other, mask))
    mask[mask > 0] = 254
    assert not np.array_equal(prior.restore(NOISY, mask), prior.restore(other, mask))


def test_the_loss_weighs_pixels_by_what_the_mask_leaves_of_them() -> None:
    mask = square_hole(32, 40) // 2
    run = Run([Job(NOISY, mask, QUICK.masked)], QUICK, CPU)
    outputs: list[torch.Tensor] = []
    run.net.register_forward_hook(lambda *call: outputs.append(call[2].detach()))
    loss = float(run.advance())
    restored = outputs[0][0].permute(1, 2, 0).double().numpy()
    weight = 1 - mask / 255
    expected = (weight[..., None] * np.square(restored - NOISY / 255)).sum() / (3 * weight.sum())
    assert loss == pytest.approx(expected, rel=1e-5)


def test_an_empty_mask_is_no_mask() -> None:
    prior = DeepImagePrior(QUICK)
    assert np.array_equal(prior.restore(NOISY, np.zeros((32, 40), np.uint8)), prior.restore(NOISY))


def test_the_seed_and_the_photo_decide_and_torchs_own_numbers_stay_as_they_are() -> None:
    before, photo = torch.random.get_rng_state(), NOISY.copy()
    first = DeepImagePrior(QUICK).restore(photo)
    with torch.random.fork_rng():
        torch.rand(5)
        again = DeepImagePrior(QUICK).restore(photo)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, DeepImagePrior(replace(QUICK, seed=1)).restore(photo))
    assert torch.equal(before, torch.random.get_rng_state())
    assert np.array_equal(photo, NOISY)


def test_gradients_that_the_caller_switched_off_do_no_harm() -> None:
    prior = DeepImagePrior(QUICK)
    with torch.inference_mode():
        assert np.array_equal(prior.restore(NOISY), DeepImagePrior(QUICK).restore(NOISY))


@pytest.mark.parametrize("size", [(16, 16), (17, 45), (50, 33)])
def test_any_size_comes_back_as_it_was(size: tuple[int, int]) -> None:
    config = replace(QUICK, plain=replace(QUICK.plain, net=replace(NET, scales=5)))
    image = noisy(smooth(*size))
    assert DeepImagePrior(config).restore(image).shape == image.shape


def test_memory_is_forecast_and_bounded() -> None:
    prior = DeepImagePrior(DEFAULTS)
    assert 200 << 20 < prior.peak_bytes(128, 128) < 500 << 20
    assert prior.peak_bytes(3000, 4000) < 5 << 30
    assert prior.peak_bytes(256, 256) > 3 * DeepImagePrior(QUICK).peak_bytes(256, 256)


def test_settings_and_photos_that_make_no_sense_are_refused() -> None:
    for values, said in (({"window": 1}, "window = 1"), ({"averaging": 1.0}, "averaging = 1.0"),
                         ({"masked": {"iterations": 0}}, "iterations = 0")):  # fmt: skip
        with pytest.raises(ModelError, match=said):
            changed(DEFAULTS, values, "dip")
    prior = DeepImagePrior(QUICK)
    with pytest.raises(ModelError, match="smaller than 16 x 16"):
        prior.restore(smooth(5, 5))
    with pytest.raises(ModelError, match="hides all of the photo"):
        prior.restore(NOISY, np.full((32, 40), 255, np.uint8))
    with pytest.raises(ModelError, match="the clean photo is"):
        restored_with_oracle(prior, NOISY, smooth(32, 32))
    prior.tiling = Tiling(64)
    mask = np.zeros((300, 300), np.uint8)
    mask[:200, :200] = 255
    with pytest.raises(ModelError, match="hides all of a tile of 128 x 128 pixels"):
        prior.restore(smooth(300, 300), mask)
    with pytest.raises(ModelError, match="too large for the oracle"):
        restored_with_oracle(prior, smooth(300, 300), smooth(300, 300))


def test_a_rate_that_blows_up_is_said() -> None:
    with pytest.raises(ModelError, match="lost its way"):
        DeepImagePrior(replace(QUICK, rate=float("inf"))).restore(NOISY)
