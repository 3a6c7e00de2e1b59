"""The pages of the site as text: everything is worked out here and in the board, templates only lay it out."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from benchmark.contestants import FLOOR
from leaderboards import site_charts as charts
from leaderboards.board_rows import Row
from leaderboards.entry import Entry
from leaderboards.gathering import LeftOut
from leaderboards.metric_words import words_of
from leaderboards.past import revisions, taken_back
from leaderboards.reading import BADGES
from leaderboards.shelf import Shelf, metric_path
from leaderboards.site_pictures import NO_ALBUM
from leaderboards.standings import headline, told, unmeasured_on, verdict
from leaderboards.tabular import weights_text
from leaderboards.templates import rendered

NEWEST = 8
"""Entries on the first page."""

WIDE = 8
"""Defects from which on their heat-map has a row of the page for itself."""

BESIDE = 6
"""Models whose pictures are shown beside a model's own where there is no JavaScript."""


def pages(shelves: Sequence[Shelf], left_out: Sequence[LeftOut] = ()) -> Iterator[tuple[str, str]]:
    """Every page: its path in the site, and its text.

    Args:
        shelves: the suites.
        left_out: entries that could not be read; the first page names them all.
    """
    yield "index.html", rendered("index", "", shelves=shelves, newest=newest(shelves), left_out=left_out)
    yield "about.html", rendered("about", "", shelves=shelves)
    for each in shelves:
        yield f"{each.folder}/index.html", suite_page(each)
        for row in each.board.rows:
            yield f"{each.folder}/{row.model}/index.html", model_page(each, row)
        for entry in each.withdrawn:
            yield f"{each.folder}/{entry.model}/index.html", withdrawn_page(each, entry)
        for metric, columns in each.metrics.items():
            text = rendered("metric", "../../", shelf=each, columns=columns, words=words_of(columns[0].name))
            yield metric_path(each, metric), text


def suite_page(each: Shelf) -> str:
    """A suite's page."""
    drawings = {
        "forest": charts.forest(each.board),
        "speed": charts.speed(each.board),
        "severities": charts.severities(each.board),
        "heat": charts.heat(each.board),
    }
    return rendered(
        "suite",
        "../",
        shelf=each,
        headline=headline(each.board),
        unmeasured=unmeasured_on(each.board),
        charts={name: Markup(drawing) for name, drawing in drawings.items()},
        shaded=any(row.by_defect for row in each.board.rows),
        wide=max((len(row.by_defect) for row in each.board.rows), default=0) > WIDE,
        by_defect=[Markup(drawing) for drawing in charts.by_defect(each.board)],
        facets=facets(each.board.rows),
    )


def model_page(each: Shelf, row: Row) -> str:
    """A model's page."""
    board = each.board
    others = [other for other in board.rows if other.model not in (row.model, FLOOR) and each.albums.get(other.model)]
    pictured = [(other, each.albums[other.model]) for other in others if each.albums[other.model].shown]
    return rendered(
        "model",
        "../../",
        shelf=each,
        row=row,
        entry=each.entries[row.model],
        verdict=verdict(board, row),
        told=told(board, row.model),
        album=each.albums.get(row.model, NO_ALBUM),
        pictured=pictured,
        beside=pictured[:BESIDE],
        cells=charts.cells_by_model(board).get(row.model, []),
        past=revisions(each.entries[row.model], board.lead),
        curves=Markup(charts.own_severities(board, row)),
        heat=Markup(charts.own_heat(board, row)),
    )


def withdrawn_page(each: Shelf, entry: Entry) -> str:
    """The page of an entry that was taken back: links to it go on saying what became of it."""
    past = revisions(entry, each.board.lead)
    return rendered("withdrawn", "../../", shelf=each, entry=entry, date=taken_back(entry), past=past)


def facets(rows: Sequence[Row]) -> dict[str, tuple[str, list[str]]]:
    """What a table can be filtered by: the words for it, and the values that there are."""
    found: dict[str, tuple[str, list[str]]] = {
        "kind": ("kind", sorted({row.card.kind for row in rows})),
        "licence": ("licence", sorted({row.card.licence for row in rows if row.card.licence})),
        "weights": ("weights", sorted({weights_text(row.card.open_weights) for row in rows})),
        "badge": ("verified", [str(badge) for badge in BADGES if any(row.badge == badge for row in rows)]),
    }
    return {key: each for key, each in found.items() if len(each[1]) > 1}


def newest(shelves: Sequence[Shelf]) -> list[tuple[Shelf, Row]]:
    """The entries that came last."""
    every = [(each, row) for each in shelves for row in each.board.rows if row.card.submitted and row.model != FLOOR]
    every.sort(key=lambda pair: (pair[0].board.suite_id, pair[1].model))
    return sorted(every, key=lambda pair: pair[1].card.submitted, reverse=True)[:NEWEST]
