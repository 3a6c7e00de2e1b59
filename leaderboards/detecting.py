"""The detector of a checkpoint, as a function from photos to masks."""

from pathlib import Path
from typing import Any

from degrade.types import Image, Mask
from leaderboards.fingerprint import Detect
from restore_models.restorer import ModelError


def detect_by(checkpoint: Path) -> Detect:
    """A detector at its own threshold.

    Raises:
        ModelError: the checkpoint holds none.
    """
    from restore_models.resolve import network_in  # noqa: PLC0415 - torch

    network = network_in(checkpoint, "auto", -1)
    detector: Any = network if hasattr(network, "detect") else getattr(network, "detector", None)
    if detector is None:
        raise ModelError(f"{checkpoint}: weights of {network.name}, which finds no damage; foxing train detector")
    detector.tiling = network.tiling

    def detect(image: Image) -> Mask:
        mask: Mask = detector.binary(detector.detect(image))
        return mask

    return detect
