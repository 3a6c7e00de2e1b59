"""The grain of the paper showing through."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.drawn import drawn_paper
from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.textures import laid, paper_scan, random_placement
from degrade.types import Defect, Fraction, Image, Interval, Mask, PaperTextureName, Seed, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTexture(Effect):
    """Fibres, laid lines, canvas embossing or pulp of the paper over the whole photo, or a scan of the user's.

    Source: Wan et al. 2022, section 4.2 (paper textures by addition, lighten-only and screen); `relief` adds the
    texture's departure from its ground in both directions, as raking light shows it, and `multiply` lays it under the
    picture. The coverage is the share by which the texture departs from its ground, times the opacity.
    """

    defect: ClassVar[Defect] = Defect.PAPER

    ladder: ClassVar[Ladder] = Ladder(
        {"texture": "", "number": 0, "blend": "relief", "opacity": geometric(0.04, 0.45), "zoom": 1.0, "elastic": 0.01}
    )

    texture: PaperTextureName

    number: Annotated[int, Interval(0, 23)]
    """Which of the built-in papers, where `texture` is empty: fibre, laid, canvas, pulp in turn."""

    blend: Literal["relief", "multiply", "add", "lighten", "screen"]
    """How it is laid on: as the paper's own relief, or as image programs lay one picture on another."""

    opacity: Fraction
    """How strongly the texture's departures from its ground show."""

    zoom: Annotated[float, Interval(0.2, 4)]
    """Photo widths that the texture spans."""

    elastic: Share
    """How far the texture is pulled about."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        name, source = self.texture, stream(self.seed, "PaperTexture")
        levels = paper_scan(photo.textures.path("paper", name)) if name else drawn_paper(self.number)
        ground = np.median(levels[-1], axis=(0, 1), keepdims=True).reshape(-1, 1) if name else GROUND
        relief = np.arange(256) - ground  # (channels, 256): departure from the ground, in levels
        layer = laid(levels, photo.size, random_placement(self.zoom, self.elastic, source), source)
        image = blended(photo.image, layer, relief * self.opacity, self.blend)
        return photo.repainted(image, departure(layer, relief * self.opacity, self.blend), self.defect)


GROUND = np.array([[128.0]])
"""The level of a built-in paper where it is even."""


def looked_up(layer: Image | Mask, tables: NDArray[np.floating], dtype: type[np.generic]) -> NDArray[Any]:
    """The layer through one rounded table for each channel."""
    whole = np.rint(tables).astype(dtype).T
    return cv2.LUT(layer, np.ascontiguousarray(whole[:, None, :] if layer.ndim == 3 else whole[:, 0]))


def blended(image: Image, layer: Image | Mask, relief: NDArray[np.floating], blend: str) -> Image:
    """The picture with the texture's departures laid over it."""
    if blend == "relief":
        return cv2.add(image, in_colour(looked_up(layer, relief, np.int16)), dtype=cv2.CV_8U)
    if blend == "multiply":
        left = in_colour(looked_up(layer, 255 + np.minimum(relief, 0) * 2, np.uint8))
        return cv2.multiply(image, left, scale=1 / 255)
    light = in_colour(looked_up(layer, np.clip(relief * 2, 0, 255), np.uint8))
    if blend == "add":
        return cv2.add(image, light)
    if blend == "lighten":
        return cv2.max(image, light)
    return cv2.bitwise_not(cv2.multiply(cv2.bitwise_not(image), cv2.bitwise_not(light), scale=1 / 255))


def departure(layer: Image | Mask, relief: NDArray[np.floating], blend: str) -> Mask:
    """How strongly the texture shows at each pixel, 0 to 255."""
    shown = {"relief": np.abs(relief), "multiply": -2 * np.minimum(relief, 0)}.get(blend, 2 * np.maximum(relief, 0))
    covered = looked_up(layer, np.clip(shown, 0, 255), np.uint8)
    return covered if covered.ndim == 2 else covered.max(axis=2)


def in_colour(layer: NDArray[Any]) -> NDArray[Any]:
    """The layer with three channels."""
    return layer if layer.ndim == 3 else cv2.merge([layer] * 3)
