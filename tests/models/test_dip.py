"""Deep image prior: what it does for a photo, that photos keep apart, and when it stops."""

from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from torch.nn import functional

from restore_models.configs import changed
from restore_models.dip import DEFAULTS, MODEL, STUDENTS, DeepImagePrior
from restore_models.dip_config import DipConfig, Way
from restore_models.dip_fitting import Fit, Job, Pictures, Run, fitted
from restore_models.dip_nets import Hourglass, HourglassNet, doubled, doubled_by_slices, mirrored, mirrored_by_slices
from restore_models.dip_oracle import restored_with_oracle
from restore_models.early_stopping import EarlyStop, WindowedVariance
from restore_models.restorer import ModelError, Restorer
from restore_models.tiling import Tiling

CPU = torch.device("cpu")

NET = Hourglass(input_depth=8, width=12, skip=4, scales=3)

SMALL = DipConfig(
    plain=Way(NET, 60),
    masked=Way(replace(NET, skip=12, smooth=False), 60, 0.03),
    averaging=0.9,
    window=6,
    patience=15,
    device="cpu",
)

HASTY = replace(SMALL, patience=5)

QUICK = replace(SMALL, plain=replace(SMALL.plain, iterations=3), masked=replace(SMALL.masked, iterations=3))


def smooth(height: int, width: int, turn: float = 0.0) -> np.ndarray:
    y, x = np.mgrid[:height, :width] / max(height, width)
    waves = [120 + 80 * np.sin(4 * x + 2 * y + turn), 130 + 70 * np.cos(5 * y - turn), 90 + 100 * x]
    return np.stack(waves, axis=-1).round().clip(0, 255).astype(np.uint8)


def noisy(clean: np.ndarray, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 30, clean.shape)
    return (clean + noise).round().clip(0, 255).astype(np.uint8)


