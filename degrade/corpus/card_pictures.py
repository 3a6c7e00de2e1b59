"""The pictures of the card, drawn with Pillow and OpenCV alone: the same bytes for the same corpus."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from degrade.console import printable
from degrade.record import COLOURS
from degrade.types import Defect, Image, Labels, Mask

SHEET, INK, QUIET, LINE, RUST = (247, 247, 245), (30, 30, 28), (98, 98, 92), (211, 211, 205), (143, 68, 32)

WIDE, HIGH = 300, 208
"""The largest picture on the contact sheet."""

MARGIN, GAP = 36, 12

PALETTE = np.array([COLOURS[each] for each in Defect], np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """What a recipe makes of a clean photo."""

    degraded: Image
    mask: Mask
    labels: Labels


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One row of the contact sheet, as small as it is shown."""

    about: tuple[str, str]
    """Its preset, and the key of its photo."""

    tiles: tuple[Image, ...]
    """Clean, degraded, mask and classes; clean alone where the others hang on textures that are not there."""

    classes: tuple[int, ...]
    covered: float
    """The share under structured defects."""


def line_of(about: tuple[str, str], clean: Image, sides: Sides | None) -> Line:
    """The row of a clean photo and what became of it, if that is known."""
    if sides is None:
        return Line(about, (fitted(clean),), (), 0)
    mask, labels = _reduced(sides.mask), _reduced(sides.labels)
    tiles = (fitted(clean), fitted(sides.degraded), mask[..., None].repeat(3, axis=2), PALETTE[labels])
    classes = tuple(int(each) for each in np.unique(sides.labels) if each)
    return Line(about, tiles, classes, float(sides.mask.mean()) / 255)


def png_file(image: Image) -> bytes:
    """The picture as a small PNG."""
    written = io.BytesIO()
    Pillow.fromarray(image).save(written, "PNG", compress_level=7)
    return written.getvalue()


def contact_sheet(lines: Sequence[Line], old: Sequence[Image]) -> Image:
    """Each row as clean, degraded, mask and classes; below them a strip of real old photos.

    Args:
        lines: the rows.
        old: real old photos, as small as they are shown; none for no strip.
    """
    column = max([tile.shape[1] for line in lines for tile in line.tiles] + [208])
    width = 2 * MARGIN + 4 * column + 3 * GAP
    strip = _fitting(old, width - 2 * MARGIN)
    blocks = [_headings(width, column)]
    places = [MARGIN + number * (column + GAP) for number in range(4)]
    blocks += [_row(width, places, line.tiles, _caption(line)) for line in lines]
    classes = sorted({each for line in lines for each in line.classes})
    blocks += [_legend(width, classes)] if classes else []
    if strip:
        lefts = [MARGIN + sum(tile.shape[1] + GAP for tile in strip[:number]) for number in range(len(strip))]
        blocks += [_title(width, OLD_SAYS), _row(width, lefts, strip, "")]
    return np.concatenate([*blocks, _paper(width, MARGIN - GAP)])


HEADINGS = ("clean", "degraded", "mask", "classes")

OLD_SAYS = "split old: real old photographs, without a clean twin"


def _fitting(tiles: Sequence[Image], width: int) -> list[Image]:
    """As many pictures as find room side by side."""
    ends = np.cumsum([tile.shape[1] + GAP for tile in tiles]) - GAP
    return [tile for tile, end in zip(tiles, ends, strict=True) if end <= width]


def _size(height: int, width: int) -> tuple[int, int]:
    """Width and height of a picture on the sheet; one far smaller than its place is enlarged by a whole number."""
    share = min(WIDE / width, HIGH / height)
    share = float(int(share)) if share > 1 else share
    return max(1, round(width * share)), max(1, round(height * share))


def fitted(image: Image) -> Image:
    """The picture as small as it is shown."""
    size = _size(*image.shape[:2])
    how = cv2.INTER_AREA if size[0] < image.shape[1] else cv2.INTER_NEAREST
    small: Image = cv2.resize(image, size, interpolation=how)
    return small


