"""Metrics of pyiqa (LPIPS, DISTS, NIQE, BRISQUE, MUSIQ ...), pinned: the only file that knows that library."""

import importlib
import math
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from multiprocessing import parent_process
from pathlib import Path
from types import ModuleType

import numpy as np
from PIL import Image as Pillow

from benchmark.fidelity import QUANT
from benchmark.metric import Metric, Scores, UnsupportedError, spec
from benchmark.offline import is_offline, quiet, refusal, watched
from benchmark.pinning import Network, choices, digest, direction, hashes, is_far_out
from benchmark.regions import WHOLE
from benchmark.sets import SetScore
from degrade.console import one_line, reason, tell
from degrade.recipe import nearest
from degrade.seeds import stream
from degrade.types import Image, Mask
from restore_models.restorer import ModelError

LICENCE = (
    "pyiqa is under the PolyForm Noncommercial licence 1.0.0, and its weights under licences of their own; "
    "scores of metrics whose names begin with pyiqa- are for noncommercial purposes"
)

MISSING = "this metric is pyiqa's, which is not installed; install the extra with: pip install 'foxing[metrics]'"

OF_SETS = ("fid", "inception_score")
"""What names of metrics contain that judge folders and not photos."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Whether a metric can run here."""

    name: str

    metric: Metric | None
    """None where it cannot."""

    error: str = ""
    """Why it cannot, in one line."""

    weights: Mapping[str, str] | None = None
    """The SHA-256 of every file of weights that it read, by path."""


@lru_cache(maxsize=1)
def _library() -> ModuleType:
    """Imports pyiqa, which takes seconds, and says its licence; both once.

    Raises:
        ModelError: it is not installed, or cannot be imported.
    """
    if not is_installed():
        raise ModelError(MISSING)
    try:
        with redirect_stdout(sys.stderr):
            library = importlib.import_module("pyiqa")
    except Exception as error:  # whatever one of its many dependencies raises
        raise ModelError(f"pyiqa cannot be imported: {one_line(reason(error))}") from error
    if parent_process() is None:  # a worker's parent has said it
        tell(LICENCE)
    return library


def is_installed() -> bool:
    """Whether there is a pyiqa."""
    return "pyiqa" in sys.modules or find_spec("pyiqa") is not None


def names() -> list[str]:
    """All names that the installed pyiqa knows.

    Raises:
        ModelError: it is not installed.
    """
    return list(_library().list_models())


def probes(wanted: Iterable[str], device: str = "cpu") -> list[Probe]:
    """Which metrics can run here, before a sweep begins: each is built, its weights are hashed, and it scores a chart.

    Without a network, or where `HF_HUB_OFFLINE` is set, nothing tries to fetch anything: the answer comes at once.

    Args:
        wanted: pyiqa's names, such as `lpips` or `niqe`.
        device: where they run; PyTorch's name.
    """
    if not is_installed():  # and nobody need be asked whether weights could be fetched
        return [Probe(name, None, MISSING) for name in wanted]
    offline = is_offline()
    return [_probe(name, device, offline) for name in wanted]


def perceptual(name: str, device: str = "cpu") -> Metric:
    """One of pyiqa's metrics: of whole photos, for what it has is no map.

    Raises:
        ModelError: it cannot run here, and why.
    """
    found = probes([name], device)[0]
    if found.metric is None:
        raise ModelError(f"pyiqa-{name} cannot run: {found.error}")
    return found.metric


def _probe(name: str, device: str, offline: bool) -> Probe:
    files: Mapping[str, None] = {}
    try:
        with watched(offline):
            library = _library()  # not with the metric: what is read by imports is no weights
        with watched(offline) as files, quiet(offline):
            return _built(library, name, device, files)
    except ModelError as error:
        return Probe(name, None, str(error))
    except Exception as error:  # 92 of 106 fail in a dozen ways where weights are missing
        return Probe(name, None, refusal(error, files, offline=offline))


