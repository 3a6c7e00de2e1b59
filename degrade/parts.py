"""The pixels of a picture that a layer touches, fetched and put back: where they are few, they alone are computed."""

from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.types import Box, Mask

Plane = TypeVar("Plane", bound=NDArray[np.generic])

SPARSE = 0.15
"""Below this share of touched pixels, only they are computed."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The pixels under a layer: all of its box, or a column (n, 1) of those that it covers."""

    box: Box
    covered: NDArray[np.intp] | None
    """Their places in the flattened layer; none means all."""

    def of(self, layer: Plane) -> Plane:
        """The layer's own pixels."""
        return layer if self.covered is None else picked(layer, self.covered)

    def within(self, plane: Plane) -> Plane:
        """The pixels of the whole picture that lie under the layer."""
        if self.covered is None:
            return plane[self._slices()]  # type: ignore[return-value]
        return picked(plane, self._places(plane.shape[1]))

    def replaced(self, plane: Plane, values: Plane) -> Plane:
        """The whole picture with other pixels under the layer; the given one stays as it was."""
        if self.covered is None and self.box == (0, 0, *plane.shape[:2]):
            return values
        other = plane.copy()
        if self.covered is None:
            other[self._slices()] = values
        else:
            flat(other)[self._places(plane.shape[1])] = flat(values)
        return other

    def _slices(self) -> tuple[slice, slice]:
        top, left, height, width = self.box
        return slice(top, top + height), slice(left, left + width)

    def _places(self, wide: int) -> NDArray[np.intp]:
        """The places of the covered pixels in the flattened picture of that width."""
        top, left, _, width = self.box
        assert self.covered is not None
        if width == wide:
            return self.covered + top * wide
        rows, columns = np.divmod(self.covered, width)
        return (rows + top) * wide + columns + left


def touched(coverage: Mask, box: Box) -> Part | None:
    """The part of a picture that a coverage in a box hides; none if it hides nothing."""
    pixels = cv2.countNonZero(coverage)
    if pixels == 0:
        return None
    return Part(box, np.flatnonzero(coverage != 0) if pixels <= SPARSE * coverage.size else None)


def flat(plane: NDArray[np.generic]) -> NDArray[np.generic]:
    """The pixels in one row; three bytes count as one item, which is fetched many times faster."""
    plane = np.ascontiguousarray(plane)
    return (plane.view("V3") if plane.shape[2:] == (3,) else plane).reshape(-1)


def picked(plane: Plane, places: NDArray[np.intp]) -> Plane:
    """Pixels of a plane as a column."""
    column = flat(plane).take(places, mode="clip").view(plane.dtype)
    return column.reshape(-1, 1, *plane.shape[2:])  # type: ignore[return-value]