def _reduced(levels: Mask | Labels) -> Mask | Labels:
    """A map as small as its picture, in which no hair gets lost: each pixel is the highest of those it stands for."""
    size = _size(*levels.shape)
    side = max(1, levels.shape[1] // size[0])
    highest = cv2.dilate(levels, np.ones((side, side), np.uint8)) if side > 1 else levels
    reduced: Mask = cv2.resize(highest, size, interpolation=cv2.INTER_NEAREST)
    return reduced


def _caption(line: Line) -> str:
    preset, key = line.about
    return f"{_drawable(preset, 24)}   {_drawable(key, 40)}   {_covered(line)}"


def _covered(line: Line) -> str:
    if len(line.tiles) == 1:
        return "needs textures of the maker's own"
    inside = [Defect(each).name.lower() for each in line.classes]
    return f"{_percent(line.covered)} covered: {', '.join(inside)}" if inside else "nothing covered"


def _drawable(text: str, most: int) -> str:
    """The text as the built-in font has it, its end kept where it is too long."""
    safe = "".join(each if each.isprintable() else "?" for each in printable(text))
    return safe if len(safe) <= most else f"...{safe[-most + 3 :]}"


@cache
def _font(size: int) -> Any:
    return ImageFont.load_default(size)


def _paper(width: int, height: int) -> Image:
    return np.full((max(0, height), width, 3), SHEET, np.uint8)


def _headings(width: int, column: int) -> Image:
    page = Pillow.fromarray(_paper(width, MARGIN + 34))
    draw = ImageDraw.Draw(page)
    for number, heading in enumerate(HEADINGS):
        draw.text((MARGIN + number * (column + GAP), MARGIN - 6), heading, INK, _font(22))
    return np.array(page)


def _title(width: int, says: str) -> Image:
    page = Pillow.fromarray(_paper(width, 78))
    draw = ImageDraw.Draw(page)
    draw.line((MARGIN, 14, width - MARGIN, 14), LINE, 1)
    draw.text((MARGIN, 34), says, INK, _font(22))
    return np.array(page)


def _row(width: int, lefts: Sequence[int], tiles: Sequence[Image], caption: str) -> Image:
    height = max(tile.shape[0] for tile in tiles)
    page = _paper(width, height + (42 if caption else GAP))
    for left, tile in zip(lefts, tiles, strict=False):
        page[: tile.shape[0], left : left + tile.shape[1]] = tile
    picture = Pillow.fromarray(page)
    ImageDraw.Draw(picture).text((MARGIN, height + 7), caption, QUIET, _font(16))
    return np.array(picture)


def _legend(width: int, classes: Sequence[int]) -> Image:
    """A swatch and a name for each class, on as many lines as it takes."""
    page = Pillow.fromarray(_paper(width, 30 * (1 + len(classes)) + 12))
    draw = ImageDraw.Draw(page)
    left, top = MARGIN, 10
    for each in classes:
        says = f"{each} {Defect(each).name.lower()}"
        length = int(draw.textlength(says, _font(18))) + 50
        if left + length > width - MARGIN:
            left, top = MARGIN, top + 30
        draw.rectangle((left, top + 3, left + 16, top + 19), COLOURS[Defect(each)], LINE)
        draw.text((left + 25, top), says, INK, _font(18))
        left += length
    return np.array(page)[: top + 42]


CHART = (1360, 560)
"""Twice as large as it is shown."""


def coverage_chart(bins: Sequence[dict[str, float]]) -> Image:
    """How many pairs are covered how much, as a bar chart.

    Args:
        bins: of stats.json.
    """
    width, height = CHART
    page = Pillow.new("RGB", CHART, SHEET)
    draw = ImageDraw.Draw(page)
    left, right, top, floor = 48, width - 48, 150, height - 92
    total = max(1, int(sum(each["rows"] for each in bins)))
    highest = max(1, *(int(each["rows"]) for each in bins))
    step = (right - left) / len(bins)
    draw.text((left, 34), "How much of a picture is covered", INK, _font(34))
    draw.text((left, 82), "share of pairs, by the share of the picture under structured defects", QUIET, _font(24))
    for number, each in enumerate(bins):
        near, far = round(left + number * step + 9), round(left + (number + 1) * step - 9)
        middle, tall = (near + far) // 2, round((floor - top - 40) * each["rows"] / highest)
        if each["rows"]:
            draw.rectangle((near, floor - max(tall, 2), far, floor), LINE if number == 0 else RUST)
        draw.text((middle, floor - tall - 8), _percent(each["rows"] / total), INK, _font(26), "ms")
        draw.text((middle, floor + 20), _range(each), QUIET, _font(24), "ma")
    draw.line((left, floor, right, floor), INK, 2)
    return np.array(page)


def _range(each: dict[str, float]) -> str:
    low, high = (f"{100 * each[end]:g}" for end in ("above", "up_to"))
    return "none" if high == "0" else f"up to {high}%" if low == "0" else f"{low} to {high}%"


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.095 or share == 0 else f"{share:.1%}" if share >= 0.001 else "< 0.1%"
