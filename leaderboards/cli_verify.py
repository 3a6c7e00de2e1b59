"""The work behind `foxing leaderboard verify`."""

import errno
import json as json_format
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from benchmark.cli_make import told
from benchmark.provenance import hardware, hardware_key, installed, now
from benchmark.suite import SuiteError
from degrade.console import FailureError, MisuseError, harmless, one_line, refuse_idle, show, tell
from degrade.io import write_text
from degrade.record import versions
from leaderboards.adding import as_text
from leaderboards.card import read_card
from leaderboards.consistency import files_and_digests, rebuilt_summary
from leaderboards.documents import read_json
from leaderboards.entry import CARD, CHECKED, EntryError
from leaderboards.made_suites import MadeSuites
from leaderboards.overlap import overlap
from leaderboards.reading import BADGES, entries_root
from leaderboards.rerunning import Running, announcement, rerun, what_runs
from leaderboards.rescoring import Pictures, rescored
from leaderboards.submission import OUTPUTS, Place, RefusedError, places, unpacked
from leaderboards.verifying import (
    Found,
    Level,
    Subject,
    UncheckedError,
    Verdict,
    drawing_seed,
    keeps,
    record_of,
    verified,
)

NAMED = 5
"""Reasons that are told of an entry; more are counted."""


@dataclass(frozen=True, slots=True)
class Verify:
    """What was typed behind `foxing leaderboard verify`."""

    place: Path
    level: int
    suite: Path | None
    outputs: Path | None
    training: Path | None
    run: bool
    running: Running
    seed: int | None
    """Of the draw; None for one that whoever made an entry cannot have known."""

    json: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an entry."""

    name: str
    badge: str
    failed: tuple[str, ...]
    record: dict[str, Any] | None
    """Of this time; None where its files could not even be read."""

    unchecked: str = ""


def run_verify(asked: Verify) -> None:
    """Verify an entry, or all in a folder or .zip, and write down what was found.

    Raises:
        MisuseError: there is nothing to verify, or level 4 without --run.
        FailureError: an entry failed; each reason was told in a line.
    """
    if asked.level == 4 and not asked.run:
        raise MisuseError(
            "--level 4 runs the submitter's code with your rights; add --run when you have looked at it, in a machine "
            "or container that you can lose"
        )
    refuse_idle(*of_levels(asked))
    with told(asked.place), ExitStack() as stack:
        made = MadeSuites(stack)
        there = opened_places(asked.place, stack)
        if asked.running.what and len(there) > 1:
            raise EntryError(f"{asked.place}: has {len(there)} entries; --model opens one, so name its folder")
        found = [outcome(place, asked, made, keep=asked.place.is_dir()) for place in there]
    say(found, asked)


def of_levels(asked: Verify) -> Iterator[tuple[str, object, object, str]]:
    """What can be chosen for the higher levels alone."""
    usual, third, fourth = Running(), "add --level 3", "add --level 4"
    yield "--outputs", asked.outputs, asked.level >= 3, third
    yield "--seed", asked.seed, asked.level >= 3, third
    yield "--run", asked.run, asked.level == 4, fourth
    yield "--model", asked.running.what, asked.level == 4, fourth
    yield "--device", asked.running.device != usual.device, asked.level == 4, fourth
    yield "--timeout", asked.running.seconds != usual.seconds, asked.level == 4, fourth
    limited = asked.running.device == "cpu"
    yield "--memory", asked.running.memory != usual.memory, asked.level == 4 and limited, f"{fourth}, on a CPU"


def opened_places(place: Path, stack: ExitStack) -> list[Place]:
    """The entries of a folder or a .zip.

    Raises:
        FailureError: it would do harm if it were opened.
        EntryError: there is none.
    """
    try:
        if place.is_file():
            place = unpacked(place, Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="foxing-verify-"))))
        return places(place, entries_root())
    except RefusedError as error:
        raise FailureError(one_line(str(error))) from None


def outcome(place: Place, asked: Verify, made: MadeSuites, *, keep: bool) -> Outcome:
    """Verify an entry, and keep the record beside it where it may be written."""
    name = f"{place.board.name}/{place.folder.name}"
    subject = Subject(place, entries_root(), drawing_seed(asked.seed, asked.level))
    verdict = verified(subject, levels_of(subject, asked, made))
    if verdict.level == 3 and without_outputs(subject, asked):  # nothing was scored again after all
        verdict = replace(verdict, level=2)
    if verdict.level == 0:  # files of which not even that is known are not touched again
        return Outcome(name, BADGES[0], verdict.failed, None)
    verdict = with_overlap(subject, verdict, asked, made)
    about = {"date": now()[:10], "hardware": hardware_key(hardware()), "versions": versions() | installed()}
    record = record_of(subject, verdict, verdict.level if verdict.unchecked else asked.level, about)
    badge = str((kept(place.folder / CHECKED, record) if keep else record)["badge"])
    return Outcome(name, badge, verdict.failed, record, verdict.unchecked)


def with_overlap(subject: Subject, verdict: Verdict, asked: Verify, made: MadeSuites) -> Verdict:
    """The verdict, and whether photos of the suite are among what the model has learnt from, where that can be seen."""
    declared = read_card(subject.place.folder / CARD).training_data
    folders = [asked.training] if asked.training else [Path(each) for each in declared if is_folder_here(each)]
    notes, failed = dict(verdict.notes), [*verdict.failed]
    for folder in folders:
        try:
            found = overlap(made.materials(subject.suite, asked.suite), folder)
        except UncheckedError as error:
            return replace(verdict, unchecked=f"training data was not checked: {one_line(str(error))}")
        except SuiteError as error:
            failed.append(f"training data: {one_line(str(error))}")
            continue
        notes["overlap"] = found.noted()
        if found.equal or found.alike:
            named = ", ".join([*found.equal, *(f"{each} (alike)" for each in found.alike)][:5])
            count = len(found.equal) + len(found.alike)
            failed.append(f"training data: {count} photos of the suite are in {folder}, as {named}")
    return replace(verdict, failed=tuple(failed), notes=notes)


def is_folder_here(text: str) -> bool:
    """Whether what a card declares is a folder below this one: a stranger's card sends nobody elsewhere."""
    path = PurePath(text)
    inside = not path.is_absolute() and ".." not in path.parts and bool(path.parts)
    return inside and Path(text).is_dir() and Path(text).resolve().is_relative_to(Path.cwd())


