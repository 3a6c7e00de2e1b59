"""The verification of an entry, in levels: each rests on the one below, and the first that fails is the last."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmark.contestants import FLOOR
from benchmark.store import ITEMS, RUN, plain, read_rows
from benchmark.suite import Suite, SuiteError
from degrade.console import one_line
from degrade.seeds import stream
from leaderboards.documents import complaints, read_json
from leaderboards.entry import EntryError
from leaderboards.faults import Row
from leaderboards.reading import BADGES, entry_digest, read_suite
from leaderboards.submission import Place

DRAWN = 16
"""Items that are scored or run again: who cheats on a fifth of all is found in 97 of 100 cases, 1 - 0.8^16."""


class UncheckedError(EntryError):
    """What cannot be verified here, for want of something that is nobody's fault: the entry keeps what it had."""


@dataclass(frozen=True, slots=True)
class Draw:
    """An answer that is looked at again."""

    item: str
    seed: int

    def __str__(self) -> str:
        return f"{self.item} (seed {self.seed})" if self.seed else self.item


@dataclass(frozen=True, slots=True)
class Found:
    """What a level says: why it failed, and what else is to be noted."""

    failed: tuple[str, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """An entry that is verified; what lies in its files is read when it is asked for, and checked by level 1 first."""

    place: Place
    known: Path
    """The folder of all entries: its boards are believed."""

    seed: int = 0
    """Of the draw, beside the entry's own hash: chosen when it is verified, or all could be tried before."""

    @property
    def model(self) -> str:
        """Its name."""
        return self.place.folder.name

    @cached_property
    def run(self) -> Mapping[str, Any]:
        """Its record."""
        return read_json(self.place.folder / RUN)

    @property
    def noted(self) -> Mapping[str, Any]:
        """What the record says of the model."""
        found: Mapping[str, Any] = self.run["models"][self.model]
        return found

    @cached_property
    def suite(self) -> Suite:
        """What it was asked."""
        return read_suite(self.place.board)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Its rows."""
        return list(plain(self.table).to_pylist())

    @cached_property
    def table(self) -> pa.Table:
        """Its rows as they lie in the file."""
        return read_rows(self.place.folder / ITEMS)

    @cached_property
    def floor(self) -> pa.Table:
        """The rows of the untouched photo."""
        return read_rows(self.place.board / FLOOR / ITEMS)

    @cached_property
    def floor_rows(self) -> list[dict[str, Any]]:
        """The same, one by one."""
        return list(plain(self.floor).to_pylist())

    def drawn(self) -> list[Draw]:
        """Which answers are looked at again: they hang on the entry's files and the seed, so that nobody can choose."""
        return self._some(row for row in self.rows if row["output_sha256"])

    def drawn_failures(self) -> list[Draw]:
        """Which failures are looked at again: they count as the untouched photo, which may be better than the truth."""
        return self._some(row for row in self.rows if not row["output_sha256"])

    def _some(self, rows: Iterable[Row]) -> list[Draw]:
        there = sorted({(row["item"], row["seed"]) for row in rows})
        order = stream(self.seed, entry_digest(self.place.folder), "verify").units(len(there)).argsort()
        return [Draw(*there[place]) for place in order[:DRAWN].tolist()]

    def rows_of(self, draw: Draw) -> list[Row]:
        """The rows of an answer."""
        return [row for row in self.rows if (row["item"], row["seed"]) == (draw.item, draw.seed)]


def now_answered(draws: Iterable[Draw], answers: Iterable[Mapping[str, Any]], subject: Subject) -> Iterator[str]:
    """The answers that were said to have failed, and do not."""
    for draw, answer in zip(draws, answers, strict=True):
        if answer.get("status") == "ok":
            said = "{status}: {error}".format_map(subject.rows_of(draw)[0])[:200]
            yield f"{draw}: failed when it was scored ({said}), and is answered here; benchmark run --retry failed"


def drawing_seed(typed: int | None, level: int) -> int:
    """The seed of a draw: one that can be known before lets a cheat change an entry until nothing false is drawn."""
    if typed is not None:
        return typed
    return secrets.randbits(32) if level > 2 else 0  # below, nothing is drawn


Level = Callable[[Subject], Found]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of an entry."""

    level: int
    """The highest that it passed."""

    failed: tuple[str, ...]
    notes: Mapping[str, Any]

    unchecked: str = ""
    """What could not be verified, and why."""

    @property
    def badge(self) -> str:
        """Of the level: that of 1 is still what the submitter says."""
        return BADGES[max(self.level - 1, 0)]


def verified(subject: Subject, levels: tuple[Level, ...]) -> Verdict:
    """The verdict: levels are tried from the lowest up, until one fails."""
    notes: dict[str, Any] = {}
    for number, level in enumerate(levels):
        try:
            found = level(subject)
        except UncheckedError as error:
            return Verdict(number, (), notes, f"level {number + 1} was not checked: {one_line(str(error))}")
        except SuiteError as error:
            found = Found((one_line(str(error)),))
        except ModuleNotFoundError:  # a library of ours, and no fault of the entry's
            raise
        except Exception as error:  # what a stranger has written makes any code raise whatever it likes
            found = Found((f"cannot be checked ({type(error).__name__}: {one_line(str(error))[:150]})",))
        notes |= found.notes
        if found.failed:
            return Verdict(number, tuple(f"level {number + 1}: {each}" for each in found.failed), notes)
    return Verdict(len(levels), (), notes)


def record_of(subject: Subject, verdict: Verdict, asked: int, about: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a verdict, see `leaderboards/schemas/verification.json`.

    Args:
        subject: what was verified.
        verdict: what came of it.
        asked: up to which level.
        about: date, hardware and versions.
    """
    head = {"schema": "verification/1", "entry_sha256": entry_digest(subject.place.folder), "badge": verdict.badge}
    told = {"level": verdict.level, "asked": asked, "seed": subject.seed, "failed": [*verdict.failed]}
    return head | told | dict(about) | dict(verdict.notes)


def keeps(there: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether an older record of the same files says as much or more, so that it stays."""
    if there.get("entry_sha256") != new["entry_sha256"] or complaints(there, "verification"):
        return False
    return bool(there["asked"] >= new["asked"] and there["level"] >= new["level"] and not new["failed"])
