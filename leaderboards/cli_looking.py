"""The commands of `foxing leaderboard` that show where models stand."""

from pathlib import Path
from typing import Annotated

import typer

from leaderboards.cli_options import Entries, Json


def compare(
    mine: Annotated[Path, typer.Argument(metavar="MINE", help="The folder of a finished sweep, or of an entry.")],
    suite: Annotated[str, typer.Option(metavar="SUITE", help="Its id or its name; that of MINE where not given.")] = "",
    model: Annotated[str, typer.Option(metavar="NAME", help="Which model of a sweep of several.")] = "",
    entries: Entries = None,
    json: Json = False,
) -> None:
    """Say where a model stands: its ranks, what it is surely better and worse than, its best and worst defects, cost.

    \b
    Example:
      foxing leaderboard compare runs/tiny --suite tiny --model mine
    """
    from leaderboards.cli_compare import Compare, run_compare  # noqa: PLC0415 - heavy

    run_compare(Compare(mine, suite, model, entries, json))


def for_photo(
    photo: Annotated[Path, typer.Argument(metavar="PHOTO", help="An old photo, or any other.")],
    suite: Annotated[
        str,
        typer.Option(
            metavar="SUITE", help="Its id or its name; where not given, that of most photos with a handful of models."
        ),
    ] = "",
    detector: Annotated[
        Path | None,
        typer.Option(metavar="CHECKPOINT", help="Of a detector of damage: marks are then found, not guessed."),
    ] = None,
    mask: Annotated[
        Path | None, typer.Option(metavar="FILE", help="White where damage covers the photo, where you have drawn it.")
    ] = None,
    entries: Entries = None,
    json: Json = False,
) -> None:
    """Say which model to take for a photo: what ails it, what of a suite it is like, and the table weighed for that.

    \b
    Example:
      foxing leaderboard for scans/grandmother.jpg --detector runs/detector
    """
    from leaderboards.cli_for import For, run_for  # noqa: PLC0415 - heavy

    run_for(For(photo, suite, detector, mask, entries, json))


def fingerprint(
    suite: Annotated[Path, typer.Argument(metavar="SUITE", help="The folder of a suite, as make wrote it.")],
    photos: Annotated[int, typer.Option(metavar="N", min=2, help="How many of its photos to look at.")] = 12,
    detector: Annotated[
        Path | None,
        typer.Option(
            metavar="CHECKPOINT", help="Of a detector: what it finds in the suite, for photos that it looks at."
        ),
    ] = None,
    entries: Entries = None,
    json: Json = False,
) -> None:
    """Keep what the damage of a suite looks like beside its entries: foxing leaderboard for compares photos with it.

    \b
    Example:
      foxing leaderboard fingerprint suites/ladder
    """
    from leaderboards.cli_fingerprint import Print, run_fingerprint  # noqa: PLC0415 - heavy

    run_fingerprint(Print(suite, photos, detector, entries, json))


def build(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Where the site is to lie; a site of ours is replaced.")],
    entries: Entries = None,
    home: Annotated[
        str, typer.Option(metavar="URL", help="The site's address on the web, for the feed; not needed for the pages.")
    ] = "",
    strict: Annotated[
        bool, typer.Option("--strict", help="Build nothing, and fail, where an entry cannot be read.")
    ] = False,
    json: Json = False,
) -> None:
    """Build the pages of all entries: a folder that needs no server, no network and no JavaScript.

    What cannot be read is left out and named, here and on the pages.

    \b
    Example:
      foxing leaderboard build out/site      # then open out/site/index.html
    """
    from leaderboards.cli_site import Build, run_build  # noqa: PLC0415 - heavy

    run_build(Build(out, entries, home, strict, json))


def serve(
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Where to listen; 0 for any port that is free.")
    ] = 8000,
    entries: Entries = None,
) -> None:
    """Build the pages into a temporary folder and show them to a browser on this machine, until Ctrl+C.

    \b
    Example:
      foxing leaderboard serve --port 8000
    """
    from leaderboards.cli_site import run_serve  # noqa: PLC0415 - heavy

    run_serve(entries, port)
