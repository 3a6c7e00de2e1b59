"""The flavours of the triplet network: what the paper says, what its code does, and what Foxing does."""

from dataclasses import asdict, fields, replace
from typing import get_args

import pytest
import torch
from small_triplets import flavours, network, small

from restore_models.configs import changed
from restore_models.restorer import ModelError
from restore_models.triplet_flavours import FLAVOURS, Flavour, Options
from restore_models.triplet_options import TripletConfig, chosen
from restore_models.triplet_parts import filled


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
