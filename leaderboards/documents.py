"""What people hand in as text, read with care: of a sensible length, without doubt what it is, and after its schema."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NoReturn

from degrade.console import one_line
from leaderboards.entry import EntryError

LARGEST = 16_000_000
"""Bytes of a text that is read: the longest summary has a tenth of it."""

Schema = Literal["card", "run", "verification"]

SCHEMAS: tuple[Schema, ...] = ("card", "run", "verification")
"""Published in `leaderboards/schemas`; each says its version, which grows with every change."""


def schema(name: Schema) -> dict[str, Any]:
    """The JSON Schema of that name."""
    path = Path(__file__).with_name("schemas") / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def complaints(data: Any, name: Schema) -> list[str]:
    """What a schema has against data, a line each, the first ten."""
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy

    found = sorted(Draft202012Validator(schema(name)).iter_errors(data), key=lambda error: error.json_path)
    return [complaint(error) for error in found[:10]]


def complaint(error: Any) -> str:
    """What is wrong in words: where, and what."""
    where = error.json_path.removeprefix("$").removeprefix(".")
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        said = f"missing: {', '.join(missing)}"
    elif error.validator == "minLength" and not error.instance:
        return f"{where} is empty"
    elif error.validator == "pattern" and error.schema.get("description"):
        said = f"{one_line(repr(error.instance))[:80]} is not as it must be: {error.schema['description'].rstrip('.')}"
    else:
        said = one_line(error.message)[:200]
    return f"{where}: {said}" if where else said


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file as plain data.

    Raises:
        EntryError: it is missing, too long, or no TOML.
    """
    import tomlkit  # noqa: PLC0415 - slow
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    try:
        return tomlkit.parse(text_of(path)).unwrap()
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise EntryError(f"{path}: no TOML ({one_line(str(error))[:150]}); mend it") from None


def read_json(path: Path) -> Mapping[str, Any]:
    """A record in a JSON file, of plain numbers.

    Raises:
        EntryError: it is missing, damaged, too long, or holds what is no number.
    """
    try:
        found = json.loads(text_of(path), parse_constant=refused)
    except (ValueError, RecursionError) as error:
        if isinstance(error, EntryError):
            raise
        raise EntryError(f"{path}: damaged ({one_line(str(error))[:150]}); add the entry again") from None
    if not isinstance(found, dict):
        raise EntryError(f"{path}: holds {type(found).__name__}, not a record; add the entry again")
    return found


def refused(name: str) -> NoReturn:
    """NaN and Infinity are no JSON, though Python reads them.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{name} is no number")


def text_of(path: Path) -> str:
    """The text of a file of a sensible length.

    Raises:
        EntryError: it is missing, too long, or no text.
    """
    try:
        if (size := path.stat().st_size) > LARGEST:
            raise EntryError(f"{path}: {size} bytes, over the limit of {LARGEST}; it is none of ours")
        return path.read_text("utf-8")
    except OSError as error:
        raise EntryError(f"{path}: {error.strerror}; add the entry again") from None
    except UnicodeDecodeError:
        raise EntryError(f"{path}: no UTF-8; add the entry again") from None
