"""The work behind `foxing train detector --labels`: a trained detector made to fit what somebody marked by hand."""

import hashlib
import json as json_format
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from degrade.console import MisuseError, show, tell
from restore_models.checkpoints import claim, held
from restore_models.data import MOST_ENLARGED, refuse_large
from restore_models.detector import Detector
from restore_models.fine_tuning import Tuning, fine_tune
from restore_models.hand_labels import labelled_files
from restore_models.learning import Runtime
from restore_models.memory import size_of
from restore_models.model_card import how_to_use
from restore_models.resolve import identity_of, network_in
from restore_models.restorer import ModelError
from restore_models.train import WEIGHTS, forget
from restore_models.weight_files import Weighed, has_weights, read_weights, write_weights


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed."""

    labels: Path
    start: Path
    out: Path
    tuning: Tuning
    overwrite: bool
    json: bool


def run_tuning(asked: Asked, device: torch.device) -> None:
    """Fine-tune a detector, and say where it is; it is a matter of minutes, and begins anew where it was broken off.

    Raises:
        MisuseError: there is no such detector, or its networks cannot take such crops.
        ModelError: there are no labels, or the folder holds another training.
    """
    detector = network_in(asked.start, str(device), -1)
    if not isinstance(detector, Detector):
        raise MisuseError(f"{asked.start}: weights of the model {detector.name}, and labels are for the detector")
    if asked.tuning.size % detector.grid:
        raise MisuseError(f"--size {asked.tuning.size}: this detector wants a multiple of {detector.grid}")
    files = labelled_files(asked.labels)  # what is wrong with them is said before anything is written
    longest = (max(size) for each in files if (size := size_of(each.photo)) is not None)
    refuse_large(asked.tuning.size, str(asked.labels), (MOST_ENLARGED * side for side in longest))
    record = described(asked)
    if asked.overwrite:
        forget(asked.out)
    with held(asked.out):
        claim(asked.out, record, {"training": Tuning()})
        made = tuned(asked, detector, device)
    if asked.json:
        show(json_format.dumps({"run": str(asked.out), **made}, ensure_ascii=False, indent=1))
    else:
        show(f"{asked.out / WEIGHTS}: ready, as in: {how_to_use(Detector.name, shlex.quote(str(asked.out)))}")


def tuned(asked: Asked, detector: Detector, device: torch.device) -> Mapping[str, Any]:
    """The record of the fine-tuned weights, which are made where they are not there yet.

    Raises:
        ModelError: there are no labels.
    """
    folder = asked.out / WEIGHTS
    if has_weights(folder):
        record = read_weights(folder).record
        tell(f"{asked.out}: trained already")
        return record
    tell(f"fine-tuning for {asked.tuning.steps} steps of {asked.tuning.batch} crops of {asked.tuning.size} pixels")
    try:
        found = fine_tune(detector, asked.labels, asked.tuning, Runtime(device))
    except ValueError as error:
        raise ModelError(str(error)) from None
    write_weights(folder, Weighed(found.name, asdict(found.config), found.state_dict(), found.record))
    return found.record


def described(asked: Asked) -> dict[str, Any]:
    """What makes it this fine-tuning and no other; labels are told apart by their names and sizes."""
    files = sorted(each for each in asked.labels.rglob("*") if each.is_file())
    names = "\n".join(f"{each.relative_to(asked.labels).as_posix()} {each.stat().st_size}" for each in files)
    return {
        "model": Detector.name,
        "training": asdict(asked.tuning),
        "labels": hashlib.sha256(names.encode("utf-8", "surrogateescape")).hexdigest()[:16],
        "start": identity_of(str(asked.start)),
    }
