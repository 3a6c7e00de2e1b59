"""Pipelines as files: TOML both ways, with an answer to every typing error."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, cast, get_args

import tomlkit
from tomlkit.items import AoT

from degrade.effect import field_types
from degrade.ladder import Value
from degrade.pipeline import Pipeline, PipelineError
from degrade.priors import DISTRIBUTIONS, Choice, Distribution, Group, Latent, Order, Prior
from degrade.recipe import effect_named, nearest


def digest(pipeline: Pipeline) -> str:
    """A short name for exactly this pipeline."""
    return hashlib.sha256(json.dumps(to_data(pipeline), sort_keys=True).encode()).hexdigest()[:12]


def to_toml(pipeline: Pipeline) -> str:
    """The pipeline as a file that a person can read and change."""
    document = tomlkit.document()
    data = to_data(pipeline)
    for key, value in data.items():
        if key == "latents":
            latents = tomlkit.table(is_super_table=True)
            for name, latent in value.items():
                latents.append(name, _one_line(latent))
            document.append(key, latents)
        else:
            document.append(key, _steps(value) if key == "steps" else tomlkit.item(value))
    return document.as_string()


def _steps(steps: list[dict[str, Any]]) -> AoT:
    """Steps as an array of tables, each distribution on one line."""
    tables = tomlkit.aot()
    for step in steps:
        table = tomlkit.table()
        for key, value in step.items():
            table.append(key, _steps(value) if key == "members" else _one_line(value))
        tables.append(table)
    return tables


def _one_line(value: Any) -> Any:
    if not isinstance(value, dict):
        return tomlkit.item(value)
    table = tomlkit.inline_table()
    for key, inner in value.items():
        table.append(key, _one_line(inner))
    return table


def to_data(pipeline: Pipeline) -> dict[str, Any]:
    """The pipeline as plain dicts, lists, numbers and texts."""
    data: dict[str, Any] = {"name": pipeline.name}
    if pipeline.about:
        data["about"] = pipeline.about
    if pipeline.latents:
        data["latents"] = {name: _changed(latent) for name, latent in pipeline.latents.items()}
    return data | {"steps": [_step_data(step) for step in pipeline.steps]}


def from_toml(text: str, source: str = "pipeline") -> Pipeline:
    """The pipeline of a file.

    Raises:
        PipelineError: it is no TOML, or names or numbers in it are wrong; the nearest right name is proposed.
    """
    try:
        return from_data(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PipelineError(f"{source}: not TOML ({error})") from None
    except RecursionError:
        raise PipelineError(f"{source}: no pipeline: nested too deeply") from None
    except ValueError as error:
        raise PipelineError(f"{source}: {error}") from None


def from_data(data: Mapping[str, Any]) -> Pipeline:
    """The pipeline of plain data, as `to_data` gives it.

    Raises:
        PipelineError: names or numbers in it are wrong.
    """
    _only(data, ["name", "about", "latents", "steps"], "the pipeline")
    steps = data.get("steps")
    if not isinstance(steps, list) or not steps:
        raise PipelineError("a pipeline needs at least one [[steps]]")
    given = _table(data.get("latents", {}), "latents").items()
    latents = {name: cast(Latent, _built(Latent, value, f"latents.{name}")) for name, value in given}
    members = tuple(_step(step, f"step {number}") for number, step in enumerate(steps, 1))
    name = _plain(data.get("name", "unnamed"), "name", text=True)
    return Pipeline(name or "unnamed", members, latents, str(data.get("about", "")))


def read_pipeline(path: Path) -> Pipeline:
    """The pipeline of a TOML file.

    Raises:
        PipelineError: it is no pipeline.
        OSError: it cannot be read.
    """
    if path.is_dir():
        raise PipelineError(f"{path}: a folder; name the TOML file of a pipeline")
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise PipelineError(f"{path}: not a text file; a pipeline is TOML") from None
    return from_toml(text, str(path))


def _changed(value: Any) -> dict[str, Any]:
    """The fields of a dataclass that differ from their defaults."""
    every = {each.name: (getattr(value, each.name), each.default) for each in fields(value)}
    kept = {name: own for name, (own, usual) in every.items() if usual is MISSING or own != usual}
    return {name: list(own) if isinstance(own, tuple) else own for name, own in kept.items()}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _step_data(step: Prior | Group) -> dict[str, Any]:
    if isinstance(step, Group):
        head = {key: value for key, value in _changed(step).items() if key != "members"}
        return head | {"members": [_step_data(member) for member in step.members]}
    head = {"effect": step.effect.__name__, "p": step.p}
    head |= {key: getattr(step, key) for key in SPECIAL if getattr(step, key)}
    return head | {name: _distribution_data(given) for name, given in step.fields.items()}


SPECIAL = ("latent", "only_with", "name")


def _distribution_data(given: Distribution | Value) -> Any:
    if isinstance(given, float | int | str):
        return given
    (name,) = (name for name, kind in DISTRIBUTIONS.items() if type(given) is kind)
    if isinstance(given, Choice) and not given.weights:
        return {name: list(given.values)}
    if name in BARE:
        return {name: [getattr(given, each.name) for each in fields(given)]}
    return {name: _changed(given)}


BARE = ("uniform", "log_uniform", "integers")
"""Distributions written as a pair: uniform = [0.1, 0.5]."""


def _step(data: Any, where: str) -> Prior | Group:
    table = _table(data, where)
    try:
        return _prior(table) if "effect" in table else _group(table, where)
    except PipelineError:
        raise
    except ValueError as error:
        raise PipelineError(f"{where}: {error}") from None


def _group(table: Mapping[str, Any], where: str) -> Group:
    if "order" not in table:
        raise PipelineError(f"{where}: neither an effect nor a group; give it effect = or order ={_typo(table)}")
    _only(table, [each.name for each in fields(Group)], where)
    order = table["order"]
    if order not in get_args(Order):
        raise PipelineError(f"{where}: no order {order!r}{nearest(str(order), list(get_args(Order)))}")
    members = table.get("members")
    if not isinstance(members, list):
        raise PipelineError(f"{where}: a group needs [[steps.members]]")
    inner = tuple(_step(member, f"{where}.{number}") for number, member in enumerate(members, 1))
    p = float(_plain(table.get("p", 1.0), f"{where}: p"))
    return Group(cast(Order, order), inner, p, _frozen(table.get("weights", [])), str(table.get("name", "")))


def _typo(table: Mapping[str, Any]) -> str:
    for key in table:
        if proposal := nearest(key, ["effect", "order"]):
            return f" (it has {key!r}{proposal})"
    return ""


def _prior(table: Mapping[str, Any]) -> Prior:
    effect = effect_named(str(table["effect"]))
    known = [each.name for each in field_types(effect) if not each.is_seed]
    _only(table, [*known, "effect", "p", *SPECIAL], effect.__name__)
    given = {name: _distribution(table[name], f"{effect.__name__}.{name}") for name in known if name in table}
    special = {key: str(table.get(key, "")) for key in SPECIAL}
    return Prior(effect, float(_plain(table.get("p", 1.0), f"{effect.__name__}: p")), given, **special)


def _distribution(data: Any, where: str) -> Distribution | Value:
    if isinstance(data, float | int | str) and not isinstance(data, bool):
        return data
    if not isinstance(data, Mapping) or len(data) != 1:
        raise PipelineError(f"{where}: a value or one distribution, as in {{ uniform = [0.1, 0.5] }}, not {data!r}")
    ((name, given),) = data.items()
    if name not in DISTRIBUTIONS:
        raise PipelineError(f"{where}: no distribution {name!r}{nearest(name, DISTRIBUTIONS)}")
    kind = DISTRIBUTIONS[name]
    if kind is Choice and isinstance(given, list):
        return Choice(tuple(given))
    return cast(Distribution, _built(kind, given, f"{where}: {name}"))


def _built(kind: type[Any], given: Any, where: str) -> Any:
    """A dataclass from a list of its values in order, or from a table of them."""
    own = fields(kind)
    if isinstance(given, list) and len(given) == len(own):
        given = {each.name: value for each, value in zip(own, given, strict=True)}
    if not isinstance(given, Mapping):
        raise PipelineError(f"{where} takes {', '.join(each.name for each in own)}, not {given!r}")
    _only(given, [each.name for each in own], where)
    missing = [each.name for each in own if each.default is MISSING and each.name not in given]
    if missing:
        raise PipelineError(f"{where} lacks {', '.join(missing)}")
    for name, value in given.items():
        if name not in ("values", "weights"):
            _plain(value, f"{where}: {name}", text=name in ("latent", "kind", "follows"))
    try:
        return kind(**{name: _frozen(value) for name, value in given.items()})
    except ValueError as error:
        raise PipelineError(f"{where}: {error}") from None


def _table(data: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise PipelineError(f"{where}: not a table")
    return data


def _only(table: Mapping[str, Any], known: list[str], where: str) -> None:
    for key in table:
        if key not in known:
            proposal = nearest(key, known) or f"; it takes {', '.join(known)}"
            raise PipelineError(f"{where}: no key {key!r}{proposal}")


def _plain(value: Any, name: str, *, text: bool = False) -> Any:
    if isinstance(value, bool) or not isinstance(value, str if text else float | int):
        raise PipelineError(f"{name} = {value!r}, not a {'text' if text else 'number'}")
    return value
