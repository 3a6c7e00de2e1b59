"""Severity 1 to 5 of every effect, in steps of about equal visual damage, alike at every resolution."""

import json
from functools import cache
from importlib import resources

from degrade.effect import Effect, field_types
from degrade.ladder import Ramp, Value

REFERENCE = 512
"""Shorter side in pixels at which the ladders are meant; fields in pixels grow with the picture."""

SEVERITIES = (1, 2, 3, 4, 5)


@cache
def rungs() -> dict[str, tuple[float, ...]]:
    """For each effect, how far along its ladder the severities 1 to 5 lie: computed by scripts/cut_ladders.py."""
    text = resources.files("degrade").joinpath("severities.json").read_text("utf-8")
    return {name: tuple(each["rungs"]) for name, each in json.loads(text)["effects"].items()}


def at_severity(effect: type[Effect], severity: int, seed: int = 0, short_side: int = REFERENCE) -> Effect:
    """The effect at a severity, every number decided.

    Args:
        effect: its class.
        severity: 1 (seen when looked for) to 5 (as bad as it gets), in equal steps of lost SSIM.
        seed: of its random field.
        short_side: of the picture in pixels: grain, blur and the like grow with it, so that 256 and 4096 look alike.

    Raises:
        ValueError: the severity is none of 1 to 5.
    """
    if severity not in SEVERITIES:
        raise ValueError(f"severity = {severity}, none of 1, 2, 3, 4, 5")
    return on_ladder(effect, rungs()[effect.__name__][severity - 1], seed, short_side)


def on_ladder(effect: type[Effect], share: float, seed: int = 0, short_side: int = REFERENCE) -> Effect:
    """The effect at a share of the way up its ladder, 0 to 1."""
    values: dict[str, Value] = {}
    for field in field_types(effect):
        if field.is_seed:
            values[field.name] = seed
            continue
        given = effect.ladder.fields[field.name]
        value = given.at(share) if isinstance(given, Ramp) else given
        if not isinstance(value, str):
            value = value * (short_side / REFERENCE) ** field.growth
            assert field.interval is not None
            value = min(max(value, field.interval.low), field.interval.high)
            if field.kind is int:
                value = round(value)
                if field.interval.odd and value:
                    value += 1 - value % 2
            else:
                value = float(f"{value:.4g}")
        values[field.name] = value
    return effect(**values)
