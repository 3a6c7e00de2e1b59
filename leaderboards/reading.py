"""Entries as they lie in their folders: what the board, the page and the comparison are made of."""

import hashlib
from pathlib import Path

from benchmark.store import ITEMS, RUN, SUMMARY
from benchmark.suite import Suite, SuiteError, canonical
from leaderboards.card import read_card
from leaderboards.documents import read_json, read_toml, text_of
from leaderboards.entry import CARD, CHECKED, RESERVED, SUITE, WITHDRAWN, Badge, Entry, EntryError

BADGES: tuple[Badge, ...] = ("self-reported", "consistent", "re-scored", "re-run")
"""From the lowest level to the highest: the first is that of an entry that nobody has verified."""


HERE = Path("leaderboards", "entries")
"""The folder of all entries, where somebody works on them."""


def entries_root() -> Path:
    """The folder of all entries: that of the current folder where there is one, else the one that is installed."""
    return HERE if HERE.is_dir() else Path(__file__).with_name("entries")


def entries(root: Path) -> list[Entry]:
    """The current entries of all suites, by suite and model; withdrawn ones say so.

    Raises:
        EntryError: there is no such folder, or an entry in it cannot be read; `verify` says more.
    """
    if not root.is_dir():
        raise EntryError(f"{root}: no such folder; foxing leaderboard add RUN --entries {root} makes it")
    return [read_entry(folder) for suite in suite_folders(root) for folder in model_folders(suite)]


def boards(root: Path) -> dict[str, list[Entry]]:
    """The current entries by the id of their suite.

    Raises:
        EntryError: see `entries`.
    """
    found: dict[str, list[Entry]] = {}
    for each in entries(root):
        found.setdefault(each.suite_id, []).append(each)
    return found


def suite_folders(root: Path) -> list[Path]:
    """The folders that hold a suite's entries."""
    return sorted(path.parent for path in root.glob(f"*/{SUITE}") if not path.parent.name.startswith("."))


def model_folders(suite: Path) -> list[Path]:
    """The folders of the models in that of a suite."""
    return sorted(path.parent for path in suite.glob(f"*/{CARD}") if is_model(path.parent.name))


def is_model(name: str) -> bool:
    """Whether a folder beside others of a suite is a model's."""
    return not name.startswith(".") and name not in RESERVED


def read_entry(folder: Path) -> Entry:
    """The entry in a folder.

    Raises:
        EntryError: a file is missing or damaged.
    """
    run = read_json(folder / RUN)
    return Entry(
        folder=folder,
        suite_id=str(run.get("suite_id", "")),
        card=read_card(folder / CARD),
        run=run,
        summary=read_json(folder / SUMMARY),
        badge=badge_of(folder),
        withdrawn=withdrawal(folder),
    )


def read_suite(folder: Path) -> Suite:
    """The suite that the entries of a folder are of.

    Raises:
        EntryError: it is missing, or it does not hash to its id.
    """
    path = folder / SUITE
    try:
        return Suite.from_json(text_of(path), str(path))
    except SuiteError as error:
        raise EntryError(str(error)) from None


def badge_of(folder: Path) -> Badge:
    """What the files of an entry were verified for; files that have changed since are verified for nothing."""
    if not (folder / CHECKED).is_file():
        return BADGES[0]
    checked = read_json(folder / CHECKED)
    badge = checked.get("badge")
    known = [each for each in BADGES if each == badge]
    return known[0] if known and checked.get("entry_sha256") == entry_digest(folder) else BADGES[0]


def entry_digest(folder: Path) -> str:
    """The SHA-256 of what is verified of an entry: its items, its run and its summary.

    Raises:
        EntryError: one is missing.
    """
    try:
        hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (ITEMS, RUN, SUMMARY)}
    except OSError as error:
        raise EntryError(f"{error.filename}: {error.strerror}; add the entry again") from None
    return hashlib.sha256(canonical(hashes).encode()).hexdigest()


def withdrawal(folder: Path) -> str:
    """Why an entry was withdrawn; empty where it was not.

    Raises:
        EntryError: its file is damaged.
    """
    path = folder / WITHDRAWN
    if not path.is_file():
        return ""
    return str(read_toml(path).get("reason", "")) or "no reason given"
