"""When deep image prior stops: the variance of its outputs, patience, and the oracle beside it."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from small_dips import CLEAN, CPU, NOISY, QUICK, SMALL, error

from restore_models.dip import STUDENTS, DeepImagePrior
from restore_models.dip_fitting import Job, Run, fitted
from restore_models.dip_oracle import restored_with_oracle
from restore_models.early_stopping import EarlyStop, WindowedVariance
from restore_models.tiling import Tiling


def test_noise_is_gone_at_the_early_stop() -> None:
    found = restored_with_oracle(DeepImagePrior(SMALL), NOISY, CLEAN)
    assert error(found.restored, CLEAN) < 0.6 * error(NOISY, CLEAN)
    assert SMALL.window <= found.chosen < SMALL.plain.iterations


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
