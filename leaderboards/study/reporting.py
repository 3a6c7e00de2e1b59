"""What a study says, as tables for a terminal and in Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmark.reporting import Grid, interval, row

Found = Mapping[str, Any]


def grids_of(found: Found) -> list[Grid]:
    """Models, pairs of them, raters and metrics."""
    return [models_grid(found), pairs_grid(found), raters_grid(found), *metrics_grid(found)]


def models_grid(found: Found) -> Grid:
    """Who is liked best, and how sure that is."""
    rows = [
        (
            ranks(each["rank"]),
            each["model"],
            interval(each["score"], 2),
            f"{each['preferred']:.0f} %",
            str(each["won"]),
            str(each["tied"]),
            str(each["lost"]),
        )
        for each in found["models"]
    ]
    title = f"What people prefer: {found['votes']} votes on {found['items']} items of {found['photos']} photos"
    return Grid(title, ("rank", "model", "score", "preferred", "won", "tied", "lost"), tuple(rows))


def pairs_grid(found: Found) -> Grid:
    """The table of every two models: who was preferred how often."""
    rows = [
        (
            each["first"],
            each["second"],
            f"{each['first_better']} : {each['tie']} : {each['second_better']}",
            interval(each, 2),
            "yes" if each["separable"] else "no",
        )
        for each in found["pairs"]
    ]
    return Grid("Every two models", ("first", "second", "first : tie : second", "difference", "separable"), tuple(rows))


def raters_grid(found: Found) -> Grid:
    """The table of raters: who counts, and how steady they are."""
    raters, alike = found["raters"], found["alike"]
    rows = (
        ("raters who count", f"{raters['kept']} of {raters['given']}"),
        (
            "traps that must be right",
            f"{100 * raters['traps_wanted']:.0f} %; who tosses a coin passes in {100 * raters['coin_passes']:.0f} %",
        ),
        ("seconds for an answer, median", f"{found['seconds']:.1f}"),
        (f"same answer the second time, {found['repeats']} pairs", interval(found["steady"], 2)),
        ("left side chosen, of untied", interval(found["left"], 2)),
        ("Krippendorff's alpha, nominal", interval(found["alpha"], 2)),
        ("two raters say the same, of untied", "-" if alike is None else f"{alike:.2f}"),
    )
    return Grid("The raters", ("what", "how"), rows)


def metrics_grid(found: Found) -> list[Grid]:
    """How far metrics of the whole photo agree with people; nothing where no sweep was given."""
    rows = [
        (
            each["metric"].partition("/")[0],
            interval(each["pairwise"], 2),
            interval(each["kendall"], 2),
            str(each["votes"]),
        )
        for each in found.get("metrics", ())
        if each["region"] == "whole"
    ]
    title = "Metrics and people: how often a metric prefers what a rater did, and Kendall's tau over models"
    return [Grid(title, ("metric", "pairs", "models", "untied votes"), tuple(rows))] if rows else []


def ranks(found: Sequence[int]) -> str:
    """The ranks that a model can have."""
    return str(found[0]) if found[0] == found[1] else f"{found[0]}-{found[1]}"


def markdown(found: Found) -> str:
    """The tables as Markdown, and what is to be known of them."""
    parts = [f"# What people prefer (study {found['study']})\n"]
    for grid in grids_of(found):
        parts.append(
            "\n".join([f"## {grid.title}\n", row(grid.head), row(["---"] * len(grid.head)), *map(row, grid.rows)])
        )
        parts.append("")
    parts += [f"- {note}" for note in found["notes"]]
    parts += [f"- rater {each['rater']} left out: {each['why']}" for each in found["raters"]["left_out"]]
    return "\n".join(parts) + "\n"
