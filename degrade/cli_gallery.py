"""The commands that show: `gallery` and `demo`."""

from collections.abc import Sequence
from pathlib import Path

from degrade.cli_apply import usable
from degrade.console import MisuseError, show, tell
from degrade.demo import NoPhotosError, shipped_photos, write_demo
from degrade.gallery import SEED, SIDE, write_gallery
from degrade.gallery_crops import Crop, real_crops
from degrade.gallery_page import Beside
from degrade.io import ImageError, picture_files, read_image
from degrade.presets import PRESETS
from degrade.types import Image


def make_gallery(out: Path, folder: Path | None, real: Path | None = None) -> None:
    """Write the gallery and say where it is.

    Args:
        out: the folder.
        folder: photos to show it on, or None for those that are shipped.
        real: damaged pictures to show next to synthetic ones.

    Raises:
        MisuseError: there are no photos to show it on, or no real damage in the folder that was given.
    """
    photos = photos_of(folder) if folder is not None else photos_shipped()
    pieces = pieces_of(real) if real is not None else []
    usable(out)
    tell(f"showing every effect and {len(PRESETS)} presets on {len(photos)} photos")
    show(str(write_gallery(out, photos, real=pieces)))


def pieces_of(folder: Path) -> list[Crop]:
    """Pieces of real damaged pictures, with a word about those that cannot be read.

    Raises:
        MisuseError: there is none.
    """
    if not folder.is_dir():
        raise MisuseError(f"{folder}: no such folder; check its name")
    try:
        crops, broken = real_crops(folder, SIDE, SEED)
    except ValueError as error:
        raise MisuseError(f"{error}; see foxing degrade gallery --help") from None
    for line in broken:
        tell(line)
    return crops


def make_demo(out: Path, beside: Sequence[Beside] = ()) -> Path:
    """Write the demonstration; the page.

    Args:
        out: the folder.
        beside: pages that somebody else writes there.

    Raises:
        MisuseError: there are no photos to show it on.
    """
    photos = photos_shipped()
    usable(out)
    tell(f"degrading {len(photos)} photos by {len(PRESETS)} presets, and showing every effect: under a minute")
    return write_demo(out, photos, beside=beside)


def photos_shipped() -> dict[str, Image]:
    """The photographs in the scikit-image wheel.

    Raises:
        MisuseError: it is not installed.
    """
    try:
        return shipped_photos()
    except NoPhotosError as error:
        raise MisuseError(str(error)) from None


def photos_of(folder: Path) -> dict[str, Image]:
    """The readable photos of a folder, with a word about the others.

    Raises:
        MisuseError: there is none.
    """
    if not folder.exists():
        raise MisuseError(f"{folder}: no such folder; check its name")
    photos = {}
    for key, path in picture_files(folder).items():
        try:
            photos[key] = read_image(path)
        except ImageError as error:
            tell(str(error))
    if not photos:
        raise MisuseError(f"{folder}: no picture that can be read; give a folder of photos")
    return photos
