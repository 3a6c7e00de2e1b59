"""All entries that can be read, and where the others lie and why they cannot: one damaged file stops nobody else's."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchmark.contestants import FLOOR
from benchmark.store import ITEMS, KEY, RUN
from benchmark.suite import Suite
from degrade.console import one_line
from degrade.decoding import opened
from leaderboards.entry import CARD, NAME, SUITE, Entry, EntryError
from leaderboards.faults import OF_PHOTO
from leaderboards.pictures import shown_by
from leaderboards.pooling import own_rows
from leaderboards.reading import is_model, read_entry, read_suite
from restore_models.restorer import ModelError

Made = TypeVar("Made")

LONGEST = 240
"""Letters of a reason."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What could not be read."""

    place: str
    """Below the folder of all entries."""

    why: str

    @property
    def suite(self) -> str:
        """The folder of the suite that it would be of."""
        return self.place.partition("/")[0]

    def __str__(self) -> str:
        return f"{self.place}: {self.why}"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What lies in the folder of all entries."""

    boards: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    """The current entries by the id of their suite; withdrawn ones say so."""

    left_out: tuple[LeftOut, ...] = ()


def gathered(root: Path) -> Gathered:
    """The entries of all suites, without those that are damaged.

    Raises:
        EntryError: there is no such folder.
    """
    if not root.is_dir():
        raise EntryError(f"{root}: no such folder; foxing leaderboard add RUN --entries {root} makes it")
    boards: dict[str, Sequence[Entry]] = {}
    left_out: list[LeftOut] = []
    for place in sorted(each for each in root.iterdir() if each.is_dir() and not each.name.startswith(".")):
        folders = [*entry_folders(place)]
        suite = tried(place, root, left_out, partial(read_suite, place)) if folders else None
        found = [tried(each, root, left_out, partial(sound, each, suite)) for each in folders] if suite else []
        there = [each for each in found if each is not None]
        if suite and any(each.model == FLOOR for each in there):
            boards[suite.suite_id] = there
        elif there:
            why = f"no entry of {FLOOR} that can be read; all others are measured against it"
            left_out.append(LeftOut(place.name, why))
    return Gathered(boards, tuple(left_out))


def entry_folders(place: Path) -> Iterator[Path]:
    """What looks like a model's folder beside a suite: with a card, or with a record and none."""
    for folder in sorted(place.iterdir()):
        if folder.is_dir() and is_model(folder.name) and any((folder / name).is_file() for name in (CARD, RUN, ITEMS)):
            yield folder


def tried(place: Path, root: Path, left_out: list[LeftOut], make: Callable[[], Made]) -> Made | None:
    """What is made of a folder; where it cannot be, None and a line more of what was left out."""
    try:
        return make()
    except ModuleNotFoundError:  # a library of ours, and no fault of the folder's
        raise
    except Exception as error:  # what a stranger has written makes any code raise whatever it likes
        left_out.append(LeftOut(place.relative_to(root).as_posix(), reason(error, place)))
    return None


def reason(error: Exception, place: Path) -> str:
    """Why something could not be read, in a line that does not name the machine's folders again."""
    said = one_line(str(error)).removeprefix(f"{place}: ").replace(f"{place}/", "").replace(str(place), place.name)
    return (said if isinstance(error, ModelError) else f"{type(error).__name__}: {said}")[:LONGEST]


def sound(folder: Path, suite: Suite) -> Entry:
    """The entry in a folder, of which all that is shown can be read.

    It is less than `foxing leaderboard verify` looks at: whether a number is true is not asked here.

    Raises:
        EntryError: it is none; why.
        SuiteError: its items are damaged.
    """
    if not NAME.fullmatch(folder.name):
        raise EntryError("no name for a folder; a-z, 0-9, dots, dashes and underscores, 64 at most")
    if link := next((path.name for path in (folder, *folder.rglob("*")) if path.is_symlink()), ""):
        raise EntryError(f"{link}: a link, which may lead anywhere; add the entry again")
    if not (folder / CARD).is_file():
        raise EntryError(f"no {CARD}; add the entry again")
    entry = read_entry(folder)
    if entry.suite_id != suite.suite_id:
        raise EntryError(f"{RUN}: of suite {entry.suite_id}, {SUITE} beside it is {suite.suite_id}")
    for fault in contradictions(entry, suite) if not entry.withdrawn else ():
        raise EntryError(f"{ITEMS}: {fault}; add the entry again")
    for path in shown_by(entry).values():
        picture(path)
    return entry


def contradictions(entry: Entry, suite: Suite) -> Iterator[str]:
    """What makes an entry's rows useless beside others of their suite; answers that are missing do not.

    Raises:
        SuiteError: the file is damaged.
    """
    noted = entry.run.get("items_sha256")
    if noted and hashlib.sha256((entry.folder / ITEMS).read_bytes()).hexdigest() != noted:
        yield f"has another SHA-256 than {RUN} says"
    rows = own_rows(entry)
    if not rows.num_rows:
        yield f"no rows of {entry.model}"
    others = [each for each in rows["suite_id"].unique().to_pylist() if each != suite.suite_id]
    if others:
        yield f"rows of suite {others[0]!r}"
    strange = sorted({*map(str, rows["metric"].unique().to_pylist())} - {*suite.metrics})
    if strange:
        yield f"rows by {strange[0]!r}, which the suite does not ask for"
    asked = {(each.item, each.photo, each.defect, each.severity) for each in suite.items}
    kinds = rows.group_by(["item", *OF_PHOTO]).aggregate([]).to_pylist()
    for row in kinds:
        if (row["item"], row["photo"], row["defect"], row["severity"]) not in asked:
            yield f"{row['item']!r} of {row['photo']!r}, {row['defect']} {row['severity']}: the suite has no such item"
            return
    if rows.group_by(list(KEY)).aggregate([]).num_rows < rows.num_rows:
        yield "some rows come twice"


def picture(path: Path) -> None:
    """Whether a picture is one.

    Raises:
        EntryError: it is none.
    """
    try:
        opened(path.read_bytes()).size  # noqa: B018 - reading it is the question
    except Exception as error:  # decoders raise whatever they like
        raise EntryError(f"{path}: no picture ({type(error).__name__}); add the entry again") from None
