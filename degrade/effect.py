"""What an effect is: one degradation with every number decided."""

import ast
import inspect
import math
import textwrap
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, get_args, get_origin, get_type_hints

import numpy as np

from degrade.ladder import Ladder, Value
from degrade.photo import Photo
from degrade.types import Defect, Interval, KeptPixels, Pixels, Seed, TextureKind


@dataclass(frozen=True, slots=True)
class FieldType:
    """What one field of an effect may hold, read from its annotation."""

    name: str
    kind: type[float] | type[int] | type[str]
    interval: Interval | None = None
    choices: tuple[str, ...] = ()
    texture: str | None = None
    """The folder of the user's textures that the field may name a file of."""

    is_seed: bool = False
    growth: int = 0
    """How a severity makes it grow with the picture's size: pixels do (1), shares of kept pixels shrink (-1)."""

    def checked(self, value: object, owner: str) -> Value:
        """The value in its exact type.

        Raises:
            ValueError: it is of another type, or outside the interval.
        """
        where = f"{owner}.{self.name}"
        if isinstance(value, np.generic):
            value = value.item()
        if self.kind is str:
            return self._checked_text(value, where)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError(f"{where} = {value!r}, not a number")
        if self.kind is int and value != int(value):
            raise ValueError(f"{where} = {value!r}, not a whole number")
        limits = self.interval
        if limits is not None and not limits.low <= value <= limits.high:
            raise ValueError(
                f"{where} = {value}, outside [{shortly(limits.low)}, {shortly(limits.high)}] {limits.unit}".rstrip()
            )
        if limits is not None and limits.odd and value and value % 2 == 0:
            raise ValueError(f"{where} = {value}, neither odd nor 0")
        return int(value) if self.kind is int else float(value) + 0.0  # + 0.0 turns -0.0 into 0.0

    def _checked_text(self, value: object, where: str) -> str:
        if not isinstance(value, str):
            raise ValueError(f"{where} = {value!r}, not a text")
        if self.choices and value not in self.choices:
            raise ValueError(f"{where} = {value!r}, none of {', '.join(self.choices)}")
        return value


def shortly(limit: float) -> str:
    """A limit as short as it can be without another value."""
    return f"{limit:g}" if float(f"{limit:g}") == limit else str(limit)


class Effect(ABC):
    """One degradation with every number decided; a frozen dataclass whose field types carry unit and interval."""

    __slots__ = ()

    defect: ClassVar[Defect] = Defect.INTACT
    """What a structured effect leaves in the label map; an unstructured one leaves nothing."""

    ladder: ClassVar[Ladder]
    """How its fields grow with the severity."""

    def __post_init__(self) -> None:
        """Check every field.

        Raises:
            ValueError: a field is of another type, or outside its interval.
        """
        owner = type(self).__name__
        for field in field_types(type(self)):
            value = getattr(self, field.name)
            exact = field.checked(value, owner)
            if exact is not value:
                object.__setattr__(self, field.name, exact)

    @abstractmethod
    def apply(self, photo: Photo) -> Photo:
        """Another photo with this degradation; the given one stays as it was."""

    def numbers(self) -> dict[str, Value]:
        """Every field by name, in order of declaration."""
        return {field.name: getattr(self, field.name) for field in field_types(type(self))}


@cache
def field_types(effect: type[Effect]) -> tuple[FieldType, ...]:
    """What each field of an effect may hold, in order of declaration."""
    hints = get_type_hints(effect, include_extras=True)
    return tuple(_field_type(field.name, hints[field.name]) for field in fields(effect))  # type: ignore[arg-type]


GROWTH = {Pixels: 1, KeptPixels: -1}


def _field_type(name: str, hint: Any) -> FieldType:
    if get_origin(hint) is Literal:
        return FieldType(name, str, choices=get_args(hint))
    if get_origin(hint) is not Annotated:
        raise TypeError(f"field {name}: {hint} is none of the types of degrade.types")
    base, note = get_args(hint)[:2]
    if isinstance(note, TextureKind):
        return FieldType(name, str, texture=note.folder)
    return FieldType(name, base, note, is_seed=hint == Seed, growth=GROWTH.get(hint, 0))


@cache
def field_docs(effect: type[Effect]) -> dict[str, str]:
    """What each field means: the string under its declaration."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(effect))).body
    assert isinstance(body, ast.ClassDef)
    docs = {}
    for declared, text in zip(body.body, body.body[1:], strict=False):
        if isinstance(declared, ast.AnnAssign) and isinstance(declared.target, ast.Name):
            is_doc = isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
            docs[declared.target.id] = inspect.cleandoc(str(text.value.value)) if is_doc else ""  # type: ignore[attr-defined]
    return docs


def summary(effect: type[Effect]) -> str:
    """The first sentence of an effect's description."""
    return inspect.cleandoc(effect.__doc__ or "").split("\n\n")[0].replace("\n", " ")
