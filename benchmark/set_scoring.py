"""What is to be said of all outputs of a model together: how far they lie from clean photos, and how easily told."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmark.materials import Materials
from benchmark.set_features import CLEAN, LARGEST, Features, Shown, scaled
from benchmark.sets import SetScore, fid, kid, wasserstein
from benchmark.store import RunStore, plain
from benchmark.suite import Item, SuiteError
from benchmark.sweep import output_path
from degrade.io import ImageError, picture_files, pixel_digest, read_image, write_png
from degrade.realism.classifier import is_installed
from degrade.realism.gap import FEWEST, Trees, gap
from degrade.realism.measuring import Measured, measured_photo
from degrade.types import Image

TREES = Trees(60, 20)

GAP = "realism-gap/v1?measure=auc&learner=forest"
"""The area under the curve of a forest that tells restored from clean photos: 0.5 where nothing tells them apart."""


@dataclass(frozen=True, slots=True)
class OfModel:
    """A distance of a model's outputs from clean photos."""

    model: str
    spec: str
    value: float
    low: float | None
    high: float | None
    restored: int
    """Outputs; no such number means anything without."""

    clean: int
    failed: int
    """Of the outputs, how many are the untouched photo because the model failed."""


def set_scores(store: RunStore, materials: Materials, clean: Path | None, features: Features) -> list[OfModel]:
    """The distances of every model's outputs, by features, and by the statistics of realism where those can be had.

    Args:
        store: a finished sweep that kept its outputs.
        materials: its suite.
        clean: a folder of clean photos; None for those of the suite.
        features: what is compared.

    Raises:
        SuiteError: outputs are missing or were changed, or there are too few photos.
    """
    outputs = outputs_of(store, materials)
    sets = {CLEAN: clean_photos(materials, clean), **{model: shown for model, (shown, _) in outputs.items()}}
    with_gap = is_installed() and min(map(len, sets.values())) >= FEWEST
    by_realism = {name: in_threads(shown, patches) for name, shown in sets.items()} if with_gap or features.own else {}
    if features.own:
        rows = scaled({name: np.array([each.patches.mean(axis=0) for each in of]) for name, of in by_realism.items()})
    else:
        rows = {name: np.array(in_threads(shown, features.photo)) for name, shown in sets.items()}
    found = []
    for model, (_, failed) in outputs.items():
        keys = [each.key for each in sets[model]], [each.key for each in sets[CLEAN]]
        by = [kid(rows[model], rows[CLEAN], keys), fid(rows[model], rows[CLEAN])]
        if not features.own:  # codes of a network; the own statistics have the realism gap
            by.append(wasserstein(rows[model], rows[CLEAN]))
        found += [of_model(model, each, features.name, failed) for each in by]
    return found + ([*gaps(by_realism, {model: failed for model, (_, failed) in outputs.items()})] if with_gap else [])


def folder_scores(
    store: RunStore, materials: Materials, clean: Path | None, names: Sequence[str], device: str
) -> list[OfModel]:
    """The same by metrics of another library that want folders of pictures: they are written, and taken away again.

    Raises:
        ModelError: see `set_scores`; or there is no such metric, or it cannot run here.
        OSError: there is no room for the pictures.
    """
    from benchmark.perceptual import folder_score  # noqa: PLC0415 - heavy, and of an extra

    found: list[OfModel] = []
    with TemporaryDirectory(prefix="foxing-sets-") as place:
        truth = written(clean_photos(materials, clean), Path(place, "clean"))
        for number, (model, (shown, failed)) in enumerate(outputs_of(store, materials).items()):
            folder = written(shown, Path(place, str(number)))
            scores = [folder_score(name, folder, truth, device) for name in names]
            found += [OfModel(model, each.spec, each.value, None, None, *each.photos, failed) for each in scores]
            rmtree(folder)
    return found


def written(shown: Sequence[Shown], folder: Path) -> Path:
    """A folder of a set's pictures alone.

    Raises:
        SuiteError: a photo cannot be read.
        OSError: it cannot be written.
    """
    for number, each in enumerate(shown):
        try:
            write_png(folder / f"{number:06d}.png", each.load())
        except ImageError as error:
            raise SuiteError(str(error)) from None
    return folder


