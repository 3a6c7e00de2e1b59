"""All settings of a model as a file to change: what `--config` reads, and `--set` takes one by one."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from restore_models.restorer import Model
from restore_models.settings import Training


def to_toml(model: Model) -> str:
    """The model's own values and the training's, as the tables `model` and `training` of a TOML file.

    Settings that are left to others, such as a flavour, have no value in TOML and stand there as comments.
    """
    lines = [f"# {model.name}: {model.about}", f"# foxing train {model.name} --config FILE, or --set A.B=V for one", ""]
    if model.config is not None:
        lines += [*table("model", model.config), ""]
    lines += table("training", Training())
    return "\n".join(lines) + "\n"


def table(name: str, config: Any) -> Iterator[str]:
    """The lines of a table, and those of the tables in it behind."""
    inner = []
    yield f"[{name}]"
    for field in fields(config):
        value = getattr(config, field.name)
        if is_dataclass(value):
            inner.append((f"{name}.{field.name}", value))
        else:
            yield f"# {field.name} is as another setting says" if value is None else f"{field.name} = {in_toml(value)}"
    for key, value in inner:
        yield ""
        yield from table(key, value)


def in_toml(value: Any) -> str:
    """A number, a word, yes or no, or a list of them; of all these JSON is TOML."""
    return json.dumps(value)
