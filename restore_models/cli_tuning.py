"""The work behind `foxing train detector --labels`: a trained detector made to fit what somebody marked by hand."""

import json as json_format
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from degrade.console import MisuseError, show, tell
from restore_models.detector import Detector
from restore_models.fine_tuning import Tuning, fine_tune
from restore_models.learning import Runtime
from restore_models.resolve import network_in
from restore_models.restorer import ModelError
from restore_models.train import WEIGHTS, forget
from restore_models.weight_files import Weighed, has_weights, write_weights


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
        MisuseError: there is no such detector, or no labels.
    """
    folder = asked.out / WEIGHTS
    if asked.overwrite:
        forget(asked.out)
    elif has_weights(folder):
        tell(f"{asked.out}: trained already; foxing detect {asked.out} uses it")
        return
    detector = network_in(asked.start, str(device), -1)
    if not isinstance(detector, Detector):
        raise MisuseError(f"{asked.start}: weights of the model {detector.name}, and labels are for the detector")
    tell(f"fine-tuning for {asked.tuning.steps} steps of {asked.tuning.batch} crops of {asked.tuning.size} pixels")
    try:
        tuned = fine_tune(detector, asked.labels, asked.tuning, Runtime(device))
    except ValueError as error:
        raise ModelError(str(error)) from None
    write_weights(folder, Weighed(tuned.name, asdict(tuned.config), tuned.state_dict(), tuned.record))
    if asked.json:
        show(json_format.dumps({"run": str(asked.out), **tuned.record}, ensure_ascii=False, indent=1))
    else:
        show(f"{folder}: ready, as in: foxing detect {asked.out} photos/ masks/")
