"""An entry: what one model has done on one suite, as files that anybody can check."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from benchmark.store import ITEMS, read_rows
from benchmark.suite import SuiteError

CARD, CHECKED, WITHDRAWN, HISTORY, PICTURES = "card.toml", "verification.json", "withdrawn.toml", "history", "pictures"
"""What lies in an entry's folder beside the items, the run and the summary."""

PEOPLE = "people"
"""Beside the folders of a suite's entries: results of studies, each under a name of its own."""

RESERVED = (PICTURES, HISTORY, PEOPLE)
"""Folders among those of entries, and in them, that are no models'."""

SUITE = "suite.json"
"""The suite itself, once for all entries of it, beside their folders."""

Kind = Literal["floor", "classical", "learned", "demonstration"]

Badge = Literal["self-reported", "consistent", "re-scored", "re-run"]
"""The highest level of verification that an entry has passed, see `leaderboards.verifying`."""

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
"""Of an entry's folder and of its model in the items: safe in any file system and address."""


class EntryError(SuiteError):
    """An entry that cannot be taken, read or shown: which, why, and what to do, in one line."""


@dataclass(frozen=True, slots=True)
class Card:
    """What people should know of a model; texts are shown as they are, escaped."""

    name: str
    about: str
    kind: Kind
    authors: tuple[str, ...] = ()
    paper: str = ""
    url: str = ""
    licence: str = ""
    training_data: tuple[str, ...] = ()
    open_weights: bool | None = None
    """None where there are no weights."""

    submitted: str = ""
    """The date, as 2026-11-27."""

    revision: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A model's folder on the board of a suite."""

    folder: Path
    suite_id: str
    card: Card
    run: Mapping[str, Any]
    """run.json of the sweep, this model's part, without paths of the machine."""

    summary: Mapping[str, Any]
    """Rebuilt from this model's items and the untouched input's."""

    badge: Badge
    withdrawn: str = ""
    """Why, where it is."""

    @property
    def model(self) -> str:
        """Its name in the items, which is that of its folder."""
        return self.folder.name

    def items(self) -> pa.Table:
        """This model's rows, see `benchmark.store.SCHEMA`.

        Raises:
            SuiteError: the file is damaged.
        """
        return read_rows(self.folder / ITEMS)


def folder_name(suite_id: str) -> str:
    """The folder of a suite's entries: its id, as `tiny-090273d5c6e88069`."""
    return suite_id.replace(":", "-")
