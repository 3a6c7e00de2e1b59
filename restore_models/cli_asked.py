"""What was typed behind `foxing train`, and the model, settings, pipelines and precision that it means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast, get_args

import torch

from degrade.cli_apply import preset_named
from degrade.console import MisuseError, reason
from degrade.pipeline import Pipeline
from degrade.pipeline_file import read_pipeline
from degrade.recipe import nearest
from restore_models.configs import read_toml, typed
from restore_models.learning import Precision
from restore_models.restorer import Model
from restore_models.settings import Training
from restore_models.train import configured
from restore_models.zoo import models


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed behind `foxing train`."""

    model: str
    data: str
    out: Path
    old: str
    presets: tuple[str, ...]
    pipelines: tuple[Path, ...]
    config: Path | None
    settings: tuple[str, ...]
    steps: int
    minutes: float
    batch: int
    size: int
    seed: int | None
    device: str
    precision: str
    compiled: bool
    vgg: Path | None
    start: Path | None
    labels: Path | None
    workers: int
    resume: str
    overwrite: bool
    tensorboard: bool
    json: bool


def model_named(name: str) -> Model:
    """A model that can be trained.

    Raises:
        MisuseError: there is none of that name, or it learns nothing.
    """
    known = {each.name: each for each in models().values() if each.stages}
    if name in models() and name not in known:
        raise MisuseError(f"{name} needs no training; foxing restore {name} photos/ restored/")
    if name not in known:
        raise MisuseError(f"no model {name!r}{nearest(name, list(known)) or '; there are ' + ', '.join(known)}")
    return known[name]


def chosen(asked: Typed, model: Model) -> tuple[Any, Training]:
    """The settings: the defaults, then the file's, then those of `--set`, then those with an option of their own.

    Raises:
        MisuseError: a setting makes no sense, or two options say how long.
    """
    in_file = read_toml(asked.config) if asked.config else {}
    configured(model, in_file, str(asked.config))  # so that what is wrong in the file is said of the file
    config, training = configured(model, merged(in_file, typed(asked.settings)), "--set")
    given = {"steps": asked.steps, "minutes": asked.minutes, "batch": asked.batch, "size": asked.size}
    own: dict[str, Any] = {name: value for name, value in given.items() if value}
    if asked.steps and not asked.minutes:
        own["minutes"] = 0.0  # the file's would count, and not the steps
    if asked.seed is not None:
        own["seed"] = asked.seed
    try:
        training = replace(training, **own)
    except ValueError as error:
        raise MisuseError(str(error)) from None
    if asked.steps and asked.minutes:
        raise MisuseError("--steps and --max-minutes both say how long; give one of them")
    return config, training


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Nested tables, the second above the first."""
    found = dict(under)
    for name, value in over.items():
        below = found.get(name)
        found[name] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return found


def chosen_pipelines(asked: Typed) -> Iterator[Pipeline]:
    """Those by which photos are degraded as they come."""
    for name in asked.presets:
        yield preset_named(name)
    for path in asked.pipelines:
        try:
            yield read_pipeline(path)
        except (ValueError, OSError) as error:
            raise MisuseError(reason(error)) from None


def chosen_precision(name: str, device: torch.device) -> Precision:
    """What was asked for; bf16 on GPUs that are made for it, where nothing was.

    Raises:
        MisuseError: there is no such precision.
    """
    if name == "auto":
        return "bf16" if device.type == "cuda" and torch.cuda.is_bf16_supported() else "fp32"
    if name not in get_args(Precision):
        raise MisuseError(f"--precision {name}: none of auto, {', '.join(get_args(Precision))}")
    return cast(Precision, name)
