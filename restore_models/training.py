"""The one training loop: a stage of any model, on a CPU or any number of GPUs, that goes on where it was broken off."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from degrade.console import one_line
from degrade.io import write_bytes, write_text
from restore_models.averages import Averages
from restore_models.batch import Batch
from restore_models.checking import check, save
from restore_models.data import Cropped, Feed
from restore_models.feeding import batches, fits, resident, resident_batches
from restore_models.interruptions import interruptions
from restore_models.journal import DIVERGED, log, refuse_divergence
from restore_models.learning import Learner
from restore_models.restorer import ModelError, Weights
from restore_models.resuming import resumed, start_from
from restore_models.settings import rate_at
from restore_models.stage_run import Progress, StageRun, TrainingError, done_share, finite, seeded
from restore_models.tiling import ran_out


def trained(run: StageRun, earlier: Mapping[str, Weights]) -> tuple[Weights, dict[str, Any]]:
    """The weights that a stage leaves, and what there is to say of them; made only where they are not there yet.

    Where memory runs out, the stage goes on from its last state with half the batch, and says so.

    Raises:
        TrainingError: the losses are no numbers any more, or memory runs out with a batch of one.
        KeyboardInterrupt: it was interrupted; the state is saved.
    """
    from safetensors.torch import save as packed  # noqa: PLC0415 - an extra

    final, note = run.folder / "final.safetensors", run.folder / "final.json"
    while not note.exists():
        try:
            with torch.random.fork_rng():  # torch's own stream is seeded here, and is the caller's again afterwards
                learner, progress = _learned(run, earlier)
        except Exception as error:  # OpenCV and torch have classes of their own
            if not ran_out(error):
                raise
            run = _smaller(run)
            continue
        if run.world.rank == 0:
            kept = {name: tensor.contiguous().cpu() for name, tensor in learner.items()}
            write_bytes(final, packed(kept))
            write_text(note, json.dumps(_note(run, progress)) + "\n")
        if run.world.size > 1:
            dist.barrier()
    return _left(final, note)


def _left(final: Path, note: Path) -> tuple[Weights, dict[str, Any]]:
    """What a finished stage left.

    Raises:
        ModelError: it is damaged.
    """
    from safetensors import SafetensorError  # noqa: PLC0415 - an extra
    from safetensors.torch import load  # noqa: PLC0415

    try:
        weights: Weights = load(final.read_bytes())
        said: dict[str, Any] = json.loads(note.read_text("utf-8"))
    except (SafetensorError, ValueError, FileNotFoundError):
        bad = f"{final} or {note.name} is damaged or missing"
        raise ModelError(f"{bad}; delete {note}, and the stage ends again from its last state") from None
    return weights, said


def _smaller(run: StageRun) -> StageRun:
    if run.batch == 1 or run.world.size > 1:
        raise TrainingError(
            f"{run.stage.name}: out of memory with a batch of {run.batch}; give a smaller --size or --batch"
        )
    run.watcher.tell(f"{run.stage.name}: out of memory with a batch of {run.batch}; going on with {run.batch // 2}")
    if run.runtime.device.type == "cuda":
        torch.cuda.empty_cache()
    return replace(run, batch=run.batch // 2)


def _note(run: StageRun, progress: Progress) -> dict[str, Any]:
    found = {"steps": progress.step, "seconds": round(progress.seconds, 1), "batch": progress.batch}
    scores = {"score": finite(progress.score), "best": finite(progress.best)}
    return found | scores | {"score_name": progress.score_name}


def _learned(run: StageRun, earlier: Mapping[str, Weights]) -> tuple[dict[str, Tensor], Progress]:
    """Train from the last state, or from the beginning, to the end; the averaged weights of the kept networks."""
    learner = _begun(run, earlier)
    for group in _groups(learner):
        group["initial_lr"] = group["lr"]
    if run.start is not None:
        start_from(learner, run.start, run.stage.name)
    averages = Averages({name: learner.networks[name] for name in learner.kept}, run.training.ema)
    progress = resumed(run, learner, averages)
    progress.score_name = learner.score_name
    run.watcher.begins(run.stage.name, done_share(run, progress))
    well = torch.ones((), dtype=torch.bool, device=run.runtime.device)
    with interruptions() as interrupted, _fed(run, progress) as feed:
        clock = Clock(progress.seconds)
        while (share := done_share(run, progress)) < 1:
            batch = clock.waiting_for(feed)
            share, stop = _agreed(run, share, bool(interrupted))
            losses = _stepped(run, learner, batch, progress.step, share)
            averages.update(progress.step)
            well &= torch.stack([loss.detach().abs().float() for loss in losses.values()]).amax() < DIVERGED
            progress.step, progress.seconds = progress.step + 1, clock.seconds()
            _after(run, learner, averages, progress, Seen(losses, well, clock.waited_share()))
            if stop:
                save(run, learner, averages, progress)
                raise KeyboardInterrupt
    return averages.state(), progress


def _begun(run: StageRun, earlier: Mapping[str, Weights]) -> Learner:
    """The learner as it begins.

    Raises:
        ModelError: the settings make none.
    """
    seeded(run, "begin")
    try:
        return run.stage.learner(run.config, run.runtime, earlier)
    except (ValueError, RuntimeError) as error:
        if isinstance(error, ModelError) or ran_out(error):
            raise
        raise ModelError(f"{run.stage.name}: no network can be made by these settings ({_brief(error)})") from error


def _brief(error: Exception) -> str:
    """What torch says, without its second thoughts."""
    return one_line(str(error).partition("\n")[0])


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What there is to say of a step."""

    losses: Mapping[str, Tensor]
    well: Tensor
    """Whether all losses up to now were numbers, on the device: to look at it is to wait for it."""

    waited: float


