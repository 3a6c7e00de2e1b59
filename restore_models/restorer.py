"""What every model is to whoever uses it: a thing that restores a photo. And what the zoo knows of it. No torch."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from degrade.types import Image, Mask

if TYPE_CHECKING:
    from restore_models.learning import Learner, Runtime
    from restore_models.network import PhotoNetwork


class ModelError(ValueError):
    """A model, a checkpoint or a setting that cannot be used: which, why, and what to do, in one line."""


class Restorer(Protocol):
    """Anything that restores: the whole contract."""

    @property
    def name(self) -> str:
        """What it is called; a class variable or a plain attribute will do."""

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """The restored photo, of the same size.

        Args:
            image: of any size from 16 x 16 pixels; it is not changed.
            mask: (H, W); what structured damage covers, 0 intact to 255 hidden. None where nobody knows.
        """


class Forecaster(Protocol):
    """A restorer that knows what it will need."""

    def peak_bytes(self, height: int, width: int) -> int:
        """Memory in bytes that a photo of that size takes, beside the process itself."""


Data = Literal["clean", "degraded", "mask", "old"]

Needs = Literal["nothing", "training", "a photo's own time"]
"""What stands between a model and a result: classical ones need nothing, deep image prior learns from each photo."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of a model's training: a learner of its own, after which its networks are kept and stay as they are."""

    name: str

    learner: "Callable[[Any, Runtime, Mapping[str, Weights]], Learner]"
    """Makes the learner from the model's configuration, where it runs, and what earlier stages left, by stage."""

    steps: int
    """How many, where nobody says otherwise: enough for a result worth looking at on one GPU."""

    share: float = 1.0
    """Of the time, where the time is given: relative to the other stages."""

    needs: frozenset[Data] = frozenset(("clean", "degraded"))
    """Which pictures a batch must hold."""

    welcome: frozenset[Data] = frozenset()
    """Which pictures it holds besides where there are some."""

    batch: int = 0
    """Pictures in a batch where nobody says otherwise; 0 is the model's own number."""


Weights = Mapping[str, Any]
"""Tensors by name, `network.parameter`."""


@dataclass(frozen=True, slots=True)
class Model:
    """What the zoo knows of a model."""

    name: str

    about: str
    """One sentence: what it is and does."""

    source: str

    needs: Needs

    build: "Callable[[Any], Any]"
    """A restorer (or a detector) from its configuration; of a model that needs training, one with random weights."""

    config: Any = None
    """A frozen dataclass with the defaults; None where there is nothing to choose."""

    stages: tuple[Stage, ...] = ()

    assemble: "Callable[[Any, Mapping[str, Weights]], PhotoNetwork] | None" = None
    """The network in use, from the configuration and what each stage left, by the stage's name."""

    finish: "Callable[[Any, Iterable[Mapping[str, Any]]], Any] | None" = None
    """What is still set by validation pairs when all is learned, such as a threshold: the network as it then is."""

    wants_mask: bool = False
    """Whether it does little or nothing without a mask."""

    perceptual: bool = False
    """Whether VGG-19 is a part of its losses."""

    batch: int = 8
    """Pictures in a batch where nobody says otherwise."""

    size: int = 256
    """Side of the crops where nobody says otherwise."""


def checked(image: Image, mask: Mask | None) -> None:
    """Refuse what is no photo, or a mask that is not its own.

    Raises:
        ModelError: with the shapes in words.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise ModelError(f"a photo is uint8 of (H, W, 3), not {image.dtype} of {image.shape}")
    if min(image.shape[:2]) < SMALLEST:
        height, width = image.shape[:2]
        raise ModelError(f"{width} x {height} pixels, smaller than {SMALLEST} x {SMALLEST}; give a larger photo")
    if mask is not None and (mask.dtype != np.uint8 or mask.shape != image.shape[:2]):
        raise ModelError(f"a mask of this photo is uint8 of {image.shape[:2]}, not {mask.dtype} of {mask.shape}")


SMALLEST = 16
"""Pixels on the shorter side."""