def square_hole(height: int, width: int) -> np.ndarray:
    mask = np.zeros((height, width), np.uint8)
    mask[height // 3 : height * 2 // 3, width // 3 : width * 2 // 3] = 255
    return mask


def error(restored: np.ndarray, clean: np.ndarray) -> float:
    return float(np.square(restored.astype(float) - clean).mean())


CLEAN = smooth(32, 40)
NOISY = noisy(CLEAN)


@pytest.mark.parametrize(("way", "count"), [(DEFAULTS.plain, 2_217_831), (DEFAULTS.masked, 3_002_627)])
def test_the_networks_have_the_published_number_of_parameters(way: Way, count: int) -> None:
    assert sum(each.numel() for each in HourglassNet(way.net).parameters()) == count


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


def test_noise_is_gone_at_the_early_stop() -> None:
    found = restored_with_oracle(DeepImagePrior(SMALL), NOISY, CLEAN)
    assert error(found.restored, CLEAN) < 0.6 * error(NOISY, CLEAN)
    assert SMALL.window <= found.chosen < SMALL.plain.iterations


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


def test_small_photos_get_fewer_scales() -> None:
    assert [Job(smooth(side, 200), None, DEFAULTS.plain).scales for side in (16, 31, 32, 127, 128, 150)] == [
        2, 2, 3, 4, 5, 5,
    ]  # fmt: skip


def in_fp64(jobs: list[Job]) -> Run:
    """A fit whose rounding is too small to grow into anything in so few steps."""
    run = Run(jobs, HASTY, CPU)
    run.net.double()
    run.pictures = Pictures(*(getattr(run.pictures, each.name).double() for each in fields(Pictures)))
    return run


def to_the_end(run: Run) -> list[Fit]:
    found: dict[int, Fit] = {}
    while run.jobs:
        run.advance()
        found |= run.finished(at_the_end=run.steps == HASTY.plain.iterations)
    return [found[number] for number in sorted(found)]


def test_photos_side_by_side_come_out_as_one_by_one_each_stopped_at_its_own_time() -> None:
    jobs = [Job(noisy(smooth(32, width, width), width), None, SMALL.plain) for width in (40, 37, 33)]
    together = to_the_end(in_fp64(jobs))
    alone = [to_the_end(in_fp64([job]))[0] for job in jobs]
    assert [fit.chosen for fit in together] == [fit.chosen for fit in alone]
    assert len({fit.chosen for fit in alone}) > 1
    for one, other, job in zip(together, alone, jobs, strict=True):
        assert one.picture.shape[-2:] == job.photo_size
        torch.testing.assert_close(one.picture, other.picture, rtol=0, atol=1e-6)


def test_one_step_side_by_side_is_one_step_alone_but_for_rounding() -> None:
    jobs = [Job(noisy(smooth(32, width)), square_hole(32, width), QUICK.masked) for width in (40, 37)]
    together = fitted(jobs, QUICK, CPU)
    for one, job in zip(together, jobs, strict=True):
        torch.testing.assert_close(one.picture, fitted([job], QUICK, CPU)[0].picture, rtol=0, atol=1e-3)


def test_no_photo_sees_another_in_the_network() -> None:
    net = HourglassNet(NET, 2)
    sources = [torch.Generator().manual_seed(seed) for seed in (1, 2)]
    net.draw(sources)
    noise = torch.rand(2, 8, 16, 16, generator=sources[0])
    one = net(noise)
    other = net(torch.stack([noise[0], 0.5 * noise[1]]))
    assert torch.equal(one[0], other[0])
    assert not torch.equal(one[1], other[1])
    one[0].sum().backward()
    assert all(each.grad is not None and not each.grad[1].any() for each in net.parameters())


def test_many_photos_come_back_in_their_order() -> None:
    prior = DeepImagePrior(QUICK)
    images = [noisy(smooth(*size)) for size in ((32, 40), (20, 24), (32, 40))]
    masks = [None, None, square_hole(32, 40)]
    found = prior.restore_many(images, masks)
    assert all(np.array_equal(one, prior.restore(*pair)) for one, *pair in zip(found, images, masks, strict=True))
    with pytest.raises(ValueError, match="shorter"):
        prior.restore_many(images, masks[:2])


def test_many_photos_in_few_networks_are_near_those_one_by_one() -> None:
    images = [noisy(smooth(32, width)) for width in (40, 37, 24, 34)]
    alone = DeepImagePrior(QUICK).restore_many(images)
    together = DeepImagePrior(replace(QUICK, together=2)).restore_many(images)
    assert all(np.abs(one.astype(int) - other).max() <= 1 for one, other in zip(alone, together, strict=True))


def test_large_photos_are_fitted_by_tiles_without_a_seam() -> None:
    prior = DeepImagePrior(replace(SMALL, plain=replace(SMALL.plain, iterations=40), patience=0))
    prior.tiling = Tiling(64)
    clean = smooth(67, 155)
    restored = prior.restore(noisy(clean))
    assert error(restored, clean) < 0.4 * error(noisy(clean), clean)
    steps = np.abs(np.diff(restored.astype(float), axis=1)).mean(axis=(0, 2))
    assert steps.max() < 4  # a cut between tiles would be a step of the whole picture


def test_memory_is_forecast_and_bounded() -> None:
    prior = DeepImagePrior(DEFAULTS)
    assert 200 << 20 < prior.peak_bytes(128, 128) < 500 << 20
    assert prior.peak_bytes(3000, 4000) < 5 << 30
    assert prior.peak_bytes(256, 256) > 3 * DeepImagePrior(QUICK).peak_bytes(256, 256)


def test_the_oracle_is_told_apart_and_never_worse_than_the_fair_result() -> None:
    config = replace(SMALL, plain=replace(SMALL.plain, iterations=30))
    found = restored_with_oracle(DeepImagePrior(config), NOISY, CLEAN)
    assert np.array_equal(found.restored, DeepImagePrior(config).restore(NOISY))
    assert found.oracle_psnr >= found.psnr
    assert found.oracle_psnr == pytest.approx(10 * np.log10(255**2 / error(found.oracle_restored, CLEAN)), abs=1e-3)
    assert found.psnr == pytest.approx(10 * np.log10(255**2 / error(found.restored, CLEAN)), abs=1e-3)
    assert 1 <= found.oracle_chosen <= 30


def test_without_patience_the_last_picture_is_the_result() -> None:
    fit = fitted([Job(NOISY, None, QUICK.plain)], replace(QUICK, patience=0), CPU)[0]
    assert fit.chosen == 3
    assert STUDENTS.patience == 0
    assert STUDENTS.plain.iterations == STUDENTS.masked.iterations == 3001
    assert STUDENTS.rate == 0.01
    assert STUDENTS.plain.net.input_depth == STUDENTS.masked.net.input_depth == 1


def test_the_average_of_outputs_weighs_them_by_their_age() -> None:
    run = Run([Job(NOISY, None, SMALL.plain)], SMALL, CPU)
    outputs: list[torch.Tensor] = []
    run.net.register_forward_hook(lambda *call: outputs.append(call[2].detach()))
    for _ in range(5):
        run.advance()
    weights = torch.tensor([0.9**age for age in range(4, -1, -1)]).view(5, 1, 1, 1, 1)
    expected = (weights * torch.stack(outputs)).sum(dim=0) / weights.sum()
    torch.testing.assert_close(run.averages(), expected)


def test_the_windowed_variance_is_that_of_the_window() -> None:
    source = torch.Generator().manual_seed(3)
    outputs = torch.rand(20, 2, 3, 5, 4, generator=source)
    outputs[10:] = 0.7 + 1e-4 * outputs[10:]
    variance = WindowedVariance(4)
    for step in range(20):
        found = variance.seen(outputs[step], torch.tensor([60.0, 60.0]))
        if step < 3:
            assert found.isinf().all()
            continue
        expected = outputs[step - 3 : step + 1].double().var(dim=0, correction=0).mean(dim=(1, 2, 3))
        torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-14)


