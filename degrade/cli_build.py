"""The commands that make corpora: `build` and `merge`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from degrade.cli_choices import Build, chosen, chosen_runner, opened
from degrade.cli_progress import followed, report, report_part, show_forecast
from degrade.console import FailureError, MisuseError, one_line, reason, tell
from degrade.corpus.build import erase, finish, prepared, unfinished
from degrade.corpus.plan_files import CorpusError, turned_away
from degrade.corpus.runners import WorkerError
from degrade.corpus.store import Folder, ObjectStore, open_store
from degrade.sources.source import SourceError


def run_build(asked: Build) -> None:
    """Make what is missing of a corpus, and its card when all is there.

    Raises:
        MisuseError: the call makes no sense.
        FailureError: the corpus could not be made, or with `strict`, a photo was rejected.
    """
    if asked.part[0] >= asked.part[1]:
        raise MisuseError(f"--shard-index {asked.part[0]} with --num-shards {asked.part[1]}: parts count from 0")
    config = chosen(asked)
    photos, old = opened(asked)
    if asked.dry_run:
        show_forecast(config, photos, old, asked)
        return
    store = place_for(asked.out)
    with told(), store.claimed(alone=asked.part[1] == 1):
        if asked.overwrite:
            erase(store)
        if asked.part[1] == 1:
            store.sweep()
        plan = prepared(config, photos, old, store, asked.limit)
        if plan.unplanned:
            tell(f"{plan.unplanned} photos came to {photos.name} since; --overwrite takes them in")
        runner = chosen_runner(asked, config, plan.task.photos, plan.todo(asked.part))
        new = [*followed(plan, runner, asked.part)]
        away = turned_away(store)
        entries = finish(store, anew=bool(new)) if asked.part[1] == 1 else new
    if asked.part[1] > 1:
        report_part(asked, new)
    else:
        report(asked.out, entries, {made.path for made in new}, asked.json, away, runner.said)
    if asked.strict and (away or any(made.rejected for made in entries)):
        raise FailureError("photos were rejected, and --strict asked for none; see rejected.csv")


def place_for(out: str) -> Folder | ObjectStore:
    """Where the corpus goes.

    Raises:
        MisuseError: there is a file.
    """
    if Path(out).is_file():
        raise MisuseError(f"{out}: a file, not a folder; give a folder for the corpus")
    return open_store(out)


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
        entries, away = finish(store), turned_away(store)
    report(out, entries, set(), json, away)


@contextmanager
def told() -> Iterator[None]:
    """Turn what can go wrong into one line: misuse is 2, failure is 1."""
    try:
        yield
    except CorpusError as error:
        raise MisuseError(str(error)) from None
    except ImportError as error:
        raise FailureError(f"{reason(error)}; pip install what is missing") from None
    except (OSError, SourceError, WorkerError) as error:
        raise FailureError(f"{reason(error)}; run the same command again to go on") from None
    except ValueError as error:  # what is there cannot be read
        raise FailureError(f"{one_line(reason(error))}; foxing degrade verify says what is wrong") from None
