"""A model of a finished sweep made an entry: a folder of its own, whole or not at all, and the last one kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmark.contestants import FLOOR
from benchmark.finishing import scorable
from benchmark.scoring import readings_of
from benchmark.statistics import summary
from benchmark.store import ITEMS, RUN, SCHEMA, SUMMARY, content_digest, parquet_bytes, plain, read_rows
from benchmark.suite import Suite
from degrade.io import write_bytes, write_text
from leaderboards.card import card_text, complete, drafted, folder_for, read_card
from leaderboards.documents import complaints
from leaderboards.entry import CARD, PICTURES, SUITE, WITHDRAWN, Card, EntryError, folder_name
from leaderboards.faults import faults_of_rows, same_rows
from leaderboards.finished_sweep import Finished, seeds_of
from leaderboards.pictures import Showing, write_pictures
from leaderboards.reading import read_entry, read_suite
from leaderboards.replacing import recover, replaced
from leaderboards.scrubbing import published


@dataclass(frozen=True, slots=True)
class Added:
    """The entry that was written, or was there already."""

    folder: Path
    revision: int
    changed: bool
    """False where the same scores were there already."""

    pictures: int


def card_for(sweep: Finished, label: str, given: Path | None, there: Path) -> Card:
    """The card: that of a file, else the one of the last revision, else what is known of a model without weights.

    Raises:
        EntryError: nobody has written one.
    """
    if given is not None:
        return read_card(given)
    if (there / CARD).is_file():
        return read_card(there / CARD)
    draft = drafted(sweep.record["models"][label]["what"])
    if not complete(draft):
        raise EntryError(
            f"{label}: people must know what it is; foxing leaderboard card {label} > card.toml, fill it in, then "
            "--card card.toml"
        )
    return draft


def add(sweep: Finished, label: str, name: str, card: Card, root: Path, *, pictures: bool) -> Added:
    """Make a model's entry, and that of the untouched photo where it is not there yet.

    Args:
        sweep: where its scores are.
        label: what it is called there.
        name: what it is to be called here.
        card: what people should know of it.
        root: the folder of all entries.
        pictures: whether the suite's photos may be shown to anybody.

    Raises:
        EntryError: answers are missing, a number is none, or the untouched photo's scores are not those of the board.
        OSError: it cannot be written.
    """
    if name == FLOOR and label != FLOOR:
        raise EntryError(f"{FLOOR} is the name of the untouched photo; give {label} another one with --name")
    board = root / folder_name(sweep.suite.suite_id)
    floor = sweep.of(FLOOR)
    if not scorable(floor).num_rows:
        raise EntryError(f"{sweep.folder}: no metric has a value for the untouched photos, so nothing can be compared")
    refuse_faults(sweep, {FLOOR: floor, label: sweep.of(label)})
    if not (board / SUITE).is_file():
        write_text(board / SUITE, sweep.suite.to_json())
    elif read_suite(board).items != sweep.suite.items:
        raise EntryError(f"{board / SUITE}: other items than those of {sweep.materials.folder} by the same id")
    if (board / FLOOR / ITEMS).is_file():
        different = same_rows(plain(read_rows(board / FLOOR / ITEMS)), plain(floor))
        if different:
            raise EntryError(
                f"{sweep.folder}: the untouched photo has other scores than on the board ({different}); this machine "
                "makes or measures pictures otherwise, and its scores cannot be compared"
            )
    elif name != FLOOR:
        write_entry(sweep, FLOOR, FLOOR, drafted(FLOOR), board, pictures=False)
    return write_entry(sweep, label, name, card, board, pictures=pictures)


def refuse_faults(sweep: Finished, tables: Mapping[str, pa.Table]) -> None:
    """Refuse rows that are not whole.

    Raises:
        EntryError: answers are missing, or a number is none.
    """
    for label, table in tables.items():
        for fault in faults_of_rows(plain(table), sweep.suite, label, seeds_of(sweep, label)):
            raise EntryError(f"{sweep.folder}: {fault}; an entry has all answers of its suite, run the sweep again")


def renamed(table: pa.Table, name: str) -> pa.Table:
    """The rows under another name."""
    flat = plain(table)
    place = flat.schema.get_field_index("model")
    return flat.set_column(place, "model", pa.array([name] * flat.num_rows, pa.string())).cast(SCHEMA)


def summary_of(rows: pa.Table, floor: pa.Table, suite: Suite) -> dict[str, Any]:
    """What a model's rows say, beside those of the untouched photo; the one function behind summary.json."""
    same = plain(rows)["model"][0].as_py() == FLOOR
    table = rows if same else pa.concat_tables([plain(floor), plain(rows)]).cast(SCHEMA)
    known = scorable(table)
    return summary(known, readings_of(suite)) if known.num_rows else {}


