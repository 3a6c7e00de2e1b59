from dataclasses import asdict, fields, replace
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
import torch
from torch import Tensor

from restore_models.batch import Batch
from restore_models.blocks import ChannelNorm
from restore_models.configs import changed
from restore_models.detector import DetectorConfig
from restore_models.learning import Learner, Runtime
from restore_models.restorer import ModelError
from restore_models.tiling import Tiling
from restore_models.triplet import MODEL, Triplet, assemble, halo_of
from restore_models.triplet_flavours import FLAVOURS, Flavour, Options
from restore_models.triplet_learning import MappingLearner, VaeA, VaeB
from restore_models.triplet_options import TripletConfig, chosen
from restore_models.triplet_parts import filled

SMALL = TripletConfig(
    width=8, blocks=1, mapping_width=16, critic_width=8, local_blocks=1, fused_blocks=1, global_blocks=1, detects=False
)

RUNTIME = Runtime(crop=32)

flavours = pytest.mark.parametrize("flavour", get_args(Flavour))


def small(flavour: Flavour = "foxing") -> TripletConfig:
    return replace(SMALL, flavour=flavour)


def network(config: TripletConfig = SMALL) -> Triplet:
    """With random weights, larger than those that training starts with, so that there is something to see."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        found = Triplet(config)
        for part in found.modules():
            if isinstance(part, ChannelNorm):
                torch.nn.init.normal_(part.bias, 0, 0.3)
    return found.eval()


def photo(height: int, width: int) -> np.ndarray:
    """Noise on a slope."""
    chance = np.random.default_rng(6)
    slope = np.linspace(40, 200, width) + np.linspace(-30, 30, height)[:, None]
    return np.clip(slope[..., None] + chance.normal(0, 20, (height, width, 3)), 0, 255).astype(np.uint8)


def scratched(height: int, width: int) -> np.ndarray:
    """A mask of two scratches and a hole."""
    mask = np.zeros((height, width), np.uint8)
    mask[:, width // 3] = 255
    mask[height // 2] = 255
    mask[height // 5 : height // 4, -width // 4 :] = 255
    return mask


def batch() -> Batch:
    chance = torch.Generator().manual_seed(7)
    clean = torch.nn.functional.interpolate(torch.rand(2, 3, 8, 8, generator=chance), size=(32, 32), mode="bilinear")
    mask = torch.zeros(2, 1, 32, 32)
    mask[..., 9] = 1
    mask[0, :, 20:26, 4:16] = 1
    degraded = torch.where(mask > 0, 1.0, 0.6 * clean + 0.3)
    old = (degraded.flip(0) * torch.tensor([1.0, 0.85, 0.6]).view(3, 1, 1)).contiguous()
    return Batch(degraded, clean, mask, old)


def made(kind: type[Learner], config: TripletConfig, earlier: dict[str, dict[str, Tensor]]) -> Learner:
    return kind(config, RUNTIME, earlier)  # type: ignore[call-arg]


def left(learner: Learner) -> dict[str, Tensor]:
    """What a stage leaves."""
    return {
        f"{name}.{key}": tensor.detach().clone()
        for name in learner.kept
        for key, tensor in learner.networks[name].state_dict().items()
    }


def first_stages(config: TripletConfig) -> dict[str, dict[str, Tensor]]:
    return {"vae-a": left(made(VaeA, config, {})), "vae-b": left(made(VaeB, config, {}))}


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


def test_the_released_code_keeps_nothing_that_the_text_says_and_every_difference_is_named() -> None:
    paper, code, ours = (asdict(FLAVOURS[flavour]) for flavour in get_args(Flavour))
    different = {name for name in paper if paper[name] != code[name]}
    assert different >= {"sigma", "kl", "l1", "latent_one", "latent_moves", "latent_sees", "global_blocks"}
    assert different >= {"local_blocks", "ends", "zero_output", "fill"}
    assert ours["norm"] == "layer"
    assert ours["mask_rule"] == "touched"
    settable = {each.name: each.default for each in fields(TripletConfig)}
    assert all(settable[each.name] is None for each in fields(Options))


@flavours
def test_a_chosen_option_goes_before_the_flavour(flavour: Flavour) -> None:
    config = changed(TripletConfig(), {"flavour": flavour, "ends": 5, "norm": "batch"}, "model")
    assert chosen(config) == replace(FLAVOURS[flavour], ends=5, norm="batch")


def test_a_learned_sigma_without_a_divergence_is_refused() -> None:
    with pytest.raises(ModelError, match="kl = 'square'"):
        TripletConfig(flavour="code", sigma="learned")


def test_nu_starts_as_zeros_where_that_is_kept() -> None:
    kept, undone = (network(small(flavour)).mapping.attention for flavour in ("paper", "code"))
    assert kept is not None
    assert undone is not None
    assert not kept.nu.weight.any()
    assert undone.nu.weight.std() > 0.01


def test_holes_are_filled_as_the_flavour_says() -> None:
    pictures, holes = torch.full((1, 3, 4, 4), 0.25), torch.zeros(1, 1, 4, 4)
    pictures[..., 0, 0], holes[..., 0, 0] = 0.9, 1
    assert filled(pictures, holes, "white")[0, 0, 0, 0] == 1
    assert filled(pictures, holes, "mean")[0, 0, 0, 0] == 0.25
    assert torch.equal(filled(pictures, holes, "nothing"), pictures)
    assert torch.isfinite(filled(pictures, torch.ones(1, 1, 4, 4), "mean")).all()


def test_the_encoder_is_told_of_holes_in_the_flavour_foxing_alone() -> None:
    shown = {name: network(small(name)).encoder.body[0][0].in_channels for name in get_args(Flavour)}
    assert shown == {"paper": 3, "code": 3, "foxing": 4}


@flavours
@pytest.mark.parametrize("size", [(16, 16), (255, 257), (272, 272), (17, 90)])
def test_photos_of_any_size_keep_it_and_come_out_the_same_each_time(flavour: Flavour, size: tuple[int, int]) -> None:
    net, degraded, mask = network(small(flavour)), photo(*size), scratched(*size)
    kept = degraded.copy()
    restored = net.restore(degraded, mask)
    assert restored.shape == degraded.shape
    assert restored.dtype == np.uint8
    assert np.array_equal(restored, net.restore(degraded, mask))
    assert np.array_equal(degraded, kept)
    assert not np.array_equal(restored, net.restore(degraded))


@pytest.mark.parametrize("size", [(255, 257), (272, 272)])
def test_a_flat_photo_has_no_borders(size: tuple[int, int]) -> None:
    net, flat = network(), np.full((*size, 3), (180, 150, 110), np.uint8)
    for part in net.modules():
        if isinstance(part, torch.nn.ConvTranspose2d):  # without the chequerboard of random weights
            part.weight.data[:] = part.weight.data.mean(dim=(2, 3), keepdim=True)
    restored = net.restore(flat).astype(int)
    assert np.abs(restored - restored[0, 0]).max() <= 1
    mask = np.zeros(size, np.uint8)
    mask[-160:] = 255
    torn = net.restore(flat, mask).astype(int)
    assert np.abs(torn[-40:] - torn[-1, 0]).max() <= 1  # what is filled goes on to the last row: no band of zeros
    assert np.abs(torn[-1, 0] - torn[0, 0]).max() > 1


@pytest.mark.parametrize("size", [(255, 257), (272, 272)])
def test_the_last_pixels_of_a_photo_matter(size: tuple[int, int]) -> None:
    net, degraded = network(), photo(*size)
    other = degraded.copy()
    other[-1, -1] = 255 - other[-1, -1]
    change = np.abs(net.restore(degraded).astype(int) - net.restore(other).astype(int)).sum(axis=2)
    assert change[-8:, -8:].max() > 0
    assert change[: size[0] // 3, : size[1] // 3].max() == 0


@pytest.mark.parametrize("most", [0, 150, 5000])
def test_a_photo_cut_into_tiles_is_restored_as_it_is_whole(most: int) -> None:
    net = network(replace(SMALL, most_cells=most))
    chance = torch.Generator().manual_seed(13)
    degraded = torch.rand(1, 3, 260, 300, generator=chance)
    mask = (torch.rand(1, 1, 65, 75, generator=chance) < 0.1).float().repeat_interleave(4, 2).repeat_interleave(4, 3)
    mask[..., 100:160, 20:200] = 1  # larger than what the network sees
    with torch.inference_mode():
        plain = net(degraded, mask)
        net.tiling = Tiling(0)
        whole = net.whole(degraded, mask)
        net.tiling = Tiling(64)
        cut = net.whole(degraded, mask)
    assert torch.allclose(plain, whole, atol=1e-5)
    assert torch.allclose(whole, cut, atol=1e-5)
    assert whole.std() > 0.02


def test_the_halo_is_as_wide_as_the_network_sees_and_no_wider_than_a_cell_more() -> None:
    net = network()
    degraded = torch.rand(1, 3, 8, 256, generator=torch.Generator().manual_seed(14))
    degraded.requires_grad_(True)
    reach = []
    for column in (128, 131):  # the first and the last pixel of a cell
        (slope,) = torch.autograd.grad(net(degraded, torch.zeros(1, 1, 8, 256))[..., column].sum(), degraded)
        columns = torch.nonzero(slope.abs().amax(dim=(0, 1, 2)))[:, 0]
        reach += [column - int(columns.min()), int(columns.max()) - column]
    assert net.halo - 8 <= max(reach) < net.halo
    assert halo_of(TripletConfig()) == 152


def test_a_patch_of_a_flat_hole_looks_across_the_whole_photo_even_by_tiles() -> None:
    net = network(replace(SMALL, most_cells=0))
    net.tiling = Tiling(64)
    degraded, mask = photo(256, 384), np.zeros((256, 384), np.uint8)
    mask[100:140, :40] = 255
    other = degraded.copy()
    other[:, 300:] = 255 - other[:, 300:]
    there, here = net.computed(degraded, mask), net.computed(other, mask)
    assert (there - here)[..., 116:124, 8:24].abs().max() > 1e-5
    assert (there - here)[..., 220:, :40].abs().max() == 0  # intact, and out of sight


def test_a_photo_that_is_all_hole_is_restored() -> None:
    for flavour in get_args(Flavour):
        restored = network(small(flavour)).computed(photo(40, 40), np.full((40, 40), 255, np.uint8))
        assert torch.isfinite(restored).all()


def test_tone_reaches_the_code_in_the_flavour_foxing_and_in_no_other() -> None:
    dark = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(15)) * 0.5
    mask, changes = torch.zeros(1, 1, 32, 32), {}
    for flavour in get_args(Flavour):
        net = network(small(flavour))
        with torch.inference_mode():
            before, after = net(dark, mask), net(dark + 0.4, mask)
        changes[flavour] = float((after - before).abs().max())
    assert changes["foxing"] > 0.01
    assert max(changes["paper"], changes["code"]) < 1e-4


def test_without_a_mask_the_detector_inside_is_asked() -> None:
    config = replace(SMALL, detects=True, detector=DetectorConfig(width=4, depth=1, top_hats=()))
    net, degraded = network(config), photo(64, 64)
    assert net.detector is not None
    mask = net.detector.binary(net.detector.detect(degraded))
    assert np.array_equal(net.restore(degraded), net.restore(degraded, mask))
    assert any(name.startswith("detector.") for name in net.state_dict())


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


def test_a_larger_photo_is_forecast_to_need_more_memory_up_to_the_tiles() -> None:
    net = network(TripletConfig(detects=False))
    needs = [net.peak_bytes(side, side) for side in (256, 512, 1024, 3500)]
    assert all(one < other for one, other in pairwise(needs))
    assert needs[-1] < 6 << 30
