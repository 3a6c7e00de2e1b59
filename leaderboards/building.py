"""The site built from entries: the same bytes for the same entries, whole or not at all."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from leaderboards.badge import write_badges
from leaderboards.board import board
from leaderboards.entry import Entry, EntryError
from leaderboards.exporting import write_data, write_markdown
from leaderboards.feed import write_feed
from leaderboards.pages import Shelf, pages, shelf, site_style
from leaderboards.people import studies
from leaderboards.reading import boards
from leaderboards.site_pictures import albums, files

MARK = "site.css"
"""By which a folder is known for a site of ours, which may be replaced."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was built."""

    out: Path
    suites: int
    models: int
    files: int


def build(root: Path, out: Path, home: str = "") -> Built:
    """Build the site of all entries; what lay at `out` is replaced once all is there.

    Args:
        root: the folder of all entries.
        out: where the site is to lie.
        home: its address on the web, for the feed.

    Raises:
        EntryError: there is something else at `out`, or an entry cannot be read.
        SuiteError: a file is damaged.
        OSError: it cannot be written.
    """
    out = out.resolve()
    replaceable(out)
    shelves = shelves_of(root)
    with replaced(out) as new:
        write_site(shelves, new, home)
        count = sum(path.is_file() for path in new.rglob("*"))
    return Built(out, len(shelves), sum(len(each.board.rows) for each in shelves), count)


def replaceable(out: Path) -> None:
    """Whether a site may lie there.

    Raises:
        EntryError: there is something that is no site of ours.
    """
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not is_site(out)):
        raise EntryError(f"{out}: is there and is no site that foxing has built; name another folder")


def is_site(folder: Path) -> bool:
    """Whether a folder holds what `build` writes."""
    return all((folder / name).is_file() for name in (MARK, "index.html", "feed.json", "LEADERBOARD.md"))


def shelves_of(root: Path) -> list[Shelf]:
    """The suites that have models, by name; of several versions the one with the newest entry first.

    Raises:
        EntryError: see `leaderboards.reading.entries`.
        SuiteError: a file is damaged.
    """
    there = [(each, entries) for each, entries in boards(root).items() if any(not one.withdrawn for one in entries)]
    there.sort(key=lambda pair: pair[0])
    there.sort(key=lambda pair: latest(pair[1]), reverse=True)
    there.sort(key=lambda pair: pair[0].partition(":")[0])
    found: list[Shelf] = []
    for suite_id, entries in there:
        made, current = board(entries), [each for each in entries if not each.withdrawn]
        same = [each for each in found if each.board.suite_id.partition(":")[0] == suite_id.partition(":")[0]]
        shown = albums(made, {each.model: each for each in current})
        people = studies(current[0].folder.parent, suite_id)
        found.append(shelf(made, current, shown, same[0].folder if same else "", people))
    return found


def latest(entries: Sequence[Entry]) -> str:
    """The date of the newest of them."""
    return max(each.card.submitted for each in entries)


def write_site(shelves: Sequence[Shelf], out: Path, home: str) -> None:
    """Write all files of the site into a folder.

    Raises:
        OSError: it cannot be written.
    """
    for path, text in [*pages(shelves), (MARK, site_style())]:
        place = out / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8", newline="\n")
    for each in shelves:
        write_data(each.board, out / "data")
        write_badges(each.board, out)
        for path, source in pictures(each):
            place = out / each.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(source.read_bytes())
    write_feed([entry for each in shelves for entry in each.entries.values()], out, home)
    write_markdown([each.board for each in shelves], out)


def pictures(each: Shelf) -> list[tuple[str, Path]]:
    """Where the pictures of a suite go, and where they come from."""
    if not each.entries:
        return []
    folder = next(iter(each.entries.values())).folder.parent
    return list(files(folder, each.entries, each.albums))


@contextmanager
def replaced(out: Path) -> Iterator[Path]:
    """A folder to fill, which takes the place of `out` when all is in it.

    Raises:
        OSError: it cannot be written.
    """
    new, old = (out.with_name(f".{out.name}.{kind}") for kind in ("part", "old"))
    for each in (new, old):
        shutil.rmtree(each, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        yield new
        if out.exists():
            out.rename(old)
        try:
            new.rename(out)
        except OSError:
            if old.exists():
                old.rename(out)
            raise
    finally:
        for each in (new, old):
            shutil.rmtree(each, ignore_errors=True)
