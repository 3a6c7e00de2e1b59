"""The work behind `foxing train`: what was typed into a run, and what a person sees of it."""

import json as json_format
import os
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
import torch.distributed as dist

from degrade.console import FailureError, MisuseError, one_line, reason, refuse_idle, show, tell
from degrade.corpus.plan_files import CorpusError
from degrade.sources import SourceError
from restore_models import cli_tuning as tuning
from restore_models.cli_asked import Typed, chosen, chosen_pipelines, chosen_precision, model_named
from restore_models.cli_tuning import run_tuning
from restore_models.cli_watching import Bar, Silent, watching
from restore_models.device import chosen_device
from restore_models.feeding import usual_workers
from restore_models.fine_tuning import Tuning
from restore_models.learning import Runtime
from restore_models.losses import found_vgg
from restore_models.model_card import how_to_use
from restore_models.restorer import ModelError
from restore_models.stage_run import TrainingError, World
from restore_models.train import Run, train
from restore_models.training_data import Asked
from restore_models.zoo import models


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
        "--precision": asked.precision != "auto",
        "--compile": asked.compiled,
        "--vgg": asked.vgg,
        "--workers": asked.workers >= 0,
        "--resume": asked.resume != "auto",
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
    show(f"{asked.out / 'weights'}: ready, as in: {how_to_use(asked.model, run)}")


def prepared(asked: Typed, device: torch.device, world: World, watcher: Bar | Silent) -> Run:
    """The run that was asked for.

    Raises:
        MisuseError: there is no such model, preset, device or precision.
        ModelError: a setting makes no sense.
    """
    if not asked.data:
        raise MisuseError("what to learn from? give a corpus, or photos and a preset, with --data")
    model = model_named(asked.model)
    perceptual = ", ".join(each.name for each in models().values() if each.perceptual)
    refuse_idle(("--vgg", asked.vgg, model.perceptual, f"it is of models with a perceptual loss: {perceptual}"))
    config, training = chosen(asked, model)
    if asked.old and not any("old" in stage.needs | stage.welcome for stage in model.stages):
        watcher.tell(f"{model.name} learns nothing from real old photos; --old means nothing to it")
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
