"""The demonstration's end: a sweep of small models over the suite `tiny`, its report, and a leaderboard."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmark.contestants import FLOOR, Opening, entries_of
from benchmark.finishing import begun, finished
from benchmark.making import Making, made_suite
from benchmark.report_page import write_page
from benchmark.scoring import metrics_named
from benchmark.store import RunStore
from benchmark.suites import TINY
from benchmark.sweep import Sweep, Watch, ready, run_sweep
from leaderboards.adding import add, card_for
from leaderboards.building import build
from leaderboards.card import folder_for
from leaderboards.entry import Card, folder_name
from leaderboards.finished_sweep import finished_sweep
from leaderboards.reading import suite_folders
from restore_models.zoo import classical

SWEEP, REPORT, ENTRIES, SITE = "sweep", "sweep.html", "entries", "leaderboard"


@dataclass(frozen=True, slots=True)
class Shown:
    """The pages."""

    report: Path
    site: Path


def write_standings(out: Path, trained: Mapping[str, Path], published: Path, watch: Watch) -> Shown:
    """Score the classical restorers and some trained ones on `tiny`, and write the report and the leaderboard.

    Args:
        out: the folder; what an earlier demonstration left of this is made anew.
        trained: folders of trained models by the name that they are to have.
        published: the folder of entries whose other suites the leaderboard shows too.
        watch: follows the sweep.

    Raises:
        ModelError: a model cannot be opened.
        OSError: something cannot be written.
    """
    for name in (SWEEP, ENTRIES):
        shutil.rmtree(out / name, ignore_errors=True)
    runs = out / SWEEP
    swept(runs, trained, watch)
    page = write_page(runs, out / REPORT)
    root = out / ENTRIES
    sweep = finished_sweep(runs, None)
    for label in sweep.record["models"]:
        if label != FLOOR:
            card = drafted(label) if label in trained else card_for(sweep, label, None, root)
            add(sweep, label, folder_for(label), card, root, pictures=True)
    for folder in suite_folders(published) if published.is_dir() else ():
        if folder.name != folder_name(sweep.suite.suite_id):
            shutil.copytree(folder, root / folder.name)
    return Shown(page.file, build(root, out / SITE).out / "index.html")


def swept(runs: Path, trained: Mapping[str, Path], watch: Watch) -> None:
    """A sweep of `tiny`, its outputs kept."""
    store = RunStore(runs)
    specs = tuple(metric.spec for metric in metrics_named(TINY))
    materials = made_suite(TINY, None, runs / "suite", Making(specs), lambda *_: None)
    models = [*classical(), *(f"{name}@{folder}" for name, folder in trained.items())]
    sweep = Sweep(materials, tuple(entries_of(models)), Opening("cpu"), outputs=runs / "outputs")
    ready(sweep)
    record = begun(sweep, store)
    run_sweep(sweep, store, watch)
    finished(sweep.suite, record, store)


def drafted(name: str) -> Card:
    """The card of a model that learned for seconds."""
    return Card(
        name=name,
        about="A demonstration: a tiny network that learned for seconds on one core, to show that everything runs.",
        kind="demonstration",
        authors=("The developers of Foxing",),
        licence="MIT",
        training_data=("four photographs that come with scikit-image, some of them those of this suite",),
    )
