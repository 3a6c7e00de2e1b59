"""The face stage around whatever refines: detectors, alignment, laying back, and other people's refiners."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from charts import chart
from torch import Tensor, nn

from degrade.io import read_image, write_png
from degrade.types import Image, Mask
from foxing import main
from restore_models.face_adapters import CodeFormer, GfpGan
from restore_models.face_detectors import CascadeFaces, Yunet
from restore_models.faces import Face, Refined, aligned, at_side, chosen, feather, placement, refined, region
from restore_models.restorer import ModelError

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


def test_only_pixels_inside_the_faces_square_change() -> None:
    face = Face((40, 50, 60, 60))
    found = refined(PHOTO, placement(face), Drawn(blurred))
    inside = np.zeros(PHOTO.shape[:2], bool)
    inside[31:109, 41:119] = True  # the box, enlarged by 1.3
    assert changed(found, PHOTO)[50:90, 60:100].mean() > 0.5
    assert not changed(found, PHOTO)[~inside].any()


@pytest.mark.parametrize("box", [(40, 50, 60, 60), (-20, -30, 70, 60), (120, 150, 60, 60), (0, 0, 150, 180)])
def test_a_refiner_that_changes_nothing_leaves_every_byte(box: tuple[int, int, int, int]) -> None:
    assert np.array_equal(refined(PHOTO, placement(Face(box)), Drawn(lambda face: face)), PHOTO)


def test_a_face_beside_the_photo_is_left_alone() -> None:
    refiner = Drawn(blurred)
    assert np.array_equal(refined(PHOTO, placement(Face((400, 0, 40, 40))), refiner), PHOTO)
    assert refiner.seen == []


def test_a_refiner_that_shifts_the_tone_is_matched_to_the_photo() -> None:
    found = refined(PHOTO, placement(Face((40, 50, 60, 60))), Drawn(lighter))
    assert np.abs(found.astype(int) - PHOTO).max() <= 1


def test_no_seam_shows_around_a_face_that_changed_much() -> None:
    def checked(face: Image) -> Image:
        squares = np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((8, 8)))
        return (face + 120 * squares[..., None] - 60).astype(np.uint8)

    plain = np.full((200, 200, 3), 100, np.uint8)
    found = refined(plain, placement(Face((50, 50, 100, 100))), Drawn(checked))
    change = np.abs(found.astype(int) - plain).max(axis=2)
    assert change.max() > 50
    for way in (change[100], change[100, ::-1], change[:, 100], change[::-1, 100], change.diagonal()):
        begins = np.flatnonzero(way)[0]
        assert begins > 34
        assert np.diff(way[begins - 1 : begins + 4]).max() <= 4  # of 60: no edge where it begins


def test_detail_finer_than_the_refiners_pixels_stays() -> None:
    photo = np.full((512, 512, 3), 120, np.uint8)
    photo[::2] = 130  # lines that a face of 64 pixels cannot hold
    refiner = Drawn(lambda face: face)
    assert np.array_equal(refined(photo, placement(Face((100, 100, 300, 300))), refiner), photo)
    (seen,) = refiner.seen
    assert np.ptp(seen[8:-8, 8:-8]) <= 1


def test_the_feather_is_whole_in_the_middle_and_nothing_at_the_edge() -> None:
    weight = feather(96)
    edge = np.concatenate([weight[0], weight[-1], weight[:, 0], weight[:, -1]])
    assert weight[48, 48] == 1
    assert edge.max() == 0
    assert np.abs(np.diff(weight, axis=1)).max() < 0.1


def test_landmarks_turn_a_face_upright_as_in_ffhq() -> None:
    eyes_and_mouth = np.array([(-20, 0), (20, 0), (0, 20), (-15, 40), (15, 40)], float)
    angle = np.deg2rad(30)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    points = eyes_and_mouth @ turn + (150, 140)
    photo = np.full((300, 300, 3), 128, np.uint8)
    for (x, y), level in zip(points, (0, 50, 90, 170, 255), strict=True):
        cv2.circle(photo, (round(x), round(y)), 4, (level,) * 3, -1)
    place = placement(Face((0, 0, 80, 80), landmarks=tuple((float(x), float(y)) for x, y in points)))
    half = max(2 * 40, 1.8 * 40)  # Karras et al. 2019: twice between the eyes, or 1.8 times down to the mouth
    assert np.hypot(*place[1]) == pytest.approx(half)
    where = region((300, 300), place, 160)
    assert where is not None
    upright = aligned(photo, where, 160)
    for (x, y), level in zip(eyes_and_mouth - (0, 4), (0, 50, 90, 170, 255), strict=True):
        assert abs(int(upright[round(80 + y), round(80 + x), 0]) - level) <= 3


def test_landmarks_in_one_point_fall_back_to_the_box() -> None:
    face = Face((10, 20, 40, 30), landmarks=((5.0, 5.0),) * 5)
    assert placement(face).tolist() == [[35, 30], [26, 0], [0, 26]]


def test_faces_are_refined_once_each_the_largest_last() -> None:
    large, twin = Face((10, 10, 60, 60), 0.9), Face((12, 12, 58, 58), 0.8)
    small, tiny = Face((5, 100, 40, 40), 0.5), Face((100, 5, 20, 20), 1.0)
    assert chosen([twin, tiny, large, small], 32) == [small, large]


def test_the_order_of_the_finds_plays_no_part() -> None:
    faces = [Face((20, 20, 60, 60)), Face((50, 60, 60, 60)), Face((80, 100, 50, 50))]
    results = [
        Refined(Brighter(), Drawn(blurred), Known(order)).restore(PHOTO)
        for order in (faces, faces[::-1], faces[1:] + faces[:1])
    ]
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2])


def test_a_refined_restorer_restores_and_then_refines_what_it_restored() -> None:
    detector, refiner = Known([Face((40, 50, 60, 60))]), Drawn(blurred)
    restorer = Refined(Brighter(), refiner, detector)
    photo, before = PHOTO.copy(), PHOTO.copy()
    found = restorer.restore(photo)
    assert restorer.name == "brighter+faces"
    assert np.array_equal(photo, before)
    assert np.array_equal(detector.seen[0], PHOTO + 10)
    assert changed(found, PHOTO + 10)[50:90, 60:100].any()
    assert np.array_equal(found[:20], PHOTO[:20] + 10)


def test_faces_can_be_looked_for_in_the_degraded_photo() -> None:
    detector = Known([])
    assert np.array_equal(Refined(Brighter(), Drawn(blurred), detector, "degraded").restore(PHOTO), PHOTO + 10)
    assert np.array_equal(detector.seen[0], PHOTO)


@pytest.mark.parametrize("size", [(17, 300), (64, 64), (63, 41), (5, 5)])
def test_a_refiner_of_squares_sees_squares_and_gives_back_the_size(size: tuple[int, int]) -> None:
    seen: list[Any] = []

    def same(face: Image) -> Image:
        seen.append(face.shape)
        return face

    face = chart(*size)
    found = at_side(face, 64, same)
    assert seen == [(64, 64, 3)]
    assert found.shape == face.shape
    assert found.flags.c_contiguous


def test_the_cascade_finds_the_astronaut_at_any_scale() -> None:
    data = pytest.importorskip("skimage.data")
    photo = data.astronaut()[:256, 90:346]
    for scale in (1.0, 6.0):
        enlarged = cv2.resize(photo, None, fx=scale, fy=scale)
        found = max(CascadeFaces(side=256).faces(enlarged), key=lambda face: face.box[2])
        top, left, height, width = (each / scale for each in found.box)
        assert found.score >= 0.7
        assert abs(top + height / 2 - 117) < 12  # the nose
        assert abs(left + width / 2 - 131) < 12
        assert 70 < height < 130


def test_the_cascade_finds_no_face_in_a_chart_nor_in_a_stamp() -> None:
    pytest.importorskip("skimage.data")
    assert CascadeFaces().faces(chart(128, 160)) == []
    assert CascadeFaces().faces(chart(16, 16)) == []


def test_the_cascade_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from restore_models import face_detectors  # noqa: PLC0415

    monkeypatch.setattr(face_detectors, "find_spec", lambda _: None)
    face_detectors.cascade.cache_clear()
    with pytest.raises(ModelError, match=r"pip install 'foxing\[demo\]'"):
        CascadeFaces().faces(PHOTO)


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


def test_yunets_boxes_and_landmarks_come_in_the_photos_own_pixels(tmp_path: Path) -> None:
    photo = np.zeros((256, 320, 3), np.uint8)
    photo[64:128, 128:192] = 250  # one cell of 32 pixels in a copy of half the size
    (face,) = Yunet(bright_square_detector(tmp_path / "yunet.onnx"), side=128).faces(photo)
    assert face.box == (48, 96, 96, 128)
    assert face.score == pytest.approx((250 / 255) ** 0.5, abs=0.01)
    assert face.landmarks is not None
    wanted = [(140.8, 83.2), (179.2, 83.2), (160, 96), (147.2, 115.2), (172.8, 115.2)]
    assert np.allclose(face.landmarks, wanted, atol=0.1)
    assert Yunet(tmp_path / "yunet.onnx").faces(np.zeros((40, 50, 3), np.uint8)) == []


def test_yunet_refuses_other_files(tmp_path: Path) -> None:
    (tmp_path / "other.onnx").write_bytes(b"no network at all")
    with pytest.raises(ModelError, match="no YuNet"):
        Yunet(tmp_path / "other.onnx")
    with pytest.raises(ModelError, match="no such file"):
        Yunet(tmp_path / "missing.onnx")


class Network(nn.Module):
    """Stands for GFP-GAN or CodeFormer: turns light to dark in [-1, 1], and remembers how it was asked."""

    def forward(self, face: Tensor, **asked: Any) -> tuple[Tensor, None]:
        self.asked = asked
        self.reach = (float(face.min()), float(face.max()))
        return -face, None


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A stand-in for spandrel, whose files hold what the test says."""
    held = SimpleNamespace(architecture=SimpleNamespace(id="GFPGAN"), model=Network())

    class Loader:
        def load_from_file(self, path: Path) -> SimpleNamespace:
            torch.load(path, weights_only=True)
            return held

    module, extra = ModuleType("spandrel"), ModuleType("spandrel_extra_arches")
    monkeypatch.setattr(module, "ModelLoader", Loader, raising=False)
    monkeypatch.setattr(extra, "install", lambda ignore_duplicates: None, raising=False)
    monkeypatch.setitem(sys.modules, "spandrel", module)
    monkeypatch.setitem(sys.modules, "spandrel_extra_arches", extra)
    return held


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    torch.save({}, tmp_path / "weights.pth")
    return tmp_path / "weights.pth"


