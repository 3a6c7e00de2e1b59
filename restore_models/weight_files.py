"""Weights on disk: a folder with config.json, model.safetensors and a card, whole or not at all; or one on the Hub."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from degrade.io import write_bytes, write_text
from restore_models.model_card import card
from restore_models.restorer import ModelError, Weights

CONFIG, TENSORS, CARD = "config.json", "model.safetensors", "README.md"

FORMAT = 1
"""Raised when older weights can no longer be read."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A model's name, configuration and weights, and how they came about."""

    model: str
    config: dict[str, Any]
    weights: Weights
    record: Mapping[str, Any]


def write_weights(folder: Path, weighed: Weighed) -> None:
    """Write the folder; config.json comes last, so that a folder that has one is whole.

    Raises:
        OSError: it cannot be written.
    """
    from safetensors.torch import save  # noqa: PLC0415 - an extra

    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).unlink(missing_ok=True)
    tensors = {name: tensor.detach().contiguous().cpu() for name, tensor in weighed.weights.items()}
    write_bytes(folder / TENSORS, save(tensors))
    write_text(folder / CARD, card(weighed.model, weighed.config, weighed.record))
    data = {"model": weighed.model, "format": FORMAT, "foxing": own_version(), "config": weighed.config}
    write_text(
        folder / CONFIG, json.dumps(data | {"record": dict(weighed.record)}, indent=1, ensure_ascii=False) + "\n"
    )


def read_weights(place: str | Path, hub: Mapping[str, Any] | None = None) -> Weighed:
    """The weights of a folder, which may be that of a training, or of a repository on the Hub where there is none.

    Raises:
        ModelError: there are none, or they are damaged or of another format.
    """
    from safetensors import SafetensorError  # noqa: PLC0415 - an extra
    from safetensors.torch import load  # noqa: PLC0415

    folder = Path(place)
    read = _local(folder) if folder.exists() or hub is None else _remote(str(place), hub)
    try:
        data = json.loads(read[CONFIG])
        model, form, config, record = (data[key] for key in ("model", "format", "config", "record"))
        if not (
            isinstance(model, str) and isinstance(form, int) and isinstance(config, dict) and isinstance(record, dict)
        ):
            raise TypeError
    except (ValueError, KeyError, TypeError):
        raise ModelError(f"{place}: {CONFIG} is damaged or no configuration of Foxing; copy it again") from None
    if form != FORMAT:
        made = data.get("foxing", "another version")
        raise ModelError(f"{place}: weights of format {form}, made by Foxing {made}; this one reads format {FORMAT}")
    try:
        weights = load(read[TENSORS])
    except (SafetensorError, ValueError) as error:
        raise ModelError(f"{place}: {TENSORS} is damaged ({error}); copy it again") from None
    return Weighed(model, config, weights, record)


def has_weights(folder: Path) -> bool:
    """Whether a folder holds weights, all of them."""
    return (folder / CONFIG).is_file() and (folder / TENSORS).is_file()


def _local(folder: Path) -> dict[str, bytes]:
    found = {}
    place = folder if has_weights(folder) or not has_weights(folder / "weights") else folder / "weights"
    for name in (CONFIG, TENSORS):
        try:
            found[name] = (place / name).read_bytes()
        except OSError:
            raise ModelError(f"{folder}: no weights: {name} is missing; foxing train makes some") from None
    return found


def _remote(name: str, options: Mapping[str, Any]) -> dict[str, bytes]:
    from huggingface_hub import hf_hub_download  # noqa: PLC0415 - an extra

    known = {key: options[key] for key in ("revision", "cache_dir", "token", "local_files_only") if key in options}
    return {file: Path(hf_hub_download(name, file, **known)).read_bytes() for file in (CONFIG, TENSORS)}


def own_version() -> str:
    """Of Foxing."""
    try:
        return version("foxing")
    except PackageNotFoundError:
        return "from source"
