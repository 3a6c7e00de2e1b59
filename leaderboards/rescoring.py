"""Level 3: what a model made is scored again, on answers that nobody could choose."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.attempts import Attempt
from benchmark.cases import Case
from benchmark.contestants import FLOOR
from benchmark.materials import Materials
from benchmark.scoring import AnyMetric, Head, metrics_of, rows_of
from benchmark.suite import Item
from benchmark.sweep import output_path
from degrade.io import ImageError, pixel_digest, read_image
from leaderboards.entry import EntryError
from leaderboards.submission import OUTPUTS
from leaderboards.verifying import Draw, Found, Subject, UncheckedError

EXACT = 1e-6

OWN_THRESHOLD = "threshold=own"
"""Of detection metrics that hang on where a model cuts its masks, which its pictures do not say."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Where a suite's pictures and a model's outputs are."""

    materials: Materials
    outputs: Path | None


def rescored(pictures: Pictures, subject: Subject) -> Found:
    """Score the drawn outputs again, and the untouched photo on the same items."""
    suite = pictures.materials.suite
    if suite.items != subject.suite.items or suite.suite_id != subject.suite.suite_id:
        return Found((f"suite.json is not the suite of {pictures.materials.folder}, though it has its id",))
    metrics = scored_again(subject)
    draws = subject.drawn()
    failed: list[str] = [] if draws else ["no item has an output: there is nothing to score again"]
    for draw in draws:
        item = suite.named(draw.item)
        case = pictures.materials.case(item)
        try:
            output = output_of(pictures, subject, draw, case)
        except UncheckedError:
            raise
        except EntryError as error:
            failed.append(str(error))
            continue
        failed.extend(differences(subject.rows_of(draw), output, case, metrics))
        failed.extend(f"{FLOOR}: {each}" for each in floor_differences(subject, case, metrics))
    notes = {"items": [str(draw) for draw in draws]}
    return Found(tuple(failed), notes)


def scored_again(subject: Subject) -> list[AnyMetric]:
    """The metrics of the suite that hang on the output alone."""
    return [each for each in metrics_of(subject.suite) if OWN_THRESHOLD not in each.spec]


def output_of(pictures: Pictures, subject: Subject, draw: Draw, case: Case) -> Any:
    """What the model made of an item, by the file that was handed in; the untouched photo needs none.

    Raises:
        EntryError: it is missing, larger than the photo, or other pixels than those that were scored.
    """
    if subject.model == FLOOR:
        return untouched(case, subject)
    folder = pictures.outputs or subject.place.folder / OUTPUTS
    if not folder.is_dir():
        raise UncheckedError(f"no outputs in {folder}; give what benchmark run --keep left: --outputs RUN/outputs")
    path = found_output(folder, subject, draw)
    output = read_output(path, case.item, subject.suite.task)
    noted = {row["output_sha256"] for row in subject.rows_of(draw)}
    if {pixel_digest(output)} != noted:
        raise EntryError(f"{draw.item}: the output that was handed in is not the one that was scored")
    return output


def untouched(case: Case, subject: Subject) -> Any:
    """What the untouched photo gives: itself, or a mask that finds nothing."""
    return case.degraded if subject.suite.task == "restore" else np.zeros(case.degraded.shape[:2], np.uint8)


def found_output(folder: Path, subject: Subject, draw: Draw) -> Path:
    """The file of an output: in the folder, or in the one of the model's name in it.

    Raises:
        EntryError: there is none, or it leads elsewhere.
    """
    for path in (
        output_path(folder, subject.model, draw.item, draw.seed),
        output_path(folder, "", draw.item, draw.seed),
    ):
        if path.is_file():
            if any(each.is_symlink() for each in (path, *path.parents) if each.is_relative_to(folder)):
                raise EntryError(f"{draw.item}: its output is a link, which may lead anywhere")
            return path
    raise EntryError(f"{draw.item}: no output {folder / draw.item}.png; hand in all of them")


def read_output(path: Path, item: Item, task: str) -> Any:
    """The pixels of an output, never more than its photo has.

    Raises:
        EntryError: it is no picture of that size.
    """
    wanted = (item.height, item.width)
    try:
        if (size := path.stat().st_size) > 8 * item.height * item.width + 1_000_000:
            raise EntryError(f"{item.item}: its output has {size} bytes, for {item.width} x {item.height} pixels")
        picture = read_image(path, item.height * item.width)
    except ImageError as error:
        raise EntryError(f"{item.item}: {error}") from None
    if picture.shape[:2] != wanted:
        raise EntryError(
            f"{item.item}: its output is {picture.shape[1]} x {picture.shape[0]}, not {item.width} x {item.height}"
        )
    return picture if task == "restore" else np.ascontiguousarray(picture[..., 0])


def differences(rows: list[Any], output: Any, case: Case, metrics: list[AnyMetric]) -> Iterator[str]:
    """Where the scores that were handed in are not those of the output."""
    specs = {each.spec for each in metrics}
    head = Head("", "", 0, 1)
    made = {(row["metric"], row["region"]): row for row in rows_of(Attempt("ok", 0.0, output), case, metrics, head)}
    told = {(row["metric"], row["region"]): row for row in rows if row["metric"] in specs}
    for metric, region in sorted(made.keys() ^ told.keys()):
        yield f"{case.item.item} by {metric.partition('/')[0]} ({region}): a score that its output has not, or none"
    for metric, region in sorted(made.keys() & told.keys()):
        first, second = told[metric, region]["value"], made[metric, region]["value"]
        if not near(first, second):
            name = f"{case.item.item} by {metric.partition('/')[0]} ({region})"
            yield f"{name}: says {first}, scored again it is {second}"


def near(first: Any, second: Any) -> bool:
    """Whether two scores are equal as far as one can ask."""
    if first is None or second is None:
        return first is second
    return bool(abs(first - second) <= EXACT * max(1.0, abs(second)))


def floor_differences(subject: Subject, case: Case, metrics: list[AnyMetric]) -> Iterator[str]:
    """Where the untouched photo's scores, against which all are measured, are not what they should be."""
    if subject.model == FLOOR:
        return
    rows = [row for row in subject.floor_rows if row["item"] == case.item.item and row["seed"] == 0]
    yield from differences(rows, untouched(case, subject), case, metrics)
