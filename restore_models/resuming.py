"""Where a stage begins: with the weights of another training, or with all as it was when its last state was saved."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import torch

from restore_models.averages import Averages
from restore_models.checkpoints import read_state
from restore_models.journal import forget_after
from restore_models.learning import Learner
from restore_models.restorer import ModelError, Weights
from restore_models.stage_run import Progress, StageRun

LAST = "last.pt"
"""In the folder of a stage: its last full state."""


def left_by(place: Path, stage: str) -> Weights | None:
    """What another run's stage of that name left, or has up to now, or weights as they are; None where it never began.

    Raises:
        ModelError: they are damaged.
    """
    from safetensors import SafetensorError  # noqa: PLC0415 - an extra
    from safetensors.torch import load  # noqa: PLC0415

    file = file_of(place, stage)
    if file is None:
        return None
    if file.name == LAST:
        state: Weights = read_state(file, torch.device("cpu"))["averages"]
        return state
    try:
        weights: Weights = load(file.read_bytes())
    except (SafetensorError, ValueError) as error:
        raise ModelError(f"{file}: damaged ({error}); copy it again, or give another run with --from") from None
    return weights


def file_of(place: Path, stage: str) -> Path | None:
    """Where in a run, or a folder of weights, the weights for a stage lie."""
    names = (f"{stage}/final.safetensors", f"{stage}/{LAST}", "weights/model.safetensors", "model.safetensors")
    return next((place / name for name in names if (place / name).is_file()), None)


def digest_of(place: Path, stages: Iterable[str]) -> str:
    """What tells weights to start from from others.

    Raises:
        ModelError: there are none for any of the stages.
    """
    files = [file.read_bytes() for stage in stages if (file := file_of(place, stage)) is not None]
    if not files:
        raise ModelError(f"{place}: no weights to start from; give a folder that foxing train made")
    return hashlib.sha256(b"".join(hashlib.sha256(each).digest() for each in files)).hexdigest()[:16]


def start_from(learner: Learner, weights: Weights, stage: str) -> None:
    """Fill networks with weights of the same names and shapes.

    Raises:
        ModelError: none fits.
    """
    filled = 0
    for name, net in learner.networks.items():
        own = net.state_dict()
        given = {key: weights[f"{name}.{key}"] for key in own if f"{name}.{key}" in weights}
        if given and all(given.get(key, own[key]).shape == own[key].shape for key in own):
            net.load_state_dict(own | given)
            filled += 1
    if not filled:
        raise ModelError(
            f"--from: its weights fit no network of stage {stage}; give a run of the same model and settings"
        )


def resumed(run: StageRun, learner: Learner, averages: Averages) -> Progress:
    """Everything as it was when the last state was saved, or at the beginning where none was."""
    path = run.folder / LAST
    if not path.exists():
        if run.world.rank == 0:
            forget_after(run, 0)  # it was killed before the first state
        return Progress(batch=run.batch)
    state = read_state(path, run.runtime.device)
    try:
        for name, net in learner.networks.items():
            net.load_state_dict(state["networks"][name])
        for name, optimiser in learner.optimisers.items():
            optimiser.load_state_dict(state["optimisers"][name])
        averages.set_state(state["averages"])
        learner.set_extra(state["extra"])
    except (KeyError, RuntimeError, ValueError) as error:
        said = str(error).splitlines()[0]
        raise ModelError(f"{path}: a state of other networks ({said}); begin anew with --overwrite") from None
    progress = Progress(state["step"], state["seconds"], state["best"], state["score"], min(state["batch"], run.batch))
    if run.world.rank == 0:
        forget_after(run, progress.step)
    return progress
