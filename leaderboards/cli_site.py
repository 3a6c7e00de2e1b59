"""The work behind `foxing leaderboard build` and `serve`."""

import json as json_format
from pathlib import Path

from benchmark.cli_make import remedy
from degrade.console import FailureError, MisuseError, reason, show, tell
from leaderboards.building import Built, build
from leaderboards.reading import entries_root
from leaderboards.serving import serve
from restore_models.restorer import ModelError


def run_build(out: Path, entries: Path | None, home: str, json: bool) -> None:
    """Build the site.

    Raises:
        MisuseError: there is something else at OUT, or an entry cannot be read.
        FailureError: it cannot be written.
    """
    if home and not home.startswith(("https://", "http://")):
        raise MisuseError(f"--home {home}: no address on the web; it begins with https://")
    try:
        found = build(entries or entries_root(), out, home)
    except ModelError as error:
        raise MisuseError(str(error)) from error
    except OSError as error:
        raise FailureError(f"{reason(error)}; {remedy(error)}") from error
    if json:
        data = {"out": str(found.out), "suites": found.suites, "models": found.models, "files": found.files}
        show(json_format.dumps(data, ensure_ascii=False))
    else:
        show(f"{found.out / 'index.html'}: {said(found)}")


def run_serve(entries: Path | None, port: int) -> None:
    """Build the site into a temporary folder and serve it until Ctrl+C.

    Raises:
        MisuseError: the port is taken, or an entry cannot be read.
        FailureError: it cannot be written.
    """
    try:
        serve(entries or entries_root(), port, announce)
    except KeyboardInterrupt:
        tell("stopped; the pages are gone, foxing leaderboard build OUT keeps them")
    except ModelError as error:
        raise MisuseError(str(error)) from error
    except OSError as error:
        raise FailureError(reason(error)) from error


def announce(found: Built, address: str) -> None:
    """Say where it is to be seen."""
    show(address)
    tell(f"{said(found)}; for this machine alone, Ctrl+C ends it")


def said(found: Built) -> str:
    """What was built, in words."""
    suites = "suite" if found.suites == 1 else "suites"
    models = "entry" if found.models == 1 else "entries"
    return f"{found.suites} {suites}, {found.models} {models}, {found.files} files"
