"""The numbers of a pipeline that a fit may change, found in its data: probabilities, ranges, weights, latents."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from degrade.calibration.ranges import Range, tidy, turned_range
from degrade.effect import field_types
from degrade.ladder import Value
from degrade.pipeline import Pipeline, latents_of
from degrade.priors import Choice, Distribution, Group, Latent, Prior

RAREST = 0.04
"""Steps that happen to fewer photos are left alone: a few scans say nothing about them. Nor do they about the shapes of
structured defects, of which patches hold few: how often those come is fitted, and by their latents how strong they are.
"""

LIKELIER = 2.2
"""By how much a knob turned fully moves the logarithm of the odds of a step: from a half to 0.9."""

HEAVIER = 1.6
"""The same of the logarithm of a weight: five times as much."""

BENT = 1.1
"""The same of the logarithm of a latent's exponent: three times as much."""

Turns = Mapping[str, float]
"""How far each knob is turned, from -1 to 1; at 0 and where it is not named, nothing changes."""

Steps = tuple[Prior | Group, ...]


@dataclass(frozen=True, slots=True)
class Knob:
    """One number that may change."""

    name: str
    """As `GaussianBlur.sigma place`."""

    coarse: bool
    """Whether it counts from the beginning: places, probabilities and weights do, widths only at the end."""


Turn = Callable[[Knob], float]
"""Asked for each knob, in the pipeline's order, how far it is turned."""


def knobs(pipeline: Pipeline) -> tuple[Knob, ...]:
    """All knobs of a pipeline, in its order; groups that choose alike have theirs together."""
    found: list[Knob] = []

    def noted(knob: Knob) -> float:
        found.append(knob)
        return 0.0

    _turned(pipeline, noted)
    return tuple(dict.fromkeys(found))


def turned(pipeline: Pipeline, turns: Turns) -> Pipeline:
    """The pipeline with its knobs turned."""
    return _turned(pipeline, lambda knob: turns.get(knob.name, 0.0))


def _turned(pipeline: Pipeline, turn: Turn) -> Pipeline:
    used = {name for prior in pipeline.priors() if not prior.only_with for name in latents_of(prior)}
    latents = {
        name: _turned_latent(name, latent, turn) if name in used else latent
        for name, latent in pipeline.latents.items()
    }
    return replace(pipeline, latents=latents, steps=_turned_steps(pipeline.steps, "", 1.0, turn))


def _turned_latent(name: str, latent: Latent, turn: Turn) -> Latent:
    a = _times(latent.a, BENT * turn(Knob(f"{name} a", coarse=True)))
    b = _times(latent.b, BENT * turn(Knob(f"{name} b", coarse=True)))
    return replace(latent, a=a, b=b, p=_likelier(latent.p, f"{name} p", turn))


def _turned_steps(steps: Steps, path: str, share: float, turn: Turn) -> Steps:
    return tuple(
        _turned_prior(step, share, turn)
        if isinstance(step, Prior)
        else _turned_group(step, f"{path}/{step.name or number}", share, turn)
        for number, step in enumerate(steps)
    )


def _turned_group(group: Group, path: str, share: float, turn: Turn) -> Group:
    share *= group.p
    p = _likelier(group.p, f"{path} p", turn)
    if group.order != "one_of" or share < RAREST:
        return replace(group, p=p, members=_turned_steps(group.members, path, share, turn))
    weights = group.weights or (1.0,) * len(group.members)
    turned_weights = _turned_weights(weights, [f"{path} weight {number + 1}" for number in range(len(weights))], turn)
    members = tuple(
        _turned_steps((member,), f"{path}/{number}", share * weight / sum(weights), turn)[0]
        for number, (member, weight) in enumerate(zip(group.members, weights, strict=True))
    )
    return replace(group, p=p, members=members, weights=group.weights if turned_weights == weights else turned_weights)


def _turned_prior(prior: Prior, share: float, turn: Turn) -> Prior:
    if share * prior.p < RAREST or prior.only_with:
        return prior
    name = prior.stream_name
    p = _likelier(prior.p, f"{name} p", turn)
    if prior.effect.defect:
        return replace(prior, p=p)
    kinds = {each.name: each for each in field_types(prior.effect)}
    fields: dict[str, Distribution | Value] = {}
    for field, given in prior.fields.items():
        where = f"{name}.{field}"
        if isinstance(given, Choice) and given.weights:
            named = [f"{where} = {value}" for value in given.values]
            fields[field] = replace(given, weights=_turned_weights(given.weights, named, turn))
        elif isinstance(given, Range):
            place, width = turn(Knob(f"{where} place", coarse=True)), turn(Knob(f"{where} width", coarse=False))
            fields[field] = turned_range(given, place, width, kinds[field])
        else:
            fields[field] = given
    return replace(prior, p=p, fields=fields)


def _turned_weights(weights: tuple[float, ...], named: list[str], turn: Turn) -> tuple[float, ...]:
    """The first weight stays: only their ratios count."""
    others = (
        _times(weight, HEAVIER * turn(Knob(name, coarse=True)))
        for weight, name in zip(weights[1:], named[1:], strict=True)
    )
    return (weights[0], *others)


def _likelier(p: float, name: str, turn: Turn) -> float:
    """A probability moved by its knob; 0 and 1 have none."""
    if not 0 < p < 1:
        return p
    moved = LIKELIER * turn(Knob(name, coarse=True))
    return tidy(1 / (1 + (1 / p - 1) * math.exp(-moved))) if moved else p


def _times(value: float, power: float) -> float:
    return tidy(value * math.exp(power)) if power else value
