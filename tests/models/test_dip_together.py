"""Deep image prior on many photos: side by side or cut into tiles, each comes out as it would alone."""

from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from small_dips import CPU, HASTY, NET, QUICK, SMALL, error, noisy, smooth, square_hole

from restore_models.dip import DeepImagePrior
from restore_models.dip_fitting import Fit, Job, Pictures, Run, fitted
from restore_models.dip_nets import HourglassNet
from restore_models.tiling import Tiling


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
