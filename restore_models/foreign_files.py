"""Anybody's network in a file as a restorer: TorchScript or ONNX, with any names of its inputs."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from degrade.console import one_line
from degrade.types import Image, Mask
from restore_models.foreign import ONNX, Foreign
from restore_models.network import as_image, as_tensor, padded
from restore_models.restorer import ModelError
from restore_models.tiling import Tiling, in_tiles

Pictures = Callable[[Tensor, Tensor], Tensor]
"""(B, 3, H, W) in [0, 1], of degraded pictures (B, 3, H, W) and masks (B, 1, H, W) in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """How a photo is made to fit a network that says nothing of itself."""

    grid: int
    """Both sides of what it sees are padded to a multiple of this; 0 for what its file says, else 1."""

    tiling: Tiling
    device: torch.device


@dataclass(slots=True)
class FilePlan:
    """What tiles go by: of these networks nobody knows how far they see, so their tiles fade into each other."""

    grid: int
    tiling: Tiling
    halo: int
    exact: bool = False
    bytes_per_pixel: int = 0  # unknown: whole photos, unless tiles are asked for or memory runs out


def from_file(path: Path, fitting: Fitting) -> Foreign:
    """The network of a TorchScript or ONNX file.

    Raises:
        ModelError: it is neither, it is damaged, or its inputs are no photo and mask.
    """
    network, said, blind = onnx_network(path, fitting) if path.suffix.lower() in ONNX else script_network(path, fitting)
    try:
        grid = fitting.grid or int(said or 1)
    except ValueError:
        raise ModelError(f"{path}: its note `grid` is {said!r}, no whole number; give --grid N") from None
    if grid < 1:
        raise ModelError(f"{path}: a grid of {grid}; give --grid N, 1 or more")
    plan = FilePlan(grid, fitting.tiling if fitting.tiling.side > 0 else Tiling(0), -(-64 // grid) * grid)

    @torch.inference_mode()
    def answer(image: Image, mask: Mask | None) -> Image:
        height, width = image.shape[:2]
        degraded = as_tensor(image, fitting.device)
        covered = torch.zeros_like(degraded[:, :1]) if mask is None else as_tensor(mask[..., None], fitting.device)
        degraded, covered = (padded(each, -width % grid, -height % grid) for each in (degraded, covered))
        return as_image(in_tiles(sound(network, path.name), degraded, covered, plan)[..., :height, :width])

    return Foreign(path.name, answer, blind=blind)


def sound(network: Pictures, name: str) -> Pictures:
    """The network, with what it gives checked."""

    def checked_network(degraded: Tensor, mask: Tensor) -> Tensor:
        found: Any = network(degraded, mask)
        if not isinstance(found, Tensor):
            raise ModelError(f"{name} gave {type(found).__name__}, not one tensor")
        if found.shape != degraded.shape:
            had, wanted = tuple(found.shape), tuple(degraded.shape)
            raise ModelError(
                f"{name} gave {had} for a photo of {wanted}; give the same, with --grid N if padding helps"
            )
        if not torch.isfinite(found).all():
            raise ModelError(f"{name} gave values that are no numbers (NaN or infinite)")
        low, high = found.min().item(), found.max().item()
        if low < -OVERSHOOT or high > 1 + OVERSHOOT:
            raise ModelError(f"{name} gave values from {low:.3g} to {high:.3g}; photos go in and out in [0, 1]")
        return found

    return checked_network


OVERSHOOT = 0.5
"""How far outside [0, 1] values may lie that are clipped; further out they are on another scale."""


def script_network(path: Path, fitting: Fitting) -> tuple[Pictures, str, bool]:
    """The network of a TorchScript file, its note `grid` if it has one, and whether it takes no mask.

    Raises:
        ModelError: it is damaged, or no TorchScript.
    """
    notes: dict[str, Any] = {"grid": ""}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # torch would rather have new files; people have old ones
        try:
            module = torch.jit.load(str(path), fitting.device, notes).eval()  # type: ignore[no-untyped-call]
        except (RuntimeError, ValueError):
            raise ModelError(
                f"{path}: no TorchScript: make it with torch.jit.trace or script, and its save(); of plain weights "
                "nobody knows the network"
            ) from None
    arguments = [each for each in module.forward.schema.arguments[1:] if not each.has_default_value()]
    wants_mask = len(arguments) > 1 or any(each.name == "mask" for each in module.forward.schema.arguments)
    note = notes["grid"].decode(errors="replace") if isinstance(notes["grid"], bytes) else notes["grid"]
    if wants_mask:
        return module, note, False
    return lambda degraded, _: module(degraded), note, True


class Session(Protocol):
    """What is used of onnxruntime's."""

    def run(self, names: list[str], feed: dict[str, Any]) -> list[Any]:
        """The outputs of those names."""


def onnx_network(path: Path, fitting: Fitting) -> tuple[Pictures, str, bool]:
    """The network of an ONNX file, its metadata `grid` if it has some, and whether it takes no mask.

    Raises:
        ModelError: onnxruntime is missing, the file is damaged, or its inputs are no photo and mask.
    """
    try:
        import onnxruntime  # noqa: PLC0415 - an extra
    except ImportError:
        raise ModelError(f"{path}: needs onnxruntime: pip install 'foxing[onnx]'") from None
    onnxruntime.set_default_logger_severity(3)  # errors; they are raised too
    there = onnxruntime.get_available_providers()
    wanted = ["CUDAExecutionProvider"] if fitting.device.type == "cuda" else []
    if wanted and wanted[0] not in there:
        raise ModelError(f"{path}: this onnxruntime has no CUDA; install onnxruntime-gpu, or take --device cpu")
    try:
        session = onnxruntime.InferenceSession(str(path), providers=[*wanted, "CPUExecutionProvider"])
    except Exception as error:  # its errors have no class of their own
        raise ModelError(f"{path}: no ONNX model that can be run: {one_line(str(error))[:200]}") from None
    photo, mask = photo_and_mask(session.get_inputs(), path)
    output = next((each.name for each in session.get_outputs() if each.name == "restored"), None)
    feed = Feed(session, photo.name, mask.name if mask else "", output or session.get_outputs()[0].name)
    kind = np.dtype(np.float16 if photo.type == "tensor(float16)" else np.float32)
    return feed.of(kind), session.get_modelmeta().custom_metadata_map.get("grid", ""), mask is None


@dataclass(frozen=True, slots=True)
class Feed:
    """An ONNX session, and what its inputs and its output are called."""

    session: Session
    photo: str
    mask: str
    output: str

    def of(self, kind: np.dtype[Any]) -> Pictures:
        """The network that it runs, on numbers of that kind."""

        def network(degraded: Tensor, mask: Tensor) -> Tensor:
            given = {self.photo: degraded} | ({self.mask: mask} if self.mask else {})
            arrays = {name: each.cpu().numpy().astype(kind) for name, each in given.items()}
            (found,) = self.session.run([self.output], arrays)
            return torch.from_numpy(np.asarray(found, np.float32)).to(degraded.device)

        return network


def photo_and_mask(inputs: list[Any], path: Path) -> tuple[Any, Any]:
    """Which inputs take the photo and the mask (None where none does), by their names or else their channels.

    Raises:
        ModelError: none takes a photo, others are left over, or the size is fixed.
    """
    named = {each.name: each for each in inputs}
    channels = {each.shape[1] if len(each.shape) == 4 else None: each for each in reversed(inputs)}
    photo, mask = named.get("degraded", channels.get(3)), named.get("mask", channels.get(1))
    said = ", ".join(f"{each.name} {each.type} {each.shape}" for each in inputs)
    if photo is None or len(inputs) > 1 + (mask is not None):
        raise ModelError(
            f"{path}: its inputs are {said}; one of (1, 3, H, W), and one of (1, 1, H, W) or none, will do"
        )
    if photo.type not in ("tensor(float)", "tensor(float16)"):
        raise ModelError(f"{path}: its photo is {photo.type}; it must take floats in [0, 1]")
    if any(isinstance(side, int) for side in photo.shape[2:]):
        raise ModelError(f"{path}: takes only photos of {photo.shape[3]} x {photo.shape[2]}; export it with free sides")
    return photo, mask
