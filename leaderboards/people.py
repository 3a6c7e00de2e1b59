"""Studies of what people prefer, as pages show them: what `study score` wrote, beside the entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leaderboards.board_numbers import Estimate, estimate_in
from leaderboards.documents import read_json
from leaderboards.entry import EntryError
from leaderboards.study.scoring import FORMAT

PEOPLE = "people"
"""The folder beside the entries of a suite into which results of studies are copied, each under a name of its own."""


@dataclass(frozen=True, slots=True)
class Preferred:
    """A model as people see it."""

    model: str
    score: Estimate
    """Of Bradley and Terry, in logits."""

    share: float
    """How often it is preferred to another one."""

    rank: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a metric says what people say."""

    votes: int
    pairwise: Estimate
    kendall: Estimate


@dataclass(frozen=True, slots=True)
class Study:
    """What came of a study."""

    name: str
    raters: int
    votes: int
    photos: int
    models: tuple[Preferred, ...]
    metrics: Mapping[tuple[str, str], Agreement]
    """By metric and region."""


def studies(folder: Path, suite_id: str) -> tuple[Study, ...]:
    """The studies of a suite, by name.

    Raises:
        EntryError: one is damaged, or of another suite.
    """
    return tuple(study(path, suite_id) for path in sorted((folder / PEOPLE).glob("*.json")))


def study(path: Path, suite_id: str) -> Study:
    """The study in a file.

    Raises:
        EntryError: it is damaged, or of another suite.
    """
    data = read_json(path)
    if data.get("format") != FORMAT:
        raise EntryError(f"{path}: no {FORMAT}; copy the result.json that foxing leaderboard study score writes")
    if data.get("suite_id") != suite_id:
        raise EntryError(f"{path}: a study of {data.get('suite_id')}, not of {suite_id}; put it beside its own entries")
    try:
        return Study(
            name=path.stem,
            raters=int(data["raters"]["kept"]),
            votes=int(data["votes"]),
            photos=int(data["photos"]),
            models=tuple(preferred(each) for each in data["models"]),
            metrics={(each["metric"], each["region"]): agreement(each) for each in data.get("metrics", [])},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EntryError(f"{path}: damaged ({type(error).__name__}: {error}); score the study again") from None


def preferred(found: Mapping[str, Any]) -> Preferred:
    """A model of a result."""
    low, high = found["rank"]
    share = float(found["preferred"])
    return Preferred(str(found["model"]), estimate_in(found["score"]), share, (int(low), int(high)))


def agreement(found: Mapping[str, Any]) -> Agreement:
    """A metric of a result."""
    return Agreement(int(found["votes"]), estimate_in(found["pairwise"]), estimate_in(found["kendall"]))
