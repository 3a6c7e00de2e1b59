"""The command `foxing demo`: all that Foxing does, once, on the photographs that come with scikit-image."""

from importlib.util import find_spec
from pathlib import Path

from degrade.console import show, tell
from degrade.gallery_page import Beside
from restore_models.cli_demo import RESTORERS, demonstrated, trains

REPORT = Beside("sweep.html", "A sweep", "Classical restorers and the two tiny models on the suite tiny: the report.")
SITE = Beside("leaderboard/index.html", "The leaderboard", "The same as entries, beside those of the suites published.")


def run_demo(out: Path) -> None:
    """Write the demonstration, and say where it is.

    Raises:
        MisuseError: there are no photos to show it on.
        FailureError: it could not be written.
    """
    scores = trains() and find_spec("jsonschema") is not None
    beside = (RESTORERS, REPORT, SITE) if scores else (RESTORERS,) if trains() else ()
    page, runs = demonstrated(out, beside)
    if scores:
        from benchmark.cli_make import told  # noqa: PLC0415 - heavy
        from benchmark.cli_watching import watched  # noqa: PLC0415
        from leaderboards.demo import write_standings  # noqa: PLC0415
        from leaderboards.reading import entries_root  # noqa: PLC0415

        tell("scoring them and the classical restorers on the suite tiny: about a minute")
        trained = {f"tiny-{name}": run for name, run in runs.items()}
        with told(out), watched() as watch:
            write_standings(out, trained, entries_root(), watch)
    elif runs:
        tell("no jsonschema, so nothing is scored: pip install 'foxing[leaderboards]' brings it")
    show(str(page))
