"""A suite in its folder: every picture is compared with its digest when it is read."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmark.cases import Case, damaged, digests_of
from benchmark.suite import Item, Suite, SuiteError
from degrade.io import ImageError, pixel_digest, read_image
from degrade.types import Image

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
        if not self.path("degraded", item.item).is_file():
            return self._made_anew(item)
        degraded = self._picture("degraded", item.item, item.degraded_sha256)
        mask = np.zeros(degraded.shape[:2], np.uint8)
        if item.mask_sha256:
            mask = self._picture("mask", item.item, item.mask_sha256)[..., 0]
        if not item.clean_sha256:
            return Case(item, degraded, None, mask)
        if item.clean_sha256 == item.photo_sha256:
            return Case(item, degraded, self.photo(item), mask)
        return Case(item, degraded, self._picture("clean", item.item, item.clean_sha256), mask)

    def photo(self, item: Item) -> Image:
        """The base photo of an item.

        Raises:
            SuiteError: it is missing, or its pixels are others.
        """
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

    def _picture(self, kind: str, name: str, digest: str) -> Image:
        path = self.path(kind, name)
        try:
            picture = read_image(path)
        except ImageError as error:
            raise SuiteError(f"{error}; or foxing benchmark make again") from None
        held = picture[..., 0] if kind == "mask" else picture
        if pixel_digest(np.ascontiguousarray(held)) != digest:
            raise SuiteError(f"{path}: its pixels are not those of suite {self.suite.suite_id}; make the suite again")
        return picture


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