def of_model(model: str, score: SetScore, features: str, failed: int) -> OfModel:
    """A distance, with what it was measured by in its spec."""
    low, high = score.interval or (None, None)
    return OfModel(model, f"{score.spec}&features={features}", score.value, low, high, *score.photos, failed)


def gaps(photos: Mapping[str, Sequence[Measured]], failed: Mapping[str, int]) -> Iterator[OfModel]:
    """How easily the outputs of each model are told from clean photos."""
    for model in failed:
        told = gap(model, photos[CLEAN], photos[model], 0, TREES, ()).forest
        sizes = len(photos[model]), len(photos[CLEAN])
        yield OfModel(model, GAP, told.value, max(0.0, told.low), min(1.0, told.high), *sizes, failed[model])


def patches(shown: Shown) -> Measured:
    """The statistics of a photo.

    Raises:
        ImageError: it is smaller than a patch.
    """
    return measured_photo(shown.key, shown.load(), 0, LARGEST)


def in_threads(shown: Sequence[Shown], work: Callable[[Shown], Any]) -> list[Any]:
    """What the work makes of each photo.

    Raises:
        SuiteError: a photo cannot be read, or is too small.
    """
    try:
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return list(pool.map(work, shown))
    except ImageError as error:
        raise SuiteError(str(error)) from None


def outputs_of(store: RunStore, materials: Materials) -> dict[str, tuple[list[Shown], int]]:
    """What every model gave for the items, the untouched photo where it failed, and how often it did; first seed alone.

    Raises:
        SuiteError: the sweep kept no outputs.
    """
    answers: dict[tuple[str, str], str] = {}
    flat = plain(store.rows())
    columns = (flat[name].to_pylist() for name in ("model", "item", "seed", "output_sha256"))
    for model, item, seed, digest in zip(*columns, strict=True):
        if seed == 0:
            answers[model, item] = digest
    found: dict[str, tuple[list[Shown], int]] = {}
    items = materials.suite.by_name()
    for (model, name), digest in sorted(answers.items()):
        shown, failed = found.get(model, ([], 0))
        load = output(store, model, items[name], digest) if digest else untouched(materials, items[name])
        found[model] = ([*shown, Shown(items[name].photo, name, load)], failed + (not digest))
    return found


def output(store: RunStore, model: str, item: Item, digest: str) -> Callable[[], Image]:
    """What reads an output, and compares it with what was scored."""
    path = output_path(store.root / "outputs", model, item.item, 0)
    if not path.is_file():
        raise SuiteError(f"{path}: no such file; distances of sets need the outputs: run the sweep with --keep")

    def load() -> Image:
        image = read_image(path)
        if pixel_digest(image) != digest:
            raise SuiteError(f"{path}: not the output that was scored; run the sweep again with --keep --retry all")
        return image

    return load


def untouched(materials: Materials, item: Item) -> Callable[[], Image]:
    """What gives the input of an item."""
    return lambda: materials.case(item).degraded


def clean_photos(materials: Materials, folder: Path | None) -> list[Shown]:
    """The photos of a folder, or the suite's own.

    Raises:
        SuiteError: there are none.
    """
    if folder is not None:
        files = picture_files(folder) if folder.is_dir() else {}
        if len(files) < 2:
            raise SuiteError(
                f"{folder}: {len(files)} pictures; distances of sets need a folder of two clean ones or more"
            )
        return [Shown(f"{folder.name}/{key}", key, reader(path)) for key, path in sorted(files.items())]
    first = {item.photo: item for item in materials.suite.items if item.clean_sha256}
    if not first:
        raise SuiteError(f"suite {materials.suite.suite_id} has no clean photos; give a folder of some: --clean DIR")
    return [Shown(name, name, photo_of(materials, item)) for name, item in sorted(first.items())]


def reader(path: Path) -> Callable[[], Image]:
    """What reads a file."""
    return lambda: read_image(path)


def photo_of(materials: Materials, item: Item) -> Callable[[], Image]:
    """What reads a suite's photo."""
    return lambda: materials.photo(item)


def as_data(found: Sequence[OfModel], clean: Path | None, features: Features) -> dict[str, Any]:
    """The scores of sets as sets.json keeps them."""
    return {
        "clean": None if clean is None else clean.name,
        "features": features.name,
        "scores": [asdict(each) for each in found],
    }
