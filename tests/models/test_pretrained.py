"""Weights travel: to a folder or the Hub and back, with a card, and never as another model's."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from huggingface_hub import hub_mixin

from restore_models.model_card import card
from restore_models.nafnet import NafNet, NafNetConfig
from restore_models.pix2pix import Pix2Pix
from restore_models.restorer import ModelError

TINY = NafNetConfig(width=4, encoder=(1,), middle=1, decoder=(1,))


@pytest.fixture
def network() -> NafNet:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        found = NafNet(TINY)
    found.record = {"scores": {"nafnet": 17.5}}
    return found


def test_what_was_saved_comes_back_the_same(network: NafNet, tmp_path: Path) -> None:
    network.save_pretrained(tmp_path / "weights")
    again = NafNet.from_pretrained(tmp_path / "weights")
    photo = np.random.default_rng(1).integers(0, 256, (20, 31, 3)).astype(np.uint8)
    assert (again.config, again.record) == (network.config, network.record)
    assert np.array_equal(again.restore(photo), network.restore(photo))


def test_the_folder_of_a_training_will_do_and_a_spoilt_configuration_is_said(network: NafNet, tmp_path: Path) -> None:
    network.save_pretrained(tmp_path / "run" / "weights")
    assert NafNet.from_pretrained(tmp_path / "run").config == network.config
    file = tmp_path / "run" / "weights" / "config.json"
    file.write_text(file.read_text().replace('"width": 4', '"width": "four"'))
    with pytest.raises(ModelError, match="width = four: must be at least 1"):
        NafNet.from_pretrained(tmp_path / "run" / "weights")


def test_weights_of_another_model_are_refused_by_name(network: NafNet, tmp_path: Path) -> None:
    network.save_pretrained(tmp_path / "weights")
    with pytest.raises(ModelError, match="weights of the model nafnet, not of pix2pix"):
        Pix2Pix.from_pretrained(tmp_path / "weights")


def test_the_hub_gets_weights_configuration_and_card(network: NafNet, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: dict[str, str] = {}

    class Hub:
        """Takes what would go over the network."""

        def __init__(self, token: str | None = None) -> None:
            pass

        def create_repo(self, repo_id: str, **options: Any) -> Any:
            return type("Repository", (), {"repo_id": repo_id})()

        def upload_folder(self, folder_path: Path, **options: Any) -> str:
            sent.update({path.name: path.read_bytes().decode("latin-1") for path in Path(folder_path).iterdir()})
            return "sent"

    monkeypatch.setattr(hub_mixin, "HfApi", Hub)
    network.push_to_hub("user/name")
    assert sent.keys() == {"README.md", "config.json", "model.safetensors"}
    assert "| nafnet | 17.5 |" in sent["README.md"]


def test_a_card_says_how_its_model_is_used_and_how_it_was_made() -> None:
    finds = card("detector", {"width": 4, "norm": None}, {})
    assert "\nfoxing detect THIS_FOLDER photos/ masks/\n" in finds
    assert "pipeline_tag: image-segmentation" in finds
    assert "never trained" in finds
    record = {"data": {"corpus": "a|b", "pairs": 3, "pipelines": {}}, "start": None}
    draws = card("faces", {"width": 4, "norm": None}, record)
    assert "\nfoxing restore MODEL photos/ restored/ --faces THIS_FOLDER\n" in draws
    assert "\n| data | corpus a\\|b, pairs 3 |\n" in draws
    assert "start" not in draws
    assert draws.endswith('```json\n{\n "width": 4\n}\n```\n')
