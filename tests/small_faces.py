"""Refiners and finders of faces that are made of a function, a list or a bright square."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from charts import chart

from degrade.types import Image, Mask
from restore_models.faces import Face

PHOTO = 60 + chart(150, 180) // 2


@dataclass
class Drawn:
    """A refiner made of a function, which remembers what it saw."""

    how: Callable[[Image], Image]
    size: int = 64

    def __post_init__(self) -> None:
        self.seen: list[Image] = []

    def refine(self, face: Image) -> Image:
        self.seen.append(face)
        return self.how(face)


@dataclass
class Known:
    """A detector that was told, and remembers where it looked."""

    known: list[Face]

    def __post_init__(self) -> None:
        self.seen: list[Image] = []

    def faces(self, image: Image) -> list[Face]:
        self.seen.append(image)
        return self.known


class Brighter:
    """A restorer that adds ten."""

    name = "brighter"

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        return image + np.uint8(10)


def blurred(face: Image) -> Image:
    return cv2.GaussianBlur(face, (0, 0), 4)


def lighter(face: Image) -> Image:
    return face + np.uint8(40)


def changed(photo: Image, other: Image) -> Any:
    return (photo != other).any(axis=2)


def bright_square_detector(path: Path) -> Path:
    """A file with the outputs of YuNet that calls each bright cell of 32 pixels a face with its landmarks."""
    onnx = pytest.importorskip("onnx")
    make, kinds = onnx.helper, onnx.TensorProto
    nodes, outputs, constants = [], [], []

    def constant(name: str, values: Any, kind: Any = np.float32) -> None:
        constants.append(onnx.numpy_helper.from_array(np.asarray(values, kind), name))

    def output(name: str, source: str, channels: int) -> None:
        constant(f"{name}_shape", [1, -1, channels], np.int64)
        nodes.append(make.make_node("Transpose", [source], [f"{name}_last"], perm=[0, 2, 3, 1]))
        nodes.append(make.make_node("Reshape", [f"{name}_last", f"{name}_shape"], [name]))
        outputs.append(make.make_tensor_value_info(name, kinds.FLOAT, [1, None, channels]))

    for stride in (8, 16, 32):
        said = {
            "cls": (np.full((1, 3, stride, stride), 1 / (3 * 255 * stride**2)) * (stride == 32), [0.0]),
            "obj": (np.zeros((1, 3, stride, stride)), [1.0]),
            "bbox": (np.zeros((4, 3, stride, stride)), [0.5, 0.5, np.log(2), np.log(1.5)]),
            "kps": (np.zeros((10, 3, stride, stride)), [0.2, 0.3, 0.8, 0.3, 0.5, 0.5, 0.3, 0.8, 0.7, 0.8]),
        }
        for kind, (weights, bias) in said.items():
            name = f"{kind}_{stride}"
            constant(f"{name}_w", weights)
            constant(f"{name}_b", bias)
            nodes.append(
                make.make_node("Conv", ["input", f"{name}_w", f"{name}_b"], [f"{name}_map"], strides=[stride, stride])
            )
            output(name, f"{name}_map", len(bias))
    order = [f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in (8, 16, 32)]
    outputs.sort(key=lambda one: order.index(one.name))
    pixels = make.make_tensor_value_info("input", kinds.FLOAT, [1, 3, None, None])
    graph = make.make_graph(nodes, "yunet", [pixels], outputs, constants)
    onnx.save(make.make_model(graph, opset_imports=[make.make_opsetid("", 13)], ir_version=8), path)
    return path
