"""Every model there is: a new one is a file and a line here."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from typing import Any

from restore_models import classical as filters
from restore_models import identity, tones
from restore_models.configs import changed, completed
from restore_models.restorer import Model, ModelError
from restore_models.weight_files import Weighed


@cache
def models() -> Mapping[str, Model]:
    """The models by name; those that need torch only where it is installed."""
    learned = _learned() if find_spec("torch") is not None else []
    return {**classical(), **{model.name: model for model in learned}}


@cache
def classical() -> Mapping[str, Model]:
    """Those that need neither torch nor training."""
    return {model.name: model for model in (identity.MODEL, *tones.MODELS, *filters.MODELS)}


def _learned() -> list[Model]:
    from restore_models import (  # noqa: PLC0415 - they need torch
        cyclegan,
        detector,
        dip,
        face_refiner,
        fine_tuning,
        nafnet,
        pix2pix,
        triplet,
    )

    return [
        nafnet.MODEL,
        pix2pix.MODEL,
        cyclegan.MODEL,
        dip.MODEL,
        triplet.MODEL,
        replace(detector.MODEL, finish=fine_tuning.thresholded),
        face_refiner.MODEL,
    ]


def network_from(weighed: Weighed) -> Any:
    """The network of some weights, ready to use.

    Raises:
        ModelError: the model is unknown, or its weights do not fit its configuration.
    """
    model = models().get(weighed.model)
    if model is None:
        raise ModelError(f"weights of the model {weighed.model!r}, which this version of Foxing does not know")
    config = changed(model.config, completed(weighed.config, model.config), weighed.model)
    network = model.build(config)
    expected = network.state_dict()
    for name in sorted(expected.keys() | weighed.weights.keys()):
        if name not in weighed.weights:
            raise ModelError(f"weights of {weighed.model}: {name} is missing; they are of another model or version")
        if name not in expected:
            raise ModelError(f"weights of {weighed.model}: {name} is unknown; they are of another model or version")
        has, wants = tuple(weighed.weights[name].shape), tuple(expected[name].shape)
        if has != wants:
            raise ModelError(f"weights of {weighed.model}: {name} is {has}, not {wants}; config.json does not fit them")
    network.load_state_dict(weighed.weights)
    network.record = dict(weighed.record)
    return network.eval()
