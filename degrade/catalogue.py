"""What there is to know about every effect, in words: for the console and the gallery."""

import inspect
from dataclasses import dataclass
from functools import cache
from typing import Any

from degrade.effect import Effect, FieldType, field_docs, field_types, summary
from degrade.effects import STAGES
from degrade.ladder import Value
from degrade.severity import REFERENCE, SEVERITIES, at_severity, on_ladder, rungs
from degrade.types import Defect


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """One field of an effect."""

    name: str
    about: str
    holds: str
    """What may stand in it: an interval and its unit, or the choices."""

    severities: tuple[Value, ...]
    """Its values at severity 1 to 5 on a picture of 512 px; empty for a seed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An effect as people read it: what it is, its source and its fields."""

    effect: type[Effect]
    stage: str
    summary: str
    about: str
    """What its description says beyond the summary."""

    source: str
    """Where its numbers come from."""

    fields: tuple[FieldEntry, ...]

    @property
    def name(self) -> str:
        """As recipes and pipelines call it."""
        return self.effect.__name__

    @property
    def defect(self) -> str:
        """The class that a structured effect leaves in the label map; empty for an unstructured one."""
        return "" if self.effect.defect == Defect.INTACT else self.effect.defect.name.lower()

    def to_data(self) -> dict[str, Any]:
        """The entry as plain dicts, lists, numbers and texts."""
        described = (
            {"name": each.name, "about": each.about, "holds": each.holds, "severities": list(each.severities)}
            for each in self.fields
        )
        head = {"name": self.name, "stage": self.stage, "summary": self.summary, "about": self.about}
        return head | {"source": self.source, "defect": self.defect, "fields": list(described)}


@cache
def catalogue() -> dict[str, Entry]:
    """Every effect by name, in the order of a photo's life."""
    return {effect.__name__: _entry(effect, stage) for stage, effects in STAGES.items() for effect in effects}


COMMON = {
    "channels": "One: the same in red, green and blue. Three: in each its own. Auto: one on a grey or toned photo.",
    "texture": "The layer's file.",
    "seed": "Another seed, another place and shape.",
}
"""Fields of several effects that say no more about themselves."""


def _entry(effect: type[Effect], stage: str) -> Entry:
    paragraphs = [" ".join(part.split()) for part in inspect.cleandoc(effect.__doc__ or "").split("\n\n")[1:]]
    source = " ".join(part.removeprefix("Source:").strip() for part in paragraphs if part.startswith("Source:"))
    about = " ".join(part for part in paragraphs if not part.startswith("Source:"))
    docs = field_docs(effect)
    levels = [at_rung(effect, severity).numbers() for severity in SEVERITIES]
    described = tuple(
        FieldEntry(
            name=each.name,
            about=" ".join((docs.get(each.name) or COMMON.get(each.name, "")).split()),
            holds=_holds(each),
            severities=() if each.is_seed else tuple(level[each.name] for level in levels),
        )
        for each in field_types(effect)
    )
    return Entry(effect, stage, summary(effect), about, source, described)


def shortened(value: Value) -> str:
    """A field's value as people read it; a dash for an empty text."""
    return f"{value:.3g}" if isinstance(value, float) else str(value) or "–"


def at_rung(effect: type[Effect], severity: int, seed: int = 0, short_side: int = REFERENCE) -> Effect:
    """The effect at a severity; one whose ladder is not cut yet, at even steps along it."""
    if effect.__name__ in rungs():
        return at_severity(effect, severity, seed, short_side)
    return on_ladder(effect, (severity - 1) / (len(SEVERITIES) - 1), seed, short_side)


def _holds(field: FieldType) -> str:
    if field.is_seed:
        return "a whole number that names the random field"
    if field.texture is not None:
        return f"a picture of the folder {field.texture}/, or empty for the engine's own"
    if field.interval is None:
        return " or ".join(field.choices) or "a text"
    limits = field.interval
    kind = "odd, or 0, " if limits.odd else "whole, " if field.kind is int else ""
    return f"{kind}{limits.low:g} to {limits.high:g} {limits.unit}".strip()
