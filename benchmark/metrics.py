"""The tables of metrics, and all of the core at once for one pair."""

from collections.abc import Iterable, Mapping

from benchmark.colour import CIEDE2000
from benchmark.detecting import DETECTION_METRICS
from benchmark.fidelity import MAE, PSNR, PSNR_Y
from benchmark.gradients import GMSD
from benchmark.metric import Metric, Scores, UnsupportedError
from benchmark.naturalness import NIQE_SELF
from benchmark.pair import OfPair, pair
from benchmark.spectrum import SPECTRUM
from benchmark.ssim import MS_SSIM, SSIM
from degrade.types import Image, Mask

__all__ = ["DETECTION_METRICS", "METRICS", "WITHOUT_REFERENCE", "scores"]

METRICS: Mapping[str, Metric] = {
    metric.name: metric for metric in (PSNR, PSNR_Y, SSIM, MS_SSIM, GMSD, MAE, CIEDE2000, SPECTRUM)
}
"""The core, by name: no weights, no network, the project's own licence."""

WITHOUT_REFERENCE: Mapping[str, Metric] = {NIQE_SELF.name: NIQE_SELF}
"""Those that need no clean photo."""


def scores(
    restored: Image, clean: Image, mask: Mask | None = None, metrics: Iterable[Metric] = tuple(METRICS.values())
) -> dict[str, Scores]:
    """What metrics say of a pair, by name and region; what several of them need is made once.

    Args:
        restored: what a model made.
        clean: what it should be.
        mask: what structured damage covered, for the regions; None where nobody knows.
        metrics: those of `METRICS` where none are given. Those that have no value for photos of this size are absent.

    Raises:
        ModelError: the photos or the mask are none, or of different sizes.
    """
    both, found = pair(restored, clean, mask), dict[str, Scores]()
    for metric in metrics:
        try:
            if isinstance(metric.score, OfPair):
                found[metric.name] = metric.score.compute(both)
            else:
                found[metric.name] = metric.score(restored, clean, mask)
        except UnsupportedError:
            continue
    return found
