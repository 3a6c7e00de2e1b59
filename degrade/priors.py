"""What may happen to a photo and how likely: priors with their latent quantities and groups, all data."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from degrade.distributions import (
    DISTRIBUTIONS,
    Along,
    Choice,
    Distribution,
    Integers,
    Latents,
    LogUniform,
    Normal,
    OwnTexture,
    Uniform,
    check_field,
    check_weights,
)
from degrade.effect import Effect, field_types
from degrade.ladder import Value
from degrade.recipe import nearest
from degrade.seeds import Stream

__all__ = [
    "DISTRIBUTIONS",
    "Along",
    "Choice",
    "Distribution",
    "Group",
    "Integers",
    "Latent",
    "Latents",
    "LogUniform",
    "Normal",
    "Order",
    "OwnTexture",
    "Prior",
    "Uniform",
    "decided",
    "prior",
]
"""All that a preset is written with."""


@dataclass(frozen=True, slots=True)
class Latent:
    """A quantity drawn once for a photo, in [0, 1], on which probabilities and numbers may hang.

    Its distribution is Kumaraswamy's, F(x) = 1 - (1 - x**a)**b, a Beta in closed form; with probability 1 - p it is 0.
    """

    a: float = 1.0
    b: float = 1.0
    p: float = 1.0
    follows: str = ""
    """Another latent, drawn before, with which this one is correlated (Gaussian copula)."""

    correlation: float = 0.0

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            ValueError: one is outside its interval.
        """
        if not (0 < self.a < math.inf and 0 < self.b < math.inf and 0 <= self.p <= 1 and abs(self.correlation) < 1):
            raise ValueError("a and b above 0, p in [0, 1], correlation between -1 and 1")

    def draw(self, source: Stream, ranks: dict[str, float], name: str) -> float:
        """A value; its rank is noted for the latents that follow it."""
        normal = source.normal()
        if self.follows:
            lead = NormalDist().inv_cdf(min(max(ranks[self.follows], 1e-9), 1 - 1e-9))
            normal = self.correlation * lead + math.sqrt(1 - self.correlation**2) * normal
        rank = ranks[name] = NormalDist().cdf(normal)
        happens = source.unit() < self.p
        return (1 - (1 - rank) ** (1 / self.b)) ** (1 / self.a) if happens else 0.0


@dataclass(frozen=True, slots=True)
class Prior:
    """How likely an effect is, and how its numbers are distributed."""

    effect: type[Effect]
    p: float
    fields: dict[str, Distribution | Value]
    latent: str = ""
    """A latent that makes the effect likelier: p becomes p ** (1 / (0.4 + 1.2 * latent))."""

    only_with: str = ""
    """A latent without which, where it is 0, the effect does not happen at all."""

    name: str = ""
    """Names its stream; needed only where one pipeline has the effect twice."""

    @property
    def stream_name(self) -> str:
        """What its stream is called."""
        return self.name or self.effect.__name__

    def __post_init__(self) -> None:
        """Check the whole prior.

        Raises:
            ValueError: a field is unknown, missing, of the wrong type, or may fall outside its interval.
        """
        check_prior(self)

    def sample(self, source: Stream, latents: Latents) -> tuple[Effect, ...]:
        """The effect with every number decided, or nothing."""
        p = self.p
        if self.latent:
            p = p ** (1 / (0.4 + 1.2 * latents[self.latent]))
        if source.unit() >= p or (self.only_with and latents[self.only_with] <= 0):
            return ()
        values = {}
        for each in field_types(self.effect):
            given = source.seed() if each.is_seed else self.fields[each.name]
            drawn = given if isinstance(given, float | int | str) else given.draw(source, latents)
            values[each.name] = decided(drawn, each.kind)
        return (self.effect(**values),)


def decided(drawn: Value, kind: type[Value]) -> Value:
    """A drawn value as a field keeps it: whole, or to three significant digits, so that recipes stay small."""
    if isinstance(drawn, str):
        return drawn
    return round(drawn) if kind is int else float(f"{drawn:.3g}")


Order = Literal["in_order", "shuffled", "one_of"]


@dataclass(frozen=True, slots=True)
class Group:
    """Several priors or groups: all in the given order, all in random order, or one of them."""

    order: Order
    members: "tuple[Prior | Group, ...]"
    p: float = 1.0
    weights: tuple[float, ...] = ()
    """How likely each member of `one_of` is; evenly where there are none."""

    name: str = ""
    """Names its stream: two groups of one name at one level, with equal p and weights, choose alike, so that what was
    chosen for the print is chosen again for its scan."""

    def __post_init__(self) -> None:
        """Check the group.

        Raises:
            ValueError: it is empty, its order is unknown, or its weights do not match its members.
        """
        if not self.members:
            raise ValueError("a group needs at least one member")
        if self.order not in ("in_order", "shuffled", "one_of"):
            raise ValueError(f"order = {self.order!r}, none of in_order, shuffled, one_of")
        if self.weights and self.order != "one_of":
            raise ValueError(f"weights are of a group one_of, and its order is {self.order}")
        if self.weights:
            check_weights(self.weights, len(self.members))
        if not 0 <= self.p <= 1:
            raise ValueError(f"p = {self.p}, outside [0, 1]")


def prior(effect: type[Effect], p: float = 1.0, **fields: Distribution | Value) -> Prior:
    """A prior in the words of a preset: `prior(FilmGrain, p=0.9, strength=LogUniform(0.01, 0.08), ...)`.

    The fields `latent`, `only_with` and `name` of `Prior` may be given too.
    """
    special = {key: str(fields.pop(key)) for key in ("latent", "only_with", "name") if key in fields}
    return Prior(effect, p, dict(fields), **special)


def check_prior(given: Prior) -> None:
    """Check that a prior can only give legal effects.

    Raises:
        ValueError: it cannot.
    """
    name = given.effect.__name__
    if not 0 <= given.p <= 1:
        raise ValueError(f"{name}: p = {given.p}, outside [0, 1]")
    known = {each.name: each for each in field_types(given.effect) if not each.is_seed}
    for field_name in given.fields:
        if field_name not in known:
            raise ValueError(f"{name} has no field {field_name!r}{nearest(field_name, list(known))}")
    missing = [field_name for field_name in known if field_name not in given.fields]
    if missing:
        raise ValueError(f"{name} lacks {', '.join(missing)}")
    for field_name, each in known.items():
        check_field(given.fields[field_name], each, name)
