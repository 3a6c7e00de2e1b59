"""Where the photos of a suite come from: a wheel, a folder of known ones, or any folder."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from benchmark.suite import Plan, SuiteError
from degrade.demo import NoPhotosError, shipped_photos
from degrade.io import ImageError, picture_files, pixel_digest, read_image
from degrade.types import Image
from restore_models.hand_labels import LabelledFile, paired
from restore_models.restorer import SMALLEST, ModelError

Loader = Callable[[], Image]


def cropped(photo: Image, side: int) -> Image:
    """The middle of a photo, at most so many pixels wide and high; all of it where that is 0."""
    if not side:
        return photo
    height, width = min(side, photo.shape[0]), min(side, photo.shape[1])
    top, left = (photo.shape[0] - height) // 2, (photo.shape[1] - width) // 2
    return np.ascontiguousarray(photo[top : top + height, left : left + width])


def found_photos(plan: Plan, place: Path | None) -> dict[str, Loader]:
    """What loads each photo of a suite, by name.

    Raises:
        SuiteError: one is missing, or it is not the one that the suite wants; it is named.
    """
    if plan.photos.kind == "shipped":
        return shipped(plan, place)
    if place is None:
        raise SuiteError(f"suite {plan.name} needs photos: give --photos DIR ({plan.photos.about})")
    if not place.exists():
        raise SuiteError(f"--photos {place}: no such folder; suite {plan.name} wants {plan.photos.about}")
    files = picture_files(place)
    if not files:
        raise SuiteError(f"--photos {place}: no pictures in it; suite {plan.name} wants {plan.photos.about}")
    if plan.photos.kind == "known":
        return known_photos(plan, place, files)
    names = {Path(key).with_suffix("").as_posix(): path for key, path in files.items()}
    if len(names) < len(files):
        names = dict(files)  # a.jpg beside a.png: both keep their suffix
    for name in names:
        refuse_name(name, place)
    return {name: loader(path) for name, path in names.items()}


MOST_BYTES = 200
"""Of a photo's name, in UTF-8: files that are called after it have a little more, and systems allow 255."""


def refuse_name(name: str, place: Path) -> None:
    """Refuse a photo that items and their files cannot be called after.

    Raises:
        SuiteError: its name is no UTF-8, or too long.
    """
    try:
        longest = max(len(part.encode()) for part in Path(name).parts)
    except UnicodeEncodeError:
        raise SuiteError(f"{place / name}: its name is no UTF-8; rename the file") from None
    if longest > MOST_BYTES:
        raise SuiteError(f"{place / name}: a name of {longest} bytes, over the limit of {MOST_BYTES}; rename the file")


def large_enough(name: str, photo: Image) -> Image:
    """The photo, where models take such.

    Raises:
        SuiteError: it is too small.
    """
    if min(photo.shape[:2]) < SMALLEST:
        height, width = photo.shape[:2]
        raise SuiteError(
            f"photo {name}: {width} x {height} pixels, smaller than {SMALLEST} x {SMALLEST}, which no model takes; "
            "leave it out"
        )
    return photo


def found_masks(plan: Plan, photos: Path | None, masks: Path | None) -> dict[str, LabelledFile]:
    """The photos and the masks drawn for them, found by their names without suffix; none for a plan without such.

    Raises:
        SuiteError: there is no such folder, or a photo or a mask is without its partner.
    """
    if not plan.drawn:
        if masks is not None:
            raise SuiteError(f"--masks {masks}: suite {plan.name} makes its own masks; leave --masks out")
        return {}
    assert photos is not None  # such plans have photos of a folder
    if masks is None:
        raise SuiteError(f"suite {plan.name} needs masks that were drawn by hand: give --masks DIR")
    if not masks.is_dir():
        raise SuiteError(f"--masks {masks}: no such folder; it has a mask for each photo, of the same name")
    try:
        found = paired(picture_files(photos), picture_files(masks), masks)
    except ModelError as error:
        raise SuiteError(str(error)) from None
    return {each.key: each for each in found}


def shipped(plan: Plan, place: Path | None) -> dict[str, Loader]:
    """The photos that come with scikit-image.

    Raises:
        SuiteError: it is not installed, or has other pictures; or others were given.
    """
    if place is not None:
        raise SuiteError(f"--photos {place}: suite {plan.name} has photos of its own; leave --photos out")
    try:
        photos = shipped_photos()
    except NoPhotosError:
        raise SuiteError(
            f"suite {plan.name}: needs scikit-image's photographs: pip install 'foxing[benchmark]'"
        ) from None
    for name, digest in plan.photos.sha256.items():
        if name not in photos or pixel_digest(photos[name]) != digest:
            raise SuiteError(f"suite {plan.name}: {name} of this scikit-image has other pixels; take version 0.26")
    return {name: held(photos[name]) for name in plan.photos.sha256}


def known_photos(plan: Plan, place: Path, files: Mapping[str, Path]) -> dict[str, Loader]:
    """The files whose pixels the suite knows, whatever they are called.

    Raises:
        SuiteError: one is missing, or a file of its name holds something else.
    """
    wanted = {digest: name for name, digest in plan.photos.sha256.items()}
    found: dict[str, Loader] = {}
    stems: set[str] = set()
    for path in files.values():
        stems.add(path.stem)
        name = wanted.get(pixel_digest(loader(path)()))
        if name is not None:
            found[name] = loader(path)
    missing = [name for name in plan.photos.sha256 if name not in found]
    if missing:
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        why = "is not the suite's: its pixels differ" if missing[0] in stems else "is missing"
        raise SuiteError(f"--photos {place}: {missing[0]}{more} {why}; suite {plan.name} wants {plan.photos.about}")
    return {name: found[name] for name in plan.photos.sha256}


def loader(path: Path) -> Loader:
    """What reads a file."""

    def load() -> Image:
        try:
            return read_image(path)
        except ImageError as error:
            raise SuiteError(str(error).removesuffix(" or raise --max-pixels")) from None  # suites have no such option

    return load


def held(photo: Image) -> Loader:
    """What gives a photo that is there already."""
    return lambda: photo