def _after(run: StageRun, learner: Learner, averages: Averages, progress: Progress, seen: Seen) -> None:
    """Write down, validate and save, where it is time to."""
    training, ended = run.training, done_share(run, progress) >= 1
    logs, checks = progress.step % training.log_every == 0 or ended, progress.step % training.check_every == 0 or ended
    if logs or checks:
        refuse_divergence(run, progress, seen.losses, bool(seen.well))
    if logs:
        log(run, progress, seen.losses, seen.waited)
    if checks:
        check(run, learner, averages, progress)


def _stepped(run: StageRun, learner: Learner, batch: Batch, step: int, share: float) -> dict[str, Tensor]:
    """The losses of one step, at the rate of that share of the stage and with the chance of that step.

    Raises:
        TrainingError: it is the very first, and the networks cannot take such crops.
    """
    for group in _groups(learner):
        group["lr"] = group["initial_lr"] * rate_at(share, run.training.decay)
    seeded(run, step)
    try:
        return learner.step(batch)
    except RuntimeError as error:
        if step or ran_out(error):
            raise
        side = run.runtime.crop
        raise TrainingError(
            f"{run.stage.name}: the first step failed, with crops of {side} pixels ({_brief(error)}); where sizes do "
            "not fit, give another --size or other settings"
        ) from error


def _groups(learner: Learner) -> Iterator[dict[str, Any]]:
    for optimiser in learner.optimisers.values():
        yield from optimiser.param_groups


class Clock:
    """Seconds of a stage, those before it was broken off too, and how many of them went by waiting for data."""

    def __init__(self, before: float) -> None:
        self.before, self.begun, self.waited = before, time.monotonic(), 0.0

    def waiting_for(self, feed: Iterator[Batch]) -> Batch:
        """The next batch."""
        asked = time.monotonic()
        batch = next(feed)
        self.waited += time.monotonic() - asked
        return batch

    def seconds(self) -> float:
        """Up to now."""
        return self.before + time.monotonic() - self.begun

    def waited_share(self) -> float:
        """Of the time since it was begun or taken up."""
        return self.waited / max(time.monotonic() - self.begun, 1e-9)


def _agreed(run: StageRun, done: float, stop: bool) -> tuple[float, bool]:
    """The same for all processes: the first one's clock, and whether any of them is to stop."""
    if run.world.size == 1:
        return done, stop
    word = torch.tensor([done if run.world.rank == 0 else 0.0, float(stop)], device=run.runtime.device)
    dist.all_reduce(word)
    return float(word[0]), bool(word[1] > 0)


@contextmanager
def _fed(run: StageRun, progress: Progress) -> Iterator[Iterator[Batch]]:
    """The batches from here on."""
    opened, device = run.opened, run.runtime.device
    pairs, old = opened.pairs, opened.old if "old" in run.stage.needs | run.stage.welcome else None
    feed = Feed(pairs, old, progress.batch, run.training.seed, run.world.rank, run.world.size)
    steps = range(progress.step, 1 << 40 if run.minutes else run.steps)
    parts = [part for part in (pairs, old) if part is not None]
    if fits(parts, device):
        held = [resident(part, device) for part in parts if isinstance(part, Cropped)]
        feed = replace(feed, pairs=held[0], old=held[1] if old is not None else None)
        found = resident_batches(feed, steps, device)
    else:
        found = batches(feed, steps, run.workers, device)
    try:
        yield found
    finally:
        found.close()  # type: ignore[attr-defined]  # generators both
