"""A whole training: the stages of a model one after another, into one folder, and the weights that come out."""

import json
import platform
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from degrade.io import write_text
from restore_models.configs import changed
from restore_models.feeding import checks
from restore_models.learning import Runtime
from restore_models.losses import Perceptual
from restore_models.restorer import Model, ModelError, Stage, Weights
from restore_models.settings import Training
from restore_models.stage_run import StageRun, Watcher, World
from restore_models.training import trained
from restore_models.training_data import Asked, Opened, opened
from restore_models.weight_files import Weighed, has_weights, own_version, read_weights, write_weights

RECORD, WEIGHTS = "run.json", "weights"

FREE = ("log_every", "check_every", "checked")
"""Settings that change nothing that is learned."""


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


def train(run: Run) -> dict[str, Any]:
    """Train what is not trained yet; the record of the weights in OUT/weights.

    Raises:
        ModelError: the data lack what a stage needs, or the folder holds another training.
        TrainingError: it cannot go on.
        KeyboardInterrupt: it was interrupted; the same call goes on.
    """
    size = run.training.size or run.model.size
    data = opened(run.asked, size, run.training.seed)
    for stage in run.model.stages:
        refuse_lack(stage, data, run.asked.data)
    record = described(run, data, size)
    claim(run, record)
    weights_folder = run.out / WEIGHTS
    if has_weights(weights_folder):
        run.watcher.tell(f"{run.out}: trained already; foxing restore {run.out} uses it")
        return dict(read_weights(weights_folder).record)
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
        start=_start(run.start, stage.name),
        curves=curves,
    )


def _start(place: Path | None, stage: str) -> Weights | None:
    """What another run's stage of that name left, or weights as they are."""
    from safetensors.torch import load  # noqa: PLC0415 - an extra

    if place is None:
        return None
    for file in (
        place / stage / "final.safetensors",
        place / WEIGHTS / "model.safetensors",
        place / "model.safetensors",
    ):
        if file.exists():
            weights: Weights = load(file.read_bytes())
            return weights
    raise ModelError(f"{place}: no weights to start from; give a folder that foxing train made")


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
        "precision": run.runtime.precision,
        "perceptual": Perceptual(run.runtime.vgg).name,
        "hardware": f"{hardware} x {run.world.size}" if run.world.size > 1 else hardware,
        "torch": torch.__version__,
        "foxing": own_version(),
    }


def _plain(config: Any) -> dict[str, Any]:
    """As JSON gives it back."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    return found


def claim(run: Run, record: dict[str, Any]) -> None:
    """Take a folder for a training, or find that it holds the same one.

    Raises:
        ModelError: it holds another one, or something else.
    """
    path = run.out / RECORD
    if path.exists():
        try:
            there = json.loads(path.read_text("utf-8"))
        except ValueError:
            raise ModelError(f"{path}: damaged; begin anew with --overwrite") from None
        for name in ("model", "config", "training", "data", "precision", "perceptual"):
            if _bound(there.get(name)) != _bound(record[name]):
                what = f"with another {name}{_difference(there.get(name), record[name])}"
                raise ModelError(
                    f"{run.out}: holds a training {what}; begin anew with --overwrite, or in another folder"
                )
    elif run.out.exists() and any(run.out.iterdir()):
        raise ModelError(f"{run.out}: not empty, and no training; give another folder")
    if run.world.rank == 0 and not path.exists():
        write_text(path, json.dumps(record, indent=1) + "\n")


def _bound(value: Any) -> Any:
    return {name: each for name, each in value.items() if name not in FREE} if isinstance(value, dict) else value


def _difference(there: Any, here: Any) -> str:
    """The first setting in which two tables differ."""
    if not isinstance(there, dict) or not isinstance(here, dict):
        return f" ({there}, not {here})"
    for name in sorted(there.keys() | here.keys()):
        if there.get(name) != here.get(name) and name not in FREE:
            return f" ({name}: {json.dumps(there.get(name))}, not {json.dumps(here.get(name))})"
    return ""


def forget(out: Path) -> None:
    """Take away a training, and nothing else.

    Raises:
        ModelError: the folder holds something else.
    """
    if not out.exists():
        return
    if not (out / RECORD).exists() and any(out.iterdir()):
        raise ModelError(f"{out}: no training, so nothing is overwritten; give another folder")
    (out / RECORD).unlink(missing_ok=True)
    shutil.rmtree(out)


def configured(model: Model, values: Mapping[str, Any], where: str) -> tuple[Any, Training]:
    """The model's configuration and the training's settings, from tables named `model` and `training`.

    Raises:
        ModelError: something in them is unknown, or of another type.
    """
    for name in values:
        if name not in ("model", "training"):
            raise ModelError(f"{where}: {name!r} is neither model nor training, as in model.width or training.batch")
    config = model.config
    if values.get("model"):
        if config is None:
            raise ModelError(f"{where}: {model.name} has no settings")
        config = changed(config, values["model"], "model")
    return config, changed(Training(), values.get("training", {}), "training")


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
