"""The command that fits a pipeline to scans, as it is typed; what is heavy is imported late."""

from pathlib import Path
from typing import Annotated

import typer


def calibrate(  # noqa: PLR0913, PLR0917 - what can be typed
    old: Annotated[str, typer.Argument(metavar="OLD", help="Scans of old photos: a folder, a glob in quotes, a zip.")],
    clean: Annotated[str, typer.Option(metavar="DIR", help="Clean photos to degrade in every trial: the same.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The pipeline to write, as mine.toml.")],
    base: Annotated[
        str, typer.Option(metavar="PRESET", help="What to start from: a preset's name, or a pipeline in TOML.")
    ] = "web-scan",
    trials: Annotated[
        int, typer.Option(metavar="N", min=0, help="How often to try, earlier runs included; else 150.")
    ] = 0,
    minutes: Annotated[float, typer.Option(metavar="M", min=0, help="Or how long to go on trying in this run.")] = 0,
    photos: Annotated[int, typer.Option(metavar="N", min=1, help="Old photos at most, drawn by the seed.")] = 200,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Of what is held out, tried and drawn.")] = 0,
    workers: Annotated[int, typer.Option(metavar="N", min=0, help="Photos at a time; 0 for one on each core.")] = 0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace OUT, and begin anew.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    max_pixels: Annotated[
        int, typer.Option("--max-pixels", metavar="N", min=1, help="Refuse larger pictures, before they are opened.")
    ] = 200_000_000,
) -> None:
    """Fit the ranges and probabilities of a pipeline to a folder of scans.

    A third of the scans and half of the clean photos are held out, and say in the end how far the base and the fitted
    pipeline are from them. At least 20 scans and 30 clean photos; those with a side under 128 pixels are left out.
    Every trial is kept in OUT.trials beside OUT: broken off with Ctrl-C, the best pipeline so far is in OUT, and the
    same command goes on.

    \b
    Examples:
      foxing degrade calibrate scans/ --clean photos/ --out mine.toml --minutes 20
      foxing degrade calibrate scans/ --clean photos/ --base gelatin-1930 --out mine.toml --trials 300
      foxing degrade apply photos/ pairs --pipeline mine.toml
    """
    from degrade.cli_fit import Asked, run_calibrate  # noqa: PLC0415 - heavy

    run_calibrate(Asked(old, clean, out, base, trials, minutes, photos, seed, workers, overwrite, json, max_pixels))
