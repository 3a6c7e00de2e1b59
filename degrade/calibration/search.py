"""The search for the knobs' turns: Optuna keeps every trial in a file, so that a broken-off fit goes on."""

import json
import logging
import math
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from degrade.calibration.knobs import Knob
from degrade.seeds import stream

if TYPE_CHECKING:
    from optuna import Study
    from optuna.distributions import BaseDistribution

EXPLORING = 16
"""Trials around the base in which only coarse knobs are turned, half of them at a time. Behind them every fourth is
drawn anew where good ones lie, the others go on from the best so far. The kind of a trial hangs on its number alone: a
longer fit begins as a shorter one does."""

TIES = 0.01
"""What a knob turned fully costs: those that make no difference stay where the base has them."""

FIRST_STEP, SHORTEST, LONGEST = 0.3, 0.05, 0.5
"""Deviation of a step from the best: it grows with success and shrinks without (the rule of a fifth)."""

GROWS, SHRINKS = 1.35, 0.93

BEGINNING = {"op_code": 0, "study_name": "calibration"}
"""What the first line of a file of trials holds: Optuna's journal makes the study."""

MOVED = 5
"""Knobs that a step moves on average, or a fifth of them where that is more."""

Loss = Callable[[dict[str, float]], float]


class OtherFitError(ValueError):
    """The file of trials is of another fit, or none at all."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one trial tried, and what came of it."""

    turns: dict[str, float]
    loss: float


class Search:
    """A fit's trials, those of earlier runs included."""

    def __init__(self, knobs: Sequence[Knob], kept: Path | None, fit: str, seed: int) -> None:
        """Open the file of trials.

        Args:
            knobs: what is turned.
            kept: where trials are kept; in memory alone without a file.
            fit: what distinguishes this fit from others: the same file is only for the same fit.
            seed: of all proposals.

        Raises:
            OtherFitError: the file is of another fit, or damaged.
        """
        self.knobs = tuple(knobs)
        self.seed = seed
        self._study = _study(kept)
        if self._study.user_attrs.get("fit", fit) != fit:
            raise OtherFitError(f"{kept}: trials of another fit; remove the file, or name another --out")
        self._study.set_user_attr("fit", fit)
        self.trials = [Trial(each.params, each.value) for each in self._study.trials if each.value is not None]

    @property
    def wrote(self) -> str:
        """The digest of what was last written of this fit; kept with the trials."""
        return str(self._study.user_attrs.get("wrote", ""))

    @wrote.setter
    def wrote(self, digest: str) -> None:
        self._study.set_user_attr("wrote", digest)

    @property
    def best(self) -> Trial:
        """The trial with the least loss; of equal ones the first."""
        return min(self.trials, key=lambda each: each.loss)

    def run(self, loss: Loss, until: Callable[[int], bool], tick: Callable[[], None]) -> None:
        """Try until told to stop; the first trial is the base as it is.

        Args:
            loss: of a trial's turns; what the turns themselves cost is added here.
            until: told how many trials are done, says whether that is enough.
            tick: called behind each trial.
        """
        while not until(len(self.trials)):
            turns = self._proposed(len(self.trials))
            ties = TIES * math.fsum(each**2 for each in turns.values())
            self._keep(Trial(turns, loss(turns) + ties))
            tick()

    def _proposed(self, number: int) -> dict[str, float]:
        if not number:
            return dict.fromkeys((each.name for each in self.knobs), 0.0)
        if number < EXPLORING:
            coarse = [each.name for each in self.knobs if each.coarse]
            return self._stepped(number, self.trials[0].turns, coarse, 0.5, FIRST_STEP)
        if number % 4 == 0:
            return self._drawn(number)
        names = [each.name for each in self.knobs]
        share = max(0.2, min(1.0, MOVED / len(names)))
        return self._stepped(number, self.best.turns, names, share, self._length(number))

    def _stepped(
        self, number: int, start: dict[str, float], names: Sequence[str], share: float, length: float
    ) -> dict[str, float]:
        """Some of the knobs a little further either way."""
        source = stream(self.seed, "calibrate", "step", number)
        turns = dict(start)
        for name in names:
            moves, step = source.unit() < share, source.normal()
            if moves:
                turns[name] = round(min(max(turns[name] + length * step, -1.0), 1.0), 3)
        return turns

    def _drawn(self, number: int) -> dict[str, float]:
        """Coarse knobs where good trials are dense against bad ones, the others as in the best so far.

        Source: the tree-structured Parzen estimator of Bergstra et al. 2011, in Optuna's form for joint draws.
        """
        from optuna import create_study  # noqa: PLC0415 - the extra `realism`
        from optuna.samplers import TPESampler  # noqa: PLC0415
        from optuna.trial import create_trial  # noqa: PLC0415

        space = self._space(coarse=True)
        source = stream(self.seed, "calibrate", "draw", number).seed()
        with quiet():
            study = create_study(sampler=TPESampler(seed=source, multivariate=True))
            for each in self.trials:
                params = {name: each.turns[name] for name in space}
                study.add_trial(create_trial(params=params, distributions=space, value=each.loss))
            drawn = study.ask(space).params
        return self.best.turns | {name: round(turn, 3) for name, turn in drawn.items()}

    def _length(self, number: int) -> float:
        """Of the steps at that trial: hangs on what the steps before it brought."""
        length, least = FIRST_STEP, min(each.loss for each in self.trials[:EXPLORING])
        for at, each in enumerate(self.trials[EXPLORING:number], EXPLORING):
            if at % 4:
                length = min(max(length * (GROWS if each.loss < least else SHRINKS), SHORTEST), LONGEST)
            least = min(least, each.loss)
        return length

    def _space(self, coarse: bool = False) -> dict[str, "BaseDistribution"]:
        from optuna.distributions import FloatDistribution  # noqa: PLC0415 - the extra `realism`

        return {each.name: FloatDistribution(-1, 1, step=0.001) for each in self.knobs if each.coarse or not coarse}

    def _keep(self, trial: Trial) -> None:
        from optuna.trial import create_trial  # noqa: PLC0415 - the extra `realism`

        with quiet():
            self._study.add_trial(create_trial(params=trial.turns, distributions=self._space(), value=trial.loss))
        self.trials.append(trial)


