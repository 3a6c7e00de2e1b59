"""What an entry was before: its revisions, as `add` keeps them, and how it was taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark.store import SUMMARY
from leaderboards.board import Lead
from leaderboards.board_numbers import NONE, Estimate, estimate_in
from leaderboards.card import read_card
from leaderboards.documents import read_json, read_toml
from leaderboards.entry import CARD, HISTORY, WITHDRAWN, Card, Entry, EntryError
from leaderboards.gathering import reason
from leaderboards.reading import withdrawal


@dataclass(frozen=True, slots=True)
class Past:
    """A revision that another one has taken the place of."""

    revision: int
    card: Card | None
    """None where its files are damaged."""

    left: Estimate
    """Of the error, by the column that ranks, as it was reckoned then; or the score, where the column ranks by it."""

    withdrawn: str = ""
    """Why it had been taken back, where it had been."""

    why: str = ""
    """What is damaged."""


def revisions(entry: Entry, lead: Lead | None) -> list[Past]:
    """The earlier revisions, the last first."""
    folders = [path for path in (entry.folder / HISTORY).glob("*") if path.name.isdecimal() and path.is_dir()]
    return [revision(path, entry.model, lead) for path in sorted(folders, key=lambda path: -int(path.name))]


def revision(folder: Path, model: str, lead: Lead | None) -> Past:
    """A revision; where its files are damaged it says so, as its successor does not hang on it."""
    number = int(folder.name)
    try:
        card, summary, why = read_card(folder / CARD), read_json(folder / SUMMARY), withdrawal(folder)
        return Past(number, card, left_in(summary, model, lead), why)
    except (EntryError, AttributeError, TypeError, KeyError) as error:
        return Past(number, None, NONE, why=reason(error, folder))


def left_in(summary: Mapping[str, Any], model: str, lead: Lead | None) -> Estimate:
    """What a summary says that ranks; nothing where there is none of it."""
    for column in summary.get("columns", []) if lead else []:
        if lead and (column["metric"], column["region"]) == (lead.metric, lead.region):
            return estimate_in(column["models"].get(model, {}).get(lead.settled_by))
    return NONE


def taken_back(entry: Entry) -> str:
    """When an entry was withdrawn; empty where nobody said."""
    return str(read_toml(entry.folder / WITHDRAWN).get("date", "")) if entry.withdrawn else ""
