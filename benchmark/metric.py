"""What a metric is: a named pure function with a direction, and a spec that says exactly which one it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from degrade.types import Image, Mask
from restore_models.restorer import ModelError


class UnsupportedError(ModelError):
    """A metric has no value for this picture, by its definition: which, and what it needs. No fault of a restorer."""


Scores = Mapping[str, float]
"""The value by region; a region that has no pixels is not there."""

Scorer = Callable[[Image, Image | None, Mask | None], Scores]
"""Takes a restored photo, the clean one, and what structured damage covered (None where nobody knows)."""

DetectionScorer = Callable[[Mask, Mask], Scores]
"""Takes a soft mask that was found, and the true one."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A score of a restored photo."""

    name: str

    spec: str
    """Name, version and all settings: only values of equal specs may be compared."""

    higher_is_better: bool

    score: Scorer
    """Raises `UnsupportedError` where the metric is not defined for pictures of that size."""

    needs_clean: bool = True
    """Whether it compares with the clean photo; those that do not take None for it."""


@dataclass(frozen=True, slots=True)
class DetectionMetric:
    """A score of a soft mask of defects."""

    name: str

    spec: str

    higher_is_better: bool

    score: DetectionScorer
    """Raises `UnsupportedError` where there are no defects, or nothing else."""


def spec(name: str, version: int, settings: Mapping[str, str | float]) -> str:
    """The name, the version and the settings in the order given: `psnr/v1?space=rgb&range=255`."""
    return f"{name}/v{version}?" + "&".join(f"{key}={value}" for key, value in settings.items())
