"""A suite of the site: its board, and all that its pages show beside it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leaderboards.board import Board
from leaderboards.entry import Entry, folder_name
from leaderboards.gathering import LeftOut
from leaderboards.passports import Passport
from leaderboards.people import Study
from leaderboards.site_pictures import Album
from leaderboards.tabular import Table, table


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """A suite of the site."""

    board: Board
    entries: Mapping[str, Entry]
    albums: Mapping[str, Album]
    table: Table
    newer: str = ""
    """The folder of a newer version of the same suite; this one stays, and is never mixed with it."""

    people: tuple[Study, ...] = ()

    withdrawn: tuple[Entry, ...] = ()
    """Those that were taken back."""

    left_out: tuple[LeftOut, ...] = ()
    """Those that could not be read."""

    @property
    def folder(self) -> str:
        """Of its pages."""
        return folder_name(self.board.suite_id)

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.board.suite.get("name") or self.board.suite_id.partition(":")[0])

    @property
    def metrics(self) -> dict[str, list[Passport]]:
        """The columns by metric."""
        found: dict[str, list[Passport]] = {}
        for each in self.board.columns:
            found.setdefault(each.metric, []).append(each)
        return found


def shelf(
    board: Board,
    entries: Sequence[Entry],
    found: Mapping[str, Album],
    newer: str = "",
    people: tuple[Study, ...] = (),
    left_out: tuple[LeftOut, ...] = (),
) -> Shelf:
    """A suite with what its pages show; of its entries those that were withdrawn stand apart."""
    current = {entry.model: entry for entry in entries if not entry.withdrawn}
    withdrawn = tuple(entry for entry in entries if entry.withdrawn)
    return Shelf(board, current, found, table(board), newer, people, withdrawn, left_out)


def metric_path(each: Shelf, metric: str) -> str:
    """Where the passport of a metric lies: by its name, and by a hash where another version has the same name."""
    name = metric.partition("/")[0]
    alone = sum(other.partition("/")[0] == name for other in each.metrics) == 1
    safe = "".join(letter if (letter.isascii() and letter.isalnum()) or letter in "-_" else "_" for letter in name)
    mark = "" if alone and safe == name else "-" + hashlib.sha256(metric.encode()).hexdigest()[:8]
    return f"passports/{each.folder}/{safe}{mark}.html"
