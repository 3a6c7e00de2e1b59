"""The report as one page: its style inside, its pictures in a folder beside it, nothing from elsewhere, no script."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from benchmark.charts import stylesheet
from benchmark.report_charts import (
    Found,
    cell_errors,
    cost_charts,
    curve_charts,
    defect_chart,
    found_in,
    severity_charts,
    standing_chart,
)
from benchmark.report_pictures import Album, Gallery, Words, gallery, output_digests
from benchmark.report_tables import (
    against_untouched,
    asked,
    cost_grid,
    failures_grid,
    metrics_grid,
    models_grid,
    provenance,
    together_grid,
)
from benchmark.reporting import Grid, defects_grid, digits, scores_grid, short, standings, unmeasured
from benchmark.scored import scored, summed_up
from benchmark.scores import IDENTITY
from benchmark.set_table import measured_sets
from benchmark.showcase import losses
from benchmark.store import RUN, RunStore
from benchmark.suite import SuiteError
from benchmark.suite_of_run import suite_of_run
from degrade.io import write_bytes, write_text

PICTURES = "pictures"


@dataclass(frozen=True, slots=True)
class Page:
    """Where a report is written."""

    file: Path

    @property
    def folder(self) -> Path:
        """The folder of its pictures, beside it."""
        return self.file.with_name(f"{self.file.stem}-{PICTURES}")


def page_at(out: Path) -> Page:
    """The page of a file's name, or of a folder's."""
    return Page(out if out.suffix.lower() in (".html", ".htm") else out / "report.html")


def write_page(runs: Path, out: Path, suite: Path | None = None) -> Page:
    """Write the report of a finished sweep; the pictures first, so that the page is never without them.

    Args:
        runs: the folder of the sweep.
        out: a file that ends in .html, or a folder.
        suite: the suite's folder, where it is not in that of the sweep.

    Raises:
        SuiteError: nothing can be said of the sweep, or a picture of the suite is another than was scored.
        OSError: it could not be written.
    """
    page = page_at(out)
    found = found_in(summed_up(runs), RunStore(runs).read_json(RUN), scored(runs))
    if found is None:
        raise SuiteError(f"{runs}: no metric has a value for the untouched photos, so there is nothing to report")
    shown, files, without = pictures(runs, found, suite, page.folder.name)
    text = rendered(found, runs, shown, without)
    for name, data in files.items():
        if not (page.folder / name).is_file():
            write_bytes(page.folder / name, data)
    write_text(page.file, text)
    for path in page.folder.glob("*.webp"):  # of an earlier report; names are hashes of what is in them
        if path.name not in files and len(path.stem) == 16:
            path.unlink(missing_ok=True)
    return page


def pictures(runs: Path, found: Found, suite: Path | None, folder: str) -> tuple[Gallery | None, dict[str, bytes], str]:
    """What the rules choose to be seen, the files, and where there is nothing to be seen the command that helps.

    Raises:
        SuiteError: a suite was named that is another, or its pictures are.
    """
    outputs = runs / "outputs"
    if not outputs.is_dir():
        return None, {}, f"The outputs were not kept. Keep them with: {keeping(runs, found)}"
    try:
        materials = suite_of_run(runs, suite)
    except SuiteError:
        if suite is not None:
            raise
        return None, {}, f"The suite is not in {runs}. Name its folder: foxing benchmark report {runs} --suite DIR"
    if materials.suite.suite_id != found.record.get("suite_id"):
        place = materials.folder
        raise SuiteError(f"{place}: is {materials.suite.suite_id}, the run is of {found.record.get('suite_id')}")
    album = Album(materials, outputs, output_digests(found.rows), folder)
    words = Words(short(found.lead), digits(found.lead))
    chosen = losses(found.rows, found.lead["metric"], found.readings())
    return gallery(album, chosen, found.models, words), album.files, ""


def keeping(runs: Path, found: Found) -> str:
    """The command that asks all again and keeps the outputs."""
    suite = runs / "suite"
    name = str(suite if suite.is_dir() else found.record.get("suite", {}).get("name", "SUITE"))
    command = ["foxing", "benchmark", "run", "--suite", name]
    for label, model in found.record.get("models", {}).items():
        if label != IDENTITY:
            what = str(model.get("what", label))
            command += ["--model", label if what == label else f"{label}@{what}"]
    return shlex.join([*command, "--keep", "--retry", "all", "--out", str(runs)])


def rendered(found: Found, runs: Path, shown: Gallery | None = None, without: str = "") -> str:
    """The page as HTML."""
    environment = Environment(
        loader=PackageLoader("benchmark", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = resources.files("benchmark").joinpath("pages", "report.css").read_text("utf-8")
    return environment.get_template("report.html.j2").render(
        style=Markup(stylesheet() + style),
        runs=str(runs),
        suite_id=str(found.record.get("suite_id", "")),
        headline=headline(found),
        metric=short(found.lead),
        covered=f"{100 * found.summary['method']['covered']:g}",
        shown=shown,
        without=without,
        models=found.others,
        example=example(found),
        unmeasured=unmeasured(
            found.record.get("suite", {}), short(found.lead), error=found.lead.get("error") is not None
        ),
        detects=found.record.get("suite", {}).get("task") == "detect",
        blind=not found.record.get("suite", {}).get("clean_photos", True),
        relative=found.lead.get("error") is not None,
        sets=measured_sets(runs, found.record),
        **tables(found),
        **charts(found),
    )


def tables(found: Found) -> Mapping[str, Any]:
    """The tables by the names that the page calls them."""
    whole = [column for column in found.summary["columns"] if column["region"] == "whole"]
    return {
        "asked": asked(found),
        "standings": model_first(standings(found.lead, found.record)),
        "scores": scores_grid(whole, found.lead),
        "together": together_grid(found),
        "defects": defects_grid(found.lead),
        "regions": against_untouched(found),
        "costs": cost_grid(found),
        "failures": failures_grid(found),
        "metrics": metrics_grid(found),
        "provenance": provenance(found),
        "which": models_grid(found),
    }


def model_first(grid: Grid) -> Grid:
    """The standings with what names a row at its head."""
    rows = [(row[1], row[0], *row[2:]) for row in grid.rows]
    return Grid(grid.title, (grid.head[1], grid.head[0], *grid.head[2:]), tuple(rows))


def charts(found: Found) -> Mapping[str, Any]:
    """The charts by the names that the page calls them."""
    cells = cell_errors(found)
    return {
        "standing_chart": Markup(standing_chart(found)),
        "defect_chart": Markup(defect_chart(found)),
        "severity_charts": {name: Markup(chart) for name, chart in severity_charts(found, cells).items()},
        "curve_charts": {name: Markup(chart) for name, chart in curve_charts(found, cells).items()},
        "cost_charts": {key: Markup(chart) for key, chart in cost_charts(found).items()},
    }


def headline(found: Found) -> str:
    """What came of it, in a sentence that says no more than is sure."""
    order = found.lead.get("by_relative_error") or found.lead.get("by_score") or {}
    if not found.others:
        return "The untouched photos, as they are"
    if not any(surely_helps(order, name) for name in found.others):
        return "No model is surely better than doing nothing"
    first = found.others[0]
    error = (found.lead["models"][first].get("relative_error") or {}).get("value")
    said = f"{first} leads" + ("" if error is None else f", and leaves {error:.0f} % of the error")
    groups = [group for group in order.get("groups", []) if first in group]
    rivals = [name for name in found.others[1:] if any(name in group for group in groups)]
    if not rivals:
        return said
    more = f"{', '.join(rivals[:2])}{f' and {len(rivals) - 2} more' if rivals[2:] else ''}"
    return f"{said}; {more} cannot be told from it"


def surely_helps(order: Mapping[str, Any], model: str) -> bool:
    """Whether a model stands before the untouched photo, and can be told from it."""
    places = order.get("order", [])
    apart = any(
        pair["separable"] for pair in order.get("pairs", []) if {pair["first"], pair["second"]} == {model, IDENTITY}
    )
    return apart and places.index(model) < places.index(IDENTITY)


def example(found: Found) -> str:
    """An item to replay: the first that the first model was asked."""
    names = found.rows["item"].unique().to_pylist()
    return str(min(names)) if names else "ITEM"
