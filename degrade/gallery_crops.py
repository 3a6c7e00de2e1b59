"""Pieces of damaged pictures, synthetic and real, cut alike: same scale, same size, by chance where something is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from degrade.base import PAPER
from degrade.io import ImageError, picture_files, read_image, read_rgba
from degrade.presets import PRESETS
from degrade.sample import degraded_sample
from degrade.seeds import Stream, stream
from degrade.types import Defect, Image, Mask

COUNT = 10
"""Pieces of each kind."""

SHARE = 0.45
"""Side of a piece, as a share of its picture's shorter side."""

GROUND = (96, 92, 86)
"""What an overlay is laid on, to be seen: a mid-grey print."""

MADE_BY = ("severe", "medium")

LEAST = 0.003
"""Share of a picture that is damaged where it is worth showing."""


@dataclass(frozen=True, slots=True)
class Crop:
    """One piece, and what is to be said of it."""

    image: Image
    title: str
    says: str


def made_crops(photos: Mapping[str, Image], short: int, seed: int) -> list[Crop]:
    """Pieces of photos that presets damaged, each photo and each preset in turn."""
    names = list(photos)
    crops: list[Crop] = []
    for number in range(20 * COUNT):
        if len(crops) == COUNT:
            break
        name, preset = names[number % len(names)], MADE_BY[number // len(names) % len(MADE_BY)]
        sample = degraded_sample(PRESETS[preset], seed, f"{name} {number}", scaled(photos[name], short))
        if np.mean(sample.mask > 127) < LEAST:
            continue
        window = around_damage(sample.mask, side_of(short), stream(seed, "crop", number))
        classes = [Defect(int(each)).name.lower() for each in np.unique(sample.labels[window]) if each]
        crops.append(Crop(sample.degraded[window], name, f"{preset}: {', '.join(classes)}"))
    return crops


def real_crops(folder: Path, short: int, seed: int) -> tuple[list[Crop], list[str]]:
    """Pieces of real pictures drawn by the seed, and one line for each file that cannot be read.

    A photo counts where its mask (white is damaged) lies under its name in the folder `masks` beside it or in
    FOLDER_masks beside its folder; a copy of the photo at the mask's size may lie there too, as NAME.photo.png. Where
    there are fewer photos than wanted, overlays (pictures with transparency) are laid on grey.

    Raises:
        ValueError: there is nothing to show.
    """
    paths = sorted(picture_files(folder).values())
    photos = [(path, mask) for path in paths if (mask := mask_of(path)) is not None]
    masks = {mask for _, mask in photos}
    rest = [(path, None) for path in paths if path.suffix.lower() == ".png" and path not in masks]
    crops: list[Crop] = []
    broken: list[str] = []
    source = stream(seed, "real")
    for path, mask in (*source.shuffled(photos), *source.shuffled(rest)):
        if len(crops) == COUNT:
            break
        try:
            crops += pieces_of(path, mask, short, stream(seed, "crop", path.name))
        except ImageError as error:
            broken.append(str(error))
    if not crops:
        raise ValueError(
            f"{folder}: no photo with a mask (in {folder.name}_masks/ or masks/) and no overlay with transparency"
        )
    return crops, broken


def mask_of(path: Path) -> Path | None:
    """Where the mask of a photo lies, if there is one."""
    if path.name.endswith(".photo.png"):
        return None
    places = path.parent / "masks", path.parent.with_name(f"{path.parent.name}_masks")
    return next((place / f"{path.stem}.png" for place in places if (place / f"{path.stem}.png").is_file()), None)


def pieces_of(path: Path, mask: Path | None, short: int, source: Stream) -> Iterator[Crop]:
    """A piece of a real picture; none where nothing is damaged.

    Raises:
        ImageError: it cannot be read, or its mask has another shape.
    """
    if mask is not None:
        beside = mask.with_name(f"{path.stem}.photo.png")
        picture, damaged = read_image(beside if beside.is_file() else path), read_image(mask)[..., 0] == 255
        if not 0.95 < (damaged.shape[0] / damaged.shape[1]) / (picture.shape[0] / picture.shape[1]) < 1.05:
            sizes = f"{damaged.shape[1]} x {damaged.shape[0]} pixels, its photo {picture.shape[1]} x {picture.shape[0]}"
            raise ImageError(f"{mask}: {sizes}: not of one shape, so left out; save the mask at the photo's size")
        says = "photo"
    else:
        rgba = read_rgba(path)
        if rgba.shape[2] == 3 or rgba[..., 3].min() == 255:
            return
        cover = rgba[..., 3:].astype(np.float32) / 255
        picture = np.rint(cover * np.array(PAPER) + (1 - cover) * np.array(GROUND)).astype(np.uint8)
        damaged, says = rgba[..., 3] > 127, "overlay"
    shown = scaled(picture, short)
    whole = cv2.resize(damaged.astype(np.uint8) * np.uint8(255), shown.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    if whole.any():
        yield Crop(shown[around_damage(whole, side_of(short), source)], path.stem, says)


def side_of(short: int) -> int:
    """The side of a piece in pixels."""
    return max(1, round(SHARE * short))


def scaled(photo: Image, short: int) -> Image:
    """The photo with a shorter side of so many pixels."""
    share = short / min(photo.shape[:2])
    size = max(short, round(photo.shape[1] * share)), max(short, round(photo.shape[0] * share))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    resized: Image = cv2.resize(photo, size, interpolation=how) if share != 1 else photo
    return resized


def around_damage(mask: Mask, side: int, source: Stream) -> tuple[slice, slice]:
    """A square window around a damaged pixel drawn by chance, or around any where nothing is damaged."""
    damaged = np.flatnonzero(mask > 127)
    picked = int(damaged[int(source.unit() * damaged.size)]) if damaged.size else int(source.unit() * mask.size)
    starts = [
        min(max(0, at - side // 2), max(0, length - side))
        for at, length in zip(divmod(picked, mask.shape[1]), mask.shape, strict=True)
    ]
    return slice(starts[0], starts[0] + side), slice(starts[1], starts[1] + side)
