"""The card's text: Markdown from the choices and the numbers of a corpus, and from nothing else."""

from collections.abc import Iterator
from typing import Any

from degrade.catalogue import catalogue
from degrade.corpus.card_head import recipe_name, title
from degrade.corpus.card_recipes import command, ranges
from degrade.corpus.card_words import (
    CITATION,
    CLASSES_SAY,
    COLUMNS_SAY,
    DOMAINS,
    INTRODUCTION,
    LICENCE,
    LIMITS,
    LOADING,
    RECIPES_ONLY,
)
from degrade.corpus.columns import COLUMNS
from degrade.corpus.config import OLD
from degrade.corpus.copies import said_of
from degrade.corpus.markdown import code, fenced, folded, plain, table
from degrade.corpus.stats import counted
from degrade.record import COLOURS
from degrade.types import Defect

PREVIEW, CHART = "preview.png", "assets/coverage.png"

FIRST_EFFECTS = 12
"""Effects in the table; the rarer ones are folded away."""


def card_text(build: dict[str, Any], stats: dict[str, Any]) -> str:
    """All of README.md below its front matter.

    Args:
        build: of build.json.
        stats: of stats.json.
    """
    return "\n\n".join(_parts(build, stats)) + "\n"


def _parts(build: dict[str, Any], stats: dict[str, Any]) -> Iterator[str]:
    yield f"# {plain(title(build))}"
    yield INTRODUCTION
    yield _splits(stats)
    if shared := said_of(stats.get("in_several_splits", {})):
        yield f"**Take care:** {plain(shared)}."
    if build["store"] == "recipe":
        yield RECIPES_ONLY
    yield f"![{PREVIEW_SAYS}]({PREVIEW})"
    yield LICENCE
    if OLD in stats["splits"]:
        yield f"## The three domains\n\n{DOMAINS}"
    yield f"## Load it\n\n{_loading(stats)}"
    yield f"## What is in a row\n\n{_columns()}\n\n{CLASSES_HEAD}\n\n{_classes()}"
    yield f"## In numbers\n\n{_effects(stats)}\n\n![{_coverage_says(stats)}]({CHART})\n\n{_rejected(stats)}"
    yield f"## How it was made\n\n{_choices(build)}"
    yield from (ranges(recipe) for recipe in build["recipes"])
    yield f"## Make it again\n\n{AGAIN}\n\n{fenced(command(build), 'sh')}\n\n{AGAIN_SAYS}"
    yield f"## Limits and biases\n\n{LIMITS}"
    yield f"## Citation\n\n{_citation(build)}"


PREVIEW_SAYS = "Rows of this corpus: clean, degraded, mask, classes of defects"

CLASSES_HEAD = "`defects` is a PNG whose levels are the numbers of these classes; its palette only makes them visible."

AGAIN = "With the same photographs, and the versions above, one command gives the same bytes:"

AGAIN_SAYS = """Seeds hang on the photo's key, so adding a photo changes no other row. \
`foxing degrade verify OUT` replays rows and compares their hashes."""


def _splits(stats: dict[str, Any]) -> str:
    rows = [
        (code(name), f"{each['photos']:,}", f"{each['rows']:,}", size(each["bytes"]))
        for name, each in stats["splits"].items()
    ]
    return table(("split", "photos:", "rows:", "size:"), rows)


def _loading(stats: dict[str, Any]) -> str:
    first = next((name for name, each in stats["splits"].items() if each["rows"]), "train")
    return LOADING.format(split=f', split="{first}"', of_split="" if first == "train" else f', "{first}"')


def _columns() -> str:
    kinds = {"list": "list of string"}
    return table(
        ("column", "type", "what it is"),
        [(code(name), kinds.get(kind, kind), COLUMNS_SAY[name]) for name, kind in COLUMNS.items()],
    )


def _classes() -> str:
    rows = [(f"{each:d}", each.name.lower(), f"`{_hex(each)}`", CLASSES_SAY[each]) for each in Defect]
    return table(("class:", "name", "shown as", "what it is"), rows)


