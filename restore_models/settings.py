"""The settings of a training: what holds for every model alike."""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Training:
    """How long, how large, how often; 0 is as the model says."""

    steps: int = 0
    """Of each stage."""

    minutes: float = 0.0
    """Of the whole run, shared out among its stages; 0 is as many as the steps take."""

    batch: int = 0
    """Pictures in a step of one process."""

    size: int = 0
    """Side of the crops in pixels."""

    seed: int = 0

    decay: float = 0.5
    """The last share of a stage, in which the learning rate falls linearly to 0."""

    ema: float = 0.999
    """How much of the average weights stays in each step; less in the first ones. 0 for none."""

    clip: float = 10.0
    """Largest norm of gradients, of each optimiser; 0 for any."""

    log_every: int = 50
    """Steps between lines in metrics.jsonl."""

    check_every: int = 500
    """Steps between validations, each with a grid of pictures, and between full checkpoints."""

    checked: int = 32
    """Validation pictures that are scored."""

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        for name in ("steps", "minutes", "batch", "size", "clip", "seed"):
            if not 0 <= getattr(self, name) < inf:
                raise ValueError(f"{name} = {getattr(self, name)}: must be a number from 0")
        for name in ("log_every", "check_every", "checked"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} = {getattr(self, name)}: must be at least 1")
        if not 0 <= self.decay <= 1:
            raise ValueError(f"decay = {self.decay}: must be from 0 to 1")
        if not 0 <= self.ema < 1:
            raise ValueError(f"ema = {self.ema}: must be from 0 up to, not including, 1")


def rate_at(done: float, decay: float) -> float:
    """The share of the learning rate when so much of a stage is done: 1, then falling linearly to 0."""
    return 1.0 if done <= 1 - decay or decay == 0 else max(0.0, (1 - done) / decay)
