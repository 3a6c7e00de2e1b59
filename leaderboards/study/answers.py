"""The files that raters hand in, read as what they are: other people's data, every value of which may be anything."""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn, cast, get_args

from leaderboards.entry import EntryError
from leaderboards.study.key import Key

FORMAT = "foxing-study-answers/1"

MOST_BYTES, MOST_FILES = 4_000_000, 10_000

Answer = Literal["left", "tie", "right"]

ANSWERS: tuple[str, ...] = get_args(Answer)

SESSION = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Given:
    """One rater's answer to one pair."""

    pair: str
    swapped: bool
    answer: Answer
    seconds: float

    @property
    def outcome(self) -> int:
        """0 where the first of the pair is better, 1 for a tie, 2 where the second is."""
        if self.answer == "tie":
            return 1
        return 0 if (self.answer == "left") != self.swapped else 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one rater answered, in order."""

    where: str
    rater: int
    session: str
    given: tuple[Given, ...]

    @property
    def name(self) -> str:
        """Who it was: two people may have taken one number, and differ in their session."""
        return f"{self.rater}-{self.session[:8]}"


def sheets(places: Iterable[Path], key: Key) -> list[Sheet]:
    """The answers in files, or in folders of files; by rater, so that the order of files means nothing.

    Raises:
        EntryError: a file is not of this study, is damaged, or comes twice.
    """
    files = [file for place in places for file in (sorted(place.glob("*.json")) if place.is_dir() else [place])]
    if not files:
        raise EntryError("no answers: the folder holds no .json; raters download one each from the page's end")
    if len(files) > MOST_FILES:
        raise EntryError(f"{len(files)} files of answers, over the limit of {MOST_FILES}; give fewer")
    found: dict[tuple[int, str], Sheet] = {}
    for file in files:
        sheet = read_sheet(file, key)
        there = found.setdefault((sheet.rater, sheet.session), sheet)
        if there is not sheet:
            raise EntryError(f"{file}: the same rater's as {there.where}; keep the one with more answers")
    return [found[who] for who in sorted(found)]


def read_sheet(file: Path, key: Key) -> Sheet:
    """The answers of a file, each compared with what this rater was to be shown.

    Raises:
        EntryError: it is damaged, of another study, or answers what was not asked.
    """
    data = loaded(file)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise EntryError(f"{file}: no answers of a study (format is not {FORMAT}); leave it out")
    if data.get("study") != key.study:
        raise EntryError(f"{file}: answers to another study than {key.study}; score it with that one")
    rater: Any = data.get("rater")
    session: Any = data.get("session")
    if type(rater) is not int or not 1 <= rater <= len(key.plans):
        raise EntryError(f"{file}: no rater number from 1 to {len(key.plans)}; leave it out")
    if not isinstance(session, str) or not SESSION.fullmatch(session):
        raise EntryError(f"{file}: no session of 16 hexadecimal digits; leave it out")
    if data.get("consent") is not True:
        raise EntryError(f"{file}: its rater did not agree to take part; leave it out")
    return Sheet(str(file), rater, session, given_of(data.get("answers"), key, rater, str(file)))


def loaded(file: Path) -> Any:
    """What a file of JSON holds.

    Raises:
        EntryError: it is too large, or no JSON.
    """
    try:
        data = file.read_bytes() if file.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        raise EntryError(f"{file}: cannot be read ({error.strerror}); check its name") from None
    if data is None:
        raise EntryError(f"{file}: over {MOST_BYTES // 1_000_000} MB, no rater's answers; leave it out")
    try:
        return json.loads(data, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        raise EntryError(f"{file}: no JSON, damaged or cut short; ask its rater for it again") from None


def given_of(answers: Any, key: Key, rater: int, where: str) -> tuple[Given, ...]:
    """The answers, each of which must be to the question at its place.

    Raises:
        EntryError: one is not.
    """
    plan = key.plans[rater - 1]
    if not isinstance(answers, list) or len(answers) > len(plan):
        raise EntryError(f"{where}: not a list of at most {len(plan)} answers; leave it out")
    found = []
    for place, (each, asked) in enumerate(zip(answers, plan, strict=False)):
        wanted = {"trial": place, "pair": asked.pair, "swapped": asked.swapped}
        same = isinstance(each, dict) and all(
            type(each.get(name)) is type(value) and each[name] == value for name, value in wanted.items()
        )
        if not same:
            raise EntryError(f"{where}: answer {place} is not to the pair that rater {rater} was shown; leave it out")
        if each.get("answer") not in ANSWERS or not is_time(each.get("seconds")):
            raise EntryError(f"{where}: answer {place} is none of {', '.join(ANSWERS)}, with seconds; leave it out")
        found.append(Given(asked.pair, asked.swapped, cast("Answer", each["answer"]), float(each["seconds"])))
    return tuple(found)


def is_time(value: Any) -> bool:
    """Whether it is a time that somebody can have taken."""
    return type(value) in (int, float) and 0 <= value < 1e7 and math.isfinite(value)


def refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and infinities, which are no JSON.

    Raises:
        ValueError: always.
    """
    raise ValueError(name)
