"""Detectors of faces: one that needs no weights at all, and one for whoever has YuNet's."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from degrade.types import Box, Image
from restore_models.faces import Face, overlap
from restore_models.restorer import ModelError


@dataclass(frozen=True, slots=True)
class CascadeFaces:
    """Upright faces seen from the front, by local binary patterns: needs nothing but scikit-image, and no network.

    Source: Viola and Jones 2001; Liao et al. 2007; the cascade that ships with scikit-image (extra `demo`). Each find
    is looked at again at several sizes and mirrored; its score is the share of looks that find it too.
    """

    side: int = 480
    """Shorter side in pixels of the copy that is searched."""

    smallest: float = 0.06
    """Side of the smallest face, as a share of the photo's shorter side."""

    score: float = 0.7
    """The least; textures get less, faces more."""

    def faces(self, image: Image) -> list[Face]:
        """See `FaceDetector`.

        Raises:
            ModelError: scikit-image is not installed.
        """
        small, scale = bounded(image, self.side)
        least = max(24, round(self.smallest * min(small.shape[:2])))
        found = []
        for box in searched(small, least, 4):
            score = second_looks(small, box)
            if score >= self.score:
                top, left, height, width = (round(each / scale) for each in box)
                found.append(Face((top, left, height, width), score))
        return found


def bounded(image: Image, side: int) -> tuple[Image, float]:
    """A copy whose shorter side is at most so long, and its scale."""
    scale = side / min(image.shape[:2])
    if scale >= 1:
        return image, 1.0
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), scale


LOOKS = (40, 48, 58, 70)
"""Sides in pixels at which a find is looked at again."""


def second_looks(image: Image, box: Box) -> float:
    """The share of looks at the surroundings of a box, at several sizes and mirrored, that find a face there again."""
    top, left, height, width = box
    agreed = 0
    for side in LOOKS:
        around, scale = round(1.8 * side), side / height
        matrix = np.array(
            [[scale, 0, around / 2 - scale * (left + width / 2)], [0, scale, around / 2 - scale * (top + height / 2)]]
        )
        seen = cv2.warpAffine(image, matrix, (around, around), borderMode=cv2.BORDER_REFLECT_101)
        expected = (round(0.4 * side), round(0.4 * side), side, side)
        for view in (seen, np.ascontiguousarray(seen[:, ::-1])):
            agreed += any(overlap(again, expected) > 0.4 for again in searched(view, 24, 2))
    return agreed / (2 * len(LOOKS))


def searched(image: Image, least: int, neighbours: int) -> Sequence[Box]:
    """Boxes of at least so many pixels where so many windows of the cascade agree."""
    largest = min(image.shape[:2])
    if largest < least:
        return []
    found = cascade().detect_multi_scale(
        image, 1.1, 1, (least, least), (largest, largest), min_neighbor_number=neighbours
    )
    return sorted((int(one["r"]), int(one["c"]), int(one["height"]), int(one["width"])) for one in found)


@cache
def cascade() -> Any:
    """The cascade of faces from the front.

    Raises:
        ModelError: scikit-image is not installed.
    """
    if find_spec("skimage") is None:
        raise ModelError("finding faces needs scikit-image: pip install 'foxing[demo]'; or give a model of YuNet")
    from skimage.data import lbp_frontal_face_cascade_filename  # noqa: PLC0415 - the extra `demo`
    from skimage.feature import Cascade  # noqa: PLC0415

    return Cascade(lbp_frontal_face_cascade_filename())


class Yunet:
    """Faces with landmarks, by the small network YuNet: smaller, turned and partly hidden faces than a cascade finds.

    Source: Wu et al. 2023, "YuNet: a tiny millisecond-level face detector". OpenCV runs it; its weights are a file of
    OpenCV's model zoo that is not part of OpenCV, face_detection_yunet_*.onnx.
    """

    def __init__(self, weights: Path, side: int = 640, score: float = 0.8) -> None:
        """See the class.

        Args:
            weights: YuNet's file.
            side: shorter side in pixels of the copy that is searched.
            score: the least that counts.

        Raises:
            ModelError: there is no such file, or it is no YuNet.
        """
        self.side, self.score = side, score
        if not weights.is_file():
            raise ModelError(f"{weights}: no such file; YuNet's face_detection_yunet_*.onnx is in OpenCV's model zoo")
        try:
            self.network = cv2.FaceDetectorYN.create(str(weights), "", (320, 320), score)
            self._rows(np.zeros((64, 64, 3), np.uint8))  # OpenCV notices other networks only when they run
        except cv2.error:
            raise ModelError(f"{weights}: no YuNet; take face_detection_yunet_*.onnx of OpenCV's model zoo") from None

    def faces(self, image: Image) -> list[Face]:
        """See `FaceDetector`."""
        small, scale = bounded(image, self.side)
        found = []
        for row in self._rows(small):
            left, top, width, height = (round(float(each) / scale) for each in row[:4])
            points = tuple((float(x) / scale, float(y) / scale) for x, y in row[4:14].reshape(5, 2))
            found.append(Face((top, left, height, width), float(row[14]), points))
        return found

    def _rows(self, image: Image) -> Any:
        """(n, 15); box, landmarks and score of each face."""
        self.network.setInputSize(image.shape[1::-1])
        rows = self.network.detect(cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1]
        return np.zeros((0, 15), np.float32) if rows is None else rows
