"""What the card says of where a corpus's recipes come from, and how to make it again."""

import shlex
from collections.abc import Iterator
from typing import Any

from degrade.catalogue import catalogue, shortened
from degrade.corpus.card_head import recipe_name
from degrade.corpus.config import USUAL_QUALITY, usual_shard
from degrade.corpus.markdown import code, fenced, folded, plain
from degrade.io import MAX_PIXELS
from degrade.pipeline_file import digest, to_toml
from degrade.presets import PRESETS
from degrade.sources.tables import COLUMN


def ranges(recipe: dict[str, Any]) -> str:
    """The numbers behind one source of recipes, folded away.

    Args:
        recipe: one of build.json's; its key `toml` holds the pipeline's file, if it was kept.
    """
    name = recipe_name(recipe)
    if "effect" in recipe:
        return folded(f"What {name} is", _effect(recipe))
    text = recipe.get("toml") or _preset_toml(recipe)
    if text:
        return folded(f"The ranges of {name}", f"{RANGES_SAY}\n\n{fenced(text, 'toml')}")
    return f"{code(name)} is a pipeline of the maker's own, in a file that is not part of this corpus."


RANGES_SAY = "Each step: how often it happens (`p`), and from which distribution each of its numbers is drawn."


def _preset_toml(recipe: dict[str, Any]) -> str:
    """The file of a preset, if it is still the one that the corpus was made with."""
    preset = PRESETS.get(recipe.get("preset", ""))
    return to_toml(preset) if preset and digest(preset) == recipe.get("digest") else ""


def _effect(recipe: dict[str, Any]) -> str:
    entry = catalogue().get(recipe["effect"])
    if entry is None:
        return f"An effect of a library beside Foxing: {code(recipe['effect'])}."
    rows = [
        f"| {code(field.name)} | {plain(shortened(field.severities[recipe['severity'] - 1]))} | {plain(field.holds)} |"
        for field in entry.fields
        if field.severities
    ]
    head = ["| field | at this severity, 512 px | may hold |", "|---|---|---|"]
    return f"{plain(entry.summary)}\n\n" + "\n".join(head + rows)


def command(build: dict[str, Any]) -> str:
    """The line for the console that makes this corpus again from the same photos.

    Args:
        build: of build.json.
    """
    photos, *how = source_words(build["source"])
    return shlex.join(["foxing", "degrade", "build", photos, "OUT", *how, *_options(build)])


def source_words(name: str) -> list[str]:
    """How a source of photos is typed, from its name: its kind, its base name, and what else it needs."""
    kind, _, base = name.partition(" ")
    if kind in ("hub", "parquet") and COLUMN in base:
        table, _, column = name.rpartition(COLUMN)
        return [*source_words(table), "--column", column]
    if kind == "pattern":
        pattern, _, root = base.rpartition(" in ")
        return [f"{root.rstrip('/')}/{pattern}"]
    if kind not in ("hub", "parquet") or base.endswith(".parquet"):
        return [base]
    where, _, split = base.rpartition(" ")
    return [where, *(["--hub"] if kind == "hub" else []), *(["--split", split] if split != "train" else [])]


def _options(build: dict[str, Any]) -> Iterator[str]:
    for recipe in build["recipes"]:
        yield from _source(recipe)
    shares = ",".join(f"{100 * share:.10g}" for share in build["shares"])
    given: tuple[tuple[str, object, object], ...] = (
        ("--seed", build["seed"], None),
        ("--variants", build["variants"], 1),
        ("--size", build["size"], 0),
        ("--crop", build["crop"], "random" if build["size"] else "whole"),
        ("--store", build["store"], "pairs"),
        ("--encoding", build["encoding"], "png"),
        ("--quality", build["quality"] or USUAL_QUALITY, USUAL_QUALITY),
        ("--shares", shares, "90,5,5"),
        (
            "--shard-photos",
            build["photos_per_shard"],
            usual_shard(build["size"], build["variants"] * len(build["recipes"])),
        ),
        ("--max-pixels", build["max_pixels"], MAX_PIXELS),
        ("--textures", "TEXTURES" if any(build["textures"].values()) else "", ""),
        ("--old", source_words(build["old"])[0] if build["old"] else "", ""),
        ("--limit", build["limit"], 0),
    )
    for option, value, usual in given:
        if value != usual:
            yield from (option, str(value))


def _source(recipe: dict[str, Any]) -> tuple[str, ...]:
    if "effect" in recipe:
        return ("--effect", f"{recipe['effect']}:{recipe['severity']}")
    return ("--preset", recipe["preset"]) if "preset" in recipe else ("--pipeline", f"{recipe['pipeline']}.toml")
