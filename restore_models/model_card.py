"""The card that lies beside weights: what they are, how they are used, how they were trained, and what they scored."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

SEPARATE = ("model", "config", "stages", "scores")
"""Entries of a record that have a place of their own in the card."""

NOTED = ("steps", "batch", "seconds", "score_name", "score")
"""What the record says of a stage."""

USES = {
    "detector": "foxing detect {} photos/ masks/",
    "faces": "foxing restore MODEL photos/ restored/ --faces {}",
}
"""Of models that are not for `foxing restore` alone."""


def how_to_use(model: str, place: str) -> str:
    """The command that puts trained weights to use."""
    return USES.get(model, "foxing restore {} photos/ restored/").format(place)


def card(model: str, config: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """The card, in Markdown with the head that the Hub reads.

    Args:
        model: its name.
        config: what was chosen of it.
        record: what its training left to say; empty for random weights.
    """
    task = "image-segmentation" if model == "detector" else "image-to-image"
    lines = ["---", "library_name: foxing", f"pipeline_tag: {task}", "tags:", "- old-photo-restoration"]
    lines += ["license: other  # yours to choose; mind the licence of the photos it was trained on", "---", ""]
    lines += [f"# {model}", "", f"Weights of Foxing's model `{model}`, for old photos. To use them:", ""]
    lines += ["```sh", how_to_use(model, "THIS_FOLDER"), "```", ""]
    if not record:
        return "\n".join([*lines, "Random weights: never trained.", ""])
    said = {name: value for name, value in record.items() if name not in SEPARATE and value not in (None, {}, "")}
    lines += ["## How it was trained", "", *table(("", ""), ((name, in_words(value)) for name, value in said.items()))]
    if record.get("stages") or record.get("scores"):
        lines += ["", "## What it scored on photos that it did not learn from", "", *scores(record)]
    chosen = json.dumps({name: value for name, value in config.items() if value is not None}, indent=1)
    return "\n".join([*lines, "", "## Configuration", "", "```json", chosen, "```", ""])


def scores(record: Mapping[str, Any]) -> Iterator[str]:
    """The table of the stages with their scores, or of the scores alone where nothing else is known of them."""
    stages: Mapping[str, Mapping[str, Any]] = record.get("stages") or {}
    if stages:
        rows = ((name, *(in_words(note.get(each)) for each in NOTED)) for name, note in stages.items())
        return table(("stage", "steps", "batch", "seconds", "metric", "score"), rows)
    return table(("stage", "score"), ((name, in_words(score)) for name, score in record["scores"].items()))


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a table in Markdown."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def in_words(value: Any) -> str:
    """A value of a record as a person would write it."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {in_words(each)}" for name, each in value.items() if each not in (None, {}, ""))
    if isinstance(value, list | tuple):
        return ", ".join(map(in_words, value))
    if isinstance(value, float):
        return f"{value:.4g}"
    return "none" if value is None else str(value)
