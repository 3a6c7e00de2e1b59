"""A whole training: the stages of a model one after another, into one folder, and the weights that come out."""

import json
import platform
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist

from degrade.sources import SourceError
from restore_models.checkpoints import RECORD, claim, held
from restore_models.configs import changed
from restore_models.feeding import checks
from restore_models.learning import Runtime
from restore_models.losses import Perceptual
from restore_models.restorer import Model, ModelError, Stage, Weights
from restore_models.resuming import digest_of, left_by
from restore_models.settings import Training
from restore_models.stage_run import StageRun, Watcher, World
from restore_models.training import trained
from restore_models.training_data import Asked, Opened, opened
from restore_models.weight_files import Weighed, has_weights, own_version, read_weights, write_weights

WEIGHTS = "weights"


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """All that a training hangs on."""

    model: Model
    config: Any
    training: Training
    runtime: Runtime
    asked: Asked
    out: Path
    watcher: Watcher
    world: World
    workers: int = 0
    start: Path | None = None
    """A run, or weights, from which to start."""

    tensorboard: bool = False

    overwrite: bool = False
    """Take a training that is in the folder away, once it is known that this one can begin."""


def train(run: Run) -> dict[str, Any]:
    """Train what is not trained yet; the record of the weights in OUT/weights.

    Raises:
        ModelError: the data lack what a stage needs, or the folder holds another training.
        TrainingError: it cannot go on.
        KeyboardInterrupt: it was interrupted; the same call goes on.
    """
    size = run.training.size or run.model.size
    try:
        data = opened(run.asked, size, run.training.seed)
    except SourceError as error:
        raise ModelError(str(error)) from None
    for stage in run.model.stages:
        refuse_lack(stage, data, run.asked.data)
    record = described(run, data, size)
    if run.overwrite and run.world.rank == 0:
        if run.start is not None and run.out.resolve() in (run.start.resolve(), *run.start.resolve().parents):
            raise ModelError(f"{run.start}: begins with what --overwrite would take away; give another folder")
        forget(run.out)
    if run.world.size > 1:
        dist.barrier()
    if run.world.rank:
        return _trained(run, record, data)
    with held(run.out):
        claim(run.out, record, {"config": run.model.config, "training": Training()})
        return _trained(run, record, data)


def _trained(run: Run, record: dict[str, Any], data: Opened) -> dict[str, Any]:
    weights_folder = run.out / WEIGHTS
    if has_weights(weights_folder):
        made = dict(read_weights(weights_folder).record)
        run.watcher.tell(f"{run.out}: trained already")
        return made
    left: dict[str, Weights] = {}
    notes: dict[str, dict[str, Any]] = {}
    curves = _curves(run)
    for stage in run.model.stages:
        left[stage.name], notes[stage.name] = trained(_stage_run(run, stage, data, curves), left)
    made = record | {"stages": notes, "scores": {name: note["score"] for name, note in notes.items()}}
    if run.world.rank == 0:
        write_result(run, left, made, data, weights_folder)
    return made


def write_result(run: Run, left: Mapping[str, Weights], record: dict[str, Any], data: Opened, folder: Path) -> None:
    """Write the network in use, made of what the stages left, and finished by the validation pictures if need be.

    Raises:
        OSError: it cannot be written.
    """
    assert run.model.assemble is not None
    network: Any = run.model.assemble(run.config, left)
    if run.model.finish is not None and data.checks is not None:
        pairs = checks(data.checks, run.training.checked, 1, run.training.seed)
        network = run.model.finish(network, ({name: array[0] for name, array in each.items()} for each in pairs))
    write_weights(folder, Weighed(run.model.name, asdict(network.config), network.state_dict(), record))


def _stage_run(run: Run, stage: Stage, data: Opened, curves: Any) -> StageRun:
    total = sum(each.share for each in run.model.stages)
    return StageRun(
        stage=stage,
        config=run.config,
        training=run.training,
        runtime=replace(run.runtime, clip=run.training.clip, crop=run.training.size or run.model.size),
        opened=data,
        folder=run.out / stage.name,
        watcher=run.watcher,
        steps=run.training.steps or stage.steps,
        batch=run.training.batch or stage.batch or run.model.batch,
        minutes=run.training.minutes * stage.share / total,
        world=run.world,
        workers=run.workers,
        start=left_by(run.start, stage.name) if run.start else None,
        curves=curves,
    )


def refuse_lack(stage: Stage, data: Opened, where: str) -> None:
    """Refuse data that lack what a stage must see.

    Raises:
        ModelError: what is missing, and where it comes from.
    """
    for name in sorted(stage.needs - data.columns):
        if name == "old":
            raise ModelError(f"stage {stage.name} learns from real old photos too: give a folder of them with --old")
        raise ModelError(f"{where}: no column {name!r}, which stage {stage.name} needs; build a corpus that has it")


def described(run: Run, data: Opened, size: int) -> dict[str, Any]:
    """What there is to say of a training before it begins."""
    device = run.runtime.device
    hardware = torch.cuda.get_device_name(device) if device.type == "cuda" else f"{platform.machine()} CPU"
    return {
        "model": run.model.name,
        "config": _plain(run.config),
        "training": _plain(run.training) | {"size": size},
        "data": data.about,
        "start": digest_of(run.start, [stage.name for stage in run.model.stages]) if run.start else None,
        "precision": run.runtime.precision,
        "perceptual": Perceptual(run.runtime.vgg).name if run.model.perceptual else None,
        "hardware": f"{hardware} x {run.world.size}" if run.world.size > 1 else hardware,
        "torch": torch.__version__,
        "foxing": own_version(),
    }


def _plain(config: Any) -> dict[str, Any]:
    """As JSON gives it back."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    return found


def forget(out: Path) -> None:
    """Take away a training, and nothing else.

    Raises:
        ModelError: the folder holds something else.
    """
    if not out.exists():
        return
    with held(out):
        if not (out / RECORD).exists() and any(out.iterdir()):
            raise ModelError(f"{out}: no training, so nothing is overwritten; give another folder")
        (out / RECORD).unlink(missing_ok=True)
        shutil.rmtree(out)


def configured(model: Model, values: Mapping[str, Any], where: str) -> tuple[Any, Training]:
    """The model's configuration and the training's settings, from tables named `model` and `training`.

    Raises:
        ModelError: something in them is unknown, or of another type.
    """
    for name, table in values.items():
        if name not in ("model", "training"):
            raise ModelError(f"{where}: {name!r} is neither model nor training, as in model.width or training.batch")
        if not isinstance(table, Mapping):
            raise ModelError(f"{where}: {name} = {table!r}: must be a table of settings, as in {name}.NAME")
    config = model.config
    if values.get("model"):
        if config is None:
            raise ModelError(f"{where}: {model.name} has no settings")
        config = changed(config, values["model"], f"{where}: model")
    return config, changed(Training(), values.get("training", {}), f"{where}: training")


def _curves(run: Run) -> Any:
    """TensorBoard's writer, where it is wanted.

    Raises:
        ModelError: it is not installed.
    """
    if not run.tensorboard or run.world.rank:
        return None
    try:
        from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415 - an extra
    except ImportError:
        raise ModelError("--tensorboard: the package is missing: pip install 'foxing[tensorboard]'") from None
    return SummaryWriter(str(run.out / "tensorboard"))
