"""Validation: the averaged weights scored and drawn, and the full state saved."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor

from restore_models.averages import Averages
from restore_models.checkpoints import save_state
from restore_models.feeding import checks, on_device
from restore_models.grids import write_grid
from restore_models.journal import append, refuse_broken
from restore_models.learning import Learner
from restore_models.stage_run import Progress, StageRun, finite, seeded


def check(run: StageRun, learner: Learner, averages: Averages, progress: Progress) -> None:
    """Score the averaged weights on photos that nothing is learned from, draw some of them, and save the state.

    Raises:
        TrainingError: weights or pictures are no numbers; nothing is saved over the last good state.
    """
    if run.world.rank == 0:
        before = progress.best
        judge(run, learner, averages, progress)
        save(run, learner, averages, progress, better=progress.best > before)


def judge(run: StageRun, learner: Learner, averages: Averages, progress: Progress) -> None:
    """Score the averaged weights, and write the score down.

    Raises:
        TrainingError: they give no pictures any more.
    """
    seeded(run, "check")
    with averages.in_place(), torch.no_grad():
        progress.score = _scored(run, learner, progress)
    progress.best = max(progress.best, progress.score)
    seen = "validation" if run.opened.checks else "train"
    append(run, progress, {learner.score_name: finite(progress.score), "on": seen})
    run.watcher.tell(f"{run.stage.name}, step {progress.step}: {learner.score_name} {progress.score:.3f}")
    if run.curves is not None:
        run.curves.add_scalar(f"{run.stage.name}/{learner.score_name}", progress.score, progress.step)


def save(run: StageRun, learner: Learner, averages: Averages, progress: Progress, *, better: bool = False) -> None:
    """Save the full state as the last one, and as the best one where it is.

    Raises:
        TrainingError: the weights are no numbers; the last good state stays.
        OSError: it cannot be written.
    """
    if run.world.rank:
        return
    refuse_broken(run, progress, weights_of(learner), "weights are")
    state = {
        "stage": run.stage.name,
        "step": progress.step,
        "seconds": progress.seconds,
        "best": progress.best,
        "score": progress.score,
        "batch": progress.batch,
        "networks": {name: net.state_dict() for name, net in learner.networks.items()},
        "optimisers": {name: optimiser.state_dict() for name, optimiser in learner.optimisers.items()},
        "averages": averages.state(),
        "extra": learner.extra(),
    }
    save_state(run.folder / "last.pt", state)
    if better:
        _same_file(run.folder / "last.pt", run.folder / "best.pt")


def weights_of(learner: Learner) -> Iterator[Tensor]:
    """Of all its networks."""
    return (tensor for net in learner.networks.values() for tensor in net.state_dict().values())


def _same_file(there: Path, name: Path) -> None:
    """Give a file a second name; what is saved under the first one later is another file."""
    partial = name.with_name(f".{name.name}.part")
    partial.unlink(missing_ok=True)
    try:
        os.link(there, partial)
    except OSError:  # a disk that knows no second names
        shutil.copyfile(there, partial)
    partial.replace(name)


def _scored(run: StageRun, learner: Learner, progress: Progress) -> float:
    """The mean score over the validation pictures; the first few are drawn."""
    items = run.opened.checks or run.opened.pairs
    found = []
    for number, arrays in enumerate(checks(items, run.training.checked, progress.batch, run.training.seed)):
        batch = on_device(arrays, run.runtime.device)
        found.append(learner.score(batch).float().cpu())
        if number == 0:
            shown = learner.show(batch)
            refuse_broken(run, progress, [shown], "what it makes of photos is")
            path = run.folder.parent / "grids" / f"{run.stage.name}-{progress.step:07d}.png"
            write_grid(path, batch, shown)
    return float(torch.cat(found).mean())
