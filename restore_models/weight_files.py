"""Weights on disk: a folder with config.json, model.safetensors and a card, whole or not at all; or one on the Hub."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from degrade.io import write_bytes, write_text
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
    write_text(folder / CARD, card(weighed))
    data = {"model": weighed.model, "format": FORMAT, "foxing": own_version(), "config": weighed.config}
    write_text(
        folder / CONFIG, json.dumps(data | {"record": dict(weighed.record)}, indent=1, ensure_ascii=False) + "\n"
    )


def read_weights(place: str | Path, hub: Mapping[str, Any] | None = None) -> Weighed:
    """The weights of a folder, or of a repository on the Hub where there is no such folder.

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
        if not (isinstance(model, str) and isinstance(config, dict) and isinstance(record, dict)):
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
    for name in (CONFIG, TENSORS):
        try:
            found[name] = (folder / name).read_bytes()
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


def card(weighed: Weighed) -> str:
    """The model's card: what it is, what it was trained on, and what it scored while it was."""
    record = weighed.record
    front = ["---", "library_name: foxing", "pipeline_tag: image-to-image", "tags:", "- old-photo-restoration"]
    front += ["license: other  # yours to choose; mind the licence of the photos it was trained on", "---", ""]
    lines = [f"# {weighed.model}", "", "Weights of a model of Foxing that restores old photos.", ""]
    lines += ["```sh", "foxing restore THIS_FOLDER photos/ restored/", "```", ""]
    if not record:
        return "\n".join(front + lines + ["Random weights: never trained.", ""])
    lines += ["## How it was trained", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {_cell(value)} |" for name, value in record.items() if name != "scores"]
    scores = record.get("scores") or {}
    if scores:
        lines += ["", "## What it scored on the corpus's validation photos", "", "| stage | score |", "|---|---|"]
        lines += [f"| {name} | {_cell(value)} |" for name, value in scores.items()]
    return "\n".join(
        front + lines + ["", "## Configuration", "", "```json", json.dumps(weighed.config, indent=1), "```", ""]
    )


def _cell(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return text.replace("|", "\\|")
