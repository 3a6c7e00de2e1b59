"""The work behind `foxing leaderboard add`, `card`, `withdraw` and `schema`."""

import json as json_format
from dataclasses import dataclass
from pathlib import Path

from benchmark.cli_make import told
from benchmark.suites import SUITES
from degrade.console import MisuseError, show, tell
from leaderboards.adding import Added, add, card_for, withdraw
from leaderboards.card import folder_for, template
from leaderboards.documents import SCHEMAS, schema
from leaderboards.entry import EntryError, folder_name
from leaderboards.finished_sweep import Finished, finished_sweep, labels_of
from leaderboards.home import writable_root
from leaderboards.reading import HERE


@dataclass(frozen=True, slots=True)
class Add:
    """What was typed behind `foxing leaderboard add`."""

    runs: Path
    model: str
    card: Path | None
    name: str
    entries: Path | None
    suite: Path | None
    pictures: bool
    json: bool


def run_add(asked: Add) -> None:
    """Make entries of the models of a sweep.

    Raises:
        MisuseError: the sweep is not whole, a card is missing, or scores do not fit the board.
        FailureError: it could not be written.
    """
    with told(asked.entries or HERE):
        sweep = finished_sweep(asked.runs, asked.suite)
        labels = labels_of(sweep, asked.model)
        if len(labels) > 1 and (asked.card or asked.name):
            raise EntryError(f"{asked.runs}: has {', '.join(labels)}; say whose --card and --name is meant: --model")
        if (sweep.record.get("code") or {}).get("changed"):
            tell("these scores were computed by source that was changed after its last commit; run.json says so")
        if sweep.suite.commitment:
            tell(f"{sweep.suite.suite_id} is a private split: its recipes are published with this entry")
        root = asked.entries or writable_root(tell)
        board = root / folder_name(sweep.suite.suite_id)
        names = {label: folder_for(asked.name or label) for label in labels}
        cards = {label: card_for(sweep, label, asked.card, board / names[label]) for label in labels}
        pictures = asked.pictures or is_free(sweep)
        done = [add(sweep, label, names[label], cards[label], root, pictures=pictures) for label in labels]
    say_added(done, asked, pictures=pictures)


def is_free(sweep: Finished) -> bool:
    """Whether the photos of the suite may be shown to anybody: those that come with scikit-image may."""
    free = [plan.digest for plan in SUITES.values() if plan.photos.kind == "shipped"]
    return sweep.suite.plan in free


def say_added(done: list[Added], asked: Add, *, pictures: bool) -> None:
    """Print the entries that were written."""
    if asked.json:
        data = [
            {"folder": str(each.folder), "revision": each.revision, "changed": each.changed, "pictures": each.pictures}
            for each in done
        ]
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
        return
    for each in done:
        if not each.changed:
            more = f", and {each.pictures} pictures are new" if each.pictures else ""
            show(f"{each.folder}: the same scores are there, revision {each.revision}; its card is the new one{more}")
            continue
        shown = f"{each.pictures} pictures" if each.pictures else why_none(pictures=pictures)
        show(f"{each.folder}: revision {each.revision}, {shown}")


def why_none(*, pictures: bool) -> str:
    """Why there are no pictures."""
    return "no pictures: foxing benchmark run --keep keeps outputs" if pictures else "no pictures without --pictures"


def run_card(what: str) -> None:
    """Print a card to be filled in.

    Raises:
        MisuseError: no model was named.
    """
    if not what.strip():
        raise MisuseError("MODEL is empty; give what opens it, or any name")
    show(template(what).rstrip("\n"))


def run_withdraw(folder: Path, reason: str) -> None:
    """Withdraw an entry.

    Raises:
        MisuseError: there is none, or no reason.
        FailureError: it could not be written.
    """
    with told(folder):
        if not reason.strip():
            raise EntryError(f"{folder}: give a --reason; it is shown to whoever looks for this model")
        withdraw(folder, reason.strip())
    show(f"{folder}: withdrawn; its files stay")


def run_schema(name: str) -> None:
    """Print a schema, or all.

    Raises:
        MisuseError: there is none of that name.
    """
    with told(Path(name)):
        if name and name not in SCHEMAS:
            raise EntryError(f"no schema {name!r}; there are {', '.join(SCHEMAS)}")
        found = {each: schema(each) for each in SCHEMAS}
    show(json_format.dumps(found[name] if name else found, ensure_ascii=False, indent=1))
