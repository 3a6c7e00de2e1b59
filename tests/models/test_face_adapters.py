"""Other people's refiners of faces, with a stand-in for the package that loads them."""

import json
import re
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from charts import chart
from small_faces import bright_square_detector
from torch import Tensor, nn

from degrade.io import read_image, write_png
from foxing import main
from restore_models.face_adapters import CodeFormer, GfpGan
from restore_models.restorer import ModelError


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