def write_entry(sweep: Finished, label: str, name: str, card: Card, board: Path, *, pictures: bool) -> Added:
    """Write an entry; one that is there with other scores moves to its history, with the same it keeps its revision.

    Raises:
        EntryError: something in it is not as the schemas say.
        OSError: it cannot be written.
    """
    folder, rows = board / folder_for(name), renamed(sweep.of(label), folder_for(name))
    recover(folder)
    there = read_entry(folder) if (folder / CARD).is_file() else None
    same = there is not None and content_digest(there.items()) == content_digest(rows) and not there.withdrawn
    revision = there.card.revision + (not same) if there else 1
    today = datetime.now(UTC).date().isoformat()
    dated = replace(card, submitted=there.card.submitted if there and same else today, revision=revision)
    if same:
        write_text(folder / CARD, card_text(dated))
        late = pictures and not (folder / PICTURES).is_dir()
        return Added(folder, revision, changed=False, pictures=pictured(sweep, label, rows, folder) if late else 0)
    data = parquet_bytes(rows)
    noted = sweep.record["models"][label] | {"seeds": seeds_of(sweep, label)}
    whole = {**sweep.record, "models": {label: noted}}
    record = published(whole, label, folder.name, rows, hashlib.sha256(data).hexdigest())
    for fault in complaints(record, "run"):
        raise EntryError(f"{sweep.folder / RUN}: {fault}")
    with replaced(folder, there.card.revision if there else 0) as new:
        write_bytes(new / ITEMS, data)
        write_text(new / RUN, as_text(record))
        write_text(new / SUMMARY, as_text(summary_of(rows, sweep.of(FLOOR), sweep.suite)))
        shown = pictured(sweep, label, rows, new, board) if pictures else 0
        write_text(new / CARD, card_text(dated))
    return Added(folder, revision, changed=True, pictures=shown)


def pictured(sweep: Finished, label: str, rows: pa.Table, folder: Path, board: Path | None = None) -> int:
    """Write the pictures of an entry that lies in a folder, and those that all entries of its board share; how many."""
    showing = Showing(sweep.materials, sweep.folder / "outputs" / label, rows, sweep.of(FLOOR))
    return write_pictures(showing, folder, board or folder.parent)


def withdraw(folder: Path, reason: str) -> None:
    """Mark an entry as withdrawn: it stays, and says why it counts no more.

    Raises:
        EntryError: there is none, it is that of the untouched photo, or it is withdrawn already.
        OSError: it cannot be written.
    """
    import tomlkit  # noqa: PLC0415 - slow

    there = read_entry(folder)
    if there.model == FLOOR:
        raise EntryError(f"{folder}: all others are measured by the untouched photo; it cannot be withdrawn")
    if there.withdrawn:
        raise EntryError(f"{folder}: withdrawn already ({there.withdrawn}); foxing leaderboard add brings it back")
    today = datetime.now(UTC).date().isoformat()
    write_text(folder / WITHDRAWN, tomlkit.dumps({"reason": reason, "date": today}))


def as_text(data: Mapping[str, Any]) -> str:
    """A record as it lies in its file."""
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
