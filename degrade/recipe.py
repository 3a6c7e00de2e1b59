"""A recipe: what one photo got, complete, small and equal by value."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from degrade.effect import Effect, field_types
from degrade.effects import EFFECTS
from degrade.photo import Photo
from degrade.textures import NO_TEXTURES, Textures
from degrade.types import Image

FORMAT = 1
"""Raised when an older recipe would no longer mean the same."""

BY_NAME = {effect.__name__: effect for effect in EFFECTS}

ELSEWHERE = {"Albumentation": "degrade.adapters.albumentations"}
"""Effects that need a library of their own, and the module that has them: imported when one is named."""


class RecipeError(ValueError):
    """A recipe that cannot be read, with what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The effects that one photo got, in order, each with every number decided."""

    steps: tuple[Effect, ...]

    def apply(self, image: Image, textures: Textures = NO_TEXTURES) -> Photo:
        """The degraded photo of a clean picture: equal recipes and pictures give equal bytes.

        Args:
            image: the clean picture; it is not changed.
            textures: the user's scans, where a step names one of them.

        Raises:
            ValueError: the array is no picture.
            KeyError: a step names a texture that is not there.
        """
        return self.continued(Photo.of(image, textures))

    def continued(self, photo: Photo) -> Photo:
        """The same on a photo that already has a past; its arrays are not changed.

        Raises:
            KeyError: a step names a texture that is not there.
        """
        for step in self.steps:
            photo = step.apply(photo)
        return _released(photo)

    def to_json(self) -> str:
        """The recipe as one line of JSON."""
        return json.dumps(self.to_data(), separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    def to_data(self) -> dict[str, Any]:
        """The recipe as plain dicts, lists, numbers and texts."""
        steps = [{type(step).__name__: step.numbers()} for step in self.steps]
        return {"foxing": FORMAT, "steps": steps}

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """The recipe of a line of JSON.

        Raises:
            RecipeError: it is no JSON, of another format, names an unknown effect or field, lacks a field, or a number
                is out of range.
        """
        try:
            data = json.loads(text)
        except json.JSONDecodeError as error:
            raise RecipeError(f"no recipe: not JSON ({error})") from None
        except RecursionError:
            raise RecipeError("no recipe: nested too deeply") from None
        return cls.from_data(data)

    @classmethod
    def from_data(cls, data: object) -> "Recipe":
        """The recipe of plain data, as `to_data` gives it; other keys beside `foxing` and `steps` are ignored.

        Raises:
            RecipeError: as for `from_json`.
        """
        if not isinstance(data, Mapping) or not isinstance(data.get("steps"), list):
            raise RecipeError("no recipe: a recipe is an object with the keys foxing and steps")
        if data.get("foxing") != FORMAT:
            found = f"of format {data['foxing']!r}" if "foxing" in data else "without a format"
            raise RecipeError(
                f"recipe {found}, but this version of Foxing reads format {FORMAT}; use the version that wrote it"
            )
        return cls(tuple(_step(number, step) for number, step in enumerate(data["steps"], 1)))


def _step(number: int, data: object) -> Effect:
    if not isinstance(data, Mapping) or len(data) != 1:
        raise RecipeError(f"step {number}: a step is one effect with its fields")
    ((name, values),) = data.items()
    try:
        return effect_from(name, values)
    except ValueError as error:
        raise RecipeError(f"step {number}: {error}") from None


def effect_named(name: str) -> type[Effect]:
    """The effect of that name.

    Raises:
        ValueError: there is none, and the nearest name is proposed; or it needs a library that is not installed.
    """
    if name in ELSEWHERE:
        return _imported(name)
    if name not in BY_NAME:
        raise ValueError(f"no effect {name!r}{nearest(name, BY_NAME)}")
    return BY_NAME[name]


def _imported(name: str) -> type[Effect]:
    try:
        module = import_module(ELSEWHERE[name])
    except ModuleNotFoundError as error:
        raise ValueError(f"{name} needs {error.name}: pip install 'foxing[{error.name}]'") from None
    effect: type[Effect] = vars(module)[name]
    return effect


def effect_from(name: str, values: object) -> Effect:
    """The effect of that name with these fields.

    Raises:
        ValueError: the name or a field is unknown, a field is missing, or a number is out of range.
    """
    effect = effect_named(name)
    if not isinstance(values, Mapping):
        raise ValueError(f"{name}: its fields are not an object")
    known = [field.name for field in field_types(effect)]
    for given in values:
        if given not in known:
            raise ValueError(f"{name} has no field {given!r}{nearest(str(given), known)}")
    missing = [field for field in known if field not in values]
    if missing:
        raise ValueError(f"{name} lacks {', '.join(missing)}")
    return effect(**values)


def nearest(name: str, known: Mapping[str, Any] | list[str]) -> str:
    """A proposal for a mistyped name, to put behind an error."""
    folded = {each.lower(): each for each in known}
    close = get_close_matches(name.lower(), list(folded), n=1, cutoff=0.5)
    return f"; did you mean {folded[close[0]]}?" if close else ""


def _released(photo: Photo) -> Photo:
    """The photo with arrays of its own that the caller may write to."""
    arrays = {name: getattr(photo, name) for name in ("image", "mask", "labels", "clean")}
    owned = {name: array if array.base is None else array.copy() for name, array in arrays.items()}
    if owned["clean"] is owned["image"]:
        owned["clean"] = owned["image"].copy()
    for array in owned.values():
        array.flags.writeable = True
    return replace(photo, **owned)
