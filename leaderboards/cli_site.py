"""The work behind `foxing leaderboard build` and `serve`."""

import json as json_format
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from degrade.console import FailureError, MisuseError, reason, remedy, show, tell
from leaderboards.building import Built, StrictError, build
from leaderboards.gathering import LeftOut
from leaderboards.reading import entries_root
from leaderboards.serving import serve
from restore_models.restorer import ModelError


@dataclass(frozen=True, slots=True)
class Build:
    """What was typed behind `foxing leaderboard build`."""

    out: Path
    entries: Path | None
    home: str
    strict: bool
    json: bool


def run_build(asked: Build) -> None:
    """Build the site.

    Raises:
        MisuseError: there is something else at OUT, or no folder of entries.
        FailureError: it cannot be written, or something was left out and that was not to be.
    """
    if asked.home and not asked.home.startswith(("https://", "http://")):
        raise MisuseError(f"--home {asked.home}: no address on the web; it begins with https://")
    try:
        found = build(asked.entries or entries_root(), asked.out, asked.home, strict=asked.strict)
    except StrictError as error:
        tell_left_out(error.left_out)
        raise FailureError(f"{len(error.left_out)} left out, and nothing was built, as --strict has it") from error
    except ModelError as error:
        raise MisuseError(str(error)) from error
    except OSError as error:
        where = "" if error.filename else f"{asked.out}: "  # a full disk does not say where
        raise FailureError(f"{where}{reason(error)}; {remedy(error)}") from error
    tell_left_out(found.left_out)
    if asked.json:
        data = {"out": str(found.out), "suites": found.suites, "models": found.models, "files": found.files}
        left_out = [{"place": each.place, "why": each.why} for each in found.left_out]
        show(json_format.dumps(data | {"left_out": left_out}, ensure_ascii=False))
    else:
        show(f"{found.out / 'index.html'}: {said(found)}")


def tell_left_out(left_out: Sequence[LeftOut]) -> None:
    """Name what could not be read, a line each."""
    for each in left_out:
        tell(f"left out: {each}")


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
    tell_left_out(found.left_out)
    show(address)
    tell(f"{said(found)}; for this machine alone, Ctrl+C ends it")


def said(found: Built) -> str:
    """What was built, in words."""
    suites = "suite" if found.suites == 1 else "suites"
    models = "entry" if found.models == 1 else "entries"
    left_out = f", {len(found.left_out)} left out" if found.left_out else ""
    return f"{found.suites} {suites}, {found.models} {models}, {found.files} files{left_out}"
