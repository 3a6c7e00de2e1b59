"""Faces in whole photos: found, cut out upright, refined, and laid back without a seam. No torch."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.types import Box, Field, Image, Mask
from restore_models.restorer import Restorer

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Face:
    """Where a face is."""

    box: Box

    score: float = 1.0
    """How sure the detector is, 0 to 1."""

    landmarks: tuple[tuple[float, float], ...] | None = None
    """x and y of the eyes, the nose and the corners of the mouth, those on the left of the picture first."""


class FaceDetector(Protocol):
    """Anything that finds faces."""

    def faces(self, image: Image) -> list[Face]:
        """The faces of a photo of any size, in its own pixels."""


class FaceRestorer(Protocol):
    """Anything that makes an aligned face better."""

    @property
    def size(self) -> int:
        """Side in pixels of the faces that it likes best."""

    def refine(self, face: Image) -> Image:
        """The face made better, of the same size."""


class Refined:
    """A restorer with a face stage behind it: what it restores, with each face refined.

    Source: Wan et al. 2022 (TPAMI), face stage. Only the change that the refiner made is laid back, so that detail of
    the photo finer than the refiner's own pixels stays, and what lies outside of a face keeps its very bytes.
    """

    def __init__(
        self,
        restorer: Restorer,
        refiner: FaceRestorer,
        detector: FaceDetector,
        look_at: Literal["restored", "degraded"] = "restored",
        smallest: int = 32,
    ) -> None:
        """See the class.

        Args:
            restorer: of whole photos.
            refiner: of faces.
            detector: of faces.
            look_at: where faces are looked for.
            smallest: shorter side of a face's box in pixels; smaller ones stay as they are.
        """
        self.name = f"{restorer.name}+faces"
        self.restorer, self.refiner, self.detector = restorer, refiner, detector
        self.look_at, self.smallest = look_at, smallest

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """See `Restorer`."""
        restored = self.restorer.restore(image, mask)
        found = self.detector.faces(restored if self.look_at == "restored" else image)
        for face in chosen(found, self.smallest):
            restored = refined(restored, placement(face), self.refiner)
        return restored


def chosen(faces: Iterable[Face], smallest: int) -> list[Face]:
    """Faces that are large enough, each once, in the order in which they are refined: the largest last, on top."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda each: (-each.score, -area(each), each.box)):
        large = min(face.box[2:]) >= smallest
        if large and all(overlap(face.box, other.box) <= SAME for other in kept):
            kept.append(face)
    return sorted(kept, key=lambda each: (area(each), each.box))


SAME = 0.3
"""Boxes that overlap by more are one face; cheek to cheek, two of them overlap by less."""


def area(face: Face) -> int:
    """Of its box, in pixels."""
    return face.box[2] * face.box[3]


def overlap(one: Box, other: Box) -> float:
    """Area that two boxes share, as a share of what they cover together."""
    height = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    width = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(height, 0) * max(width, 0)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def placement(face: Face) -> Doubles:
    """(3, 2): x and y of an aligned face's centre, and the ways from there to the middles of its right and lower edge.

    With landmarks the face is turned upright and framed as in FFHQ (Karras et al. 2019), the faces that most refiners
    learn from; else it is the box, squared and enlarged by 1.3.
    """
    if face.landmarks is not None:
        left, right, _, *corners = np.array(face.landmarks, np.float64)
        eyes, mouth = (left + right) / 2, (corners[0] + corners[1]) / 2
        across, down = right - left, mouth - eyes
        side = across - quarter_turn(down)
        length = float(np.hypot(*side))
        if length > 1e-6:
            side *= max(2.0 * np.hypot(*across), 1.8 * np.hypot(*down)) / length
            return np.stack([eyes + 0.1 * down, side, quarter_turn(side)])
    top, left_edge, height, width = face.box
    half = 1.3 * max(height, width) / 2
    return np.array([[left_edge + width / 2, top + height / 2], [half, 0], [0, half]])