def _hex(defect: Defect) -> str:
    return "#" + "".join(f"{level:02x}" for level in COLOURS[defect])


def _effects(stats: dict[str, Any]) -> str:
    if not stats["effects"]:
        return "No effect occurs in any row."
    rows = [_effect(name, count, stats["pairs"]) for name, count in stats["effects"].items()]
    head = ("effect", "what it is", "rows:", "share:")
    text = f"How often each effect occurs in {stats['pairs']:,} pairs:\n\n{table(head, rows[:FIRST_EFFECTS])}"
    if len(rows) > FIRST_EFFECTS:
        text += f"\n\n{folded(f'{len(rows) - FIRST_EFFECTS} rarer effects', table(head, rows[FIRST_EFFECTS:]))}"
    return text


def _effect(name: str, count: int, pairs: int) -> tuple[str, ...]:
    entry = catalogue().get(name)
    return code(name), plain(entry.summary) if entry else "", f"{count:,}", f"{count / max(1, pairs):.1%}"


def _coverage_says(stats: dict[str, Any]) -> str:
    bins = stats["coverage"]
    none, total = bins[0]["rows"], max(1, sum(each["rows"] for each in bins))
    return f"How much of a picture structured defects cover: {none / total:.0%} of the pairs have none"


def _rejected(stats: dict[str, Any]) -> str:
    rejected = stats["rejected"]
    if not rejected["photos"]:
        return "No photo was rejected."
    reasons = table(("reason", "photos:"), [(plain(why), f"{count:,}") for why, count in rejected["reasons"].items()])
    noun = "photo was" if rejected["photos"] == 1 else "photos were"
    text = f"{rejected['photos']:,} {noun} rejected; `rejected.csv` names each:\n\n{reasons}"
    unread = rejected.get("unread", 0)
    return text + (f"\n\nOf these, {counted(unread)} could not be read when this was made." if unread else "")


def _choices(build: dict[str, Any]) -> str:
    made_with = ", ".join(f"{name} {number}" for name, number in build["versions"].items())
    rows = [
        ("recipes from", ", ".join(code(recipe_name(recipe)) for recipe in build["recipes"])),
        ("seed", str(build["seed"])),
        ("variants of each photo", str(build["variants"])),
        ("pictures", PICTURES[build["crop"]].format(**build)),
        ("kept", KEPT[build["store"]]),
        ("encoding", _encoding(build)),
        ("train, validation, test", ", ".join(f"{share:.0%}" for share in build["shares"]) + " of the photos, by hash"),
        ("textures of the maker's own", _textures(build)),
        ("versions", plain(made_with)),
    ]
    return table(("choice", "here"), rows)


PICTURES = {
    "whole": "whole photos",
    "random": "one random crop of {size} × {size} pixels for each variant",
    "grid": "crops of {size} × {size} pixels, side by side over the whole photo",
}

KEPT = {"pairs": "clean, degraded, mask and classes", "recipe": "clean and recipe; the rest is made on reading"}

ENCODINGS = {
    "png": "PNG, lossless",
    "webp": "WebP, lossless",
    "jpeg": "JPEG of quality {quality} without chroma subsampling; masks and classes are lossless PNG. "
    "`degraded_sha256` is of the pixels before",
}


KEPT_BYTES = "; clean photos keep the bytes of their file where any reader sees the same in them"


def _encoding(build: dict[str, Any]) -> str:
    kept = KEPT_BYTES if build["crop"] == "whole" else ""
    return ENCODINGS[build["encoding"]].format(**build) + kept


def _textures(build: dict[str, Any]) -> str:
    counts = [f"{len(names)} {kind}" for kind, names in build["textures"].items() if names]
    return ", ".join(counts) or "none"


def _citation(build: dict[str, Any]) -> str:
    said = "".join(each for each in title(build) if each not in "{}\\`")
    return CITATION.format(title=said, version=build["versions"]["foxing"], seed=build["seed"])


def size(count: int) -> str:
    """So many bytes, for people."""
    value, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= 999.5 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{value:.0f} {units[0]}" if units[0] == "B" else f"{value:.3g} {units[0]}"
