"""What may happen to a photo, how likely and how strongly: distributions, latent quantities and groups, all data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from degrade.effect import Effect, FieldType, field_types
from degrade.ladder import Value
from degrade.recipe import nearest
from degrade.seeds import Stream

Latents = Mapping[str, float]
"""What was drawn once for the whole photo, each in [0, 1]: how much chemical ageing, how much handling, a flood."""


@dataclass(frozen=True, slots=True)
class Uniform:
    """Any number from low to high."""

    low: float
    high: float

    def draw(self, source: Stream, latents: Latents) -> Value:
        """A value."""
        return source.uniform(self.low, self.high)


@dataclass(frozen=True, slots=True)
class LogUniform:
    """Any number from low to high, each factor as likely as any other."""

    low: float
    high: float

    def draw(self, source: Stream, latents: Latents) -> Value:
        """A value."""
        return math.exp(source.uniform(math.log(self.low), math.log(self.high)))


@dataclass(frozen=True, slots=True)
class Integers:
    """Any whole number from low to high, both included."""

    low: int
    high: int

    def draw(self, source: Stream, latents: Latents) -> Value:
        """A value."""
        return source.integer(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal number, drawn again where it falls outside low to high."""

    mean: float
    spread: float
    low: float
    high: float

    def draw(self, source: Stream, latents: Latents) -> Value:
        """A value."""
        for _ in range(64):
            value = self.mean + self.spread * source.normal()
            if self.low <= value <= self.high:
                return value
        return min(max(self.mean, self.low), self.high)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, by weight where weights are given."""

    values: tuple[Value, ...]
    weights: tuple[float, ...] = ()

    def draw(self, source: Stream, latents: Latents) -> Value:
        """A value."""
        return source.choice(self.values, self.weights or None)


@dataclass(frozen=True, slots=True)
class Along:
    """A number that follows a latent quantity, so that fading and yellowing go together.

    At latent 0 it is `low`, at 1 `high`; `spread` is the share of that range by which it strays to either side. A whole
    number is rounded.
    """

    latent: str
    low: float
    high: float
    spread: float = 0.15

    def draw(self, source: Stream, latents: Latents) -> Value:
        """A value."""
        share = latents[self.latent] + source.uniform(-self.spread, self.spread)
        return self.low + (self.high - self.low) * min(max(share, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class OwnTexture:
    """A texture of the user's folder, evenly, or with `built_in` probability the engine's own.

    `Pipeline.with_textures` replaces it by a choice of names; until then it is always the engine's own.
    """

    kind: str
    built_in: float = 0.0

    def draw(self, source: Stream, latents: Latents) -> Value:
        """A value."""
        return ""


Distribution = Uniform | LogUniform | Integers | Normal | Choice | Along | OwnTexture

DISTRIBUTIONS: dict[str, type[Distribution]] = {
    "uniform": Uniform,
    "log_uniform": LogUniform,
    "integers": Integers,
    "normal": Normal,
    "choice": Choice,
    "along": Along,
    "own_texture": OwnTexture,
}
"""By their names in a file."""


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

    def __post_init__(self) -> None:
        """Check the group.

        Raises:
            ValueError: it is empty, its order is unknown, or its weights do not match its members.
        """
        if not self.members:
            raise ValueError("a group needs at least one member")
        if self.order not in ("in_order", "shuffled", "one_of"):
            raise ValueError(f"order = {self.order!r}, none of in_order, shuffled, one_of")
        if self.weights and (self.order != "one_of" or len(self.weights) != len(self.members)):
            raise ValueError("weights need a group one_of, and one weight for each member")
        if self.weights and not (min(self.weights) >= 0 and sum(self.weights) > 0):
            raise ValueError("weights are not negative, and not all 0")
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
        _check_field(given.fields[field_name], each, name)


def _check_field(given: Distribution | Value, field_type: FieldType, owner: str) -> None:
    where = f"{owner}.{field_type.name}"
    fitting = {float: (Uniform, LogUniform, Normal, Along, Integers, Choice), int: (Integers, Choice, Along)}
    fits = fitting.get(field_type.kind, (Choice, OwnTexture))
    if not isinstance(given, (float, int, str, *fits)):
        kinds = ", ".join(name for name, kind in DISTRIBUTIONS.items() if kind in fits)
        raise ValueError(f"{where}: a {type(given).__name__} does not fit; use a value or one of {kinds}")
    if isinstance(given, OwnTexture) and given.kind != field_type.texture:
        raise ValueError(f"{where}: own_texture of kind {given.kind!r}, not {field_type.texture!r}")
    for extreme in extremes(given):
        field_type.checked(extreme, owner)


def extremes(given: Distribution | Value) -> tuple[Value, ...]:
    """The values between which all draws lie, or all values where they are few.

    Raises:
        ValueError: the distribution makes no sense.
    """
    if isinstance(given, float | int | str):
        return (given,)
    if isinstance(given, OwnTexture):
        return ("",)
    if isinstance(given, Choice):
        if not given.values or (given.weights and len(given.weights) != len(given.values)):
            raise ValueError("a choice needs values, and one weight for each where there are weights")
        if given.weights and not (min(given.weights) >= 0 and sum(given.weights) > 0):
            raise ValueError("weights are not negative, and not all 0")
        return given.values
    if not isinstance(given, Along) and given.low > given.high:
        raise ValueError(f"low = {given.low} is above high = {given.high}")
    if isinstance(given, LogUniform) and given.low <= 0:
        raise ValueError(f"log_uniform: low = {given.low}, not above 0")
    return (given.low, given.high)
