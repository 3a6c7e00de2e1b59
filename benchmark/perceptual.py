"""Metrics of pyiqa (LPIPS, DISTS, NIQE, BRISQUE, MUSIQ ...), pinned: the only file that knows that library."""

import hashlib
import importlib
import math
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from PIL import Image as Pillow

from benchmark.fidelity import QUANT
from benchmark.metric import Metric, Scores, UnsupportedError, spec
from benchmark.offline import is_offline, watched
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

UNFETCHED = "; its weights are not here, and there is no network to fetch them"

OF_SETS = ("fid", "inception_score")
"""What names of metrics contain that judge folders and not photos."""


class Network(Protocol):
    """A metric as pyiqa makes it."""

    metric_mode: str
    """FR: with the clean photo; NR: without."""

    lower_better: bool

    def __call__(self, target: Any, ref: Any = None) -> Any:
        """The value, as a tensor; of Pillow's pictures or of names of folders."""

    def state_dict(self) -> Mapping[str, Any]:
        """All numbers it has learnt."""


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
        library = importlib.import_module("pyiqa")
    except Exception as error:  # whatever one of its many dependencies raises
        raise ModelError(f"pyiqa cannot be imported: {one_line(reason(error))}") from error
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
    try:
        with watched(offline) as files, redirect_stdout(sys.stderr):  # it prints what it downloads
            metric = _built(_library(), name, device, files)
    except ModelError as error:
        return Probe(name, None, str(error))
    except Exception as error:  # 92 of 106 fail in a dozen ways where weights are missing
        hint = UNFETCHED if offline and isinstance(error, OSError) else ""
        return Probe(name, None, f"{type(error).__name__}: {one_line(reason(error))[:300]}{hint}")
    return Probe(name, metric, weights=_hashes(files))


def _built(library: ModuleType, name: str, device: str, files: Iterable[str]) -> Metric:
    known = library.list_models()
    if name not in known:
        raise ModelError(f"pyiqa has no metric {name!r}{nearest(name, known)}")
    if is_of_sets(name):
        raise ModelError(f"{name} judges folders of photos and not photos; `folder_score` gives it")
    both: list[Network] = [library.create_metric(name, device=device) for _ in range(2)]
    scores = [OfPhoto(f"pyiqa-{name}", network, threading.Lock()) for network in both]
    values = [score(CHART, CHART[::-1], None)[WHOLE] for score in scores]
    if not all(map(math.isfinite, values)):
        raise ModelError(f"it gives {values[0]} for a test picture")
    if not math.isclose(*values, rel_tol=1e-4, abs_tol=1e-6):
        raise ModelError(
            f"built twice it gives {values[0]:.6g} and {values[1]:.6g} for one picture: its weights are not all there, "
            "or there is chance in it"
        )
    weights = _digest(_hashes(files), *(network.state_dict() for network in both))
    pinned = spec(f"pyiqa-{name}", 1, {"pyiqa": library.__version__, **QUANT, "weights": weights})
    return Metric(f"pyiqa-{name}", pinned, not both[0].lower_better, scores[0], both[0].metric_mode != "NR")


def is_of_sets(name: str) -> bool:
    """Whether a metric of pyiqa's judges folders."""
    return any(part in name for part in OF_SETS)


def _hashes(files: Iterable[str]) -> dict[str, str]:
    there = [path for path in map(Path, sorted(files)) if path.is_file()]  # and not half of a download, since renamed
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in there}


def _digest(files: Mapping[str, str], one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Of all that was learnt: the files that were read, and what the networks hold that does not differ by chance."""
    total = hashlib.sha256("".join(sorted(files.values())).encode())
    for name in sorted(one):
        numbers, again = (np.asarray(each[name].cpu().double()) for each in (one, other))
        total.update(f"{name} {numbers.shape}".encode())
        if np.array_equal(numbers, again):
            total.update(numbers.tobytes())
    return total.hexdigest()[:16]


@dataclass(frozen=True, slots=True, eq=False)
class OfPhoto:
    """The `score` of a metric of pyiqa's, one photo at a time: not all of its networks are safe among threads."""

    name: str

    network: Network

    lock: threading.Lock

    def __call__(self, restored: Image, clean: Image | None, mask: Mask | None) -> Scores:
        """The value of the whole photo.

        Raises:
            UnsupportedError: there is no clean photo, or the metric fails on one smaller than it was tried with.
        """
        alone = self.network.metric_mode == "NR"
        if clean is None and not alone:
            raise UnsupportedError(f"{self.name} needs the clean photo")
        try:
            with self.lock:
                ref = None if alone or clean is None else Pillow.fromarray(clean)
                return {WHOLE: float(self.network(Pillow.fromarray(restored), ref))}
        except Exception as error:
            height, width = restored.shape[:2]
            if min(height, width) >= len(CHART):
                raise
            why = f"{type(error).__name__}: {one_line(reason(error))}"
            raise UnsupportedError(f"{self.name} has no value for {width} x {height} pixels ({why})") from error


def folder_score(name: str, restored: Path, clean: Path, device: str = "cpu") -> SetScore:
    """How far two folders of photos lie apart by one of pyiqa's metrics of sets, such as `fid`.

    Raises:
        ModelError: there is no such metric, or it cannot run here.
    """
    if not is_of_sets(name):
        raise ModelError(f"{name} judges photos and not folders; `perceptual` gives it")
    photos = len(list(restored.iterdir())), len(list(clean.iterdir()))
    try:
        with watched(is_offline()) as files, redirect_stdout(sys.stderr):
            library = _library()
            network = library.create_metric(name, device=device)
            value = float(network(str(restored), str(clean), num_workers=0, verbose=False))
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(f"pyiqa-{name} cannot run: {type(error).__name__}: {one_line(reason(error))[:300]}") from error
    weights = _digest(_hashes(files), network.state_dict(), network.state_dict())
    pinned = spec(f"pyiqa-{name}", 1, {"pyiqa": library.__version__, "weights": weights})
    return SetScore(pinned, value, photos)


def _chart(side: int = 256) -> Image:
    """Waves, an edge and grain: something for every metric to look at, the same everywhere."""
    down, across = np.mgrid[:side, :side]
    waves = 110 + 50 * np.sin(across / 9) * np.cos(down / 23) + 40 * (down > across)
    grain = stream(1, "benchmark", "chart").units(side, side, 3)
    return np.rint(waves[..., None] + 30 * grain).astype(np.uint8)


CHART = _chart()
