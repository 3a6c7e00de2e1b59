"""CycleGAN, by its paper."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import torch
from small_batches import (
    check_any_size_and_the_way_to_disk_and_back,
    check_half_precision,
    learner_of,
    learnt,
    millions,
    small_batch,
)
from torch import Tensor

from restore_models.batch import Batch
from restore_models.blocks import PatchDiscriminator
from restore_models.cyclegan import MODEL, STUDENTS, CycleGanConfig, CycleGanLearner, Pool, generator_of
from restore_models.restorer import ModelError

TINY = CycleGanConfig(width=4, blocks=1, pool=3, rate=2e-3)

BATCH = small_batch(32)


def learner(config: CycleGanConfig = TINY) -> CycleGanLearner:
    found = learner_of(MODEL, config)
    assert isinstance(found, CycleGanLearner)
    return found


def numbered(*numbers: int) -> Tensor:
    """Pictures of one tone each, by which they can be told apart."""
    return torch.tensor(numbers, dtype=torch.float32)[:, None, None, None].expand(-1, 3, 8, 8) / 100


def test_the_networks_have_the_published_numbers_of_parameters() -> None:
    with torch.device("meta"):
        assert millions(MODEL.build(MODEL.config)) == pytest.approx(11.38, abs=0.005)
        assert millions(PatchDiscriminator(3, norm="instance")) == pytest.approx(2.765, abs=0.005)
        assert millions(generator_of(STUDENTS)) == pytest.approx(54.41, abs=0.005)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_step_sees_a_degraded_picture_and_its_own_clean_one(count: int) -> None:
    pairs = learner()
    seen = []
    for step in range(3):
        pictures = numbered(*range(step * count, (step + 1) * count))
        old, clean = (((each + 1) / 2)[:, 0, 0, 0] * 100 for each in pairs.unpaired(Batch(pictures, pictures)))
        seen += list(zip(old.round().int().tolist(), clean.round().int().tolist(), strict=True))
    assert [old for old, _ in seen] == list(range(3 * count))
    assert seen[0] == (0, count - 1)
    assert all(clean == old - 1 for old, clean in seen[1:])


def test_real_old_photos_are_taken_where_there_are_some_unless_told_otherwise() -> None:
    batch = Batch(degraded=numbered(1), clean=numbered(2), old=numbered(3))
    for config, expected in ((TINY, 3), (replace(TINY, old_photos="degraded"), 1)):
        old, _ = learner(config).unpaired(batch)
        assert torch.allclose((old + 1) / 2, numbered(expected))


def test_old_photos_do_without_degraded_ones() -> None:
    assert BATCH.clean is not None
    (losses,) = learnt(learner(), Batch(clean=BATCH.clean, old=BATCH.degraded), 1)
    assert losses["cycle"] > 0


def test_generators_and_discriminators_go_down_the_objectives_of_the_paper() -> None:
    pairs = learner(replace(TINY, pool=0))
    old, clean = (each * 2 - 1 for each in BATCH.pair())
    clean = clean.roll(1, 0)
    restored, aged = pairs.restorer(old), pairs.ager(clean)
    cycle = (pairs.ager(restored) - old).abs().mean() + (pairs.restorer(aged) - clean).abs().mean()
    same = (pairs.restorer(clean) - clean).abs().mean() + (pairs.ager(old) - old).abs().mean()
    adversarial = (pairs.clean_discriminator(restored)[-1] - 1).square().mean()
    adversarial = adversarial + (pairs.old_discriminator(aged)[-1] - 1).square().mean()
    parameters = [*pairs.restorer.parameters(), *pairs.ager.parameters()]
    expected = torch.autograd.grad(adversarial + 10 * cycle + 5 * same, parameters)
    with torch.no_grad():
        judged = ((pairs.clean_discriminator, clean, restored), (pairs.old_discriminator, old, aged))
        halves = [
            (judge(real)[-1] - 1).square().mean() + judge(made)[-1].square().mean() for judge, real, made in judged
        ]
    (losses,) = learnt(pairs, BATCH, 1)
    terms = {"adversarial": adversarial, "cycle": cycle, "identity": same, "discriminators": sum(halves) / 2}
    assert losses == pytest.approx({name: float(each.detach()) for name, each in terms.items()}, rel=1e-5)
    for parameter, gradient in zip(parameters, expected, strict=True):
        assert parameter.grad is not None
        assert torch.allclose(parameter.grad, gradient, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    "config", [TINY, replace(STUDENTS, width=8, depth=3, pool=3, rate=5e-3)], ids=["resnet", "unet"]
)
def test_one_batch_is_learnt_by_heart(config: CycleGanConfig) -> None:
    losses = learnt(learner(config), BATCH, 30)
    first, last = (sum(each["cycle"] + each["identity"] for each in part) for part in (losses[:3], losses[-3:]))
    assert last < 0.75 * first


def saved(pairs: CycleGanLearner) -> bytes:
    """All that a checkpoint holds of a learner."""
    state = {
        "networks": {name: net.state_dict() for name, net in pairs.networks.items()},
        "optimisers": {name: each.state_dict() for name, each in pairs.optimisers.items()},
        "extra": pairs.extra(),
    }
    torch.save(state, file := BytesIO())
    return file.getvalue()


def resumed(checkpoint: bytes, *, forgetful: bool) -> CycleGanLearner:
    """A learner from a checkpoint, with or without its pools."""
    state, found = torch.load(BytesIO(checkpoint), weights_only=True), learner()
    for name, net in found.networks.items():
        net.load_state_dict(state["networks"][name])
    for name, optimiser in found.optimisers.items():
        optimiser.load_state_dict(state["optimisers"][name])
    if not forgetful:
        found.set_extra(state["extra"])
    return found


def test_a_resumed_run_is_bit_equal_and_would_not_be_without_the_pools() -> None:
    whole, begun = learner(), learner()
    expected = learnt(whole, BATCH, 6)[3:]
    learnt(begun, BATCH, 3)
    checkpoint = saved(begun)
    assert learnt(resumed(checkpoint, forgetful=False), BATCH, 3, first=3) == expected
    assert learnt(resumed(checkpoint, forgetful=True), BATCH, 3, first=3) != expected


def test_what_was_saved_does_not_change_while_the_training_goes_on() -> None:
    pairs = learner()
    learnt(pairs, BATCH, 2)
    extra = pairs.extra()
    before = {name: [each.clone() for each in pictures] for name, pictures in extra.items()}
    learnt(pairs, BATCH, 4, first=2)
    assert {name: len(pictures) for name, pictures in extra.items()} == {"restored": 3, "aged": 3, "before": 1}
    for name, pictures in before.items():
        assert all(torch.equal(one, other) for one, other in zip(pictures, extra[name], strict=True))


def test_a_full_pool_gives_back_earlier_pictures_half_of_the_time() -> None:
    pool = Pool(50)
    assert torch.equal(pool.drawn(numbered(*range(50))), numbered(*range(50)))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        drawn = pool.drawn(numbered(*range(50, 1050)))[:, 0, 0, 0] * 100
    earlier = (drawn.round() != torch.arange(50, 1050)).double().mean()
    assert float(earlier) == pytest.approx(0.5, abs=0.06)
    assert len(pool.pictures) == 50
    made = numbered(1, 2)
    assert torch.equal(Pool(0).drawn(made), made)


def test_crops_that_do_not_fit_are_refused() -> None:
    assert BATCH.clean is not None
    odd = BATCH.clean[..., :30]
    with pytest.raises(ModelError, match=r"crops of 30 x 32 pixels, no multiple of 4; give such crops$"):
        learner().step(Batch(degraded=odd, clean=odd))


def test_half_precision_gives_nearly_the_same() -> None:
    check_half_precision(MODEL, TINY, BATCH)


def test_any_size_is_restored_and_weights_come_back_from_the_disk(tmp_path: Path) -> None:
    pairs = learner()
    learnt(pairs, BATCH, 3)
    check_any_size_and_the_way_to_disk_and_back(MODEL, TINY, pairs, tmp_path)
