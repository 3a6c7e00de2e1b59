"""Configurations as data: frozen dataclasses from TOML, JSON and `--set a.b=v`, each value checked by its type."""

import tomllib
import types
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from restore_models.restorer import ModelError


def changed(config: Any, values: Mapping[str, Any], where: str) -> Any:
    """The configuration with other values: nested dataclasses from nested tables.

    Args:
        config: a frozen dataclass.
        values: by the name of the field.
        where: what errors call the place of the values.

    Raises:
        ModelError: an unknown name, or a value of another type; it names the nearest right one, or what is allowed.
    """
    hints = get_type_hints(type(config))
    known = [field.name for field in fields(config)]
    found = {}
    for name, value in values.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise ModelError(f"{where}.{name}: no such setting; {hint}")
        now = getattr(config, name)
        if is_dataclass(now) and isinstance(value, Mapping):
            found[name] = changed(now, value, f"{where}.{name}")
        else:
            found[name] = _fitting(value, hints[name], f"{where}.{name}")
    try:
        return replace(config, **found)
    except ValueError as error:
        raise ModelError(f"{where}: {error}") from None


def completed(stored: Mapping[str, Any], usual: Any) -> dict[str, Any]:
    """A stored configuration with the settings that the version which stored it did not have yet.

    They are as their fields say in `metadata["before"]`, which is what that version did, or else have their defaults.

    Args:
        stored: as JSON gives it back.
        usual: a frozen dataclass with the defaults.
    """
    found, defaults = dict(stored), asdict(usual)
    for each in fields(usual):
        now = getattr(usual, each.name)
        if each.name not in stored:
            found[each.name] = each.metadata.get("before", defaults[each.name])
        elif is_dataclass(now) and isinstance(stored[each.name], Mapping):
            found[each.name] = completed(stored[each.name], now)
    return found


def refuse_below_one(config: Any, *names: str) -> None:
    """Refuse a configuration in which one of these numbers is no number of things.

    Raises:
        ModelError: one is; it names it.
    """
    refuse_below(config, 1, *names)


def refuse_below(config: Any, least: float, *names: str) -> None:
    """Refuse a configuration in which one of these numbers, or a number of one of these lists, is lower.

    Raises:
        ModelError: one is, or is no number at all; it names it.
    """
    for name in names:
        value = getattr(config, name)
        if not all(_at_least(least, each) for each in (value if isinstance(value, tuple | list) else (value,))):
            raise ModelError(f"{name} = {value}: must be at least {least:g}")


def _at_least(least: float, value: Any) -> bool:
    return isinstance(value, int | float) and value >= least


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file of settings.

    Raises:
        ModelError: it is not there, or no TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise ModelError(f"{path}: no TOML ({error})") from None


def typed(settings: Sequence[str]) -> dict[str, Any]:
    """Nested tables of what was typed behind `--set`: `model.width=32` is {"model": {"width": 32}}.

    Raises:
        ModelError: one has no '=', or no name.
    """
    found: dict[str, Any] = {}
    for text in settings:
        name, sign, value = text.partition("=")
        parts = name.strip().split(".")
        if not sign or not all(parts):
            raise ModelError(f"--set {text}: give a name and a value, as --set model.width=32")
        table = found
        for part in parts[:-1]:
            table = table.setdefault(part, {})
            if not isinstance(table, dict):
                raise ModelError(f"--set {text}: {part} has a value already")
        table[parts[-1]] = _value(value.strip())
    return found


def _value(text: str) -> Any:
    """What TOML would read, or the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except ValueError:
        return text


def _fitting(value: Any, hint: Any, where: str) -> Any:
    """The value, if its type allows it; whole numbers are good floats, and lists are good tuples."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        if value not in parts:
            raise ModelError(f"{where} = {value!r}: none of {', '.join(map(str, parts))}")
        return value
    if origin in (Union, types.UnionType):
        return _first_fitting(value, parts, where)
    if origin is tuple:
        return _tuple(value, parts, where)
    return _plain(value, hint, where)


def _plain(value: Any, hint: Any, where: str) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is type(None):
        if value in (None, "none"):
            return None
    elif isinstance(value, hint) and isinstance(value, bool) == (hint is bool):
        return value
    raise ModelError(f"{where} = {value!r}: must be {_named(hint)}")


def _named(hint: Any) -> str:
    if is_dataclass(hint):
        return "a table of settings"
    return "none" if hint is type(None) else str(hint.__name__)


def _first_fitting(value: Any, parts: tuple[Any, ...], where: str) -> Any:
    problem = ""
    for part in parts:
        try:
            return _fitting(value, part, where)
        except ModelError as error:
            problem = problem or str(error)
    raise ModelError(problem)


def _tuple(value: Any, parts: tuple[Any, ...], where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ModelError(f"{where} = {value!r}: must be a list")
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_fitting(each, parts[0], where) for each in value)
    if len(value) != len(parts):
        raise ModelError(f"{where} = {value!r}: must have {len(parts)} values")
    return tuple(_fitting(each, part, where) for each, part in zip(value, parts, strict=True))
