"""Anybody's network in a file, TorchScript or ONNX, and one clear line for each that goes wrong."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from charts import chart
from onnx import TensorProto, helper
from small_photos import IMAGE, MASK
from torch import Tensor, nn

from restore_models.resolve import opened
from restore_models.restorer import ModelError


class Half(nn.Module):
    def forward(self, photo: Tensor) -> Tensor:
        return photo * 0.5


class Filled(nn.Module):
    def forward(self, photo: Tensor, mask: Tensor) -> Tensor:
        return photo * (1 - mask)


class Pooled(nn.Module):
    def forward(self, photo: Tensor) -> Tensor:
        return nn.functional.avg_pool2d(photo, 8).repeat_interleave(8, 2).repeat_interleave(8, 3)


class Scaled(nn.Module):
    def forward(self, photo: Tensor) -> Tensor:
        return photo * 255


class Broken(nn.Module):
    def forward(self, photo: Tensor) -> Tensor:
        return photo * float("nan")


def script(path: Path, network: nn.Module, notes: dict[str, str] | None = None) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.jit.save(torch.jit.script(network), path, notes)
    return str(path)


def test_a_torchscript_file_restores_with_and_without_a_mask(tmp_path: Path) -> None:
    half = opened(script(tmp_path / "half.pt", Half()), device="cpu")
    assert abs(half.restore(IMAGE, MASK).astype(int) - IMAGE / 2).max() <= 0.5
    filled = opened(script(tmp_path / "filled.ts", Filled()), device="cpu")
    assert np.array_equal(filled.restore(IMAGE), IMAGE)
    assert not filled.restore(IMAGE, MASK)[10:20].any()


def test_a_photo_is_padded_to_the_grid_that_the_file_or_the_caller_tells(tmp_path: Path) -> None:
    silent, noted = script(tmp_path / "a.pts", Pooled()), script(tmp_path / "b.pts", Pooled(), {"grid": "8"})
    with pytest.raises(ModelError, match=r"a.pts gave \(1, 3, 40, 48\) for a photo of \(1, 3, 41, 52\)"):
        opened(silent, device="cpu").restore(IMAGE)
    by_caller = opened(silent, device="cpu", grid=8).restore(IMAGE)
    assert by_caller.shape == IMAGE.shape
    assert np.array_equal(opened(noted, device="cpu").restore(IMAGE), by_caller)


def test_somebodys_network_may_work_by_tiles(tmp_path: Path) -> None:
    half = script(tmp_path / "half.pt", Half())
    large = chart(300, 340)
    whole, tiled = (opened(half, device="cpu", tile=tile).restore(large) for tile in (0, 64))
    assert abs(whole.astype(int) - tiled).max() <= 1


@pytest.mark.parametrize(("network", "said"), [(Scaled(), "values from 0 to 255"), (Broken(), "no numbers")])
def test_values_of_another_scale_or_none_are_refused(network: nn.Module, said: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"wrong.pt gave .*{said}"):
        opened(script(tmp_path / "wrong.pt", network), device="cpu").restore(chart())


def test_plain_weights_are_no_network(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(2)}, tmp_path / "weights.pt")
    with pytest.raises(ModelError, match=r"weights.pt: no TorchScript"):
        opened(str(tmp_path / "weights.pt"), device="cpu")
    with pytest.raises(ModelError, match=r"gone.pt: no such file"):
        opened(str(tmp_path / "gone.pt"), device="cpu")


Side = str | int


def onnx_file(path: Path, inputs: dict[str, tuple[int, Side]], nodes: list[Any], grid: str = "") -> str:
    values = [
        helper.make_tensor_value_info(
            name, TensorProto.FLOAT, [1, channels, side, side if isinstance(side, int) else "w"]
        )
        for name, (channels, side) in inputs.items()
    ]
    end = helper.make_tensor_value_info("restored", TensorProto.FLOAT, [1, 3, None, None])
    graph = helper.make_graph(nodes, "theirs", values, [end])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    if grid:
        helper.set_model_props(model, {"grid": grid})
    onnx.save(model, path)
    return str(path)


SUBTRACT = [helper.make_node("Sub", ["degraded", "mask"], ["less"]), helper.make_node("Relu", ["less"], ["restored"])]


def test_an_onnx_file_restores_and_its_inputs_are_told_by_name_or_by_channels(tmp_path: Path) -> None:
    named = onnx_file(tmp_path / "named.onnx", {"degraded": (3, "h"), "mask": (1, "h")}, SUBTRACT)
    nodes = [helper.make_node("Sub", ["y", "x"], ["less"]), helper.make_node("Relu", ["less"], ["restored"])]
    shaped = onnx_file(tmp_path / "shaped.onnx", {"x": (1, "h"), "y": (3, "h")}, nodes)
    for file in (named, shaped):
        restorer = opened(file, device="cpu")
        assert np.array_equal(restorer.restore(IMAGE), IMAGE)
        restored = restorer.restore(IMAGE, MASK)
        assert not restored[10:20].any()
        assert np.array_equal(restored[20:], IMAGE[20:])


def test_an_onnx_file_tells_its_grid(tmp_path: Path) -> None:
    shape = [helper.make_node("AveragePool", ["y"], ["small"], kernel_shape=[8, 8], strides=[8, 8])]
    scales = helper.make_node("Constant", [], ["by"], value_floats=[1.0, 1.0, 8.0, 8.0])
    grown = helper.make_node("Resize", ["small", "", "by"], ["restored"], mode="nearest")
    file = onnx_file(tmp_path / "pooled.onnx", {"y": (3, "h")}, [*shape, scales, grown], grid="8")
    assert opened(file, device="cpu").restore(IMAGE).shape == IMAGE.shape


UNFIT: dict[str, tuple[dict[str, tuple[int, Side]], str]] = {
    "grey": ({"x": (1, "h")}, "its inputs are x"),
    "three": ({"degraded": (3, "h"), "mask": (1, "h"), "time": (1, "h")}, "its inputs are degraded"),
    "fixed": ({"degraded": (3, 64), "mask": (1, 64)}, "takes only photos of 64 x 64"),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_an_onnx_file_that_takes_no_photo_of_any_size_is_refused(kind: str, tmp_path: Path) -> None:
    inputs, said = UNFIT[kind]
    first = next(iter(inputs))
    file = onnx_file(tmp_path / "unfit.onnx", inputs, [helper.make_node("Relu", [first], ["restored"])])
    with pytest.raises(ModelError, match=f"unfit.onnx: .*{said}"):
        opened(file, device="cpu")


def test_a_damaged_onnx_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"bad.onnx: no ONNX model that can be run") as caught:
        opened(str(tmp_path / "bad.onnx"), device="cpu")
    assert len(str(caught.value).splitlines()) == 1
