"""The commands of `foxing benchmark`; what is heavy is imported where it is used, so that help comes at once."""

from pathlib import Path
from typing import Annotated

import typer

from benchmark.cli_looking import diff, export, replay, report, sets
from benchmark.cli_options import Device, Json, Masks, Metrics, Models, Photos, Suite, Timeout

app = typer.Typer(
    help="Score restorers on suites of damage: how good, on what, how sure, and at what cost.",
    epilog="Start with: foxing benchmark run --suite tiny --model sequential --out runs/tiny",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@app.command()
def make(  # noqa: PLR0913, PLR0917 - what can be typed
    suite: Annotated[
        str,
        typer.Argument(
            metavar="SUITE", help="tiny, ladder, mixed, wan2020, scratch-detection, real-old, or a TOML file."
        ),
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to write to.")],
    photos: Photos = None,
    masks: Masks = None,
    metric: Metrics = None,
    light: Annotated[
        bool, typer.Option("--light", help="Keep no degraded pictures: they are made anew at each use, and checked.")
    ] = False,
    secret: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A private split: a secret seed from this file, made where it is not; commits to it."
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace another suite in OUT.")] = False,
    json: Json = False,
) -> None:
    """Make a suite: clean photos, degraded ones, masks and recipes in lossless files, known by their digests.

    \b
    Examples:
      foxing benchmark make tiny suites/tiny
      foxing benchmark make ladder suites/ladder --photos kodak/ --light
      foxing benchmark make mine.toml suites/mine
    """
    from benchmark.cli_make import Make, run_make  # noqa: PLC0415 - heavy

    run_make(Make(suite, out, photos, tuple(metric or ()), light, masks, secret, overwrite, json))


@app.command()
def run(  # noqa: PLR0913, PLR0917 - what can be typed
    suite: Suite,
    model: Models,
    out: Annotated[
        Path, typer.Option("--out", metavar="RUNS", help="The folder of this sweep; it goes on where it is.")
    ],
    photos: Photos = None,
    masks: Masks = None,
    metric: Metrics = None,
    device: Device = "auto",
    tile: Annotated[
        int,
        typer.Option(
            metavar="PX", min=-1, help="Side of the tiles of large photos in pixels; 0 for none, -1 as memory says."
        ),
    ] = -1,
    timeout: Timeout = -1.0,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, help="Ask so often, with other random numbers.")] = 1,
    retry: Annotated[
        str, typer.Option(metavar="failed|missing|all|none", help="What is asked again of what is there.")
    ] = "failed",
    threads: Annotated[
        int, typer.Option(metavar="N", min=0, help="That score while the model runs; 0 for one less than there are.")
    ] = 0,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the outputs as PNG.")] = False,
    cost: Annotated[bool, typer.Option("--cost", help="Measure parameters, operations, speed and memory too.")] = False,
    probe: Annotated[
        bool, typer.Option("--probe/--no-probe", help="Ask three items first, and say how long it will take.")
    ] = True,
    shard_index: Annotated[
        int, typer.Option(metavar="I", min=0, help="Which part of the items this job does, from 0.")
    ] = 0,
    num_shards: Annotated[int, typer.Option(metavar="N", min=1, help="Of how many; then foxing benchmark merge.")] = 1,
    runner: Annotated[
        str,
        typer.Option(metavar="here|processes|ray", help="Who asks: this process, or several with their own models."),
    ] = "here",
    workers: Annotated[int, typer.Option(metavar="N", min=0, help="Of a runner; 0 for one on each core.")] = 0,
    json: Json = False,
) -> None:
    """Ask every model every item of a suite, and keep one score for each metric and region.

    A broken-off run goes on: only what is missing is asked. A failed item is recorded as failed, never as a number.

    \b
    Examples:
      foxing benchmark run --suite tiny --model sequential --model median --out runs/tiny
      foxing benchmark run --suite suites/ladder --model mine@runs/nafnet --model pkg.mod:fn --out runs/ladder
    """
    from benchmark.cli_run import Run, run_run  # noqa: PLC0415 - heavy

    run_run(
        Run(
            suite=suite,
            models=tuple(model),
            out=out,
            photos=photos,
            masks=masks,
            metrics=tuple(metric or ()),
            device=device,
            tile=tile,
            timeout=timeout,
            seeds=seeds,
            retry=retry,
            threads=threads,
            keep=keep,
            cost=cost,
            probe=probe,
            part=(shard_index, num_shards),
            runner=runner,
            workers=workers,
            json=json,
        )
    )


@app.command()
def doctor(  # noqa: PLR0913, PLR0917 - what can be typed
    suite: Suite,
    model: Models,
    photos: Photos = None,
    masks: Masks = None,
    metric: Metrics = None,
    device: Device = "auto",
    timeout: Timeout = -1.0,
    json: Json = False,
) -> None:
    """Say before a long sweep which metrics and models can run, and how long it will take and in how much memory.

    \b
    Examples:
      foxing benchmark doctor --suite suites/ladder --model runs/nafnet
      foxing benchmark doctor --suite tiny --model identity --metric pyiqa-lpips --metric pyiqa-niqe
    """
    from benchmark.cli_doctor import Doctor, run_doctor  # noqa: PLC0415 - heavy

    run_doctor(Doctor(suite, tuple(model), photos, masks, tuple(metric or ()), device, timeout, json))


@app.command()
def merge(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUNS...", help="Folders of the parts; the first takes the whole.")
    ],
    suite: Annotated[
        Path | None, typer.Option("--suite", metavar="DIR", help="The suite's folder, where it is not RUNS/suite.")
    ] = None,
    json: Json = False,
) -> None:
    """Bring the parts of a sweep together; refused where a single answer is missing.

    \b
    Example:
      foxing benchmark merge runs/ladder --suite suites/ladder
    """
    from benchmark.cli_run import run_merge  # noqa: PLC0415 - heavy

    run_merge(runs, suite, json)


for each in (report, diff, replay, sets, export):
    app.command()(each)
