"""Networks for other programs: ONNX files, and whether they give what the network gives."""

import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from degrade.io import write_bytes
from restore_models.network import PhotoNetwork
from restore_models.restorer import ModelError
from restore_models.weight_files import own_version

OPSET = 18
"""Of ONNX: what torch's exporter writes without converting."""

TRACED = (3, 2)
"""Sides of the example, in smallest ones: unlike, and not 1 even at a bottleneck, which would be taken for fixed."""


def export_onnx(network: PhotoNetwork, path: Path) -> None:
    """Write a network as an ONNX file for photos of any size that is a multiple of its grid, whole or not at all.

    Inputs are `degraded` (1, 3, H, W) and `mask` (1, 1, H, W), fp32 in [0, 1]; the output is `restored`, clipped to
    [0, 1]. A program that uses it continues photos to the grid (which the metadata tell) and cuts the result again.

    Raises:
        ModelError: the extra `onnx` is not installed.
        OSError: it cannot be written.
    """
    try:
        import onnxscript  # noqa: F401, PLC0415 - the extra `onnx`
        from onnx import helper  # noqa: PLC0415
    except ImportError:
        raise ModelError("writing ONNX needs the extra `onnx`: pip install 'foxing[onnx]'") from None
    height, width = (_smallest(network.grid) * times for times in TRACED)
    rows, columns = torch.export.Dim("rows", min=1), torch.export.Dim("columns", min=1)
    sides = {2: network.grid * rows, 3: network.grid * columns}
    example = tuple(each.to(network.device) for each in _pictures(height, width))
    with _in_use(network), _quietly():
        program = torch.onnx.export(
            Clipped(network),
            example,
            input_names=["degraded", "mask"],
            output_names=["restored"],
            dynamic_shapes={"degraded": sides, "mask": sides},
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    model = program.model_proto
    _forget_the_tracing(model.graph)
    helper.set_model_props(model, metadata(network))
    write_bytes(path, model.SerializeToString())


class Clipped(nn.Module):
    """A network whose pictures stay in [0, 1], as those of our own restorers do once they are rounded to levels."""

    def __init__(self, network: PhotoNetwork) -> None:
        super().__init__()
        self.network = network
        self.train(network.training)

    def forward(self, degraded: Tensor, mask: Tensor) -> Tensor:
        """See `PhotoNetwork`."""
        found: Tensor = self.network(degraded, mask).float().clamp(0, 1)
        return found


def metadata(network: PhotoNetwork) -> dict[str, str]:
    """What an ONNX file tells of itself."""
    config = {} if network.config is None else asdict(network.config)
    return {
        "model": network.name,
        "grid": str(network.grid),
        "halo": str(network.halo),
        "exact": str(network.exact).lower(),
        "config": json.dumps(config),
        "foxing": own_version(),
    }


def parity(network: PhotoNetwork, path: Path, size: tuple[int, int]) -> float:
    """The greatest difference between a network and its ONNX file in onnxruntime, on noise of (height, width) pixels.

    Raises:
        ModelError: the sides are no multiples of the network's grid.
    """
    from onnxruntime import InferenceSession  # noqa: PLC0415 - the extra `onnx`

    height, width = size
    if height % network.grid or width % network.grid:
        raise ModelError(f"{width} x {height} pixels, no multiples of the grid of {network.name}, {network.grid}")
    degraded, mask = _pictures(height, width)
    with _in_use(network), torch.inference_mode():
        expected = Clipped(network)(degraded.to(network.device), mask.to(network.device)).cpu().numpy()
    session = InferenceSession(path, providers=["CPUExecutionProvider"])
    names = {each.name for each in session.get_inputs()}
    pictures = {"degraded": degraded.numpy(), "mask": mask.numpy()}
    (restored,) = session.run(["restored"], {name: pictures[name] for name in names})
    return float(np.abs(restored - expected).max())


def _forget_the_tracing(graph: Any) -> None:
    """Drop what the exporter notes beside each node: lines of source and where they lie on this machine."""
    for part in (graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")


def _smallest(grid: int) -> int:
    """The smallest multiple of the grid that has 32 pixels, which leaves something to mirror on coarse levels."""
    return -(-32 // grid) * grid


def _pictures(height: int, width: int) -> tuple[Tensor, Tensor]:
    """Noise, and a mask that hides a third of it."""
    chance = torch.Generator().manual_seed(0)
    degraded = torch.rand((1, 3, height, width), generator=chance)
    mask = torch.rand((1, 1, height, width), generator=chance) < 1 / 3
    return degraded, mask.float()


@contextmanager
def _in_use(network: nn.Module) -> Iterator[None]:
    """The network as it is used, and afterwards as it was."""
    was_training = network.training
    network.eval()
    try:
        yield
    finally:
        network.train(was_training)


@contextmanager
def _quietly() -> Iterator[None]:
    """Without what torch's exporter warns of although nothing is wrong, and nobody here can change it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r".*LeafSpec.* is deprecated", FutureWarning)  # its own use of its own trees
        warnings.filterwarnings("ignore", r"# The axis name: .* will not be used")  # both inputs have the same sides
        log = logging.getLogger("torch.onnx._internal.exporter._registration")
        before = log.level
        log.setLevel(logging.ERROR)  # it tells of torchvision's operators, which no network here has
        try:
            yield
        finally:
            log.setLevel(before)
