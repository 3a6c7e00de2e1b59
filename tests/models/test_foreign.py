"""Anybody's own model: Python objects, TorchScript, ONNX and commands, and one clear line for each that goes wrong."""

import io
import os
import shlex
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from charts import chart
from onnx import TensorProto, helper
from torch import Tensor, nn

from restore_models.foreign import LAST_BYTES, answering, last_of
from restore_models.resolve import opened
from restore_models.restorer import ModelError

IMAGE = chart(41, 52)
MASK = np.zeros((41, 52), np.uint8)
MASK[10:20] = 255

MODULE = """
import numpy as np

def inverted(image): return 255 - image
def masked(image, mask): return image if mask is None else np.where(mask[..., None] > 0, np.uint8(7), image)
def by_name(image, *, mask): return masked(image, mask)
def by_place(image, damage): return masked(image, damage)
def kept(image, strength=3): return image
def spoils(image):
    image[:] = 0
    return image
def floats(image): return image / 255
def broken(image): return np.full(image.shape, np.nan)
def smaller(image): return image[::2, ::2]
def flat(image): return image[..., 0]
def nothing(image): return None
def fails(image): raise RuntimeError("out of paint\\nand brushes")

def exits(image): raise SystemExit(3)
print("loading")

class Restorer:
    name = "mine"
    def restore(self, image, mask=None): return masked(image, mask)

class Plain:
    def restore(self, image): return inverted(image)

class Needs:
    def __init__(self, weights): ...

ready = Plain()
number = 3
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"theirs_{tmp_path.name}".replace("-", "_")
    (tmp_path / f"{name}.py").write_text(MODULE, "utf-8")
    (tmp_path / f"{name}_broken.py").write_text("import no_such_thing", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    return name


@pytest.mark.parametrize("name", ["inverted", "Plain", "ready", "ready.restore"])
def test_a_function_a_class_and_an_object_restore(module: str, name: str) -> None:
    assert np.array_equal(opened(f"{module}:{name}").restore(IMAGE, MASK), 255 - IMAGE)


@pytest.mark.parametrize("name", ["masked", "by_name", "by_place", "Restorer"])
def test_what_takes_a_mask_gets_it(module: str, name: str) -> None:
    restorer = opened(f"{module}:{name}")
    assert (restorer.restore(IMAGE, MASK)[10:20] == 7).all()
    assert np.array_equal(restorer.restore(IMAGE), IMAGE)


def test_another_parameter_with_a_default_is_no_mask(module: str) -> None:
    assert np.array_equal(opened(f"{module}:kept").restore(IMAGE, MASK), IMAGE)
    assert answering(np.frompyfunc(abs, 1, 1))(IMAGE, MASK).shape == IMAGE.shape


def test_a_function_that_writes_into_the_photo_spoils_only_its_copy(module: str) -> None:
    before = IMAGE.copy()
    assert not opened(f"{module}:spoils").restore(IMAGE).any()
    assert np.array_equal(IMAGE, before)


WRONG = {
    "floats": "gave float64, not uint8",
    "broken": "gave float64 with NaN, not uint8",
    "smaller": "gave 26 x 21 pixels for a photo of 52 x 41",
    "flat": r"gave an array of \(41, 52\)",
    "nothing": "gave NoneType, not a NumPy array",
    "fails": "failed: RuntimeError: out of paint and brushes",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_result_is_one_line_that_names_the_model(module: str, name: str) -> None:
    with pytest.raises(ModelError, match=f"{module}:{name} {WRONG[name]}") as caught:
        opened(f"{module}:{name}").restore(IMAGE)
    assert len(str(caught.value).splitlines()) == 1


MISSING = {
    "no_such_module:thing": "no module 'no_such_module' can be imported",
    "{module}_broken:thing": "no module 'no_such_thing' can be imported",
    "{module}:thing": "has no attribute 'thing'",
    "{module}:number": "is int: neither a function nor an object",
    "{module}:Needs": r"cannot be loaded: TypeError: .*weights",
}


@pytest.mark.parametrize("what", MISSING)
def test_what_cannot_be_loaded_is_one_line(module: str, what: str) -> None:
    with pytest.raises(ModelError, match=MISSING[what]):
        opened(what.format(module=module))


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


PYTHON = shlex.quote(sys.executable)


def python(code: str, places: str = "{in} {out}") -> str:
    return f"{PYTHON} -c {shlex.quote(code)} {places}"


def test_a_command_restores_and_no_shell_reads_it(tmp_path: Path) -> None:
    copies = python("import sys, shutil; shutil.copy(*sys.argv[1:3]); assert sys.argv[3:] == ['$HOME;', '&&', 'x']")
    assert np.array_equal(opened(f"{copies} '$HOME;' && x").restore(IMAGE), IMAGE)
    assert list(tmp_path.iterdir()) == []


def test_a_command_gets_the_mask_and_a_black_one_where_there_is_none() -> None:
    shows = "import sys, cv2; cv2.imwrite(sys.argv[2], cv2.cvtColor(cv2.imread(sys.argv[1], 0), 8))"
    command = opened(python(shows, "{mask} {out} {in}"))
    assert np.array_equal(command.restore(IMAGE, MASK), np.repeat(MASK[..., None], 3, 2))
    assert not command.restore(IMAGE).any()


COMMANDS: dict[str, tuple[str, str]] = {
    "fails": (python("import sys; sys.exit('first\\nno weights')"), "ended with exit code 1: no weights"),
    "fails silently": (python("import sys; sys.exit(3)"), "ended with exit code 3, and said nothing"),
    "writes nothing": (python("pass"), "its {out} is no picture: no such file"),
    "is meant for a shell": (
        python("import sys; sys.exit(len(sys.argv) > 3)") + " && x",
        "exit code 1, and said nothing; no shell is between that knows &&, put it all in a script",
    ),
    "is not there": ("/no/such/program {in} {out}", "/no/such/program: No such file or directory"),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_that_fails_is_one_line(kind: str) -> None:
    command, said = COMMANDS[kind]
    with pytest.raises(ModelError) as caught:
        opened(command).restore(IMAGE)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("command", "said"), [("x {in}", "{out} is missing"), ("x {out}", "{in} is missing"), ("x '{in} {out}", "quotes")]
)
def test_a_command_without_its_places_is_refused_before_it_runs(command: str, said: str) -> None:
    with pytest.raises(ModelError) as caught:
        opened(command)
    assert said in str(caught.value)


def test_a_command_that_hangs_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    reading = os.open(held, os.O_RDONLY | os.O_NONBLOCK)  # ends when nobody is left who could write
    hangs = f"sh -c 'exec 3>{held}; echo begun >&3; sleep 60 & wait' {{in}} {{out}}"
    with pytest.raises(ModelError, match=r"sh took over 0.5 seconds and was stopped; raise --timeout"):
        opened(hangs, seconds=0.5).restore(IMAGE)
    os.set_blocking(reading, True)
    assert os.read(reading, 99) == b"begun\n"
    assert os.read(reading, 99) == b""
    os.close(reading)


def test_a_command_that_leaves_something_running_is_not_waited_for(tmp_path: Path) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    reading = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    command = f"sh -c 'exec 3>{held}; echo begun >&3; cp $0 $1; sleep 60 &' {{in}} {{out}}"
    assert np.array_equal(opened(command, seconds=30).restore(IMAGE), IMAGE)
    os.set_blocking(reading, True)
    assert os.read(reading, 99) == b"begun\n"
    assert os.read(reading, 99) == b""
    os.close(reading)


def test_of_a_command_that_talks_without_end_only_the_end_is_kept() -> None:
    kept = bytearray()
    last_of(io.BufferedReader(io.BytesIO(b"x" * (5 * LAST_BYTES) + b"the end")), kept)
    assert len(kept) == LAST_BYTES
    assert kept.endswith(b"xthe end")


def test_a_model_that_exits_has_failed_and_what_it_prints_is_no_result(
    module: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelError, match="exits failed: SystemExit: 3"):
        opened(f"{module}:exits").restore(IMAGE)
    assert capsys.readouterr() == ("", "loading\n")


def test_a_name_that_stands_for_nothing_gets_the_nearest_right_one() -> None:
    with pytest.raises(ModelError, match=r"no model and no checkpoint 'tela'; did you mean telea\?"):
        opened("tela")
