"""What is written down of a training: metrics.jsonl, and the refusal of losses that are none."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from degrade.io import write_text
from restore_models.stage_run import Progress, StageRun, TrainingError, done_share

DIVERGED = 1e4
"""A loss above this has no way back: those of the papers start below 100."""


def forget_after(run: StageRun, step: int) -> None:
    """Take lines of steps that will be done again out of metrics.jsonl."""
    path = metrics_file(run)
    if path.exists():
        lines = [line for line in path.read_text("utf-8").splitlines() if _stays(line, run.stage.name, step)]
        write_text(path, "".join(f"{line}\n" for line in lines))


def _stays(line: str, stage: str, step: int) -> bool:
    try:
        said = json.loads(line)
    except ValueError:  # cut short when the process was killed
        return False
    return bool(said["stage"] != stage or said["step"] <= step)


def metrics_file(run: StageRun) -> Path:
    """Of the whole run."""
    return run.folder.parent / "metrics.jsonl"


def log(run: StageRun, progress: Progress, losses: Mapping[str, Tensor], waited: float) -> None:
    """A line in metrics.jsonl; the losses are those of this step alone."""
    if run.world.rank:
        return
    values = {name: float(loss) for name, loss in losses.items()}
    rate = progress.step * progress.batch * run.world.size / max(progress.seconds, 1e-9)
    append(run, progress, {"losses": values, "images_per_second": round(rate, 2), "waited": round(waited, 4)})
    run.watcher.stepped(progress.step, done_share(run, progress), values)
    if run.curves is not None:
        for name, value in values.items():
            run.curves.add_scalar(f"{run.stage.name}/{name}", value, progress.step)


def append(run: StageRun, progress: Progress, said: dict[str, Any]) -> None:
    """A line with the stage, the step and the seconds."""
    line = {"stage": run.stage.name, "step": progress.step} | said | {"seconds": round(progress.seconds, 2)}
    with metrics_file(run).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def refuse_divergence(run: StageRun, progress: Progress, losses: Mapping[str, Tensor], well: bool) -> None:
    """Stop where a loss is no number, or beyond all measure.

    Raises:
        TrainingError: it is, or was in a step since the last look.
    """
    wrong = {name: float(loss) for name, loss in losses.items() if not abs(float(loss)) < DIVERGED}
    if well and not wrong:
        return
    name, value = next(iter(wrong.items()), ("", 0.0))
    raise lost(
        run, progress, f"the loss {name} is {value:g}" if wrong else f"a loss was no number, or beyond {DIVERGED:g}"
    )


def refuse_broken(run: StageRun, progress: Progress, tensors: Iterable[Tensor], what: str) -> None:
    """Stop where weights, or what they give, are no numbers: the last step broke them, and no loss has shown it yet.

    Raises:
        TrainingError: they are.
    """
    floats = [each for each in tensors if each.is_floating_point()]
    if not bool(torch.stack([each.isfinite().all() for each in floats]).all()):
        raise lost(run, progress, f"{what} no number any more")


def lost(run: StageRun, progress: Progress, what: str) -> TrainingError:
    """The error of a training that has lost its way."""
    last = run.folder / "last.pt"
    again = f"is kept in {last}; go on from it in another folder, with --from {run.folder.parent}"
    kept = f"the last good state {again}" if last.exists() else "no state was saved yet; begin anew with --overwrite"
    return TrainingError(
        f"{run.stage.name}, step {progress.step}: {what}; {kept} and a lower rate, a smaller --set training.clip, "
        "or --precision fp32"
    )
