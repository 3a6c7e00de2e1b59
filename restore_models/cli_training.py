"""The command `foxing train`, as it is typed; what is heavy is imported where it is used."""

from pathlib import Path
from typing import Annotated

import typer


def train(  # noqa: PLR0913, PLR0917 - what can be typed
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model's name; foxing models lists them.")],
    out: Annotated[Path, typer.Option("--out", metavar="RUN", help="The folder of this training.")],
    data: Annotated[
        str, typer.Option("--data", metavar="DIR", help="A corpus of foxing degrade build; or photos, with --preset.")
    ] = "",
    old: Annotated[
        str, typer.Option("--old", metavar="DIR", help="Real old photos, for models that learn from them too.")
    ] = "",
    preset: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Degrade clean photos anew in each epoch; may be given several times."),
    ] = None,
    pipeline: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="The same by a pipeline of your own, in TOML.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Settings in TOML, in the tables model and training."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="A.B=V",
            help="One setting, as model.width=32; may be repeated. foxing models MODEL lists them.",
        ),
    ] = None,
    steps: Annotated[int, typer.Option(metavar="N", min=0, help="Steps of each stage; 0: the model's own.")] = 0,
    max_minutes: Annotated[
        float,
        typer.Option("--max-minutes", metavar="M", min=0, help="Instead of --steps: how long in all, all stages."),
    ] = 0.0,
    batch: Annotated[int, typer.Option(metavar="N", min=0, help="Pictures in a step; 0 is the model's own.")] = 0,
    size: Annotated[int, typer.Option(metavar="PX", min=0, help="Side of the crops; 0 is the model's own.")] = 0,
    seed: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Another seed, another training; else 0.")
    ] = None,
    device: Annotated[str, typer.Option(metavar="NAME", help="auto, cpu, cuda or cuda:N.")] = "auto",
    precision: Annotated[
        str, typer.Option(metavar="auto|bf16|fp32", help="Of convolutions; auto is bf16 on a GPU made for it.")
    ] = "auto",
    compiled: Annotated[
        bool, typer.Option("--compile", help="Compile the networks: slow to begin, then quicker.")
    ] = False,
    vgg: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="VGG-19's weights for the perceptual loss; else torch's cache, or a stand-in."
        ),
    ] = None,
    start: Annotated[
        Path | None, typer.Option("--from", metavar="RUN", help="Begin with the weights of another training.")
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="For the detector: its folder photos/, and masks/ drawn by hand, to fine-tune --from on.",
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(metavar="N", min=-1, help="Processes that load; -1 is as the machine is, 0 none.")
    ] = -1,
    resume: Annotated[
        str, typer.Option(metavar="auto|never", help="Go on with a training that was broken off, or refuse to.")
    ] = "auto",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Begin anew where a training is already.")] = False,
    tensorboard: Annotated[bool, typer.Option("--tensorboard", help="Write curves for TensorBoard too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Train a model, all its stages in order, and leave weights that foxing restore uses.

    RUN gets metrics.jsonl, grids of pictures, the full state of each stage, and the weights. Run the same command again
    after whatever broke it off, and it goes on as if nothing had been; finished stages are passed over. Several GPUs:
    start it with torchrun.

    \b
    Examples:
      foxing train nafnet --data corpus --out runs/nafnet
      foxing train triplet --data corpus --old scans/ --out runs/triplet --max-minutes 60
      foxing train pix2pix --data photos/ --preset medium --preset severe --out runs/p --set model.width=32
      foxing train detector --labels marked/ --from runs/detector --out runs/tuned
      torchrun --nproc-per-node 4 -m foxing train triplet --data corpus --old scans/ --out runs/triplet
    """
    from restore_models.cli_asked import Typed  # noqa: PLC0415 - heavy
    from restore_models.cli_train import run_train  # noqa: PLC0415

    run_train(
        Typed(
            model=model,
            data=data,
            out=out,
            old=old,
            presets=tuple(preset or ()),
            pipelines=tuple(pipeline or ()),
            config=config,
            settings=tuple(settings or ()),
            steps=steps,
            minutes=max_minutes,
            batch=batch,
            size=size,
            seed=seed,
            device=device,
            precision=precision,
            compiled=compiled,
            vgg=vgg,
            start=start,
            labels=labels,
            workers=workers,
            resume=resume,
            overwrite=overwrite,
            tensorboard=tensorboard,
            json=json,
        )
    )
