"""The card's front matter: what the Hugging Face Hub and the datasets library read of a corpus."""

import json
from typing import Any

from degrade.corpus.columns import COLUMNS

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
LARGER = ((10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"))

TAGS = ("foxing", "old-photo-restoration", "image-restoration", "inpainting", "synthetic", "image")


def front_matter(build: dict[str, Any], stats: dict[str, Any]) -> str:
    """The YAML between the two lines of dashes, the lines included.

    Args:
        build: of build.json.
        stats: of stats.json.
    """
    splits = {name: each for name, each in stats["splits"].items() if each["rows"]}
    size = sum(each["bytes"] for each in splits.values())
    lines = [
        "---",
        f"pretty_name: {quoted(title(build))}",
        "license: unknown  # TO SET: the licence of your photographs",
        "task_categories:",
        "- image-to-image",
        "tags:",
        *(f"- {tag}" for tag in TAGS),
        "size_categories:",
        f"- {size_category(stats['rows'])}",
        "configs:",
        "- config_name: default",
        "  data_files:",
        *(f"  - split: {name}\n    path: data/{name}-*.parquet" for name in splits),
        "dataset_info:",
        "  features:",
        *(_feature(name, kind) for name, kind in COLUMNS.items()),
        "  splits:",
        *(_split(name, each) for name, each in splits.items()),
        f"  download_size: {size}",
        f"  dataset_size: {size}",
        "---",
    ]
    return "\n".join(lines) + "\n"


def title(build: dict[str, Any]) -> str:
    """What the corpus is called."""
    names = ", ".join(dict.fromkeys(recipe_name(recipe) for recipe in build["recipes"]))
    return f"Photographs aged by Foxing: {names}"


def recipe_name(recipe: dict[str, Any]) -> str:
    """The preset, pipeline or effect of one source of recipes, in one line."""
    if "effect" in recipe:
        return f"{recipe['effect']} at severity {recipe['severity']}"
    return " ".join(str(recipe.get("preset") or recipe.get("pipeline")).split())


def quoted(text: str) -> str:
    """A text as YAML takes it whatever is in it: JSON's quotes, without what neither shows."""
    return json.dumps("".join(each if each.isprintable() else "\ufffd" for each in text), ensure_ascii=False)


def size_category(rows: int) -> str:
    """The Hub's word for so many rows."""
    return next((word for most, word in SIZES + LARGER if rows < most), "1B<n<10B")


def _feature(name: str, kind: str) -> str:
    types = {
        "list": "list: string",
        "image": "dtype:\n      image:\n        mode: RGB",
        "map": "dtype: image",
    }
    return f"  - name: {name}\n    {types.get(kind, f'dtype: {kind}')}"


def _split(name: str, each: dict[str, int]) -> str:
    return f"  - name: {name}\n    num_bytes: {each['bytes']}\n    num_examples: {each['rows']}"
