"""The pictures of a report: chosen items before and after every model, from what a sweep has kept."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.cases import Case
from benchmark.materials import Materials
from benchmark.regions import WHOLE
from benchmark.scores import IDENTITY
from benchmark.showcase import Chosen, Loss, showcase, worst
from benchmark.showcase_pictures import Box, error_map, grey, panel, reference, webp, window
from benchmark.store import plain
from benchmark.sweep import output_path
from degrade.io import ImageError, pixel_digest, read_image
from degrade.types import Image


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture of a strip."""

    name: str
    caption: str
    alt: str
    file: str
    """Empty where there is none: the caption says why."""

    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Strip:
    """An item: its pictures, side by side."""

    title: str
    item: str
    note: str
    panels: tuple[Panel, ...]


@dataclass(slots=True)
class Album:
    """Makes strips, and holds the files that they show."""

    materials: Materials
    outputs: Path
    digests: Mapping[tuple[str, str], str]
    """Of the output that was scored, by model and item, of the first seed."""

    folder: str
    """Where the page will find the files."""

    files: dict[str, bytes] = field(default_factory=dict)

    def grid(self, chosen: Chosen, models: Sequence[str], found: Iterable[Loss], words: "Words") -> Strip:
        """An item under all models."""
        case, box = self._opened(chosen.item)
        by_model = {each.model: each for each in found if each.item == chosen.item}
        panels = [*self._givens(case, box)]
        for model in models:
            if model != IDENTITY:
                caption = words.of(by_model[model]) if model in by_model else "no score"
                panels.append(self._after(model, case, box, caption)[0])
        floor = next((words.score(each.floor) for each in by_model.values()), "no score")
        return Strip(chosen.why, chosen.item, f"untouched: {floor}", tuple(panels))

    def strip(self, loss: Loss, words: "Words") -> Strip:
        """An item under one model, with the map of the errors it leaves."""
        case, box = self._opened(loss.item)
        panel_of, output = self._after(loss.model, case, box, words.score(loss.value))
        panels = [*self._givens(case, box), panel_of]
        truth = reference(case, self.materials.suite.task)
        if output is not None and truth is not None:
            name = f"Error left by {loss.model} on {loss.item}: brighter is more"
            panels.append(self._panel("errors left", "", name, error_map(output, truth), box))
        return Strip(loss.item, loss.item, f"{words.of(loss)}, untouched {words.score(loss.floor)}", tuple(panels))

    def _opened(self, item: str) -> tuple[Case, Box]:
        case = self.materials.case(self.materials.suite.named(item))
        return case, window(case)

    def _givens(self, case: Case, box: Box) -> Iterator[Panel]:
        truth = reference(case, self.materials.suite.task)
        if truth is not None:
            name = "true mask" if self.materials.suite.task == "detect" else "clean"
            yield self._panel(name, "", f"{case.item.item}, {name}", truth, box)
        yield self._panel("degraded", "", f"{case.item.item}, degraded", case.degraded, box)

    def _after(self, model: str, case: Case, box: Box, caption: str) -> tuple[Panel, Image | None]:
        item = case.item.item
        path = output_path(self.outputs, model, item, 0)
        try:
            output = read_image(path)
        except ImageError:
            return Panel(model, f"{caption}; its picture was not kept", "", ""), None
        held = output[..., 0] if self.materials.suite.task == "detect" else output
        if pixel_digest(np.ascontiguousarray(held)) != self.digests.get((model, item)):
            return Panel(model, f"{caption}; the picture that was kept is another than was scored", "", ""), None
        shown = grey(held) if held.ndim == 2 else output
        return self._panel(model, caption, f"{item} after {model}", shown, box), shown

    def _panel(self, name: str, caption: str, alt: str, image: Image, box: Box) -> Panel:
        shown = panel(image, box)
        data = webp(shown)
        file = f"{hashlib.sha256(data).hexdigest()[:16]}.webp"
        self.files[file] = data
        return Panel(name, caption, alt, f"{self.folder}/{file}", shown.shape[1], shown.shape[0])


@dataclass(frozen=True, slots=True)
class Words:
    """How values are said."""

    metric: str
    digits: int

    def score(self, value: float) -> str:
        """A score with its metric, as it is shown."""
        return f"{self.metric} {value:.{self.digits}f}"

    def of(self, loss: Loss) -> str:
        """A score, and the relative error where there is one."""
        said = self.score(loss.value)
        return said if loss.relative is None else f"{said}, relative error {loss.relative:.0f}"


@dataclass(frozen=True, slots=True)
class Gallery:
    """The pictures of a report: models beside each other, and where each failed."""

    grids: tuple[Strip, ...]
    worst: Mapping[str, tuple[Strip, ...]]
    harmed: Mapping[str, int]
    """On how many items a model left more error than there was."""


def gallery(album: Album, found: Sequence[Loss], models: Sequence[str], words: Words) -> Gallery:
    """The items that the rules choose, with their pictures.

    Raises:
        SuiteError: a picture of the suite is missing, or another.
    """
    shown = [model for model in models if model != IDENTITY]
    return Gallery(
        tuple(album.grid(chosen, shown, found, words) for chosen in showcase(found)),
        {model: tuple(album.strip(loss, words) for loss in worst(found, model)) for model in shown},
        {model: sum(each.model == model and each.loss > 0 for each in found) for model in shown},
    )


def output_digests(rows: Any) -> dict[tuple[str, str], str]:
    """Of the outputs that were scored, by model and item."""
    flat = plain(rows).select(["model", "item", "seed", "region", "output_sha256"]).to_pylist()
    return {
        (row["model"], row["item"]): row["output_sha256"]
        for row in flat
        if row["seed"] == 0 and row["region"] == WHOLE and row["output_sha256"]
    }