def _built(library: ModuleType, name: str, device: str, files: Iterable[str]) -> Probe:
    known = library.list_models()
    if name not in known:
        raise ModelError(f"pyiqa has no metric {name!r}{nearest(name, known)}")
    if is_of_sets(name):
        raise ModelError(f"{name} judges folders of photos and not photos; foxing benchmark sets --metric pyiqa-{name}")
    both: list[Network] = [library.create_metric(name, device=device) for _ in range(2)]
    weights = hashes(files)
    scores = [OfPhoto(f"pyiqa-{name}", network, threading.Lock(), weights) for network in both]
    values = [score(CHART, CHART[::-1], None)[WHOLE] for score in scores]
    if not all(map(math.isfinite, values)):
        raise ModelError(f"it gives {values[0]} for a test picture")
    if not math.isclose(*values, rel_tol=1e-4, abs_tol=1e-6):
        read = f" in {', '.join(weights)}" if weights else ""
        raise ModelError(
            f"built twice it gives {values[0]:.6g} and {values[1]:.6g} for one picture: its weights are not all there"
            f"{read}, or there is chance in it"
        )
    learnt = digest(weights, *(network.state_dict() for network in both))
    pins = spec(f"pyiqa-{name}", 1, {"pyiqa": library.__version__, **pinned(both[0]), "weights": learnt})
    metric = Metric(f"pyiqa-{name}", pins, not both[0].lower_better, scores[0], both[0].metric_mode != "NR")
    return Probe(name, metric, weights=weights)


def pinned(network: Network) -> dict[str, str | float]:
    """What its spec says of a metric of photos, beside the versions."""
    return {**direction(network), **choices(network), **QUANT}


def is_of_sets(name: str) -> bool:
    """Whether a metric of pyiqa's judges folders."""
    return any(part in name for part in OF_SETS)


@dataclass(frozen=True, slots=True, eq=False)
class OfPhoto:
    """The `score` of a metric of pyiqa's, one photo at a time: not all of its networks are safe among threads."""

    name: str

    network: Network

    lock: threading.Lock

    weights: Mapping[str, str]
    """The SHA-256 of every file of weights that it read, by path."""

    def __call__(self, restored: Image, clean: Image | None, mask: Mask | None) -> Scores:
        """The value of the whole photo.

        Raises:
            UnsupportedError: there is no clean photo, the metric fails on one smaller than it was tried with, or it
                gives a number that cannot be meant, as some do of flat pictures.
        """
        alone = self.network.metric_mode == "NR"
        if clean is None and not alone:
            raise UnsupportedError(f"{self.name} needs the clean photo")
        try:
            with self.lock:
                ref = None if alone or clean is None else Pillow.fromarray(clean)
                value = float(self.network(Pillow.fromarray(restored), ref))
        except Exception as error:
            height, width = restored.shape[:2]
            if min(height, width) >= len(CHART):
                raise
            why = f"{type(error).__name__}: {one_line(reason(error))}"
            raise UnsupportedError(f"{self.name} has no value for {width} x {height} pixels ({why})") from error
        if is_far_out(value, self.network):
            raise UnsupportedError(f"{self.name} gave {value:g}, far outside its range of {self.network.score_range}")
        return {WHOLE: value}


def folder_score(name: str, restored: Path, clean: Path, device: str = "cpu") -> SetScore:
    """How far two folders of photos lie apart by one of pyiqa's metrics of sets, such as `fid`.

    Raises:
        ModelError: there is no such metric, or it cannot run here.
    """
    if not is_of_sets(name):
        raise ModelError(f"{name} judges photos and not folders; foxing benchmark run --metric pyiqa-{name}")
    photos = len(list(restored.iterdir())), len(list(clean.iterdir()))
    offline, files = is_offline(), dict[str, None]()
    try:
        with watched(offline):
            library = _library()
        with watched(offline) as files, quiet(offline):
            network = library.create_metric(name, device=device)
            found = network(str(restored), str(clean), num_workers=0, verbose=False)
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(f"pyiqa-{name} cannot run: {refusal(error, files, offline=offline)}") from error
    learnt = digest(hashes(files), network.state_dict(), network.state_dict())
    settings = {"pyiqa": library.__version__, **direction(network), "weights": learnt}
    value = found[f"{name}_mean"] if isinstance(found, Mapping) else found  # of the inception score there is a mean
    return SetScore(spec(f"pyiqa-{name}", 1, settings), float(value), photos)


def _chart() -> Image:
    """Waves, an edge and grain: something for every metric to look at, the same everywhere."""
    down, across = np.mgrid[:256, :256]
    waves = 110 + 50 * np.sin(across / 9) * np.cos(down / 23) + 40 * (down > across)
    grain = stream(1, "benchmark", "chart").units(256, 256, 3)
    return np.rint(waves[..., None] + 30 * grain).astype(np.uint8)


CHART = _chart()
