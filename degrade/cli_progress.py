"""What is said while a corpus is made, when it is there, and before: the forecast."""

import json as json_format
import time
from collections.abc import Iterator
from typing import Any

from degrade.cli_choices import Build, chosen_runner
from degrade.console import FailureError, show, tell
from degrade.corpus.build import Plan, made_all
from degrade.corpus.columns import IMAGES
from degrade.corpus.config import OLD, Config, planned
from degrade.corpus.copies import copies_in, said_of
from degrade.corpus.plan_files import turned_away
from degrade.corpus.runners import Runner
from degrade.corpus.shards import Loss, Made, Work
from degrade.corpus.stats import counted
from degrade.corpus.store import Folder, ObjectStore
from degrade.corpus.unread import UNREAD
from degrade.sources.source import PhotoSource


def followed(plan: Plan, runner: Runner, part: tuple[int, int]) -> Iterator[Made]:
    """Each shard as it is made, with a bar on a terminal, and a line for each in a log."""
    from rich.console import Console  # noqa: PLC0415 - only where there is progress to show
    from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    stderr = Console(stderr=True)
    missing = sum(len(shard.keys) for shard in plan.todo(part))
    columns = (
        *Progress.get_default_columns()[:2],
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    begun, done = time.monotonic(), 0
    with Progress(*columns, console=stderr, disable=not stderr.is_terminal) as bar:
        task = bar.add_task("photos", total=missing, rate="")

        def tick(photos: int) -> None:
            nonlocal done
            done += photos
            bar.update(task, advance=photos, rate=f"{done / max(time.monotonic() - begun, 1e-3):.0f}/s")

        for made in made_all(plan, runner, tick, part):
            if not stderr.is_terminal:
                rate = done / max(time.monotonic() - begun, 1e-3)
                tell(f"{made.path}: {made.rows} rows, {done}/{missing} photos, {rate:.0f}/s")
            for key, why in made.rejected:
                word = "not read" if key in made.unread else "rejected"
                tell(f"{word}: {why if key in why else f'{key}: {why}'}")
            yield made


def report_part(asked: Build, new: list[Made]) -> None:
    """Say what this job made."""
    index, count = asked.part
    if asked.json:
        rows = sum(made.rows for made in new)
        data = {"corpus": asked.out, "part": index, "parts": count, "files": len(new), "made": rows}
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
    else:
        show(f"{asked.out}: part {index} of {count}: {len(new)} files made")


def report(store: Folder | ObjectStore, entries: list[Made], new: set[str], json: bool, by: str = "") -> None:
    """Say what is there now: made, and by whom, reused, rejected.

    Args:
        store: of a corpus that is all there.
        entries: of its manifest.
        new: the files that were made now.
        json: for programs.
        by: who made them.

    Raises:
        FailureError: there is no row.
    """
    out, shared = store.where, copies_in(store, entries)
    rows = sum(made.rows for made in entries)
    made_now = sum(made.rows for made in entries if made.path in new)
    rejected = [(key, why) for made in entries for key, why in made.rejected]
    rejected += [(name, why) for _, name, why in turned_away(store)]
    unread = [key for made in entries for key in made.unread]
    if json:
        data: dict[str, Any] = {
            "corpus": out,
            "rows": rows,
            "made": made_now,
            "made_by": by if made_now else None,
            "reused": rows - made_now,
            "bytes": sum(made.bytes for made in entries),
            "rejected": [{"key": key, "reason": why} for key, why in rejected],
            "unread": unread,
            "in_several_splits": shared,
        }
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
    else:
        size = sum(made.bytes for made in entries) / 1e6
        lost = f"{len(rejected) - len(unread)} rejected" + (f", {len(unread)} not read" if unread else "")
        show(
            f"{out}: {rows} rows in {len(entries)} files, {size:.1f} MB; "
            f"{made_now} made{f' by {by}' if made_now else ''}, {rows - made_now} reused, {lost}"
        )
    for said in (f"{counted(len(unread))} {UNREAD}" if unread else "", said_of(shared)):
        if said:
            tell(said)
    if not rows:
        raise FailureError("no photo gave a row; see rejected.csv")


PROBES = 20


def show_forecast(config: Config, photos: PhotoSource, old: PhotoSource | None, asked: Build) -> None:
    """Say how many rows there would be, how large and how long, from a probe of 20 photos."""
    keys = list(photos.keys())[: asked.limit or None]
    probes = keys[:: max(1, len(keys) // PROBES)][:PROBES]
    rows, size, failed = 0, 0, 0
    begun = time.process_time()
    for found in map(Work("", photos, config), probes):
        made = [] if isinstance(found, Loss) else found
        failed += isinstance(found, Loss)
        rows += len(made)
        size += sum(len(row[name]["bytes"]) for row in made for name in IMAGES if row[name])
    seconds = time.process_time() - begun
    factor = len(keys) / max(len(probes), 1)
    shards = planned(keys, config.shares, config.photos_per_shard)
    data = {
        "photos": len(keys),
        OLD: len(old.keys()) if old else 0,
        "rows": round(rows * factor),
        "megabytes": round(size * factor / 1e6),
        "core_minutes": round(seconds * factor / 60, 1),
        "runner": chosen_runner(asked, config, photos.reader, shards).said,
        "probed": len(probes),
        "unreadable_in_probe": failed,
    }
    if asked.json:
        show(json_format.dumps(data, indent=1))
    else:
        show(
            f"{data['photos']} photos give about {data['rows']} rows, {data['megabytes']} MB, "
            f"in {data['core_minutes']} minutes of one core, by {data['runner']} "
            f"(a probe of {len(probes)}, {failed} of them unreadable); nothing was written"
        )
