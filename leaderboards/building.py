"""The site built from entries: the same bytes for the same entries, whole or not at all, whatever some of them hold."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from leaderboards.badge import write_badges
from leaderboards.board import FLOOR, Board, board
from leaderboards.entry import PEOPLE, Entry, EntryError
from leaderboards.exporting import write_data, write_markdown
from leaderboards.feed import write_feed
from leaderboards.gathering import Gathered, LeftOut, gathered, tried
from leaderboards.pages import pages
from leaderboards.people import Study, study
from leaderboards.shelf import Shelf, shelf
from leaderboards.site_pictures import albums, files
from leaderboards.templates import site_style

MARK = "site.css"
"""By which a folder is known for a site of ours, which may be replaced."""


@dataclass(frozen=True, slots=True)
class Built:
    """How large the site is, and what it leaves out."""

    out: Path
    suites: int
    models: int
    files: int
    left_out: tuple[LeftOut, ...]
    """What could not be read, and is not on the pages but for its name."""


class StrictError(EntryError):
    """Something could not be read, and whoever builds wants all or nothing."""

    def __init__(self, left_out: Sequence[LeftOut]) -> None:
        self.left_out = tuple(left_out)
        super().__init__(f"{len(left_out)} left out, and nothing was built: {left_out[0]}")


def build(root: Path, out: Path, home: str = "", *, strict: bool = False) -> Built:
    """Build the site of all entries; what lay at `out` is replaced once all is there.

    An entry that cannot be read is left out, and named.

    Args:
        root: the folder of all entries.
        out: where the site is to lie.
        home: its address on the web, for the feed.
        strict: whether nothing is to be built where anything must be left out.

    Raises:
        StrictError: something was left out, and `strict`.
        EntryError: there is something else at `out`, or no folder of entries.
        OSError: it cannot be written.
    """
    out = out.resolve()
    replaceable(out)
    shelves, left_out = shelves_of(root)
    if strict and left_out:
        raise StrictError(left_out)
    with replaced(out) as new:
        write_site(shelves, new, home, left_out)
        count = sum(path.is_file() for path in new.rglob("*"))
    return Built(out, len(shelves), sum(len(each.board.rows) for each in shelves), count, tuple(left_out))


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


def shelves_of(root: Path) -> tuple[list[Shelf], list[LeftOut]]:
    """The suites that have models, by name, of several versions the one with the newest entry first; what is left out.

    Raises:
        EntryError: there is no such folder.
    """
    found = gathered(root)
    left_out = [*found.left_out]
    shelves: list[Shelf] = []
    for suite_id, entries in in_order(found):
        name = suite_id.partition(":")[0]
        newer = next((each.folder for each in shelves if each.board.suite_id.partition(":")[0] == name), "")
        made = shelf_of(entries, root, newer, left_out)
        shelves += [made] if made is not None else []
    return shelves, left_out


def in_order(found: Gathered) -> list[tuple[str, Sequence[Entry]]]:
    """The boards that have any model, as the first page has them."""
    there = [(each, entries) for each, entries in found.boards.items() if any(not one.withdrawn for one in entries)]
    there.sort(key=lambda pair: pair[0])
    there.sort(key=lambda pair: latest(pair[1]), reverse=True)
    return sorted(there, key=lambda pair: pair[0].partition(":")[0])


def shelf_of(entries: Sequence[Entry], root: Path, newer: str, left_out: list[LeftOut]) -> Shelf | None:
    """A suite, without the entries that contradict the others; None where not even the untouched photo is left."""
    place = entries[0].folder.parent
    board, entries = board_of(entries, root, left_out)
    if board is None:
        return None
    shown = albums(board, {each.model: each for each in entries if not each.withdrawn})
    people = studies(place, board.suite_id, root, left_out)
    mine = tuple(each for each in left_out if each.suite == place.name)
    return shelf(board, entries, shown, newer, people, mine)


def board_of(entries: Sequence[Entry], root: Path, left_out: list[LeftOut]) -> tuple[Board | None, Sequence[Entry]]:
    """The board, and of which entries it is: of all, or else of those that make one with the untouched photo."""
    place = entries[0].folder.parent
    trouble: list[LeftOut] = []
    whole = tried(place, root, trouble, partial(board, entries))
    if whole is not None:
        return whole, entries
    floor = [each for each in entries if each.model == FLOOR]
    others = [each for each in entries if each.model != FLOOR]
    known = len(left_out)
    fine = [each for each in others if tried(each.folder, root, left_out, partial(board, [*floor, each])) is not None]
    rest = tried(place, root, trouble, partial(board, [*floor, *fine])) if len(left_out) > known else None
    if rest is None:
        left_out += trouble[-1:]
    return rest, [*floor, *fine]


def studies(place: Path, suite_id: str, root: Path, left_out: list[LeftOut]) -> tuple[Study, ...]:
    """The studies of a suite that can be read, by name."""
    paths = sorted((place / PEOPLE).glob("*.json"))
    found = [tried(path, root, left_out, partial(study, path, suite_id)) for path in paths]
    return tuple(each for each in found if each is not None)


def latest(entries: Sequence[Entry]) -> str:
    """The date of the newest of them."""
    return max(each.card.submitted for each in entries)


def write_site(shelves: Sequence[Shelf], out: Path, home: str, left_out: Sequence[LeftOut] = ()) -> None:
    """Write all files of the site into a folder.

    Raises:
        OSError: it cannot be written.
    """
    for path, text in [*pages(shelves, left_out), (MARK, site_style())]:
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
    write_feed([entry for each in shelves for entry in (*each.entries.values(), *each.withdrawn)], out, home)
    write_markdown([each.board for each in shelves], out, [str(each) for each in left_out])


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
