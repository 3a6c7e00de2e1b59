"""A suite in its folder: every picture is compared with its digest when it is read."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from benchmark.cases import Case, damaged, digests_of
from benchmark.suite import DRAWN, Item, Suite, SuiteError
from degrade.io import ImageError, pixel_digest, read_image, write_bytes
from degrade.png import plain_png, png_bytes, png_pixels
from degrade.types import Image, Mask

SUITE, ROWS = "items.json", "metadata.jsonl"
"""What is to know of a suite; and the same as rows that the `imagefolder` of Hugging Face reads."""


@dataclass(frozen=True, slots=True)
class Materials:
    """A suite in its folder."""

    folder: Path
    suite: Suite

    def case(self, item: Item) -> Case:
        """The pictures of an item, each compared with its digest; made anew where the suite was made without them.

        Raises:
            SuiteError: a picture is missing or is not the one that the suite was made with.
        """
        if item.defect == DRAWN and not item.recipe:
            return Case(item, self.photo(item).copy(), None, self._picture("mask", item.item, item.mask_sha256))
        if not self.path("degraded", item.item).is_file():
            return self._made_anew(item)
        degraded = self._picture("degraded", item.item, item.degraded_sha256)
        mask = np.zeros(degraded.shape[:2], np.uint8)
        if item.mask_sha256:
            mask = self._picture("mask", item.item, item.mask_sha256)
        if not item.clean_sha256:
            return Case(item, degraded, None, mask)
        if item.clean_sha256 == item.photo_sha256:
            return Case(item, degraded, self.photo(item), mask)
        return Case(item, degraded, self._picture("clean", item.item, item.clean_sha256), mask)

    def photo(self, item: Item) -> Image:
        """The base photo of an item, not to be written to.

        Raises:
            SuiteError: it is missing, or its pixels are others.
        """
        path = self.path("photos", item.photo)
        if item.height * item.width <= SMALL and path.is_file():
            seen = path.stat()
            found = at_hand(path, (seen.st_mtime_ns, seen.st_size), item.photo_sha256)
            if found is not None:
                return found
        return self._picture("photos", item.photo, item.photo_sha256)

    def path(self, kind: str, name: str) -> Path:
        """Where a picture lies."""
        return self.folder / kind / f"{name}.png"

    def _made_anew(self, item: Item) -> Case:
        photo = self.photo(item)
        case = damaged(item, photo)
        for kind, wanted, found in zip(
            ("clean", "degraded", "mask"), digests_of(item), digests_of(case.item), strict=True
        ):
            if wanted != found:
                raise SuiteError(
                    f"{self.folder}: {item.item}: this machine makes other {kind} pixels than the suite was made "
                    "with; make the suite here anew, which gives it another id"
                )
        return case

    def _picture(self, kind: str, name: str, digest: str) -> Image | Mask:
        path = self.path(kind, name)
        found = quickly_read(path, digest, grey=kind == "mask")
        if found is not None:
            return found
        try:
            picture = read_image(path)
        except ImageError as error:
            raise SuiteError(f"{error}; or foxing benchmark make again") from None
        held = np.ascontiguousarray(picture[..., 0]) if kind == "mask" else picture
        if pixel_digest(held) != digest:
            raise SuiteError(f"{path}: its pixels are not those of suite {self.suite.suite_id}; make the suite again")
        return held


ROOM = 256 << 20
"""Bytes of pictures that are kept from one model to the next."""


@dataclass(slots=True)
class Kept:
    """The cases of a suite for several models: what fits is read, or made anew, and compared for the first alone.

    The first items are kept and not the last, since models are asked in one order: the last are gone when they are due.
    """

    materials: Materials
    room: int = ROOM
    cases: dict[str, Case] = field(default_factory=dict)

    def case(self, item: Item) -> Case:
        """See `Materials`; the degraded picture and the mask are the asker's own, as models may write to them."""
        found = self.cases.get(item.item)
        if found is None:
            found = self.materials.case(item)
            size = found.degraded.nbytes + found.mask.nbytes + (0 if found.clean is None else found.clean.nbytes)
            if size > self.room:
                return found
            self.room -= size
            self.cases[item.item] = found
        return replace(found, degraded=found.degraded.copy(), mask=found.mask.copy())


def quickly_read(path: Path, digest: str, *, grey: bool) -> Image | Mask | None:
    """A picture that our own reader or OpenCV decodes to those pixels; else None, for whoever reads with more care.

    They take half and two thirds of the time, and the digest says whether they were right.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if not data:
        return None
    picture = png_pixels(data)
    if picture is None:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR_RGB)
    return picture if picture is not None and pixel_digest(picture) == digest else None


def write_picture(path: Path, picture: Image | Mask) -> None:
    """Write a picture or a mask as `quickly_read` reads it quickest, whole or not at all.

    Pictures are not packed: a sweep reads them for each model, and unpacking took it longer than all else of its own.

    Raises:
        OSError: it cannot be written.
    """
    write_bytes(path, png_bytes(picture) if picture.ndim == 2 else plain_png(picture))


SMALL = 2 << 20
"""Pixels of photos that are kept at hand: each comes again with the next damage."""


@lru_cache(maxsize=32)
def at_hand(path: Path, changed: tuple[int, int], digest: str) -> Image | None:
    """A photo of a suite, read once as long as its file stays as it is: see `quickly_read`."""
    found = quickly_read(path, digest, grey=False)
    if found is not None:
        found.flags.writeable = False
    return found


def opened_suite(folder: Path) -> Materials:
    """The suite that lies in a folder.

    Raises:
        SuiteError: there is none, or it was edited.
    """
    try:
        text = (folder / SUITE).read_text("utf-8")
    except FileNotFoundError:
        raise SuiteError(f"{folder}: no suite in it ({SUITE} is missing); foxing benchmark make writes one") from None
    except (OSError, ValueError) as error:
        raise SuiteError(f"{folder / SUITE}: cannot be read ({error})") from None
    return Materials(folder, Suite.from_json(text, str(folder / SUITE)))
