"""The work behind `foxing train`: what was typed into a run, and what a person sees of it."""

import json as json_format
import os
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast, get_args

import torch
import torch.distributed as dist

from degrade.cli_apply import preset_named
from degrade.console import FailureError, MisuseError, one_line, reason, show, tell
from degrade.corpus.plan_files import CorpusError
from degrade.pipeline import Pipeline
from degrade.pipeline_file import read_pipeline
from degrade.recipe import nearest
from degrade.sources import SourceError
from restore_models import cli_tuning as tuning
from restore_models.cli_tuning import run_tuning
from restore_models.configs import read_toml, typed
from restore_models.device import chosen_device
from restore_models.feeding import usual_workers
from restore_models.fine_tuning import Tuning
from restore_models.learning import Precision, Runtime
from restore_models.losses import found_vgg
from restore_models.restorer import Model, ModelError
from restore_models.settings import Training
from restore_models.stage_run import TrainingError, World
from restore_models.train import Run, configured, train
from restore_models.training_data import Asked
from restore_models.zoo import models


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed behind `foxing train`."""

    model: str
    data: str
    out: Path
    old: str
    presets: tuple[str, ...]
    pipelines: tuple[Path, ...]
    config: Path | None
    settings: tuple[str, ...]
    steps: int
    minutes: float
    batch: int
    size: int
    seed: int | None
    device: str
    precision: str
    compiled: bool
    vgg: Path | None
    start: Path | None
    labels: Path | None
    workers: int
    resume: str
    overwrite: bool
    tensorboard: bool
    json: bool


def run_train(asked: Typed) -> None:
    """Train a model, with progress on stderr and the result on stdout.

    Raises:
        MisuseError: the call makes no sense.
        FailureError: it failed at run time.
    """
    world = World()
    try:
        if asked.labels is not None:
            run_tuning(tuning_asked(asked), chosen_device(asked.device))
            return
        with together(asked.device) as (device, world), watching() as watcher:
            record = train(prepared(asked, device, world, Silent() if world.rank else watcher))
    except (ModelError, CorpusError) as error:
        raise MisuseError(one_line(str(error))) from None
    except (TrainingError, MemoryError) as error:
        raise FailureError(one_line(str(error))) from None
    except ImportError as error:
        raise FailureError(one_line(str(error))) from None
    except (OSError, SourceError) as error:
        raise FailureError(f"{reason(error)}; mend that, and run the same command again to go on") from None
    except KeyboardInterrupt:
        tell(f"{asked.out}: interrupted; run the same command again to go on")
        raise
    if world.rank == 0:
        report(asked, record)


def tuning_asked(asked: Typed) -> tuning.Asked:
    """What fine-tuning needs of what was typed.

    Raises:
        MisuseError: it is not for the detector, there is none to begin with, or an option has no meaning here.
    """
    if asked.model != "detector":
        raise MisuseError(f"--labels: masks drawn by hand are for the detector, not for {asked.model}")
    if asked.start is None or asked.labels is None:
        raise MisuseError("--labels fine-tunes a trained detector: give its folder with --from")
    others = {
        "--data": asked.data,
        "--old": asked.old,
        "--preset": asked.presets,
        "--pipeline": asked.pipelines,
        "--config": asked.config,
        "--set": asked.settings,
        "--max-minutes": asked.minutes,
        "--compile": asked.compiled,
        "--tensorboard": asked.tensorboard,
    }
    if idle := [name for name, value in others.items() if value]:
        raise MisuseError(f"{', '.join(idle)}: without meaning where --labels fine-tunes a detector; leave it out")
    usual = Tuning()
    wanted = Tuning(asked.steps or usual.steps, asked.batch or usual.batch, asked.size or usual.size, asked.seed or 0)
    return tuning.Asked(asked.labels, asked.start, asked.out, wanted, asked.overwrite, asked.json)


def report(asked: Typed, record: Mapping[str, Any]) -> None:
    """Say what came of it."""
    if asked.json:
        show(json_format.dumps({"run": str(asked.out), **record}, ensure_ascii=False, indent=1))
        return
    for name, note in record["stages"].items():
        score = "none" if note["score"] is None else f"{note['score']:.3f}"
        metric = note.get("score_name", "score")  # trainings of earlier versions did not say which
        show(f"{name}: {note['steps']} steps of {note['batch']} in {note['seconds']:.0f} s, {metric} {score}")
    run = shlex.quote(str(asked.out))
    use = f"foxing detect {run} photos/ masks/" if asked.model == "detector" else f"foxing restore {run} photos/ out/"
    show(f"{asked.out / 'weights'}: ready, as in: {use}")


def prepared(asked: Typed, device: torch.device, world: World, watcher: "Bar | Silent") -> Run:
    """The run that was asked for.

    Raises:
        MisuseError: there is no such model, preset, device or precision.
        ModelError: a setting makes no sense.
    """
    if not asked.data:
        raise MisuseError("what to learn from? give a corpus, or photos and a preset, with --data")
    model = model_named(asked.model)
    config, training = chosen(asked, model)
    if asked.resume not in ("auto", "never"):
        raise MisuseError(f"--resume {asked.resume}: none of auto, never")
    if not asked.overwrite and asked.resume == "never" and asked.out.exists() and any(asked.out.iterdir()):
        raise MisuseError(f"{asked.out}: not empty; give another folder, or --overwrite, or --resume auto")
    return Run(
        model=model,
        config=config,
        training=training,
        runtime=Runtime(
            device, chosen_precision(asked.precision, device), asked.compiled, vgg=asked.vgg or found_vgg()
        ),
        asked=Asked(asked.data, asked.old, tuple(chosen_pipelines(asked))),
        out=asked.out,
        watcher=watcher,
        world=world,
        workers=usual_workers(device) if asked.workers < 0 else asked.workers,
        start=asked.start,
        tensorboard=asked.tensorboard,
        overwrite=asked.overwrite,
    )


def model_named(name: str) -> Model:
    """A model that can be trained.

    Raises:
        MisuseError: there is none of that name, or it learns nothing.
    """
    known = {each.name: each for each in models().values() if each.stages}
    if name in models() and name not in known:
        raise MisuseError(f"{name} needs no training; foxing restore {name} photos/ restored/")
    if name not in known:
        raise MisuseError(f"no model {name!r}{nearest(name, list(known)) or '; there are ' + ', '.join(known)}")
    return known[name]


def chosen(asked: Typed, model: Model) -> tuple[Any, Training]:
    """The settings: the defaults, then the file's, then those of `--set`, then those with an option of their own."""
    in_file = read_toml(asked.config) if asked.config else {}
    configured(model, in_file, str(asked.config))  # so that what is wrong in the file is said of the file
    config, training = configured(model, merged(in_file, typed(asked.settings)), "--set")
    given = {"steps": asked.steps, "minutes": asked.minutes, "batch": asked.batch, "size": asked.size}
    own: dict[str, Any] = {name: value for name, value in given.items() if value}
    if asked.seed is not None:
        own["seed"] = asked.seed
    try:
        return config, replace(training, **own)
    except ValueError as error:
        raise MisuseError(str(error)) from None


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Nested tables, the second above the first."""
    found = dict(under)
    for name, value in over.items():
        below = found.get(name)
        found[name] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return found


def chosen_pipelines(asked: Typed) -> Iterator[Pipeline]:
    """Those by which photos are degraded as they come."""
    for name in asked.presets:
        yield preset_named(name)
    for path in asked.pipelines:
        try:
            yield read_pipeline(path)
        except (ValueError, OSError) as error:
            raise MisuseError(reason(error)) from None


def chosen_precision(name: str, device: torch.device) -> Precision:
    """What was asked for; bf16 on GPUs that are made for it, where nothing was.

    Raises:
        MisuseError: there is no such precision.
    """
    if name == "auto":
        return "bf16" if device.type == "cuda" and torch.cuda.is_bf16_supported() else "fp32"
    if name not in get_args(Precision):
        raise MisuseError(f"--precision {name}: none of auto, {', '.join(get_args(Precision))}")
    return cast(Precision, name)


@contextmanager
def together(device_name: str) -> Iterator[tuple[torch.device, World]]:
    """The device, and this process among those that torchrun started."""
    size, local = int(os.environ.get("WORLD_SIZE", "1")), os.environ.get("LOCAL_RANK", "0")
    device = chosen_device(device_name)
    if device.type == "cuda" and device.index is None:
        device = chosen_device(f"cuda:{local}")
    if size == 1:
        yield device, World()
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield device, World(dist.get_rank(), size)
    finally:
        dist.destroy_process_group()


@dataclass(slots=True)
class Silent:
    """Follows a training, and says nothing: what the other processes of several do."""

    def begins(self, stage: str, done: float) -> None:
        """Nothing."""

    def stepped(self, step: int, done: float, losses: Mapping[str, float]) -> None:
        """Nothing."""

    def tell(self, text: str) -> None:
        """Nothing."""


@dataclass(slots=True)
class Bar:
    """A bar for each stage on a terminal, lines in a log."""

    progress: Any
    shown: bool
    stage: str = ""
    tasks: dict[str, Any] = field(default_factory=dict)

    def begins(self, stage: str, done: float) -> None:
        """Show the stage."""
        self.stage = stage
        self.tasks[stage] = self.progress.add_task(stage, total=1.0, completed=done, losses="")
        if not self.shown:
            tell(f"{stage}: begins" if done == 0 else f"{stage}: goes on at {done:.0%}")

    def stepped(self, step: int, done: float, losses: Mapping[str, float]) -> None:
        """Show how far it is, and the losses."""
        said = " ".join(f"{name} {value:.3g}" for name, value in losses.items())
        self.progress.update(self.tasks[self.stage], completed=done, losses=f"step {step} {said}")
        if not self.shown:
            tell(f"{self.stage}: step {step}, {min(done, 1):.0%}: {said}")

    def tell(self, text: str) -> None:
        """A line above the bars."""
        if self.shown:
            self.progress.console.print(f"foxing: {text}", markup=False, highlight=False)
        else:
            tell(text)


@contextmanager
def watching() -> Iterator["Bar | Silent"]:
    """What a person follows a training by."""
    from rich.console import Console  # noqa: PLC0415 - only where there is progress to show
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    stderr = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[losses]}"),
    )
    with Progress(*columns, console=stderr, disable=not stderr.is_terminal) as progress:
        yield Bar(progress, stderr.is_terminal)
