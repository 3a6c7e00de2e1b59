"""Photos on which somebody marked the damage by hand: to fine-tune a detector on, and to score one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from degrade.io import picture_files, read_image
from degrade.types import Image, Mask
from restore_models.data import Arrays, Cropped
from restore_models.detection import Truth
from restore_models.restorer import ModelError

PHOTOS, MASKS = "photos", "masks"
"""The two folders of hand-labelled photos; a mask has its photo's name, whatever the suffix."""

DEFECT, UNKNOWN = 192, 64
"""Levels from which a mask says "defect" (255) and "nobody knows" (128); below it says "intact" (0)."""


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """A photo and what is known of its damage."""

    key: str
    image: Image
    truth: Truth
    """Which pixels are defects."""

    counted: Truth
    """Where that is known."""


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """A photo and its mask, still on the disk."""

    key: str
    photo: Path
    mask: Path

    def read(self) -> Labelled:
        """Both.

        Raises:
            ImageError: one of them cannot be read.
            ModelError: they differ in size.
        """
        image, levels = read_image(self.photo), read_image(self.mask)[..., 0]
        if levels.shape != image.shape[:2]:
            (height, width), (high, wide) = image.shape[:2], levels.shape
            raise ModelError(
                f"{self.mask}: {wide} x {high} pixels, its photo {self.photo} {width} x {height}; draw anew"
            )
        return Labelled(self.key, image, levels >= DEFECT, (levels >= DEFECT) | (levels < UNKNOWN))


def of_pair(key: str, degraded: Image, mask: Mask, positive: float, doubtful: float = 0.0) -> Labelled:
    """A pair of a corpus in the same form.

    Args:
        key: of the pair.
        degraded: its picture.
        mask: its mask.
        positive: coverage from which a pixel is a defect.
        doubtful: a pixel that is covered more than this and less than `positive` counts neither way; 0 for all count.
    """
    truth: Truth = mask >= 255 * positive
    return Labelled(key, degraded, truth, truth | (mask <= 255 * doubtful) if doubtful else np.ones_like(truth))


def labelled_files(folder: Path) -> list[LabelledFile]:
    """The pairs of a folder that holds photos/ and masks/, found by their names without suffix.

    Raises:
        ModelError: there are none, or a photo or a mask is without its partner.
    """
    for name in (PHOTOS, MASKS):
        if not (folder / name).is_dir():
            raise ModelError(
                f"{folder}: no folder {name}/; hand-labelled photos lie in {PHOTOS}/, their masks in {MASKS}/"
            )
    return paired(picture_files(folder / PHOTOS), picture_files(folder / MASKS), folder)


def paired(photos: Mapping[str, Path], masks: Mapping[str, Path], where: Path) -> list[LabelledFile]:
    """Photos with the masks of the same name.

    Args:
        photos: by relative path.
        masks: likewise.
        where: what errors call the place.

    Raises:
        ModelError: there are none, two have one name, or one is without its partner.
    """
    ours, theirs = _by_stem(photos), _by_stem(masks)
    if not ours:
        raise ModelError(f"{where}: no pictures in {PHOTOS}/; put some there, and a mask of the same name in {MASKS}/")
    for missing, kind in ((ours.keys() - theirs.keys(), "mask"), (theirs.keys() - ours.keys(), "photo")):
        if missing:
            names = ", ".join(sorted(missing)[:NAMED]) + (", ..." if len(missing) > NAMED else "")
            raise ModelError(
                f"{where}: no {kind} for {len(missing)} of the names: {names}; add it or take the other away"
            )
    return [LabelledFile(key, ours[key], theirs[key]) for key in sorted(ours)]


NAMED = 5
"""Names in one line; more would not be read."""


def _by_stem(files: Mapping[str, Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for key, path in files.items():
        stem = Path(key).with_suffix("").as_posix()
        if stem in found:
            raise ModelError(
                f"{path} and {found[stem]} have one name; a photo and its mask are found by it, so rename one"
            )
        found[stem] = path
    return found


def labelled_crops(folder: Path, size: int, seed: int) -> Cropped:
    """Crops of hand-labelled photos for training: `degraded` (S, S, 3), `mask` and `ignore` (S, S), 0 or 255.

    A map-style data set: `crops[epoch, place]`; each epoch crops and mirrors anew.

    Raises:
        ModelError: as for `labelled_files`.
    """
    files = labelled_files(folder)
    return Cropped(lambda place: _arrays(files[place].read()), len(files), size, seed, "labels")


def _arrays(labelled: Labelled) -> Arrays:
    mask, ignore = (_levels(each) for each in (labelled.truth, ~labelled.counted))
    return {"degraded": labelled.image, "mask": mask, "ignore": ignore}


def _levels(truth: Truth) -> Mask:
    levels: Mask = np.where(truth, np.uint8(255), np.uint8(0))
    return levels