def _study(kept: Path | None) -> "Study":
    from optuna import create_study  # noqa: PLC0415 - the extra `realism`
    from optuna.storages import JournalStorage  # noqa: PLC0415
    from optuna.storages.journal import JournalFileBackend, JournalFileSymlinkLock  # noqa: PLC0415

    class NoLock(JournalFileSymlinkLock):
        """Whoever fits holds the file: a lock of Optuna's that a killed run left would be waited for."""

        def acquire(self) -> bool:
            """At once."""
            return True

        def release(self) -> None:
            """Nothing."""

    if kept and kept.is_file():
        _check(kept)
    with quiet():
        storage = JournalStorage(JournalFileBackend(str(kept), NoLock(str(kept)))) if kept else None
        return create_study(storage=storage, study_name="calibration", load_if_exists=True)


def _check(kept: Path) -> None:
    """Refuse what is no file of trials, for Optuna would write in it; and cut off a last line that is not whole.

    Behind half a line Optuna would write the next trial, and read neither again.

    Raises:
        OtherFitError: it is none, or damaged.
    """
    *lines, rest = kept.read_bytes().split(b"\n")
    if not (_are_trials(lines) and (lines or not rest or rest.startswith(b'{"op_code"'))):
        raise OtherFitError(f"{kept}: damaged, or no file of trials; remove it, or name another --out")
    if rest:
        os.truncate(kept, kept.stat().st_size - len(rest))


def _are_trials(lines: Sequence[bytes]) -> bool:
    try:
        entries = [json.loads(line) for line in lines]
    except ValueError:
        return False
    return all(isinstance(each, dict) and "op_code" in each for each in entries) and (
        not entries or entries[0] == entries[0] | BEGINNING
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Optuna without its own log, and without its warning that parts of it may change."""
    from optuna import logging as told  # noqa: PLC0415 - the extra `realism`
    from optuna.exceptions import ExperimentalWarning  # noqa: PLC0415

    told.set_verbosity(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        yield
