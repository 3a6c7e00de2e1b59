"""The board of a suite: everything that a page, a console or a file shows of its models, computed from their items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, NamedTuple

from benchmark import contestants
from benchmark.reporting import leading
from leaderboards.board_numbers import CellScore, Numbers, Pool, Total, numbers
from leaderboards.board_rows import Contestant, Row, rows_of
from leaderboards.entry import Entry, EntryError
from leaderboards.passports import Passport, passports, short
from leaderboards.pooling import contestant, described, pooled, suite_of

FLOOR = contestants.FLOOR
"""The untouched input, against which all others are measured."""


class Lead(NamedTuple):
    """The column that ranks."""

    metric: str
    region: str
    name: str
    """Of the metric, without its settings."""

    higher_is_better: bool
    error: str | None
    """What relative errors are shares of, in words; None where ranks go by the score itself."""

    settled_by: str
    """`relative_error`, or `score`."""


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """The leaderboard of one suite."""

    suite_id: str

    suite: Mapping[str, Any]
    """name, about, task, masks, photos, items, metrics, protocol, engine, commitment."""

    lead: Lead | None
    """None where nothing could be scored at all."""

    rows: tuple[Row, ...]
    """In order of rank; those without one last."""

    groups: tuple[tuple[str, ...], ...]
    """Models that nobody can tell apart, the best group first; a model may be in several."""

    columns: tuple[Passport, ...]
    """Every metric in every region."""

    cells: tuple[CellScore, ...]
    """Every column by model, defect and severity."""

    totals: tuple[Total, ...]
    """Every column by model."""

    pairs: tuple[Mapping[str, Any], ...]
    """Of the lead: first minus second with interval, relative errors in decibels; p, p adjusted for all pairs, and
    whether they are told apart."""

    agreement: tuple[Mapping[str, Any], ...]
    """Kendall's tau-b of each two columns."""

    borda: Mapping[str, Any] | None
    """The order that all metrics together make, see `benchmark.statistics.together`."""

    method: Mapping[str, Any]

    withdrawn: tuple[tuple[str, str], ...]
    """Models that were taken back, and why."""

    digest: str
    """Of all rows that it was computed from."""

    def row(self, model: str) -> Row | None:
        """The row of a model, where it has one."""
        return next((row for row in self.rows if row.model == model), None)

    def lead_cells(self) -> list[CellScore]:
        """The cells of the column by which models are ranked."""
        lead = self.lead
        return [each for each in self.cells if lead and (each.metric, each.region) == (lead.metric, lead.region)]


def board(entries: Sequence[Entry]) -> Board:
    """The board of the entries of one suite; those that were withdrawn are named and not ranked.

    Raises:
        EntryError: there is none, they are of several suites, or the untouched input is not among them.
        ModelError: items are damaged or contradict each other.
    """
    if not entries:
        raise EntryError("no entry; foxing leaderboard add RUN makes some")
    ids = sorted({entry.suite_id for entry in entries})
    if len(ids) > 1:
        raise EntryError(f"entries of {len(ids)} suites, {ids[0]} and {ids[1]}: their scores are never mixed")
    current = [entry for entry in entries if not entry.withdrawn]
    suite = described(suite_of(entries[0]), entries)
    withdrawn = tuple(sorted((entry.model, entry.withdrawn) for entry in entries if entry.withdrawn))
    return assembled([contestant(entry) for entry in current], pooled(entries), suite, withdrawn)


def assembled(
    contestants: Sequence[Contestant],
    rows: Pool,
    suite: Mapping[str, Any],
    withdrawn: tuple[tuple[str, str], ...] = (),
) -> Board:
    """The board of what is known of models, and of the rows of them all.

    Raises:
        ModelError: the rows contradict each other.
    """
    found = numbers(rows)
    lead = lead_of(found, suite)
    standing = standing_of(found, lead)
    return Board(
        suite_id=str(found.summary["suite_id"]),
        suite=suite,
        lead=lead,
        rows=rows_of(contestants, found, lead and (lead.metric, lead.region)),
        groups=tuple(tuple(group) for group in standing.get("groups", ())),
        columns=passports(found, lead and (lead.metric, lead.region)),
        cells=found.cells,
        totals=found.totals,
        pairs=tuple(standing.get("pairs", ())),
        agreement=tuple(found.summary["agreement"]),
        borda=found.summary["borda"],
        method=found.summary["method"],
        withdrawn=withdrawn,
        digest=rows.digest,
    )


def lead_of(found: Numbers, suite: Mapping[str, Any]) -> Lead | None:
    """The column that ranks: the suite's first metric of the whole photo."""
    whole = [column for column in found.summary["columns"] if column["region"] == "whole"]
    if not whole:
        return None
    column = leading(whole, {"suite": suite})
    by = "relative_error" if column["by_relative_error"] else "score"
    return Lead(column["metric"], "whole", short(column["metric"]), column["higher_is_better"], column["error"], by)


def standing_of(found: Numbers, lead: Lead | None) -> Mapping[str, Any]:
    """The order that the lead makes, with its groups and pairs."""
    column = found.column(lead.metric, lead.region) if lead else {}
    return column.get("by_relative_error") or column.get("by_score") or {}


def as_data(found: Board) -> dict[str, Any]:
    """The board as plain data for JSON: the fields by their names, intervals as value, low and high.

    Of the cells those of the leading metric, in all regions: the others are a hundred times as many, and lie in the
    tables of `leaderboards.exporting`.
    """
    cells = tuple(each for each in found.cells if found.lead and each.metric == found.lead.metric)
    data: dict[str, Any] = written_out(replace(found, cells=cells))
    return {**data, "withdrawn": [{"model": model, "why": why} for model, why in found.withdrawn]}


def written_out(value: Any) -> Any:
    """Records as mappings, sequences as lists; all else as it is."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: written_out(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: written_out(each) for name, each in value._asdict().items()}
    if isinstance(value, Mapping):
        return {key: written_out(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [written_out(each) for each in value]
    return value
