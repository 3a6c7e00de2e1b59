"""How the triplet network learns: every stage of every flavour, and what stays as it is meanwhile."""

from dataclasses import replace

import pytest
import torch
from small_triplets import RUNTIME, SMALL, batch, first_stages, flavours, left, made, photo, scratched, small

from restore_models.configs import changed
from restore_models.detector import DetectorConfig
from restore_models.learning import Learner
from restore_models.triplet import MODEL, assemble
from restore_models.triplet_flavours import Flavour
from restore_models.triplet_learning import MappingLearner, VaeA, VaeB


@flavours
def test_every_stage_of_every_flavour_takes_a_step_and_restores(flavour: Flavour) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(8)
        config, earlier = small(flavour), {}
        for stage in MODEL.stages[1:]:
            learner = stage.learner(config, RUNTIME, earlier)
            before = left(learner)
            losses = learner.step(batch())
            assert all(torch.isfinite(loss) and loss.shape == () and not loss.requires_grad for loss in losses.values())
            earlier[stage.name] = left(learner)
            assert any(not torch.equal(before[name], now) for name, now in earlier[stage.name].items())
            assert learner.show(batch()).shape == (2, 3, 32, 32)
            assert learner.score(batch()).shape == (2,)
        restored = assemble(config, earlier).restore(photo(33, 41), scratched(33, 41))
    assert restored.shape == (33, 41, 3)


@pytest.mark.parametrize(
    ("kind", "watched"), [(VaeA, ("l1", "perceptual")), (VaeB, ("l1", "perceptual")), (MappingLearner, ("latent",))]
)
def test_each_learner_overfits_one_batch(kind: type[Learner], watched: tuple[str, ...]) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(9)
        config = replace(SMALL, rate=3e-3, kl_weight=0.01, mapping_width=64)
        learner = made(kind, config, first_stages(config))
        losses = [learner.step(batch()) for _ in range(40)]
    for name in watched:
        first, last = (float(torch.stack([each[name] for each in part]).mean()) for part in (losses[:2], losses[-5:]))
        assert last < 0.85 * first


def test_the_codes_of_old_photos_and_of_synthetic_ones_are_told_apart_and_pushed_together() -> None:
    with torch.random.fork_rng():
        torch.manual_seed(10)
        learner = VaeA(replace(small(), rate=2e-3), RUNTIME, {})
        losses = [learner.step(batch()) for _ in range(2)]
        synthetic, old = torch.randn(2, 8, 8, 8), torch.randn(2, 8, 8, 8) + 1
        judged = [float(learner._told_apart(synthetic, old)) for _ in range(30)]
        assert judged[-1] < 0.5 * judged[0]
        assert float(learner._misled(synthetic, old)) > 2 * float(learner._misled(old, synthetic))
    assert {"latent", "latent_critic"} <= losses[0].keys()


@pytest.mark.parametrize(("moves", "still"), [("both", False), ("old", True)])
def test_in_the_released_code_only_old_photos_are_pushed(moves: str, still: bool) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(11)
        learner = VaeA(changed(small("code"), {"latent_moves": moves}, "model"), RUNTIME, {})
        synthetic, old = (torch.randn(2, 8, 8, 8, requires_grad=True) for _ in range(2))
        learner._misled(synthetic, old).backward()
    assert old.grad is not None
    assert (synthetic.grad is None) == still


def test_the_vaes_stay_as_they_are_while_the_mapping_learns() -> None:
    with torch.random.fork_rng():
        torch.manual_seed(12)
        learner = MappingLearner(small(), RUNTIME, first_stages(small()))
        frozen = (learner.encoder, learner.clean_encoder, learner.decoder)
        before = [each.clone() for net in frozen for each in net.state_dict().values()]
        learner.step(batch())
        after = [each for net in frozen for each in net.state_dict().values()]
    assert all(torch.equal(one, other) for one, other in zip(before, after, strict=True))


def test_old_photos_get_their_holes_from_the_detector_while_vae_a_learns() -> None:
    old, shares = batch().old, []
    assert old is not None
    for threshold in (0.0, 1.1):
        detecting = DetectorConfig(width=4, depth=1, top_hats=(), threshold=threshold)
        config = replace(SMALL, detects=True, detector=detecting)
        with torch.random.fork_rng():
            torch.manual_seed(16)
            detector = MODEL.stages[0].learner(config, RUNTIME, {})
            learner = VaeA(config, RUNTIME, {"detector": left(detector)})
        shares.append(float(learner._old_holes(old).mean()))
    assert shares == [1, 0]


def test_vae_a_needs_old_photos_and_the_others_do_not() -> None:
    needs = {stage.name: stage.needs for stage in MODEL.stages}
    assert list(needs) == ["detector", "vae-a", "vae-b", "mapping"]
    assert [name for name, data in needs.items() if "old" in data] == ["vae-a"]
    assert all(stage.share > 0 for stage in MODEL.stages)
    with pytest.raises(AssertionError):
        VaeA(small(), RUNTIME, {}).step(replace(batch(), old=None))
