"""The commands that make corpora: `build` and `merge`."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from degrade.cli_choices import Build, chosen, chosen_runner, opened
from degrade.cli_progress import followed, report, report_part, show_forecast
from degrade.console import FailureError, MisuseError, one_line, reason, tell
from degrade.corpus.belongings import erase
from degrade.corpus.build import finish, prepared, unfinished
from degrade.corpus.plan_files import CorpusError, turned_away
from degrade.corpus.runners import WorkerError
from degrade.corpus.stats import counted
from degrade.corpus.store import Folder, ObjectStore, open_store
from degrade.sources.source import NoSourceError, SourceError


def run_build(asked: Build) -> None:
    """Make what is missing of a corpus, and its card when all is there.

    Raises:
        MisuseError: the call makes no sense.
        FailureError: the corpus could not be made, or with `strict`, a photo was rejected.
    """
    check_part(asked)
    config = chosen(asked)
    photos, old = opened(asked)
    if asked.dry_run:
        with told():
            show_forecast(config, photos, old, asked)
        return
    with told():
        store = place_for(asked.out)
    with told(), store.claimed(alone=asked.part[1] == 1):
        if asked.overwrite:
            erase(store)
        plan = prepared(config, photos, old, store, asked.limit)
        if asked.part[1] == 1:
            store.sweep()
        if plan.unplanned:
            tell(f"{counted(plan.unplanned)} came to {photos.name} since; --overwrite takes all in")
        runner = chosen_runner(asked, config, plan.task.photos, plan.todo(asked.part))
        new = [*followed(plan, runner, asked.part)]
        entries = finish(store) if asked.part[1] == 1 else new
        if asked.part[1] > 1:
            report_part(asked, new)
        else:
            report(store, entries, {made.path for made in new}, asked.json, runner.said)
        away = turned_away(store)
    if asked.strict and (away or any(made.rejected for made in entries)):
        raise FailureError("photos were rejected, and --strict asked for none; see rejected.csv")


def check_part(asked: Build) -> None:
    """Check what is asked of one job among several.

    Raises:
        MisuseError: it makes no sense.
    """
    index, count = asked.part
    if index >= count:
        raise MisuseError(f"--shard-index {index} with --num-shards {count}: parts count from 0")
    if asked.overwrite and count > 1:
        raise MisuseError("--overwrite with --num-shards: jobs would erase what others made; delete the corpus first")


def place_for(out: str) -> Folder | ObjectStore:
    """Where the corpus goes.

    Raises:
        MisuseError: there is a file.
    """
    if not out:
        raise MisuseError("the name of the corpus is empty; give a folder for it")
    store = open_store(out)
    if isinstance(store, Folder) and not store.root.is_dir() and os.path.lexists(store.root):
        what = "a file" if store.root.is_file() else "a link to nothing, or a device"
        raise MisuseError(f"{out}: {what}, not a folder; give a folder for the corpus")
    return store


def run_merge(out: str, json: bool) -> None:
    """Write the card of a corpus that several jobs made.

    Raises:
        FailureError: a part is missing.
    """
    store = open_store(out)
    with told():
        if missing := unfinished(store):
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            raise CorpusError(f"{out}: {missing[0]}{more} not made yet; run the jobs that are to make them")
        report(store, finish(store), set(), json)


@contextmanager
def told() -> Iterator[None]:
    """Turn what can go wrong into one line: misuse is 2, failure is 1."""
    try:
        yield
    except (CorpusError, NoSourceError) as error:
        raise MisuseError(str(error)) from None
    except (OSError, SourceError, WorkerError) as error:
        raise FailureError(f"{reason(error)}{remedy(error)}") from None
    except ValueError as error:  # what is there cannot be read
        raise FailureError(f"{one_line(reason(error))}; foxing degrade verify says what is wrong") from None


def remedy(error: Exception) -> str:
    """What to do, where the error does not say so itself."""
    if isinstance(error, PermissionError):
        return "; check its permissions"
    if isinstance(error, OSError) and error.errno in (errno.ENOTDIR, errno.ENAMETOOLONG, errno.EROFS):
        return "; give another place"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "; make room, then run the same command again to go on"
    return "" if "run again" in str(error) else "; run the same command again to go on"
