"""Detectors of faces: the cascade and YuNet, and files that are neither."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from charts import chart
from small_faces import PHOTO, bright_square_detector

from restore_models.face_detectors import CascadeFaces, Yunet
from restore_models.restorer import ModelError


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