def kept(path: Path, record: dict[str, Any]) -> dict[str, Any]:
    """Write a record, unless the one that is there says as much of the same files; the one that counts now.

    Raises:
        OSError: it cannot be written.
    """
    if path.is_symlink():
        return record
    try:
        there = dict(read_json(path)) if path.is_file() else {}
    except EntryError:
        there = {}
    if there and keeps(there, record):
        return there
    try:
        write_text(path, as_text(record))
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        tell(f"{path}: cannot be written; what was found is shown here alone")
    return record


def levels_of(subject: Subject, asked: Verify, made: MadeSuites) -> tuple[Level, ...]:
    """What is to be tried, from the lowest level up."""

    def pictures() -> Pictures:
        return Pictures(made.materials(subject.suite, asked.suite), asked.outputs)

    def third(each: Subject) -> Found:
        return Found() if without_outputs(each, asked) else rescored(pictures(), each)

    def fourth(each: Subject) -> Found:
        what, where = what_runs(each, asked.running), pictures()
        tell(announcement(what, asked.running))
        return rerun(where, asked.running, each)

    return (files_and_digests, rebuilt_summary, third, fourth)[: asked.level]


def without_outputs(subject: Subject, asked: Verify) -> bool:
    """Whether level 3 has nothing to look at, and level 4 scores what the model makes anew instead."""
    return asked.level == 4 and asked.outputs is None and not (subject.place.folder / OUTPUTS).is_dir()


def say(found: list[Outcome], asked: Verify) -> None:
    """Print how far each entry was verified, or why it failed.

    Raises:
        FailureError: an entry failed.
    """
    if asked.json:
        data = [asdict(each) for each in found]
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
    else:
        for each in found:
            state = "FAILED, " if each.failed else "not all checked, " if each.unchecked else ""
            show(harmless(f"{each.name}: {state}{each.badge}{details(each.record or {})}"))
    for each in found:
        reasons = [*filter(None, (*each.failed, each.unchecked))]
        for reason in reasons[:NAMED]:
            tell(f"{each.name}: {reason}")
        if len(reasons) > NAMED:
            tell(f"{each.name}: and {len(reasons) - NAMED} more such lines; --json has them all")
    failed, unchecked = (sum(map(bool, each)) for each in zip(*((e.failed, e.unchecked) for e in found), strict=True))
    if failed or unchecked:
        more = f", {unchecked} could not be checked" if unchecked else ""
        raise FailureError(f"{asked.place}: {failed} of {len(found)} failed{more}")


def details(record: Mapping[str, Any]) -> str:
    """What was looked at again, and how near it came."""
    parts = [f"on {record['date']}"] if record else []
    if record.get("tolerance"):
        parts.append(f"{record['tolerance']} ({record['confined']})")
    if record.get("overlap"):
        parts.append(f"{record['overlap']['pictures']} pictures of training data compared")
    if record.get("items"):
        parts.append(f"seed {record['seed']} drew {', '.join(record['items'])}")
    return f": {'; '.join(parts)}" if parts else ""
