"""Pictures to and from files: upright, RGB, 8 bits, whatever the file holds, and whole or not at all."""

import errno
import hashlib
import io
import os
import threading
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from degrade.decoding import SizeCheck, decoded
from degrade.types import Image

MAX_PIXELS = 200_000_000
"""Above this a file is taken for a decompression bomb: 600 MB in memory, more than any scan of one photo needs."""

SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".webp", ".bmp", ".gif", ".jp2", ".avif"}
    | {".ppm", ".pgm", ".pbm", ".pnm"}
)
"""Of the files in a folder that are taken for pictures."""


class ImageError(ValueError):
    """A file that gives no picture: which, what is wrong, and what to do, in one line."""


class UnreadError(ImageError):
    """A file whose bytes could not be had, so that nobody knows whether it is a good picture."""


class PassingError(UnreadError):
    """The same for a reason that may pass, as a connection that broke: trying again may help."""


LASTING = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENAMETOOLONG}
    | {errno.EINVAL, errno.ENXIO, errno.ENODEV, errno.EOVERFLOW}
)
"""What a system says of a file that is not there, or may not be read; all else may pass."""


def is_passing(error: OSError) -> bool:
    """Whether trying again may help."""
    return error.errno not in LASTING


def unread(error: OSError, name: str, remedy: str) -> UnreadError:
    """What to raise of a file that could not be read.

    Args:
        error: of the system.
        name: what people call the file.
        remedy: what to do where it will not pass.
    """
    if is_passing(error):
        said = (error.strerror or str(error)).partition("\n")[0] or type(error).__name__
        return PassingError(f"{name}: cannot be read just now ({said}); try again")
    why = "no such file" if error.errno == errno.ENOENT else f"cannot be opened ({error.strerror})"
    return UnreadError(f"{name}: {why}; {remedy}")


def read_image(path: Path, max_pixels: int = MAX_PIXELS) -> Image:
    """The picture of a file as a person sees it: upright, in RGB, transparency laid on white.

    16 bits are rounded to 8. Floats are display levels: white is 1 where the brightest is at most 1.5 (what lies above
    white is clipped), else 255, else 65535, whichever is the first to hold the brightest; what is no number is black.
    Of several frames or pages the first counts; colour profiles are ignored.

    Raises:
        ImageError: there is no such file, it is no picture, it is damaged, or it has more than `max_pixels`.
    """
    return on_white(read_rgba(path, max_pixels))


def decode_image(data: bytes, name: str, max_pixels: int = MAX_PIXELS) -> Image:
    """The same picture from the bytes of a file, which errors call by `name`.

    Raises:
        ImageError: it is no picture, it is damaged, or it has more than `max_pixels`.
    """
    return on_white(_decoded(data, name, max_pixels))


def read_rgba(path: Path, max_pixels: int = MAX_PIXELS) -> NDArray[np.uint8]:
    """(H, W, 3), or (H, W, 4) where the file has transparency; otherwise as `read_image`.

    Raises:
        ImageError: as for `read_image`.
    """
    return _decoded(contents(path, str(path)), str(path), max_pixels)


def _decoded(data: bytes, name: str, max_pixels: int) -> NDArray[np.uint8]:
    if not data:
        raise ImageError(f"{name}: an empty file; copy it again from its source")
    try:
        return np.ascontiguousarray(decoded(data, _size_check(name, max_pixels)))
    except ImageError:
        raise
    except UnidentifiedImageError:
        raise ImageError(f"{name}: no picture that can be read; save it as PNG, JPEG, TIFF or WebP") from None
    except MemoryError:
        raise PassingError(f"{name}: not enough memory to open it; make it smaller, or do less at a time") from None
    except Exception as error:  # decoders raise whatever they like on a damaged file
        reason = str(error).partition("\n")[0].strip() or type(error).__name__
        raise ImageError(f"{name}: damaged or cut short ({reason}); copy it again from its source") from None