def test_the_early_stop_finds_the_known_lowest_point_of_a_sequence() -> None:
    outputs, still = torch.full((1, 3, 4, 4), 0.5), 60
    variance, stop = WindowedVariance(5), EarlyStop(1, 20, CPU)
    for step in range(1, 101):
        swing = 1e-3 * abs(step - still) * (-1) ** step  # the outputs swing least at step 60
        stop.seen(variance.seen(outputs + swing, torch.tensor([48.0])))
        assert bool(stop.done[0]) == (step >= still + 2 + 20)
    assert int(stop.at[0]) == still + 2  # the window that lies around it ends there


def test_a_stop_that_came_too_soon_stands_and_no_number_is_no_variance() -> None:
    stop = EarlyStop(2, 2, CPU)
    for values in ((3.0, np.nan), (4.0, np.nan), (5.0, 2.0), (0.1, 1.0)):
        stop.seen(torch.tensor(values, dtype=torch.float64))
    assert stop.at.tolist() == [1, 4]
    assert stop.done.tolist() == [True, False]


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


def test_fewer_steps_give_what_was_drawn_by_then() -> None:
    prior = DeepImagePrior(replace(SMALL, patience=0)).to("cpu")
    prior.tiling = Tiling(64)
    short = prior.at_most(3)
    assert (short.config.plain.iterations, short.config.masked.iterations) == (3, 3)
    assert (short.tiling, short.device) == (prior.tiling, prior.device)
    assert np.array_equal(short.restore(NOISY), DeepImagePrior(replace(QUICK, patience=0)).restore(NOISY))
    assert prior.at_most(10**6).config == prior.config
    with pytest.raises(ValueError, match="iterations = 0"):
        prior.at_most(0)


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
