"""The commands of `foxing benchmark` that look at finished sweeps."""

from pathlib import Path
from typing import Annotated

import typer

from benchmark.cli_options import Device, Json, Runs, SuiteFolder, Timeout


def report(
    runs: Runs,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Write the tables as Markdown.")
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="OUT", help="Write a page with charts and pictures: a .html file, or a folder for it."
        ),
    ] = None,
    suite: SuiteFolder = None,
    json: Json = False,
) -> None:
    """Show what a sweep found: every model by every metric, with intervals, ranks, and the failures.

    The page shows pictures where the sweep kept its outputs: foxing benchmark run --keep.

    \b
    Examples:
      foxing benchmark report runs/tiny --html runs/tiny/report.html
      foxing benchmark report runs/tiny --markdown runs/tiny/report.md
    """
    from benchmark.cli_report import Report, run_report  # noqa: PLC0415 - heavy

    run_report(Report(runs, markdown, html, suite, json))


def diff(
    first: Annotated[Path, typer.Argument(metavar="A", help="The folder of a sweep.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="That of a later one of the same suite.")],
    json: Json = False,
) -> None:
    """Say what B has changed against A, photo by photo, how surely, and on which photos most.

    A gate for CI: the exit code is 0 where B is the same or better, 1 where a model is surely worse in any metric or
    kind of damage or fails more often, and 2 where the two cannot be compared.

    \b
    Example:
      foxing benchmark diff runs/released runs/proposed
    """
    from benchmark.cli_diff import run_diff  # noqa: PLC0415 - heavy

    run_diff(first, second, json)


def replay(  # noqa: PLR0913, PLR0917 - what can be typed
    runs: Runs,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="As items.parquet calls it.")],
    model: Annotated[str, typer.Argument(metavar="MODEL", help="As the tables call it.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="For the pictures.")] = Path("out/replay"),
    suite: Annotated[
        Path | None, typer.Option("--suite", metavar="DIR", help="The suite's folder, where it is not RUNS/suite.")
    ] = None,
    device: Device = "auto",
    timeout: Timeout = -1.0,
    json: Json = False,
) -> None:
    """Ask a model one item again: rebuilds the input, runs, writes the pictures, and says what differs from the record.

    \b
    Example:
      foxing benchmark replay runs/tiny Foxing-4/chelsea sequential
    """
    from benchmark.cli_replay import Replay, run_replay  # noqa: PLC0415 - heavy

    run_replay(Replay(runs, item, model, out, suite, device, timeout, json))


def sets(  # noqa: PLR0913, PLR0917 - what can be typed
    runs: Runs,
    clean: Annotated[
        Path | None, typer.Option("--clean", metavar="DIR", help="Clean photos; those of the suite where it has some.")
    ] = None,
    features: Annotated[
        str,
        typer.Option(
            metavar="FEATURES",
            help="statistics (no network), a folder of weights, or package.module:callable that makes a vector.",
        ),
    ] = "statistics",
    suite: Annotated[
        Path | None, typer.Option("--suite", metavar="DIR", help="The suite's folder, where it is not RUNS/suite.")
    ] = None,
    metric: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="One more, of pyiqa's that judge folders, as pyiqa-fid.")
    ] = None,
    device: Device = "auto",
    json: Json = False,
) -> None:
    """Say how far all outputs of a model lie from clean photos: KID, FID with n, and how easily they are told apart.

    By features of a network also a Wasserstein distance of them. For real old photos, which nobody can compare with the
    truth. The sweep must have run with --keep.

    \b
    Example:
      foxing benchmark run --suite real-old --photos scans/ --model runs/nafnet --keep --out runs/old
      foxing benchmark sets runs/old --clean photos/
    """
    from benchmark.cli_sets import Sets, run_sets  # noqa: PLC0415 - heavy

    run_sets(Sets(runs, clean, features, suite, tuple(metric or ()), device, json))


def export(
    runs: Runs,
    out: Annotated[Path, typer.Argument(metavar="OUT.csv", help="The file: .csv, .parquet, .json or .jsonl.")],
) -> None:
    """Write the items as CSV, Parquet or JSON.

    \b
    Example:
      foxing benchmark export runs/tiny items.csv
    """
    from benchmark.cli_report import run_export  # noqa: PLC0415 - heavy

    run_export(runs, out)