def quarter_turn(way: Doubles) -> Doubles:
    """From right to down."""
    return np.array([-way[1], way[0]])


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """The part of a photo that an aligned face comes from."""

    window: tuple[slice, slice]

    matrix: Doubles
    """(2, 3), from the face's pixels into the window's."""

    blur: float
    """Pixels; what the face's own pixels cannot hold must not alias."""


def region(size: tuple[int, int], place: Doubles, side: int) -> Region | None:
    """Where a face lies in a photo of that height and width; None where it lies beside it."""
    pitch = 2 * float(np.hypot(*place[1])) / side  # pixels of the photo for one of the face
    blur = 0.45 * pitch if pitch > 1 else 0.0
    reach = np.abs(place[1:]).sum(axis=0) + np.ceil(3 * blur) + 2
    first = np.maximum(np.floor(place[0] - reach).astype(int), 0)
    last = np.minimum(np.ceil(place[0] + reach).astype(int), size[::-1])
    if (first >= last).any():
        return None
    turn = place[1:].T * 2 / side
    shift = place[0] - place[1:].sum(axis=0) * (1 - 1 / side) - 0.5 - first  # the middle of the face's first pixel
    window = (slice(first[1], last[1]), slice(first[0], last[0]))
    return Region(window, np.column_stack([turn, shift]), blur)


def aligned(photo: Image, where: Region, side: int) -> Image:
    """The face of a region, upright, as a square of that side; beyond the photo's edge it goes on as in a mirror."""
    part, mirror = photo[where.window], cv2.BORDER_REFLECT_101
    if where.blur:
        part = cv2.GaussianBlur(part, (0, 0), where.blur, borderType=mirror)
    how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    face: Image = cv2.warpAffine(part, where.matrix, (side, side), flags=how, borderMode=mirror)
    return face


def refined(photo: Image, place: Doubles, refiner: FaceRestorer) -> Image:
    """The photo with one face refined.

    Args:
        photo: it is not changed.
        place: where the face is, as from `placement`.
        refiner: of faces.
    """
    side = refiner.size
    where = region((photo.shape[0], photo.shape[1]), place, side)
    if where is None:
        return photo
    face = aligned(photo, where, side)
    change = soft_change(face, refiner.refine(face))
    part = photo[where.window]
    laid = cv2.warpAffine(change, where.matrix, part.shape[1::-1], flags=cv2.INTER_LINEAR)  # nothing beyond the face
    found = photo.copy()
    found[where.window] = np.clip(np.rint(part + laid), 0, 255).astype(np.uint8)
    return found


def soft_change(face: Image, better: Image) -> NDArray[np.float32]:
    """What refining changed, fading to nothing towards the edge; where it fades, the two agree in tone on the whole."""
    weight = feather(face.shape[0])[..., None]
    change = better.astype(np.float32) - face
    rim = weight * (1 - weight)
    change -= (change * rim).sum(axis=(0, 1)) / rim.sum()
    return change * weight


@cache
def feather(size: int) -> Field:
    """1 in the middle of an aligned face, 0 beyond an ellipse in it, and a smooth way between."""
    place = (np.arange(size, dtype=np.float32) + 0.5) * 2 / size - 1
    away = np.hypot(place[None] / 0.88, place[:, None] / 0.95)
    share = np.clip((1 - away) / 0.4, 0, 1)
    smooth: Field = (share * share * (3 - 2 * share)).astype(np.float32)
    return smooth


def at_side(face: Image, side: int, refine: Callable[[Image], Image]) -> Image:
    """What `refine` makes of a face that it sees as a square of that side, back in the face's own size."""
    height, width = face.shape[:2]
    if (height, width) == (side, side):
        return refine(face)
    whole = max(height, width)
    right, below = whole - width, whole - height
    square = cv2.copyMakeBorder(face, 0, below, 0, right, cv2.BORDER_REFLECT_101)
    scaled = cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA if whole > side else cv2.INTER_CUBIC)
    back = cv2.INTER_CUBIC if whole > side else cv2.INTER_AREA
    found: Image = cv2.resize(refine(scaled), (whole, whole), interpolation=back)
    return np.ascontiguousarray(found[:height, :width])
