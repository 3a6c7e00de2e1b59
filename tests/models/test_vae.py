import pytest
import torch
from small_batches import millions
from torch import Tensor

from restore_models.blocks import MultiScaleDiscriminator, Norm
from restore_models.mapping import Layout, Mapping
from restore_models.triplet_options import TripletConfig, layout_of
from restore_models.triplet_parts import new_critic, new_decoder, new_encoder
from restore_models.vae import Codes, Decoder, Doubled, Edges, Encoder, latent_layers


def noise(*shape: int) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(1))


def encoder(norm: Norm = "instance", edges: Edges = "zeros", learned: bool = False) -> Encoder:
    with torch.random.fork_rng():
        torch.manual_seed(2)
        return Encoder(3, 8, 1, norm, edges, learned).eval()


def decoder(norm: Norm = "layer", edges: Edges = "reflect") -> Decoder:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        return Decoder(8, 1, norm, edges).eval()


@pytest.mark.parametrize("damaged", [False, True])
def test_both_halves_have_the_published_number_of_parameters(damaged: bool) -> None:
    code = TripletConfig(flavour="code")
    assert millions(new_encoder(code, damaged)) == pytest.approx(0.436, abs=5e-4)
    assert millions(new_decoder(code)) == pytest.approx(0.436, abs=5e-4)


def test_the_mapping_has_the_published_number_of_parameters() -> None:
    with torch.device("meta"):
        scratch, quality = (
            Mapping(layout_of(TripletConfig(flavour="code", mapping_width=512, attends=attends)))
            for attends in (True, False)
        )
    assert millions(scratch) == pytest.approx(51.3, abs=0.05)
    assert millions(quality) == pytest.approx(36.1, abs=0.05)


def test_the_discriminators_have_the_published_numbers_of_parameters() -> None:
    code = TripletConfig(flavour="code")
    assert millions(new_critic(code, 3, spectral=False)) == pytest.approx(5.53, abs=0.005)
    assert millions(new_critic(code, 6, spectral=False)) == pytest.approx(5.54, abs=0.005)
    assert millions(MultiScaleDiscriminator(64, scales=1)) == pytest.approx(2.83, abs=0.005)


def test_codes_have_a_quarter_of_the_side_and_decode_to_the_same_size() -> None:
    with torch.inference_mode():
        codes = encoder(learned=True)(noise(2, 3, 32, 48))
        assert codes.mean.shape == (2, 8, 8, 12)
        assert codes.log_variance is not None
        assert codes.log_variance.shape == codes.mean.shape
        pictures = decoder()(codes.mean)
    assert pictures.shape == (2, 3, 32, 48)
    assert pictures.abs().max() <= 1


def test_the_mapping_keeps_the_shape_of_codes() -> None:
    layout = Layout(8, 16, 4, 1, 1, 1, "layer", "reflect", attends=True, most=9, scaled=True, plain=False)
    holes = (noise(2, 1, 7, 5) < 0.3).float()
    with torch.inference_mode():
        assert Mapping(layout)(noise(2, 8, 7, 5), holes).shape == (2, 8, 7, 5)


def test_without_holes_the_global_branch_changes_nothing() -> None:
    layout = Layout(8, 16, 3, 1, 1, 1, "instance", "zeros", attends=True, most=0, scaled=False, plain=False)
    net, codes = Mapping(layout), noise(1, 8, 9, 9)
    with torch.inference_mode():
        assert torch.equal(net(codes, None), net(codes, torch.zeros(1, 1, 9, 9)))
        assert not torch.allclose(net(codes, None), net(codes, torch.ones(1, 1, 9, 9)), atol=1e-3)


def relative_change(norm: Norm) -> float:
    """How far the code moves when a photo gets brighter and redder."""
    net, photo = encoder(norm), noise(1, 3, 32, 32) * 2 - 1
    shift = torch.tensor([0.4, 0.2, 0.2]).view(3, 1, 1)
    with torch.inference_mode():
        before, after = net(photo).mean, net(photo + shift).mean
    return float((after - before).norm() / before.norm())


def test_instance_norm_is_blind_to_tone() -> None:
    assert relative_change("instance") < 1e-4


def test_layer_norm_sees_tone() -> None:
    assert relative_change("layer") > 0.02


def test_drawn_codes_have_the_mean_and_the_variance() -> None:
    mean, log_variance = torch.full((1, 1, 200, 200), 3.0), torch.full((1, 1, 200, 200), -2.0)
    with torch.random.fork_rng():
        torch.manual_seed(4)
        learned, fixed = Codes(mean, log_variance).drawn(), Codes(mean, None).drawn()
    assert float(learned.mean()) == pytest.approx(3, abs=0.02)
    assert float(learned.std()) == pytest.approx(0.3679, rel=0.02)  # the root of e^-2
    assert float(fixed.std()) == pytest.approx(1, rel=0.02)


@pytest.mark.parametrize(("edges", "flat_to_the_edge"), [("reflect", True), ("zeros", False)])
def test_a_flat_picture_stays_flat_up_to_its_edges_if_they_are_reflected(edges: Edges, flat_to_the_edge: bool) -> None:
    with torch.inference_mode():
        codes = encoder("layer", edges)(torch.full((1, 3, 32, 40), 0.3)).mean
        doubled = Doubled(8, "layer", edges)(torch.full((1, 8, 6, 6), 0.3))
    assert (uneven(codes, 1) < 1e-5) == flat_to_the_edge
    assert (uneven(doubled, 2) < 1e-5) == flat_to_the_edge


def uneven(features: Tensor, period: int) -> float:
    """How far features are from repeating themselves with a period."""
    down = features[..., period:, :] - features[..., :-period, :]
    right = features[..., period:] - features[..., :-period]
    return float(max(down.abs().max(), right.abs().max()))


def test_reflected_edges_change_nothing_inside() -> None:
    zeros, reflected = Doubled(4, "none", "zeros"), Doubled(4, "none", "reflect")
    reflected.load_state_dict(zeros.state_dict())
    features = noise(1, 4, 9, 9)
    with torch.inference_mode():
        assert torch.allclose(zeros(features)[..., 1:-1, 1:-1], reflected(features)[..., 1:-1, 1:-1], atol=1e-6)


@pytest.mark.parametrize("side", [4, 8, 16, 32, 64])
def test_the_discriminator_of_codes_has_a_verdict_for_codes_of_any_size(side: int) -> None:
    critic = MultiScaleDiscriminator(8, 8, 1, latent_layers(side))
    (found,) = critic(noise(2, 8, side, side))
    assert min(found[-1].shape[-2:]) >= 2
    assert found[-1].std() > 0
    assert latent_layers(64) == 3
