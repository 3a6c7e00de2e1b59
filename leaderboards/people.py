"""Studies of what people prefer, as pages show them: what `study score` wrote, beside the entries."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from degrade.io import write_text
from leaderboards.board_numbers import Estimate, estimate_in
from leaderboards.documents import read_json
from leaderboards.entry import NAME, PEOPLE, EntryError, folder_name
from leaderboards.study.scoring import FORMAT


@dataclass(frozen=True, slots=True)
class Preferred:
    """A model as people see it."""

    model: str
    score: Estimate
    """Of Bradley and Terry, in logits."""

    share: float
    """How often it is preferred to another one, in per cent."""

    rank: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a metric says what people say."""

    votes: int
    pairwise: Estimate
    kendall: Estimate


@dataclass(frozen=True, slots=True)
class Study:
    """What people preferred in a study, and how steady that is."""

    name: str
    raters: int
    votes: int
    photos: int
    models: tuple[Preferred, ...]
    metrics: Mapping[tuple[str, str], Agreement]
    """By metric and region."""


def publish(result: Path, root: Path, name: str) -> Path:
    """Put a result beside the entries of its suite, where the pages show it; without who was left out and why.

    Raises:
        EntryError: it is of no suite that has entries, it is damaged, or another study has that name.
        OSError: it cannot be written.
    """
    data = dict(read_json(result))
    suite_id = str(data.get("suite_id") or "")
    if not suite_id:
        raise EntryError(f"{result}: a study of plain folders, so there is no page of a suite that it could be on")
    study(result, suite_id)
    board = root / folder_name(suite_id)
    if not board.is_dir():
        raise EntryError(f"{board}: no such folder; bring the models first: foxing leaderboard add RUN")
    if not NAME.fullmatch(name):
        raise EntryError(f"--publish {name!r}: no name for a file; a-z, 0-9, dots, dashes and underscores, 64 at most")
    path = board / PEOPLE / f"{name}.json"
    if path.is_file() and (there := read_json(path).get("study")) != data.get("study"):
        raise EntryError(f"{path}: is study {there}, this one is {data.get('study')}; give it another name")
    raters = {key: value for key, value in data["raters"].items() if key != "left_out"}
    write_text(path, json.dumps(data | {"raters": raters}, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    return path


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