def on_white(rgba: NDArray[np.uint8]) -> Image:
    """The picture without its transparency, as if printed on white paper; rounded."""
    if rgba.shape[2] == 3:
        return rgba
    alpha = rgba[..., 3:].astype(np.uint16)
    white = np.uint16(255) * (np.uint16(255) - alpha)
    return ((rgba[..., :3] * alpha + white + np.uint16(127)) // np.uint16(255)).astype(np.uint8)


def write_png(path: Path, array: NDArray[np.uint8], palette: bytes | None = None) -> None:
    """Write a picture (H, W, 3) or a map (H, W), whole or not at all.

    Args:
        path: the file, replaced where it is there.
        array: the pixels.
        palette: red, green and blue for each level of a map; readers that ask for indices still get the levels.

    Raises:
        OSError: it cannot be written.
    """
    write_bytes(path, png(array, palette))


def png(array: NDArray[np.uint8], palette: bytes | None = None) -> bytes:
    """The picture as a PNG: quick rather than small, and readable by everything that reads PNG."""
    if array.ndim == 3:
        quick = [cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE]
        encoded = cv2.imencode(".png", cv2.cvtColor(array, cv2.COLOR_RGB2BGR), quick)[1]  # noise: 0.6 of the time
        return bytes(encoded.tobytes())
    picture = Pillow.fromarray(np.ascontiguousarray(array))
    if palette is not None:
        picture.putpalette(palette)
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=1, bits=8)
    return written.getvalue()


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file under another name beside it, wait until it is on the disk, then give it its name.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None  # a full disk does not say where
    finally:
        with suppress(OSError):  # where nothing can be written, nothing has been
            partial.unlink(missing_ok=True)


def picture_files(place: Path) -> dict[str, Path]:
    """The pictures of a folder and its folders by their key, the relative path; or the one file by its name.

    Hidden files and folders are left out, and so is what has no picture's suffix. Links to folders are followed after
    all real folders, each folder once. What cannot be opened, a folder or a link to nothing, is among the pictures:
    nobody leaves it out unseen, since whoever reads it hears why.
    """
    if not place.is_dir():
        return {place.name: place}
    found: list[Path] = []
    seen: set[tuple[int, int]] = set()
    pending = [place]

    def note(error: OSError) -> None:
        found.append(Path(error.filename))

    while pending:
        for folder, folders, files in os.walk(pending.pop(0), onerror=note):
            status = Path(folder).stat()
            if (status.st_dev, status.st_ino) in seen:
                folders.clear()
                continue
            seen.add((status.st_dev, status.st_ino))
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            inside = [Path(folder, name) for name in files if not name.startswith(".")]
            found += [each for each in inside if each.suffix.lower() in SUFFIXES and is_file_or_link(each)]
            pending += [Path(folder, name) for name in folders if Path(folder, name).is_symlink()]
    return {path.relative_to(place).as_posix(): path for path in sorted(found)}


def is_file_or_link(path: Path) -> bool:
    """Whether it is a file, or a link that leads nowhere; pipes and devices are neither."""
    return path.is_file() or (path.is_symlink() and not path.exists())


def pixel_digest(array: NDArray[np.uint8]) -> str:
    """The SHA-256 of a picture's shape and pixels, whatever file it lies in."""
    found = hashlib.sha256(repr(array.shape).encode())
    found.update(np.ascontiguousarray(array).reshape(-1).data)
    return found.hexdigest()


def contents(path: Path, name: str) -> bytes:
    """The bytes of a file, which errors call by `name`.

    Raises:
        ImageError: it is a folder.
        UnreadError: there is no such file, or it cannot be read.
    """
    try:
        return path.read_bytes()
    except IsADirectoryError:
        raise ImageError(f"{name}: a folder, not a picture; name a file in it") from None
    except OSError as error:
        if error.errno == errno.ENOENT and path.is_symlink():
            raise UnreadError(f"{name}: a link to nothing; copy the file itself") from None
        raise unread(error, name, f"check its {'name' if error.errno == errno.ENOENT else 'permissions'}") from None


def _size_check(name: str, max_pixels: int) -> SizeCheck:
    def check(width: int, height: int) -> None:
        if width * height > max_pixels:
            millions = width * height / 1e6
            size = f"{width} x {height} = {millions:{'.1f' if millions >= 1 else '.3g'}} megapixels"
            limit = f"{max_pixels / 1e6:g}"
            raise ImageError(f"{name}: {size}, over the limit of {limit}; make it smaller or raise --max-pixels")

    return check
