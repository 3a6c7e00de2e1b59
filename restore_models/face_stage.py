"""A last stage on faces, as it is asked for at the console: ours, or GFP-GAN or CodeFormer where they are installed."""

from pathlib import Path
from typing import Any

from restore_models.device import chosen_device
from restore_models.face_adapters import CodeFormer, GfpGan
from restore_models.face_detectors import CascadeFaces, Yunet, cascade
from restore_models.faces import FaceDetector, FaceRestorer, Refined
from restore_models.resolve import hashed, identity_of, network_in
from restore_models.restorer import ModelError, Restorer

OTHERS = {"gfpgan": GfpGan, "codeformer": CodeFormer}
"""Refiners that are not ours, by what stands before the colon and the file of their weights."""


def with_faces(restorer: Restorer, what: str, finder: Path | None, device: str) -> Restorer:
    """The restorer with a face stage behind it.

    Args:
        restorer: of whole photos.
        what: a folder that `foxing train faces` wrote, `gfpgan:FILE` or `codeformer:FILE`.
        finder: YuNet's weights; faces are found by the cascade of scikit-image where there are none.
        device: where the refiner runs.

    Raises:
        ModelError: there is no such refiner or finder, or what it needs is missing.
    """
    detector: FaceDetector
    if finder is None:
        cascade()  # what it needs is missed before the first photo, not after
        detector = CascadeFaces()
    else:
        detector = Yunet(finder)
    return Refined(restorer, refiner(what, device), detector)


def refiner(what: str, device: str) -> FaceRestorer:
    """What refines faces.

    Raises:
        ModelError: it is none, or what it needs is missing.
    """
    kind, file = named(what)
    if kind:
        return OTHERS[kind](file, device=str(chosen_device(device)))
    network: Any = network_in(file, device, 0)
    if not hasattr(network, "refine"):
        raise ModelError(f"{what}: weights of {network.name}, which refines no faces; foxing train faces makes some")
    found: FaceRestorer = network
    return found


def named(what: str) -> tuple[str, Path]:
    """Whose refiner it is, nothing for our own, and where its weights lie.

    Raises:
        ModelError: a name without weights.
    """
    kind, _, file = what.partition(":")
    if kind.lower() not in OTHERS or Path(what).exists():
        return "", Path(what)
    if not file:
        raise ModelError(f"--faces {what}: where are its weights? write {kind}:FILE; they are in its authors' releases")
    return kind.lower(), Path(file)


def identity(what: str, finder: Path | None) -> str:
    """What tells a face stage from others, for records.

    Raises:
        ModelError: a file is missing.
    """
    kind, file = named(what)
    try:
        refined_by = f"{kind} {hashed(file, file.name)}" if kind else identity_of(what)
        return refined_by if finder is None else f"{refined_by}, found by {hashed(finder, finder.name)}"
    except OSError as error:
        raise ModelError(f"{error.filename}: {error.strerror}; check its name") from None
