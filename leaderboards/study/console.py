"""The work behind `foxing leaderboard study`."""

import json as json_format
import secrets
from dataclasses import dataclass
from pathlib import Path

from benchmark.cli_make import told
from benchmark.cli_report import show_all
from degrade.console import show, tell
from degrade.io import write_text
from leaderboards.entry import EntryError
from leaderboards.study.answers import sheets
from leaderboards.study.design import Load
from leaderboards.study.key import KEY, PAGE, RESULT, read_key
from leaderboards.study.making import Wanted, make
from leaderboards.study.metrics import values_of
from leaderboards.study.page import MINUTE
from leaderboards.study.reporting import grids_of, markdown
from leaderboards.study.scoring import FEW, result
from leaderboards.study.sources import Source, from_folders, from_run


@dataclass(frozen=True, slots=True)
class Make:
    """What was typed behind `foxing leaderboard study make`."""

    run: Path | None
    models: str
    folders: tuple[str, ...]
    degraded: Path | None
    out: Path
    items: int
    pairs: int
    raters: int
    seed: int | None
    json: bool


@dataclass(frozen=True, slots=True)
class Score:
    """What was typed behind `foxing leaderboard study score`."""

    study: Path
    answers: tuple[Path, ...]
    run: Path | None
    traps: float
    out: Path | None
    json: bool


def run_make(asked: Make) -> None:
    """Write a study.

    Raises:
        MisuseError: the call makes no sense, or a picture is missing.
        FailureError: it could not be written.
    """
    with told(asked.out):
        source = source_of(asked)
        seed = secrets.randbits(64) if asked.seed is None else asked.seed
        key = make(source, asked.out, Wanted(asked.items, Load(asked.pairs), asked.raters, seed))
    longest = max(map(len, key.plans))
    items = len({pair.item for pair in key.pairs.values()})
    if asked.json:
        data = {"study": key.study, "folder": str(asked.out), "models": list(key.models), "items": items}
        data |= {"questions": longest, "raters": len(key.plans), "equal": key.equal, "seed": key.seed}
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
        return
    show(f"{asked.out}: study {key.study}, {len(key.models)} models on {items} degraded photos")
    if key.equal:
        are = "pair is" if key.equal == 1 else "pairs are"
        show(f"{key.equal} {are} equal to the pixel and {are.split()[1]} not asked")
    show(f"each rater: {longest} questions, about {max(1, round(longest / MINUTE))} minutes")
    photos = len({pair.photo for pair in key.pairs.values()})
    if photos < FEW:
        tell(f"{photos} base photos only: intervals will be wide however many people answer; more photos help most")
    numbers = f"#rater=1 to #rater={len(key.plans)}"
    show(f"hand to raters: {asked.out / PAGE}; its index.html{numbers} is for the rater of that number")
    show(f"keep from raters: {asked.out / KEY}, which says whose pictures they are")


def source_of(asked: Make) -> Source:
    """What is to be shown.

    Raises:
        EntryError: it is neither a sweep nor folders, or both.
    """
    if asked.run is not None:
        if asked.folders or asked.degraded:
            raise EntryError(f"{asked.run} and --model or --degraded: give a sweep, or folders, not both")
        return from_run(asked.run, tuple(name.strip() for name in asked.models.split(",") if name.strip()))
    if not asked.folders or asked.degraded is None:
        raise EntryError("nothing to show: give a sweep, or --degraded DIR and --model NAME=DIR two times or more")
    if asked.models:
        raise EntryError("--models: of a sweep only; folders are named by --model NAME=DIR")
    folders: dict[str, Path] = {}
    for each in asked.folders:
        name, equals, place = each.partition("=")
        if not name or not equals or not place or name in folders:
            raise EntryError(f"--model {each}: give NAME=DIR, each name once")
        folders[name] = Path(place)
    return from_folders(folders, asked.degraded)


def run_score(asked: Score) -> None:
    """Say what came of a study.

    Raises:
        MisuseError: answers are damaged or of another study, or none counts.
        FailureError: the result could not be written.
    """
    with told(asked.study):
        key = read_key(asked.study)
        given = sheets(asked.answers, key)
        values = values_of(asked.run, key) if asked.run is not None else None
        found = result(key, given, asked.traps, values)
        write_text(asked.study / RESULT, json_format.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
        if asked.out is not None:
            write_text(asked.out, markdown(found))
    for each in found["raters"]["left_out"]:
        tell(f"rater {each['rater']} is left out: {each['why']}")
    if asked.json:
        show(json_format.dumps(found, ensure_ascii=False, indent=1))
        return
    show_all(grids_of(found))
    for note in found["notes"]:
        show(note)
    show(f"{asked.study / RESULT}: the same for programs" + (f"; {asked.out}: in Markdown" if asked.out else ""))
