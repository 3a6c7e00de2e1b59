"""ONNX files give what the network gives, at any size."""

from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
import torch
from torch import nn

from restore_models.cyclegan import CycleGan, CycleGanConfig
from restore_models.detector import Detector, DetectorConfig
from restore_models.export import export_onnx, metadata, parity
from restore_models.face_refiner import FaceRefiner, FacesConfig
from restore_models.nafnet import NafNet, NafNetConfig
from restore_models.network import PhotoNetwork
from restore_models.pix2pix import Pix2Pix, Pix2PixConfig
from restore_models.restorer import ModelError
from restore_models.triplet import Triplet
from restore_models.triplet_options import TripletConfig

NETWORKS: dict[str, Callable[[], PhotoNetwork]] = {
    "pix2pix": lambda: Pix2Pix(Pix2PixConfig(width=4, depth=2)),
    "cyclegan": lambda: CycleGan(CycleGanConfig(width=4, blocks=1)),
    "nafnet": lambda: NafNet(NafNetConfig(width=4, encoder=(1,), middle=0, decoder=(0,), window=24, mask_channel=True)),
    "triplet": lambda: Triplet(
        TripletConfig(
            width=8, blocks=1, mapping_width=16, local_blocks=1, fused_blocks=1, global_blocks=1, detects=False
        )
    ),
    "detector": lambda: Detector(DetectorConfig(width=4, depth=2, top_hats=(5,), contrasts=(9,))),
    "faces": lambda: FaceRefiner(FacesConfig(size=64, width=4)),
}


def on_grid(network: PhotoNetwork, size: tuple[int, int]) -> tuple[int, int]:
    """The next size that the network takes."""
    height, width = (-(-side // network.grid) * network.grid for side in size)
    return height, width


def awake(make: Callable[[], PhotoNetwork]) -> PhotoNetwork:
    """A network that does something in every part."""
    with torch.random.fork_rng():
        torch.manual_seed(6)
        network = make()
        for name, each in network.named_parameters():
            if name.endswith(("beta", "gamma")):
                nn.init.normal_(each)
            if isinstance(network, FaceRefiner) and each.ndim > 1:  # drawn so small that a face comes out grey
                each.data.mul_(50)
    return network.train()


@pytest.mark.parametrize("name", NETWORKS)
def test_onnx_gives_what_the_network_gives_at_any_size(name: str, tmp_path: Path) -> None:
    network = awake(NETWORKS[name])
    path = tmp_path / "network.onnx"
    export_onnx(network, path)
    assert network.training
    assert [each.name for each in tmp_path.iterdir()] == ["network.onnx"]
    sizes = [on_grid(network, size) for size in ((16, 16), (40, 72), (136, 24))]  # traced at 96 x 64
    for size in sizes:
        assert parity(network, path, size) < 1e-4
    for parameter in network.parameters():
        parameter.data.mul_(1.5)
    assert parity(network, path, sizes[1]) > 1e-3  # it can tell
    model = onnx.load(path)
    assert {each.key: each.value for each in model.metadata_props} == metadata(network)
    assert metadata(network)["model"] == name
    assert str(Path(__file__).parents[2]).encode() not in path.read_bytes()


def test_sides_off_the_grid_are_refused(tmp_path: Path) -> None:
    network = NETWORKS["pix2pix"]()
    with pytest.raises(ModelError, match="38 x 40 pixels, no multiples of the grid of pix2pix, 4"):
        parity(network, tmp_path / "none.onnx", (40, 38))
