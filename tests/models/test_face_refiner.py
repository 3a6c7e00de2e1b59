"""The face network: its size, what it learns, and faces of any size."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from charts import chart
from torch import Tensor
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from degrade.types import Image
from restore_models.batch import Batch
from restore_models.face_refiner import MODEL, FaceGenerator, FaceLearner, FaceRefiner, FacesConfig, hinge, persuasion
from restore_models.faces import Face, Refined
from restore_models.learning import Runtime, psnr
from restore_models.restorer import ModelError

SMALL = FacesConfig(size=64, width=4, critic_width=8, rate=1e-3, critic_rate=1e-3)


def pair(count: int = 2) -> Batch:
    """Charts, and the same coarse, dark and noisy."""
    pictures = np.stack([chart(64, 64 + 32 * number)[:, -64:] for number in range(count)])
    clean = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(0))
    coarse = functional.interpolate(functional.avg_pool2d(clean, 4), scale_factor=4)
    return Batch(((coarse + 0.1 * noise) * 0.7).clamp(0, 1), clean)


def learner(config: FacesConfig = SMALL, runtime: Runtime | None = None) -> FaceLearner:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return FaceLearner(config, runtime or Runtime())


def refiner() -> FaceRefiner:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return FaceRefiner(SMALL)


def test_at_the_references_width_it_has_the_references_size_and_cost() -> None:
    with torch.device("meta"):
        generator = FaceGenerator(FacesConfig(width=64, spectral=False)).eval()  # spectral norm adds no parameter
        with FlopCounterMode(display=False) as counted:
            generator(torch.empty(1, 3, 256, 256))
    assert sum(each.numel() for each in generator.parameters()) == pytest.approx(92.06e6, abs=5e3)
    assert counted.get_total_flops() / 2 == pytest.approx(136.3e9, rel=1e-3)


def test_spectral_norm_bounds_the_blocks_and_adds_no_parameter() -> None:
    with torch.random.fork_rng():
        plain, normed = (FaceGenerator(replace(SMALL, spectral=spectral)) for spectral in (False, True))
    assert sum(each.numel() for each in plain.parameters()) == sum(each.numel() for each in normed.parameters())
    weight = normed.blocks[0].inward.weight.detach().flatten(1)
    assert torch.linalg.matrix_norm(weight, 2) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("norm", ["batch", "instance"])
def test_faces_keep_their_size_and_range(norm: str) -> None:
    with torch.random.fork_rng():
        generator = FaceGenerator(replace(SMALL, norm=norm))
    drawn = generator(torch.rand(2, 3, 64, 96))
    assert drawn.shape == (2, 3, 64, 96)
    assert drawn.min() >= 0
    assert drawn.max() <= 1


@pytest.mark.parametrize("size", [0, 32, 100, -64])
def test_a_size_that_cannot_be_is_refused(size: int) -> None:
    with pytest.raises(ModelError, match="not a multiple of 32 from 64"):
        FacesConfig(size=size)


def test_it_learns_a_batch_by_heart() -> None:
    batch, learning = pair(), learner(replace(SMALL, width=8))
    degraded, clean = batch.pair()
    assert learning.score(batch).mean() < psnr(degraded, clean).mean()
    with torch.random.fork_rng():
        losses = [learning.step(batch) for _ in range(30)]
    assert all(torch.isfinite(each).all() for loss in losses for each in loss.values())
    assert losses[-1]["perceptual"] < 0.8 * losses[0]["perceptual"]
    assert learning.score(batch).mean() > psnr(degraded, clean).mean() + 2


def test_least_squares_and_half_precision_learn_too() -> None:
    learning = learner(replace(SMALL, adversarial="lsgan"), Runtime(precision="bf16"))
    before = [each.detach().clone() for net in learning.networks.values() for each in net.parameters()]
    losses = learning.step(pair())
    after = [each for net in learning.networks.values() for each in net.parameters()]
    assert {each.dtype for each in losses.values()} == {torch.float32}
    assert all(not each.requires_grad for each in losses.values())
    assert all((one != other).any() for one, other in zip(before, after, strict=True))


def test_steps_from_one_state_are_alike() -> None:
    one, other = learner(), learner()
    other.generator.load_state_dict(one.generator.state_dict())
    assert {name: float(each) for name, each in one.step(pair()).items()} == {
        name: float(each) for name, each in other.step(pair()).items()
    }


def test_faces_of_another_size_than_the_models_are_refused() -> None:
    small = torch.rand(2, 3, 96, 96)
    with pytest.raises(ModelError, match="faces of 96 x 96 pixels for a model of size = 64"):
        learner().step(Batch(small, small))


def test_the_hinge_counts_what_is_on_the_wrong_side_of_one() -> None:
    real, fake = (
        [[torch.tensor([[2.0, 0.0]])], [torch.tensor([[-1.0]])]],
        [[torch.tensor([[-3.0]])], [torch.tensor([[1.0]])]],
    )
    assert hinge(real, fake) == ((0.5 + 2) + (0 + 2)) / 2
    assert persuasion(fake) == (3 - 1) / 2


def test_what_is_shown_hangs_on_no_other_face_of_the_batch() -> None:
    learning, batch = learner(), pair()
    degraded, clean = batch.pair()
    with torch.random.fork_rng():
        learning.step(batch)
    alone = learning.show(Batch(degraded[:1], clean[:1]))
    assert torch.allclose(learning.show(batch)[:1], alone, atol=1e-5)
    assert learning.generator.training
    assert not alone.requires_grad


def test_the_kept_weights_make_the_refiner() -> None:
    learning, batch = learner(), pair()
    with torch.random.fork_rng():
        learning.step(batch)
    kept = {f"generator.{name}": each for name, each in learning.generator.state_dict().items()}
    assert MODEL.assemble is not None
    found = MODEL.assemble(SMALL, {"faces": kept})
    degraded, _ = batch.pair()
    face = np.rint(degraded[0].permute(1, 2, 0).numpy() * 255).astype(np.uint8)
    shown = learning.show(Batch(torch.from_numpy(face).permute(2, 0, 1)[None].float() / 255))
    refined: Image = found.restore(face)
    assert np.abs(refined - shown[0].permute(1, 2, 0).numpy() * 255).max() <= 0.51


@pytest.mark.parametrize("size", [(64, 64), (128, 128), (61, 83), (200, 17), (16, 16)])
def test_faces_of_any_size_come_back_in_it(size: tuple[int, int]) -> None:
    face, net = chart(*size), refiner()
    before = face.copy()
    found = net.refine(face)
    assert found.shape == face.shape
    assert found.dtype == np.uint8
    assert np.array_equal(face, before)
    assert np.array_equal(net.restore(face, np.zeros(size, np.uint8)), found)
    assert net.peak_bytes(*size) > 64 * 64 * 4


def test_a_stamp_is_refused() -> None:
    with pytest.raises(ModelError, match="smaller than 16 x 16"):
        refiner().restore(chart(5, 5))


def test_it_stands_behind_a_restorer_of_whole_photos() -> None:
    class Same:
        name = "same"

        def restore(self, image: Image, mask: Image | None = None) -> Image:
            return image

    class One:
        def faces(self, image: Image) -> list[Face]:
            return [Face((30, 40, 50, 50))]

    photo = 60 + chart(120, 140) // 2
    found = Refined(Same(), refiner(), One()).restore(photo)
    assert (found != photo).any()
    assert np.array_equal(found[:20], photo[:20])


def test_the_model_says_what_it_is() -> None:
    assert (MODEL.name, MODEL.needs, [stage.name for stage in MODEL.stages]) == ("faces", "training", ["faces"])
    built: FaceRefiner = MODEL.build(SMALL)
    assert built.size == 64
    assert isinstance(built.forward(torch.rand(1, 3, 64, 64), torch.zeros(1, 1, 64, 64)), Tensor)
