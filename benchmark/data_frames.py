"""A finished sweep as data frames of pandas, which is imported where it is wanted."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd


class Frames(NamedTuple):
    """What a sweep left."""

    items: "pd.DataFrame"
    """One row for each model, item, seed, metric and region: the value, or why there is none."""

    scores: "pd.DataFrame"
    """One row for each metric, region and model: score, relative error and gain with intervals, ranks, failures."""

    cells: "pd.DataFrame"
    """One row for each metric, region, model, defect and severity: the mean."""


def frames(runs: Path | str) -> Frames:
    """The items and the scores of a finished sweep.

    Raises:
        SuiteError: there is no finished sweep, or its files are not those that it left.
        ImportError: pandas is not installed.
    """
    import pandas as pd  # noqa: PLC0415 - heavy, and not everybody's

    from benchmark.scored import scored, summed_up  # noqa: PLC0415 - heavy
    from benchmark.store import plain  # noqa: PLC0415

    rows, found = scored(Path(runs)), summed_up(Path(runs))
    return Frames(plain(rows).to_pandas(), pd.DataFrame(scores_of(found)), pd.DataFrame(cells_of(found)))


VALUES = ("score", "relative_error", "gain_db", "undamaged")
"""Of a model in a column, each with an interval."""


def scores_of(summary: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each metric, region and model."""
    for column in summary.get("columns", []):
        ranks = (column.get("by_relative_error") or column.get("by_score") or {}).get("ranks") or {}
        for model, mine in column["models"].items():
            row = {name: column[name] for name in ("metric", "region", "higher_is_better")} | {"model": model}
            for name in VALUES:
                found = mine.get(name) or {}
                row |= {name: found.get("value"), f"{name}_low": found.get("low"), f"{name}_high": found.get("high")}
            best, worst = ranks.get(model) or (None, None)
            row |= {"rank_low": best, "rank_high": worst}
            yield row | {name: mine.get(name) for name in ("failed", "missing", "complete", "seeds", "seed_sd")}


def cells_of(summary: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each metric, region, model and cell."""
    for column in summary.get("columns", []):
        for model, mine in column["models"].items():
            for cell, value in zip(column["cells"], mine.get("cells", []), strict=False):
                yield {"metric": column["metric"], "region": column["region"], "model": model, **cell, "value": value}
