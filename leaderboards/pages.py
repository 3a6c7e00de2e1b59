"""The pages of the site as text: everything is worked out here and in the board, templates only lay it out."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from benchmark.charts import stylesheet
from benchmark.contestants import FLOOR
from benchmark.store import SUMMARY
from degrade.record import versions
from leaderboards import site_charts as charts
from leaderboards.board import Board
from leaderboards.board_rows import Row
from leaderboards.card import KINDS, read_card
from leaderboards.documents import read_json
from leaderboards.entry import CARD, HISTORY, Card, Entry, folder_name
from leaderboards.figures import amount, count, estimated, spread, unit_of
from leaderboards.metric_words import settings_of, words_of
from leaderboards.passports import Passport
from leaderboards.people import Study
from leaderboards.reading import BADGES
from leaderboards.site_pictures import NO_ALBUM, Album
from leaderboards.standings import headline, told, unmeasured_on, verdict
from leaderboards.tabular import Table, rank_text, table, weights_text

NEWEST = 8
"""Entries on the first page."""

WIDE = 8
"""Defects from which on their heat-map has a row of the page for itself."""

BESIDE = 6
"""Models whose pictures are shown beside a model's own where there is no JavaScript."""


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """A suite of the site."""

    board: Board
    entries: Mapping[str, Entry]
    albums: Mapping[str, Album]
    table: Table
    newer: str = ""
    """The folder of a newer version of the same suite; this one stays, and is never mixed with it."""

    people: tuple[Study, ...] = ()

    @property
    def folder(self) -> str:
        """Of its pages."""
        return folder_name(self.board.suite_id)

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.board.suite.get("name") or self.board.suite_id.partition(":")[0])

    @property
    def metrics(self) -> dict[str, list[Passport]]:
        """The columns by metric."""
        found: dict[str, list[Passport]] = {}
        for each in self.board.columns:
            found.setdefault(each.metric, []).append(each)
        return found


def shelf(
    board: Board,
    entries: Sequence[Entry],
    found: Mapping[str, Album],
    newer: str = "",
    people: tuple[Study, ...] = (),
) -> Shelf:
    """A suite with what its pages show."""
    return Shelf(board, {entry.model: entry for entry in entries}, found, table(board), newer, people)


def pages(shelves: Sequence[Shelf]) -> Iterator[tuple[str, str]]:
    """Every page: its path in the site, and its text."""
    yield "index.html", rendered("index", "", shelves=shelves, newest=newest(shelves))
    yield "about.html", rendered("about", "", shelves=shelves)
    for each in shelves:
        yield f"{each.folder}/index.html", suite_page(each)
        for row in each.board.rows:
            yield f"{each.folder}/{row.model}/index.html", model_page(each, row)
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
        past=revisions(each, row.model),
        curves=Markup(charts.own_severities(board, row)),
        heat=Markup(charts.own_heat(board, row)),
    )


def revisions(each: Shelf, model: str) -> list[tuple[Card, float | None]]:
    """The cards of earlier revisions, the last first, and what of the error each of them left.

    Raises:
        EntryError: one is damaged.
    """
    lead, folder = each.board.lead, each.entries[model].folder / HISTORY
    found = []
    for past in sorted(folder.glob(f"[0-9]*/{CARD}"), key=lambda path: int(path.parent.name), reverse=True):
        columns = read_json(past.with_name(SUMMARY)).get("columns", [])
        mine = [one for one in columns if lead and (one["metric"], one["region"]) == (lead.metric, lead.region)]
        errors = [one["models"].get(model, {}).get("relative_error") or {} for one in mine]
        found.append((read_card(past), errors[0].get("value") if errors else None))
    return found


def metric_path(each: Shelf, metric: str) -> str:
    """Where the passport of a metric lies: by its name, and by a hash where another version has the same name."""
    name = metric.partition("/")[0]
    alone = sum(other.partition("/")[0] == name for other in each.metrics) == 1
    safe = "".join(letter if (letter.isascii() and letter.isalnum()) or letter in "-_" else "_" for letter in name)
    mark = "" if alone and safe == name else "-" + hashlib.sha256(metric.encode()).hexdigest()[:8]
    return f"passports/{each.folder}/{safe}{mark}.html"


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


def rendered(template: str, up: str, **context: Any) -> str:
    """A page: `up` is the way to the site's root."""
    return environment().get_template(f"{template}.html.j2").render(up=up, **context)


def site_style() -> str:
    """The one stylesheet; grids of many rows need to know how many columns a heading spans."""
    spans = " ".join(f'.big [colspan="{n}"] {{ grid-column: span {n}; }}' for n in range(2, SPANS))
    return f"{part('site.css')}{stylesheet()}{spans}\n"


SPANS = 121
"""More columns than any group has: there are under sixty effects."""


@lru_cache
def part(name: str) -> str:
    """A file of the site."""
    return resources.files("leaderboards").joinpath("site", name).read_text("utf-8")


def pinned(script: str) -> str:
    """What a content security policy calls a script that it lets run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@lru_cache
def environment() -> Environment:
    """The templates: every text escaped, every name that nobody gave an error."""
    made = Environment(
        loader=PackageLoader("leaderboards", "site/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    scripts = part("head.js"), part("site.js")
    made.globals |= {
        "policy": POLICY.format(scripts=" ".join(map(pinned, scripts))),
        "first_script": Markup(scripts[0]),
        "module": Markup(scripts[1]),
        "version": versions()["foxing"],
        "metric_path": metric_path,
        "rank_text": rank_text,
        "weights_text": weights_text,
        "unit_of": unit_of,
        "spread": spread,
        "one_digit": partial(estimated, digits=1),
        "settings_of": settings_of,
        "words_of": words_of,
        "kinds": KINDS,
        "badges": BADGE_WORDS,
    }
    made.filters |= {"number": estimated, "count": count, "amount": amount, "web": web}
    return made


POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src {scripts}; "
    "base-uri 'none'; form-action 'none'"
)

BADGE_WORDS = {
    "self-reported": "the files are there; nobody has checked them",
    "consistent": "the summary follows from the items, and nothing contradicts anything",
    "re-scored": "random items were scored again from the submitted outputs, and gave the same",
    "re-run": "the model was run again on random items, and gave the same",
}


def web(address: str) -> str:
    """An address that a link may lead to: of the web, or none at all."""
    return address if address.startswith(("https://", "http://")) else ""
