"""A photograph while it is being degraded: its pixels, what covers them, and how sure we are of both."""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.light import luma, to_display, to_linear
from degrade.parts import Part, touched
from degrade.textures import NO_TEXTURES, Textures
from degrade.types import Box, Defect, Field, Image, Labels, Mask

Colour = tuple[int, int, int]

BAND = 40960
"""Pixels computed at a time: what is made on the way stays in the cache."""


REMEDY = "degrade.io.read_image gives one of a file"


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A picture, the mask and the labels of its structured defects, and the clean picture on the same pixel grid.

    Arrays are never changed in place: an effect returns another photo.
    """

    image: Image
    mask: Mask
    labels: Labels
    clean: Image
    monochrome: bool
    """Grey or toned: one hue per tone, so that noise of its own colour would give the forgery away."""

    textures: Textures
    """The user's own scans, from which an effect may take one by name."""

    @classmethod
    def of(cls, image: Image, textures: Textures = NO_TEXTURES) -> "Photo":
        """The intact photo of a clean picture.

        Raises:
            ValueError: the array is no picture of (H, W, 3) in uint8.
        """
        if not isinstance(image, np.ndarray):
            raise ValueError(f"a picture is uint8 of (H, W, 3), not a {type(image).__name__}; {REMEDY}")
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
            raise ValueError(f"a picture is uint8 of (H, W, 3), not {image.dtype} of {image.shape}; {REMEDY}")
        sealed = np.ascontiguousarray(image).view()
        sealed.flags.writeable = False
        mask, labels = np.zeros(image.shape[:2], np.uint8), np.zeros(image.shape[:2], np.uint8)
        mask.flags.writeable = labels.flags.writeable = False
        return cls(sealed, mask, labels, sealed, is_monochrome(sealed), textures)

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.image.shape[0])

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.image.shape[1])

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.image.shape[0], self.image.shape[1]

    @property
    def short(self) -> int:
        """The shorter side in pixels: the measure of every `Share`."""
        return min(self.size)

    @property
    def squares(self) -> float:
        """The picture's area in squares of its shorter side: the measure of every `PerSquare`."""
        return max(self.size) / self.short

    def count(self, per_square: float, chance: float) -> int:
        """A whole number of objects for a density; `chance`, in [0, 1), decides the rounding of the fraction."""
        return int(per_square * self.squares + chance)

    def toned(self, image: Image) -> "Photo":
        """The photo with other pixels and the same mask: what an unstructured effect returns."""
        image.flags.writeable = False
        return replace(self, image=image)

    def in_monochrome(self, image: Image) -> "Photo":
        """The photo with the pixels of a grey or toned print; what follows treats it as one."""
        image.flags.writeable = False
        return replace(self, image=image, monochrome=True)

    def damaged(self, paint: Image | Colour, coverage: Mask, defect: Defect, at: tuple[int, int] = (0, 0)) -> "Photo":
        """The photo under paint that covers it: what a structured effect returns.

        Args:
            paint: one colour, or the paint's own pixels (h, w, 3).
            coverage: (h, w); 0 shows the photo, 255 hides it.
            defect: the class for the label map.
            at: top and left of the paint in the photo; it may stick out.
        """
        box, inner = self._clipped(coverage.shape, at)
        if min(box[2:]) <= 0:
            return self
        part = touched(np.ascontiguousarray(coverage[inner]), box)
        if part is None:
            return self
        under, opacity = part.within(self.image), part.of(coverage[inner])
        over = filled(under.shape, paint) if isinstance(paint, tuple) else part.of(paint[inner])
        return self._marked(part, blended(under, over, opacity), opacity, defect)

    def stained(
        self, layer: Field, colour: tuple[float, float, float], defect: Defect, at: tuple[int, int] = (0, 0)
    ) -> "Photo":
        """The photo under a layer that absorbs light; the share of light it takes is its coverage.

        Args:
            layer: optical density (h, w), not negative.
            colour: what share of the density red, green and blue get; the largest is usually 1.
            defect: the class for the label map.
            at: top and left of the layer in the photo; it may stick out.
        """
        box, inner = self._clipped(layer.shape, at)
        if min(box[2:]) <= 0:
            return self
        layer = np.ascontiguousarray(layer[inner], np.float32)
        decay = -math.log(10) * max(colour)
        least = np.float32(math.log(1 - 0.5 / 255) / min(decay, -1e-9))  # half a level of coverage
        part = touched((layer > least).view(np.uint8), box)
        if part is None:
            return self
        layer = np.maximum(part.of(layer), 0)
        coverage = np.rint(255 - 255 * np.exp(layer * np.float32(decay))).astype(np.uint8)
        return self._marked(part, dimmed(part.within(self.image), layer, colour), coverage, defect)

    def repainted(self, image: Image, coverage: Mask, defect: Defect) -> "Photo":
        """The photo with pixels that the effect blended itself, and the whole-picture coverage of the defect."""
        return self._marked(Part((0, 0, *self.size), None), image, coverage, defect)

    def moved(self, where: NDArray[np.float32]) -> "Photo":
        """The photo, its mask, its labels and its clean twin, all taken from other places.

        Args:
            where: (H, W, 2); for each pixel the x and y in the old picture that it shows, mirrored at the border.
        """
        image = cv2.remap(self.image, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        clean = image
        if self.clean is not self.image:
            clean = cv2.remap(self.clean, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        mask, labels = self.mask, self.labels
        if mask.any():
            mask = cv2.remap(mask, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
            wider = cv2.dilate(labels, np.ones((3, 3), np.uint8))  # the mask's soft edge reaches a pixel further
            labels, wider = (
                cv2.remap(each, where, None, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101)
                for each in (labels, wider)
            )
            labels = agreeing(np.where(labels == 0, wider, labels), mask)
        for each in (image, mask, labels, clean):
            each.flags.writeable = False
        return replace(self, image=image, mask=mask, labels=labels, clean=clean)

    def _clipped(self, shape: tuple[int, ...], at: tuple[int, int]) -> tuple[Box, tuple[slice, slice]]:
        """The box of a patch inside the picture, and what of the patch lies there."""
        top, left = max(at[0], 0), max(at[1], 0)
        bottom, right = min(at[0] + shape[0], self.height), min(at[1] + shape[1], self.width)
        inner = slice(top - at[0], max(bottom, top) - at[0]), slice(left - at[1], max(right, left) - at[1])
        return (top, left, bottom - top, right - left), inner

    def _marked(self, part: Part, pixels: Image, coverage: Mask, defect: Defect) -> "Photo":
        """The photo with new pixels, the union of both masks, and the defect's label where it is the stronger one."""
        masked, labelled = part.within(self.mask), part.within(self.labels)
        stronger = (coverage >= masked) & (coverage > 0)
        image = part.replaced(self.image, pixels)
        mask = part.replaced(self.mask, np.maximum(masked, coverage))
        labels = part.replaced(self.labels, np.where(stronger, np.uint8(defect), labelled))
        for each in (image, mask, labels):
            each.flags.writeable = False
        return replace(self, image=image, mask=mask, labels=labels)


def agreeing(labels: Labels, mask: Mask) -> Labels:
    """Labels made to agree with a mask that was resampled apart from them: its soft edge may reach a pixel further."""
    spread = cv2.dilate(labels, np.ones((3, 3), np.uint8))
    return np.where(mask == 0, 0, np.where(labels == 0, spread, labels)).astype(np.uint8)


def filled(shape: tuple[int, ...], colour: Colour) -> Image:
    """A picture of one colour: a row of it, repeated, which is many times faster than pixel by pixel."""
    even = np.empty(shape, np.uint8)
    even[:] = np.full(shape[1:], colour, np.uint8)
    return even


def blended(under: Image, over: Image, opacity: Mask) -> Image:
    """Over laid on under, rounded exactly: (under * (255 - opacity) + over * opacity) / 255.

    The quotient lies at least 1/510 from where rounding turns over, which is far more than single precision errs.
    """
    mixed = np.empty_like(under)
    rows = max(1, BAND // under.shape[1])
    for band in (slice(top, top + rows) for top in range(0, len(under), rows)):
        above = opacity[band].astype(np.float32)
        mixed[band] = cv2.blendLinear(under[band], over[band], np.float32(255) - above, above)
    return mixed


def dimmed(image: Image, layer: Field, colour: tuple[float, float, float]) -> Image:
    """The picture behind a layer of optical density, of which red, green and blue get their shares."""
    behind = np.empty_like(image)
    decay = np.array(colour, np.float32) * np.float32(-math.log(10))
    rows = max(1, BAND // image.shape[1])
    for band in (slice(top, top + rows) for top in range(0, len(image), rows)):
        left_light = cv2.merge([layer[band] * share for share in decay])
        np.exp(left_light, out=left_light)
        behind[band] = to_display(cv2.multiply(to_linear(image[band]), left_light, dst=left_light))
    return behind


def is_monochrome(image: Image) -> bool:
    """Whether a picture is grey or toned: each tone has one hue, so chroma is a function of luma."""
    step = max(1, min(image.shape[:2]) // 48)
    pixels = image.view("V3")[step // 2 :: step, step // 2 :: step]  # three bytes as one item are gathered faster
    small = np.ascontiguousarray(pixels).view(np.uint8)
    levels = luma(small).reshape(-1) // 16
    counts = np.maximum(np.bincount(levels, minlength=16), 1)
    channels = small.reshape(-1, 3).astype(np.float64)
    for channel in (0, 2):
        difference = channels[:, channel] - channels[:, 1]
        totals = np.bincount(levels, difference, 16)
        scatter = float(difference @ difference) - float((totals**2 / counts).sum())  # around the mean of each tone
        if scatter >= MONOCHROME_SPREAD**2 * len(levels):
            return False
    return True


MONOCHROME_SPREAD = 4.0
"""Grey levels of colour difference that scanning and JPEG alone leave within one tone."""
