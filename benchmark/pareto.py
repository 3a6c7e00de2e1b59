"""Who is worth its cost: the models that no other beats in both quality and cost."""

from collections.abc import Mapping, Sequence
from typing import Any


def front(points: Sequence[tuple[float, float]]) -> list[bool]:
    """Which points no other is at least as good as in both numbers and better in one; less is better in both."""
    return [not any(beats(other, point) for other in points) for point in points]


def beats(first: tuple[float, float], second: tuple[float, float]) -> bool:
    """Whether the first is nowhere worse, and somewhere better."""
    return first != second and first[0] <= second[0] and first[1] <= second[1]


def by_hardware(errors: Mapping[str, float], costs: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, bool]]:
    """Of each hardware, the models whose speed was measured there, and whether each is on its Pareto front.

    Times of different hardware are never compared, so each has a front of its own.

    Args:
        errors: relative error of each model, where it has one.
        costs: what each model costs, as `benchmark.cost` says it.
    """
    groups: dict[str, dict[str, tuple[float, float]]] = {}
    for name, cost in costs.items():
        seconds, error = cost.get("seconds_per_megapixel"), errors.get(name)
        if seconds is not None and error is not None:
            groups.setdefault(machine(cost), {})[name] = (seconds, error)
    return {key: dict(zip(group, front([*group.values()]), strict=True)) for key, group in groups.items()}


def machine(cost: Mapping[str, Any]) -> str:
    """What a speed was measured on."""
    threads = cost.get("threads")
    return f"{cost.get('hardware') or 'unknown hardware'}" + (f", {threads} threads" if threads else "")
