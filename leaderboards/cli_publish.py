"""The work behind `foxing leaderboard study score --publish`."""

from pathlib import Path

from benchmark.cli_make import told
from degrade.console import tell
from leaderboards.documents import read_json
from leaderboards.home import writable_root
from leaderboards.people import publish
from leaderboards.study.key import RESULT


def run_publish(study: Path, name: str, entries: Path | None) -> None:
    """Put the result of a study where the pages of its suite show it.

    Raises:
        MisuseError: its suite has no entries, or another study has that name.
        FailureError: it could not be written.
    """
    with told(study):
        path = publish(study / RESULT, entries or writable_root(tell), name)
        metrics = read_json(path).get("metrics")
    tell(f"{path}: published; foxing leaderboard build shows it")
    if not metrics:
        tell("without --run RUN it does not say which metrics agree with people")
