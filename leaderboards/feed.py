"""A feed of what came to the leaderboards, by date."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from degrade.io import write_text
from leaderboards.entry import Entry


def feed(entries: Sequence[Entry], home: str = "") -> str:
    """The entries by date, the newest first, as a feed.

    Source: JSON Feed version 1.1, jsonfeed.org/version/1.1.

    Args:
        entries: of all suites.
        home: the address of the site, where it has one; links are relative to it.
    """
    newest = sorted(entries, key=lambda each: (each.suite_id, each.model))
    newest.sort(key=lambda each: each.card.submitted, reverse=True)
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Foxing leaderboards",
        "description": "Models that were added to the leaderboards of old photo restoration.",
    }
    if home:
        data |= {"home_page_url": f"{home.rstrip('/')}/", "feed_url": f"{home.rstrip('/')}/feed.json"}
    data["items"] = [feed_item(each) for each in newest]
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def feed_item(entry: Entry) -> dict[str, Any]:
    """One entry in the feed."""
    suite, card = entry.suite_id.partition(":")[0], entry.card
    taken = f" Withdrawn: {entry.withdrawn}." if entry.withdrawn else ""
    found: dict[str, Any] = {
        "id": f"{entry.suite_id}/{entry.model}/{card.revision}",
        "title": f"{card.name} on {suite}",
        "content_text": f"{card.about} ({card.kind}, {entry.badge}){taken}",
        "tags": [suite, card.kind, entry.badge],
    }
    if card.url.startswith(("https://", "http://")):
        found["external_url"] = card.url
    if card.submitted:
        found["date_published"] = f"{card.submitted}T00:00:00Z"
    if card.authors:
        found["authors"] = [{"name": name} for name in card.authors]
    return found


def write_feed(entries: Sequence[Entry], out: Path, home: str = "") -> Path:
    """Write feed.json; where it lies.

    Raises:
        OSError: the folder cannot be written.
    """
    path = out / "feed.json"
    write_text(path, feed(entries, home))
    return path
