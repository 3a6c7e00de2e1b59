"""Layers of scratches, drawn by the engine or scanned by the user, blended over the photo."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2

from degrade.drawn import drawn_scratches
from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.textures import laid, random_placement, scratch_scan
from degrade.types import Defect, Fraction, Image, Interval, ScratchTextureName, Seed, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchTexture(Effect):
    """A layer of scratches, hairlines and scuffs, pulled about elastically, turned, flipped, cropped and blended in.

    Source: Wan et al. 2022, section 4.2: 62 scratch textures under elastic distortion, blended by layer addition,
    lighten-only and screen with random opacity. Theirs were never released; the built-in ones are drawn.
    """

    defect: ClassVar[Defect] = Defect.SCRATCH

    ladder: ClassVar[Ladder] = Ladder(
        {
            "texture": "",
            "number": 0,
            "blend": "screen",
            "opacity": geometric(0.06, 1),
            "zoom": 1.0,
            "elastic": 0.02,
        }
    )

    texture: ScratchTextureName

    number: Annotated[int, Interval(0, 39)]
    """Which built-in texture, where `texture` is empty: straight, curved, bundled, hairline, scuffed in turn."""

    blend: Literal["add", "lighten", "screen"]
    """How it is laid on, as image programs lay one picture on another."""

    opacity: Fraction
    """Brightness of a deep scratch; fine ones are fainter."""

    zoom: Annotated[float, Interval(0.2, 4)]
    """Photo widths that the texture spans: small is many fine scratches, large is few coarse ones."""

    elastic: Share
    """How far the layer is pulled about."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        name, source = self.texture, stream(self.seed, "ScratchTexture")
        levels = scratch_scan(photo.textures.path("scratch", name)) if name else drawn_scratches(self.number)
        how = random_placement(self.zoom, self.elastic, source)
        layer = laid(levels, photo.size, how, source, "symmetric" if name else "wrap")
        layer = cv2.convertScaleAbs(layer, alpha=self.opacity)
        blended = BLENDS[self.blend](photo.image, cv2.merge([layer] * 3))
        if self.blend == "lighten":  # it leaves what is lighter already as it was
            darkest = cv2.min(cv2.min(*cv2.split(photo.image)[:2]), photo.image[..., 2])
            layer = cv2.bitwise_and(layer, cv2.compare(layer, darkest, cv2.CMP_GT))
        return photo.repainted(blended, layer, self.defect)


def screened(under: Image, over: Image) -> Image:
    """Both as if projected on one screen: 255 - (255 - under) * (255 - over) / 255, rounded."""
    return cv2.bitwise_not(cv2.multiply(cv2.bitwise_not(under), cv2.bitwise_not(over), scale=1 / 255))


BLENDS: dict[str, Callable[[Image, Image], Image]] = {"add": cv2.add, "lighten": cv2.max, "screen": screened}
"""Layer addition (saturating), the lighter of both, and screen."""
