"""The demonstration of restorers: two small networks trained for seconds, and a page of what they make of a photo."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

import degrade
from degrade.io import write_png, write_text
from degrade.presets import PRESETS
from degrade.sample import Sample, degraded_sample
from degrade.types import Image, Mask
from restore_models.learning import Runtime
from restore_models.resolve import opened
from restore_models.restorer import Restorer
from restore_models.settings import Training
from restore_models.stage_run import Watcher, World
from restore_models.train import Run, forget, train
from restore_models.training_data import Asked
from restore_models.zoo import models

PAGE = "restorers.html"

SEED, SIZE, BATCH, STEPS = 7, 64, 4, 240

PRESET = "wan2020-paper"
"""Noise, blur, compression, scratches: damage of which even a small network learns to take some away in seconds."""

SMALL: Mapping[str, dict[str, Any]] = {
    "nafnet": {"width": 12, "encoder": (1, 1, 1), "middle": 2, "decoder": (1, 1, 1)},
    "pix2pix": {"width": 16, "depth": 5},
}
"""Networks so small that they learn something in seconds on one core."""

CLASSICAL = ("identity", "auto-levels", "nlm", "sequential")

SHOWN = 3
"""Samples of photos that nothing was learned from."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What one restorer made of a sample."""

    name: str
    about: str
    restored: Image
    psnr: float


def write_restorers(out: Path, corpus: Path, watcher: Watcher) -> Path:
    """Train two small networks on a corpus, restore samples that they have not seen, and write the page.

    Args:
        out: the folder of the page; the trainings lie in OUT/runs.
        corpus: with a split `validation`.
        watcher: follows the trainings.

    Returns:
        The page.

    Raises:
        OSError: it cannot be written.
    """
    runs = {name: trained(out / "runs" / name, corpus, name, watcher) for name in SMALL}
    restorers = [(opened(name), models()[name].about) for name in CLASSICAL]
    for name, run in runs.items():
        about = f"{models()[name].about} Here: {weights_of(run):,} weights, {STEPS} steps on one core."
        restorers.append((opened(str(run), device="cpu"), about))
    parts = []
    for number, pair in enumerate(list(degrade.open_corpus(corpus, "validation"))[:SHOWN]):
        assert pair.clean is not None
        sample = degraded_sample(PRESETS[PRESET], SEED + number, pair.key, pair.clean)
        shown = [made(each, about, sample) for each, about in restorers]
        parts.append(_row(out, number, sample, shown))
    path = out / PAGE
    write_text(path, page(parts))
    return path


def trained(run: Path, corpus: Path, name: str, watcher: Watcher) -> Path:
    """The folder of a small network's training, begun anew each time."""
    forget(run)
    model = models()[name]
    training = Training(
        steps=STEPS, batch=BATCH, size=SIZE, seed=SEED, log_every=STEPS // 4, check_every=STEPS, checked=8
    )
    config = replace(model.config, **SMALL[name])
    train(
        Run(model, config, training, Runtime(), Asked(str(corpus), pipelines=(PRESETS[PRESET],)), run, watcher, World())
    )
    return run


def weights_of(run: Path) -> int:
    """How many numbers were learned."""
    from safetensors import safe_open  # noqa: PLC0415 - an extra

    with safe_open(run / "weights" / "model.safetensors", "numpy") as file:
        return sum(int(np.prod(file.get_slice(name).get_shape())) for name in file.keys())  # noqa: SIM118 - no mapping


def made(restorer: Restorer, about: str, sample: Sample) -> Shown:
    """What a restorer makes of a sample, with its PSNR in dB over all channels, of rounded levels."""
    restored = restorer.restore(sample.degraded, sample.mask)
    error = np.square(restored.astype(np.float64) - sample.clean).mean()
    return Shown(restorer.name, about, restored, float(10 * np.log10(255**2 / max(error, 1e-12))))


def _row(out: Path, number: int, sample: Sample, shown: list[Shown]) -> str:
    figures = [
        _figure(out, f"sample-{number}-clean", sample.clean, "clean", "what it should become"),
        _figure(out, f"sample-{number}-degraded", sample.degraded, "degraded", "what every restorer is given"),
        _figure(out, f"sample-{number}-mask", sample.mask, "mask", "given too"),
    ]
    for each in shown:
        name = f"sample-{number}-{each.name}"
        figures.append(_figure(out, name, each.restored, each.name, f"{each.psnr:.2f} dB"))
    title = f"<header><h3>{escape(sample.key)}</h3></header>"
    return f"<article class='effect'>{title}<div class='plates'>{''.join(figures)}</div></article>"


def _figure(out: Path, name: str, picture: Image | Mask, title: str, says: str) -> str:
    path = f"pictures/{name}.png"
    write_png(out / path, picture)
    height, width = picture.shape[:2]
    image = f"<img src='{quote(path)}' width='{width}' height='{height}' alt='{escape(title, quote=True)}'>"
    return f"<figure class='plate'>{image}<figcaption><b>{escape(title)}</b> {escape(says)}</figcaption></figure>"


def page(parts: list[str]) -> str:
    """The whole page."""
    style = resources.files("degrade").joinpath("gallery_page.css").read_text("utf-8")
    table = "".join(_line(name, models()[name].about) for name in (*CLASSICAL, *SMALL))
    heading = f"<header class='section'><h2>Restorers</h2><p>{escape(SAYS)}</p></header>"
    return (
        f"{HEAD}<style>{style}</style></head>\n<body><nav aria-label='Pages'><ul><li><a href='index.html'>The gallery"
        f"</a></li></ul></nav><main><section>{heading}{''.join(parts)}<article><div class='wide'><table><tbody>{table}"
        "</tbody></table></div></article></section></main></body></html>\n"
    )


def _line(name: str, about: str) -> str:
    return f"<tr><th scope='row'>{escape(name)}</th><td>{escape(about)}</td></tr>"


HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Foxing: restorers, a demonstration</title>
<link rel="icon" href="data:,">
"""

SAYS = (
    "A demonstration of plumbing, not of models: nafnet and pix2pix are tiny here, and learned for seconds from four "
    "photographs. The samples are of a photograph that they did not learn from. What the numbers are good for is to "
    "see that everything runs: PSNR against the clean photo, higher is better, and the degraded one's is that of "
    "identity."
)
