"""Where a stage begins: with the weights of another training, or with all as it was when its last state was saved."""

from restore_models.averages import Averages
from restore_models.checkpoints import read_state
from restore_models.journal import forget_after
from restore_models.learning import Learner
from restore_models.restorer import ModelError, Weights
from restore_models.stage_run import Progress, StageRun


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
    """Everything as it was when the last state was saved."""
    path = run.folder / "last.pt"
    if not path.exists():
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
