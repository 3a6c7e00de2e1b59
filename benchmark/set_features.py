"""What sets of photos are compared by: features of a network that the user names, or statistics that need none."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.contestants import is_python, source_digest
from benchmark.pair import Doubles
from benchmark.suite import SuiteError
from degrade.realism import features
from degrade.types import Image
from restore_models.foreign import from_python
from restore_models.resolve import identity_of, network_in

OWN = "statistics"
"""Those of `foxing degrade realism`: no network, no download."""

LARGEST = 640
"""Shorter side to which photos are made smaller for the statistics, as `foxing degrade realism` does."""


CLEAN = "\0clean"
"""Among the names of models: the clean photos."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo that belongs to a set."""

    key: str
    """Its base photo: rows of one are drawn together."""

    name: str
    load: Callable[[], Image]


@dataclass(frozen=True, slots=True)
class Features:
    """What turns a photo into numbers."""

    name: str
    """With a hash of what computes them: only distances by equal names compare."""

    of: Callable[[Image], Doubles] | None = None
    """(dimensions,), of a photo; None for the own statistics."""

    @property
    def own(self) -> bool:
        """Whether they are those of `foxing degrade realism`."""
        return self.of is None

    def photo(self, shown: Shown) -> Doubles:
        """The vector of one photo of a set."""
        assert self.of is not None
        return self.of(shown.load())


def features_of(what: str, device: str = "cpu") -> Features:
    """The features of that name.

    Args:
        what: `statistics`; a folder of our weights, whose widest layer is taken; or `package.module:callable`, which
            makes a vector of a photo.
        device: where networks run.

    Raises:
        ModelError: there are none.
    """
    if what == OWN:
        return Features("foxing-statistics-1")
    if is_python(what):
        model = from_python(what)
        digest = source_digest(what)[:8]
        return Features(f"{what}@{digest}" if digest else what, lambda image: vector(model.answer(image, None), what))
    if Path(what).exists():
        network, lock = network_in(Path(what), device, -1), threading.Lock()
        return Features(f"{identity_of(what)}, widest layer", lambda image: widest(network, image, lock))
    raise SuiteError(f"no features {what!r}: give {OWN}, a folder of weights, or package.module:callable")


def vector(found: Any, what: str) -> Doubles:
    """Somebody's features as one row.

    Raises:
        SuiteError: they are none.
    """
    try:
        return features.vector(found, what)
    except ValueError as error:
        raise SuiteError(str(error)) from None


def widest(network: Any, image: Image, lock: threading.Lock) -> Doubles:
    """The mean and the spread over the picture of the widest layer of a network, the first where several are.

    Whoever asks waits: a layer would tell two at once of each other's pictures.
    """
    import torch  # noqa: PLC0415 - heavy

    layers = [each for each in network.modules() if isinstance(each, torch.nn.Conv2d)]
    chosen = max(range(len(layers)), key=lambda place: (layers[place].out_channels, -place))
    seen: list[Any] = []
    with lock:
        hook = layers[chosen].register_forward_hook(lambda _, __, output: seen.append(output.detach().float()))
        try:
            network.computed(image, None)
        finally:
            hook.remove()
    flat = torch.cat([each.flatten(2)[0] for each in seen], dim=1)  # (channels, places of all tiles)
    return np.asarray(torch.cat([flat.mean(dim=1), flat.std(dim=1, correction=0)]).cpu().numpy(), np.float64)


def scaled(rows: Mapping[str, Doubles]) -> dict[str, Doubles]:
    """Every set in spreads of the clean one, no further than four out: statistics have many units."""
    mean, spread = rows[CLEAN].mean(axis=0), rows[CLEAN].std(axis=0)
    spread[spread < 1e-9] = 1.0
    return {name: np.clip((each - mean) / spread, -4, 4) for name, each in rows.items()}
