"""What a network of the user's makes of photos, and how far two sets lie apart by it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from degrade.by_name import imported
from degrade.console import one_line
from degrade.realism.patch import Doubles
from degrade.realism.set_distances import Kernel, frechet_distance, kernel_distance
from degrade.seeds import stream
from degrade.types import Image

Network = Callable[[Image], Doubles]
"""Makes a vector (dimensions,) of a photo (H, W, 3), RGB, 8 bits."""

HALVINGS = 9
"""Of the real photos, in halves of which the distances say what nothing is; odd, so that a median is one of them."""


@dataclass(frozen=True, slots=True)
class ByNetwork:
    """How far two sets of photos lie apart by a network's features."""

    title: str
    kernel: Kernel
    """KID."""

    frechet: float
    """FID: far from 0 for few photos, even of one kind."""

    photos: tuple[int, int]
    """How many there were of each: neither number means anything without."""

    @property
    def interval(self) -> str:
        """That of KID, as people read it; nothing where there are too few photos."""
        return "" if self.kernel.interval is None else "{:.4g} to {:.4g}".format(*self.kernel.interval)

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        interval = self.kernel.interval and list(self.kernel.interval)
        kid = {"kid": self.kernel.value, "kid_interval": interval}
        return {"title": self.title, "photos": list(self.photos), **kid, "fid": self.frechet}


def network_named(what: str) -> Network:
    """The network of that name.

    Args:
        what: an ONNX file, whose first input is a batch of RGB photos from 0 to 1 (the network's own shift and scale
            belong into the file), and whose first output is taken, its mean over the picture where it has places; or
            `package.module:callable`, looked for beside the working directory too, which makes a vector of a photo.

    Raises:
        ValueError: there is none, or it takes or gives something else.
        ImportError: onnxruntime is missing; it comes with the extra `onnx`.
    """
    if what.lower().endswith(".onnx"):
        return _from_onnx(Path(what))
    if ":" in what:
        return _from_python(what)
    raise ValueError(f"no network {what!r}: give an .onnx file, or package.module:callable")


def _from_onnx(path: Path) -> Network:
    if not path.is_file():
        raise ValueError(f"{path}: no such file; give an ONNX file, or package.module:callable")
    try:
        import onnxruntime  # noqa: PLC0415  (an extra)
    except ImportError:
        raise ImportError("onnxruntime is not installed, and ONNX files need it: pip install 'foxing[onnx]'") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # photos are what is shared among cores
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # it raises whatever it likes
        raise ValueError(f"{path}: no ONNX file that can be read ({one_line(str(error))})") from None
    entry, out = session.get_inputs()[0], session.get_outputs()[0].name
    if len(session.get_inputs()) != 1 or len(entry.shape) != 4 or entry.shape[1] != 3 or entry.type != "tensor(float)":
        raise ValueError(
            f"{path}: takes {entry.type} {entry.shape}, not one batch of RGB photos (N, 3, H, W) of floats"
        )
    size = tuple(each if isinstance(each, int) else 0 for each in entry.shape[2:])

    def answered(image: Image) -> Doubles:
        batch = _sized(image, size).astype(np.float32).transpose(2, 0, 1)[None] / np.float32(255)
        try:
            found = np.asarray(session.run([out], {entry.name: np.ascontiguousarray(batch)})[0], np.float64)
        except Exception as error:
            raise ValueError(f"{path}: failed on a photo of {image.shape[:2]} ({one_line(str(error))})") from None
        return vector(found.mean(axis=(2, 3)) if found.ndim == 4 else found, str(path))

    return answered


def _sized(image: Image, size: tuple[int, ...]) -> Image:
    """The photo as large as a network wants it; 0 is any size."""
    height, width = (wanted or own for wanted, own in zip(size, image.shape[:2], strict=True))
    if (height, width) == image.shape[:2]:
        return image
    smaller = height * width < image.shape[0] * image.shape[1]
    resized: Image = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
    return resized


def _from_python(what: str) -> Network:
    found = imported(what)
    if not callable(found):
        raise ValueError(f"{what} is {type(found).__name__}, nothing that can be called with a photo")

    def answered(image: Image) -> Doubles:
        try:
            return vector(found(image), what)
        except Exception as error:
            raise ValueError(f"{what} failed on a photo: {one_line(f'{type(error).__name__}: {error}')}") from error

    return answered


def vector(found: Any, what: str) -> Doubles:
    """Somebody's features as one row.

    Raises:
        ValueError: they are none.
    """
    row = np.asarray(found, np.float64).ravel()
    if not row.size or not np.isfinite(row).all():
        raise ValueError(f"{what}: gave {row.size} features, not all of them finite; give one vector for a photo")
    return row


def by_network(title: str, real: Doubles, others: Doubles) -> ByNetwork:
    """The distances of two sets of features (photos, dimensions).

    Raises:
        ValueError: the network gave vectors of more than one length.
    """
    return ByNetwork(title, kernel_distance(others, real), frechet_distance(others, real), (len(real), len(others)))


def by_network_in_halves(title: str, real: Doubles, seed: int) -> ByNetwork:
    """The distances of halves of one set: of several halvings, the one with the median KID."""
    found = []
    for number in range(HALVINGS):
        order = stream(seed, "realism", "halves", number).shuffled(range(len(real)))
        found.append(by_network(title, real[order[::2]], real[order[1::2]]))
    return sorted(found, key=lambda each: each.kernel.value)[HALVINGS // 2]


def rows(features: Sequence[Doubles], what: str) -> Doubles:
    """Vectors of photos as (photos, dimensions).

    Raises:
        ValueError: they are of several lengths.
    """
    lengths = sorted({len(each) for each in features})
    if len(lengths) > 1:
        said = "its answers hang on the photo's size; let it take the mean over the picture"
        raise ValueError(f"{what}: gave vectors of {lengths[0]} to {lengths[-1]} numbers: {said}")
    return np.array(features)
