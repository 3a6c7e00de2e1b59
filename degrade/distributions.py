"""How a number is distributed: uniformly, normally, along a latent quantity, as one of several; all data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from degrade.effect import FieldType
from degrade.ladder import Value
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


def check_field(given: Distribution | Value, field_type: FieldType, owner: str) -> None:
    """Check that a value, or all that a distribution may draw, is legal in a field.

    Raises:
        ValueError: it is not.
    """
    where = f"{owner}.{field_type.name}"
    fitting = {float: (Uniform, LogUniform, Normal, Along, Integers, Choice), int: (Integers, Choice, Along)}
    fits = fitting.get(field_type.kind, (Choice, OwnTexture))
    if not isinstance(given, (float, int, str, *fits)):
        kinds = ", ".join(name for name, kind in DISTRIBUTIONS.items() if kind in fits)
        raise ValueError(f"{where}: {name_of(given)} does not fit; use a value or one of {kinds}")
    if isinstance(given, OwnTexture) and given.kind != field_type.texture:
        raise ValueError(f"{where}: own_texture of kind {given.kind!r}, not {field_type.texture!r}")
    if isinstance(given, Integers | Along) and field_type.interval and field_type.interval.odd:
        raise ValueError(f"{where}: {name_of(given)} draws even numbers too; name the odd ones, as choice = [3, 5, 7]")
    try:
        found = extremes(given)
    except ValueError as error:
        raise ValueError(f"{where}: {name_of(given)}: {error}") from None
    for extreme in found:
        field_type.checked(extreme, owner)


def name_of(given: Distribution | Value) -> str:
    """What a distribution is called in a file."""
    return next((name for name, kind in DISTRIBUTIONS.items() if type(given) is kind), type(given).__name__)


def extremes(given: Distribution | Value) -> tuple[Value, ...]:
    """The values between which all draws lie, or all values where they are few.

    Raises:
        ValueError: the distribution makes no sense.
    """
    if isinstance(given, float | int | str):
        return (given,)
    if isinstance(given, Choice):
        return _checked_choice(given)
    for name in NUMBERS:
        if hasattr(given, name):
            _check_number(name, getattr(given, name), whole=isinstance(given, Integers))
    if isinstance(given, OwnTexture):
        return ("",)
    if not isinstance(given, Along) and given.low > given.high:
        raise ValueError(f"low = {given.low} is above high = {given.high}")
    if isinstance(given, LogUniform) and given.low <= 0:
        raise ValueError(f"low = {given.low}, not above 0")
    return (given.low, given.high)


NUMBERS = ("low", "high", "mean", "spread", "built_in")
"""Fields of distributions that hold a number."""

NOT_BELOW_0 = ("spread", "built_in")


def _check_number(name: str, value: object, *, whole: bool) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} = {value!r}, not a number")
    if whole and value != int(value):
        raise ValueError(f"{name} = {value}, not a whole number")
    if name in NOT_BELOW_0 and value < 0:
        raise ValueError(f"{name} = {value}, below 0")
    if name == "built_in" and value > 1:
        raise ValueError(f"built_in = {value}, outside [0, 1]")


def _checked_choice(given: Choice) -> tuple[Value, ...]:
    if not isinstance(given.values, tuple) or not given.values:
        raise ValueError("it needs values, as in choice = [1, 2]")
    if given.weights:
        check_weights(given.weights, len(given.values))
    return given.values


def check_weights(weights: object, count: int) -> None:
    """Check weights against what they weigh.

    Raises:
        ValueError: they are not as many numbers from 0 up, of which one at least is above 0.
    """
    if not isinstance(weights, tuple) or len(weights) != count:
        raise ValueError(f"weights = {_listed(weights)}, not one number for each of {count}")
    fine = all(isinstance(each, int | float) and math.isfinite(each) and each >= 0 for each in weights)
    if not fine or not sum(weights) > 0:
        raise ValueError(f"weights = {_listed(weights)}, not numbers from 0 up, of which one at least is above 0")


def _listed(value: object) -> object:
    """A value as a file writes it."""
    return list(value) if isinstance(value, tuple) else value
