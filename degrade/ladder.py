"""How an effect grows from barely seen to as bad as it gets: the rungs are cut by `degrade.severity`."""

from dataclasses import dataclass

Value = float | int | str


@dataclass(frozen=True, slots=True)
class Ramp:
    """A field that grows, or shrinks, with the severity."""

    low: float
    """Where the effect is barely seen."""

    high: float
    """Where it is as bad as it gets on a photo that somebody kept."""

    geometric: bool = False

    def at(self, share: float) -> float:
        """The value at a share of the way, 0 to 1."""
        if self.geometric:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + (self.high - self.low) * share


def linear(low: float, high: float) -> Ramp:
    """A field that grows by equal steps."""
    return Ramp(low, high)


def geometric(low: float, high: float) -> Ramp:
    """A field that grows by equal factors."""
    return Ramp(low, high, geometric=True)


@dataclass(frozen=True, slots=True)
class Ladder:
    """A value or a ramp for every field of an effect but the seed; pixels are meant at 512 px on the shorter side."""

    fields: dict[str, Value | Ramp]
