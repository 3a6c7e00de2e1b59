"""Levels 1 and 2: the files of an entry are what they should be, and agree with one another."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmark.contestants import FLOOR
from benchmark.finishing import statuses
from benchmark.store import ITEMS, RUN, SCHEMA, SUMMARY, content_digest, plain, read_rows
from degrade.console import one_line
from leaderboards.adding import summary_of
from leaderboards.card import read_card
from leaderboards.documents import complaints, read_json, read_toml
from leaderboards.entry import CARD, CHECKED, NAME, SUITE, WITHDRAWN, EntryError, folder_name
from leaderboards.faults import faults_of_rows, regions_left_out, same_rows
from leaderboards.reading import read_suite
from leaderboards.submission import stray
from leaderboards.suite_faults import faults_of_suite
from leaderboards.verifying import Found, Subject

MOST_BYTES = 1_000_000_000
"""Of a table once it is unpacked."""

NEAR = 1e-8
"""Relative: a number of the summary has nine digits, and the last may be rounded otherwise on another machine."""


def files_and_digests(subject: Subject) -> Found:
    """Level 1: every file is what it should be, and the answers are those of the suite, whole."""
    for check in (stray_files, documents, suite_as_it_is, table_as_noted, answers, floor_as_it_is):
        failed = tuple(check(subject))
        if failed:
            return Found(failed)
    return Found()


def rebuilt_summary(subject: Subject) -> Found:
    """Level 2: the summary follows from the items."""
    told = read_json(subject.place.folder / SUMMARY)
    made = summary_of(subject.table, subject.floor, subject.suite)
    if made and told.get("version") != made["version"]:
        version = f"by version {told.get('version')!r:.20} of the statistics, here is version {made['version']}"
        return Found((f"{SUMMARY}: {version}; foxing leaderboard add RUN makes it anew",))
    difference = first_difference(told, made, "summary")
    return Found((f"{SUMMARY}: {difference}",) if difference else ())


def stray_files(subject: Subject) -> Iterator[str]:
    """Links, strangers, and files that are too large."""
    if not NAME.fullmatch(subject.model):
        yield f"{subject.model!r} is no name of a model: a-z, 0-9, dots, dashes and underscores, 64 at most"
    yield from stray(subject.place)


def documents(subject: Subject) -> Iterator[str]:
    """The card, the record, and what was verified before, after their schemas."""
    folder = subject.place.folder
    try:
        read_card(folder / CARD)
        if (folder / WITHDRAWN).is_file():
            read_toml(folder / WITHDRAWN)
    except EntryError as error:
        yield str(error)
    yield from (f"{RUN}: {each}" for each in complaints(subject.run, "run"))
    if (folder / CHECKED).is_file():
        yield from (f"{CHECKED}: {each}" for each in complaints(read_json(folder / CHECKED), "verification"))


def suite_as_it_is(subject: Subject) -> Iterator[str]:
    """The suite hashes to its id, and is that of the record and of the folder."""
    suite = subject.suite
    noted = subject.run["suite_id"]
    if noted != suite.suite_id:
        yield f"{RUN}: of suite {noted}, {SUITE} is {suite.suite_id}"
    if (subject.place.board / SUITE).is_file() and subject.place.board.name != folder_name(suite.suite_id):
        yield f"folder {subject.place.board.name}: is to be called {folder_name(suite.suite_id)}, after its suite"
    if [*subject.run["models"]] != [subject.model]:
        yield f"{RUN}: of model {next(iter(subject.run['models']))}, the folder is {subject.model}"
    believed = subject.known / subject.place.board.name
    if believed != subject.place.board and (believed / SUITE).is_file() and read_suite(believed).items != suite.items:
        yield f"{SUITE}: not as it is known, though it has the same id"
    yield from faults_of_suite(suite)


def table_as_noted(subject: Subject) -> Iterator[str]:
    """The table is the one of the record, and not larger than its suite makes it."""
    path, run = subject.place.folder / ITEMS, subject.run
    if hashlib.sha256(path.read_bytes()).hexdigest() != run["items_sha256"]:
        yield f"{ITEMS}: has another SHA-256 than {RUN} says"
    fault = table_fault(path, len(subject.suite.items) * len(subject.suite.metrics) * subject.noted["seeds"] * 4)
    if fault:
        yield f"{ITEMS}: {fault}"
    elif subject.table.num_rows != run["rows"] or content_digest(subject.table) != run["content_sha256"]:
        yield f"{ITEMS}: has other rows than {RUN} says"


def table_fault(path: Path, most: int) -> str:
    """What speaks against reading a table: it is damaged, or larger than it can be."""
    try:
        with pq.ParquetFile(path) as file:
            about = file.metadata
            size = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
            names = file.schema_arrow.names
    except (OSError, ValueError, NotImplementedError, TypeError, pa.ArrowException) as error:
        return f"no Parquet that can be read ({one_line(str(error))[:100]})"
    if sorted(names) != sorted(SCHEMA.names):
        return f"columns {', '.join(sorted({*names} ^ {*SCHEMA.names}))} are too many or missing"
    if about.num_rows > most or size > MOST_BYTES:
        return f"{about.num_rows} rows of {size} bytes; the suite makes {most} rows at most"
    return ""


def answers(subject: Subject) -> Iterator[str]:
    """Every question is answered once."""
    flat = plain(subject.table)
    yield from faults_of_rows(flat, subject.suite, subject.model, subject.noted["seeds"])
    told, made = subject.run["status"], statuses(subject.table)
    if told != made:
        yield f"{RUN}: says {told}, the items come to {made}"


def floor_as_it_is(subject: Subject) -> Iterator[str]:
    """The untouched photo lies beside it, is untouched, and is the one that is known."""
    path = subject.place.board / FLOOR / ITEMS
    if not path.is_file() or path.is_symlink() or path.parent.is_symlink():
        yield f"{FLOOR}/{ITEMS}: missing beside it; every entry is measured against the untouched photo"
        return
    fault = table_fault(path, len(subject.suite.items) * len(subject.suite.metrics) * 1000)
    if fault:
        yield f"{FLOOR}/{ITEMS}: {fault}"
        return
    floor = plain(subject.floor)
    rows = subject.floor_rows
    yield from (f"{FLOOR}/{each}" for each in faults_of_rows(floor, subject.suite, FLOOR, 1))
    items = subject.suite.by_name()
    for row in rows:
        if subject.suite.task == "restore" and row["output_sha256"] != items[row["item"]].degraded_sha256:
            yield f"{FLOOR}/{ITEMS}: {row['item']}: is not the degraded photo of the suite"
            break
    believed = subject.known / subject.place.board.name / FLOOR / ITEMS
    if believed.is_file() and believed.resolve() != path.resolve():
        difference = same_rows(plain(read_rows(believed)), floor)
        if difference:
            yield f"{FLOOR}/{ITEMS}: not as it is known: {difference}"
    yield from (f"{ITEMS}: {each}" for each in regions_left_out(subject.rows, rows))


def first_difference(told: Any, made: Any, where: str) -> str:
    """The first place where two trees of data differ by more than rounding; empty where there is none."""
    if isinstance(told, Mapping) and isinstance(made, Mapping):
        if told.keys() != made.keys():
            return f"{where}: has other names than the items make: {', '.join(sorted(told.keys() ^ made.keys()))[:150]}"
        parts = ((told[key], made[key], f"{where}.{key}") for key in made)
    elif isinstance(told, list) and isinstance(made, (list, tuple)):
        if len(told) != len(made):
            return f"{where}: has {len(told)} parts, the items make {len(made)}"
        parts = ((one, other, f"{where}[{place}]") for place, (one, other) in enumerate(zip(told, made, strict=True)))
    else:
        return "" if alike(told, made) else f"{where}: says {told!r:.60}, the items make {made!r:.60}"
    return next((found for each in parts if (found := first_difference(*each))), "")


def alike(told: Any, made: Any) -> bool:
    """Whether two values are one, but for the rounding of numbers."""
    if isinstance(told, float) or isinstance(made, float):
        numbers = isinstance(told, (int, float)) and isinstance(made, (int, float))
        return numbers and abs(told - made) <= NEAR * max(1e-1, abs(told), abs(made))
    return type(told) is type(made) and told == made