def test_gfpgan_draws_a_face_of_any_size_with_its_stored_noise(held: SimpleNamespace, weights: Path) -> None:
    face = chart(90, 70)
    found = GfpGan(weights).refine(face)
    assert found.shape == face.shape
    assert np.abs(255 - found.astype(int) - face).mean() < 6  # scaled to 512 and back
    assert held.model.asked == {"randomize_noise": False}
    assert held.model.reach[0] < -0.8
    assert held.model.reach[1] <= 1
    assert not held.model.training


def test_codeformer_is_asked_for_its_fidelity(held: SimpleNamespace, weights: Path) -> None:
    held.architecture.id = "CodeFormer"
    assert CodeFormer(weights, fidelity=0.8).refine(chart(512, 512)).shape == (512, 512, 3)
    assert held.model.asked == {"weight": 0.8}
    with pytest.raises(ModelError, match=r"fidelity = 1\.5, outside"):
        CodeFormer(weights, fidelity=1.5)


def test_others_refiners_and_finders_are_asked_for_at_the_console(
    held: SimpleNamespace, weights: Path, tmp_path: Path
) -> None:
    assert held.architecture.id == "GFPGAN"
    photo = np.full((256, 320, 3), 40, np.uint8)
    photo[64:128, 128:192] = 250  # what the finder takes for a face, and the refiner turns to dark
    write_png(tmp_path / "photos/a.png", photo)
    finder = bright_square_detector(tmp_path / "yunet.onnx")
    words = ["restore", "identity", str(tmp_path / "photos"), str(tmp_path / "out"), "--faces", f"gfpgan:{weights}"]
    assert main([*words, "--find-faces", str(finder)]) == 0
    restored = read_image(tmp_path / "out/a.png")
    assert restored[96, 160].max() < 120
    assert np.array_equal(restored[200:], photo[200:])
    record = json.loads((tmp_path / "out/restore.json").read_text())["faces"]
    assert re.fullmatch(
        r"gfpgan weights\.pth \(sha256 [0-9a-f]{16}\), found by yunet\.onnx \(sha256 [0-9a-f]{16}\)", record
    )


def test_weights_of_something_else_are_refused(held: SimpleNamespace, weights: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"weights\.pth: weights of GFPGAN, not of CodeFormer"):
        CodeFormer(weights)
    with pytest.raises(ModelError, match="no such file"):
        GfpGan(tmp_path / "missing.pth")
    weights.write_bytes(b"damaged")
    with pytest.raises(ModelError, match="cannot be loaded as GFPGAN"):
        GfpGan(weights)


def test_a_missing_spandrel_is_named_with_the_remedy(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spandrel", None)
    with pytest.raises(ModelError, match="pip install spandrel"):
        GfpGan(weights)
    monkeypatch.setitem(sys.modules, "spandrel", ModuleType("spandrel"))
    monkeypatch.setitem(sys.modules, "spandrel_extra_arches", None)
    with pytest.raises(ModelError, match="pip install spandrel-extra-arches"):
        CodeFormer(weights)
