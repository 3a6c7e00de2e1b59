"""A stage of a training: all that it hangs on, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch

from degrade.seeds import stream
from restore_models.learning import Runtime
from restore_models.restorer import Stage, Weights
from restore_models.settings import Training
from restore_models.training_data import Opened


class TrainingError(RuntimeError):
    """A training that cannot go on: why, what is kept, and what to do, in one line."""


class Watcher(Protocol):
    """Whoever follows a training."""

    def begins(self, stage: str, done: float) -> None:
        """A stage begins, or goes on when so much of it is done."""

    def stepped(self, step: int, done: float, losses: Mapping[str, float]) -> None:
        """So many steps are done, which is such a share of the stage."""

    def tell(self, text: str) -> None:
        """A line that a person should see."""


@dataclass(frozen=True, slots=True)
class World:
    """This process among those that train together."""

    rank: int = 0
    size: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class StageRun:
    """All that the training of a stage hangs on."""

    stage: Stage
    config: Any
    training: Training
    runtime: Runtime
    opened: Opened
    folder: Path
    """For this stage's states; metrics.jsonl and grids/ lie beside it."""

    watcher: Watcher
    steps: int
    batch: int
    minutes: float = 0.0
    """If not 0, how long, whatever the steps."""

    world: World = field(default_factory=World)
    workers: int = 0
    start: Weights | None = None
    """Weights from which to start, instead of random ones, as far as their names fit."""

    curves: Any = None
    """TensorBoard's writer, where curves are wanted."""


@dataclass(slots=True)
class Progress:
    """How far a stage is."""

    step: int = 0
    seconds: float = 0.0
    best: float = float("-inf")
    score: float = float("nan")
    batch: int = 0
    score_name: str = "score"
    """What the score is: each learner has its own."""


def finite(number: float) -> float | None:
    """The number, for JSON, which knows no others."""
    return number if abs(number) < float("inf") else None


def seeded(run: StageRun, what: int | str) -> None:
    """Set torch's stream for one thing, a step mostly: what is drawn in it hangs on nothing that came before.

    All processes begin with the same weights; in a step each draws its own noise.
    """
    rank = run.world.rank if isinstance(what, int) else 0
    torch.manual_seed(stream(run.training.seed, "training", run.stage.name, what, rank).word() >> 1)


def done_share(run: StageRun, progress: Progress) -> float:
    """The share of the stage that is done."""
    if run.minutes:
        return progress.seconds / (60 * run.minutes)
    return progress.step / run.steps
