"""The commands that tell what there is: `effects` and `presets`."""

import json as json_format

from degrade.catalogue import Entry, catalogue, shortened
from degrade.cli_apply import preset_named
from degrade.cli_table import table
from degrade.console import MisuseError, show
from degrade.pipeline import Pipeline
from degrade.pipeline_file import digest, to_toml
from degrade.presets import PRESETS
from degrade.recipe import effect_named


def list_effects(json: bool) -> None:
    """Print every effect with its stage and summary."""
    entries = list(catalogue().values())
    if json:
        show(json_format.dumps([each.to_data() for each in entries], ensure_ascii=False, indent=1))
        return
    table(
        ["stage", "effect", "class", "what"], [(each.stage, each.name, each.defect, each.summary) for each in entries]
    )


def show_effect(name: str, json: bool) -> None:
    """Print all about one effect.

    Raises:
        MisuseError: there is none of that name.
    """
    try:
        entry = catalogue()[effect_named(name).__name__]
    except ValueError as error:
        raise MisuseError(str(error)) from None
    if json:
        show(json_format.dumps(entry.to_data(), ensure_ascii=False, indent=1))
        return
    show(heading(entry))
    rows = [(each.name, each.holds, *map(shortened, each.severities or ("",) * 5), each.about) for each in entry.fields]
    table(["field", "holds", *"12345", "what"], rows)


def heading(entry: Entry) -> str:
    """An effect's description in a few paragraphs."""
    mask = f", leaves {entry.defect} in the mask" if entry.defect else ", leaves no mask"
    parts = [f"{entry.name} ({entry.stage}{mask})", entry.summary, entry.about]
    parts.append(f"Source: {entry.source}" if entry.source else "")
    return "\n".join(part for part in parts if part) + "\n"


def list_presets(json: bool) -> None:
    """Print every preset with what it is for."""
    rows = [(name, pipeline.about) for name, pipeline in PRESETS.items()]
    if json:
        data = [{"name": name, "about": about, "digest": digest(PRESETS[name])} for name, about in rows]
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
        return
    table(["preset", "what"], rows)


def show_preset(name: str) -> None:
    """Print a preset as a file.

    Raises:
        MisuseError: there is none of that name.
    """
    pipeline: Pipeline = preset_named(name)
    show(to_toml(pipeline).rstrip("\n"))
