"""What several commands of `foxing benchmark` are asked alike."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Photos = Annotated[
    Path | None, typer.Option("--photos", metavar="DIR", help="The suite's photos, where they do not come with it.")
]
Masks = Annotated[
    Path | None,
    typer.Option("--masks", metavar="DIR", help="Masks drawn by hand, of the photos' names, for scratch-detection."),
]
Suite = Annotated[
    str,
    typer.Option(
        "--suite",
        metavar="SUITE",
        help="tiny, ladder, mixed, wan2020, scratch-detection, real-old, a TOML file, or a folder that make wrote.",
    ),
]
Models = Annotated[
    list[str],
    typer.Option(
        "--model",
        metavar="MODEL",
        help="As foxing restore takes it: a name, a folder of weights, package.module:callable, a file or a command; "
        "NAME@ before it gives it a name. May be repeated.",
    ),
]
Metrics = Annotated[
    list[str] | None,
    typer.Option("--metric", metavar="NAME", help="One more than the suite has, as pyiqa-lpips; makes another suite."),
]
Device = Annotated[str, typer.Option(metavar="auto|cpu|cuda|cuda:N", help="Where networks run.")]
Timeout = Annotated[
    float,
    typer.Option(
        metavar="SECONDS",
        min=-1,
        help="Stop a model after so long on one photo. 0 for never; -1 stops what takes 30 times as long as the photos "
        "before, and 10 minutes at least (the first photo: an hour).",
    ),
]
Runs = Annotated[Path, typer.Argument(metavar="RUNS", help="The folder of a sweep.")]
SuiteFolder = Annotated[
    Path | None, typer.Option("--suite", metavar="DIR", help="The suite's folder, where it is not RUNS/suite.")
]
