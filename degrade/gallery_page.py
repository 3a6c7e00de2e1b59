"""The gallery's page as HTML: one file with its style inside, no address but those of its own pictures."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from itertools import groupby
from typing import Any
from urllib.parse import quote

from degrade.gallery_defects import Defects, defects_section
from degrade.gallery_parts import Picture, heading, image_tag
from degrade.gallery_strips import Strip, stage_section
from degrade.presets import PRESETS
from degrade.record import COLOURS, DEGRADED, LABELS, MASK, RECIPE, versions
from degrade.types import Defect


@dataclass(frozen=True, slots=True)
class Plate:
    """What a preset made of a photo."""

    photo: str
    clean: Picture
    degraded: Picture
    mask: Picture
    labels: Picture
    classes: tuple[int, ...]
    """Of the defects in the label map."""

    covered: float
    """Share of the picture under structured defects."""

    changed: float
    """Mean difference in grey levels."""

    recipe: dict[str, Any]
    folder: str
    """Where the sample's files lie, seen from the page; empty where they lie nowhere."""


@dataclass(frozen=True, slots=True)
class CorpusNote:
    """A corpus beside the page."""

    folder: str
    """Relative to the page."""

    preset: str
    rows: int


@dataclass(frozen=True, slots=True)
class Beside:
    """Another page beside this one."""

    path: str
    title: str
    says: str


def page(
    plates: Mapping[str, list[Plate]],
    strips: Mapping[str, Strip],
    corpus: CorpusNote | None = None,
    beside: Sequence[Beside] = (),
    defects: Defects | None = None,
) -> str:
    """The whole page.

    Args:
        plates: by preset.
        strips: by effect, in the order of a photo's life.
        corpus: one that lies beside the page.
        beside: other pages.
        defects: pieces of damaged pictures.
    """
    stages = {stage: list(group) for stage, group in groupby(strips.values(), key=lambda each: each.entry.stage)}
    pieces = [("defects", "Defects", len(defects.made) + len(defects.real))] if defects else []
    links = [
        ("presets", "Presets", len(plates)),
        *pieces,
        *((stage, stage, len(each)) for stage, each in stages.items()),
    ]
    body = [
        _opening(plates, len(strips)),
        f"<nav aria-label='Sections'><ul>{''.join(_link(*each) for each in links)}</ul></nav><main>",
        f"<section id='presets'>{heading('Presets', PRESETS_SAY)}{_legend()}",
        *(_preset(name, each) for name, each in plates.items()),
        "</section>",
        defects_section(defects) if defects else "",
        _corpus(corpus) if corpus else "",
        _beside(beside),
        *(stage_section(stage, each) for stage, each in stages.items()),
        f"</main>{_closing()}",
    ]
    head = f"<style>{_part('gallery_page.css')}</style><script>{_part('gallery_page.js')}</script>"
    return f"{HEAD}{head}</head>\n<body>{NEWLINE.join(body)}</body></html>\n"


NEWLINE = "\n"

HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Foxing: the gallery</title><link rel="icon" href="data:,">
"""

PRESETS_SAY = (
    "A preset says what may happen to a photo, how likely and how strongly. Drag the line, or use the arrow keys."
)


def _part(name: str) -> str:
    return resources.files("degrade").joinpath(name).read_text("utf-8")


def _corpus(corpus: CorpusNote) -> str:
    folder, preset = escape(corpus.folder), escape(corpus.preset)
    says = f"{corpus.rows} samples by the preset {corpus.preset}, as a dataset that load_dataset opens."
    return (
        f"<section id='corpus'>{heading('A corpus', says)}"
        f"<p><a href='{folder}/README.md'>Its card</a> says how it was made, what is in it and how to load it. "
        f"<code>foxing degrade build photos/ {folder} --preset {preset}</code> makes one of your own photographs.</p>"
        f"<p><img src='{folder}/preview.png' loading='lazy' style='width: 44rem; max-width: 100%' "
        f"alt='Rows of the corpus: clean, degraded, mask and classes'></p></section>"
    )


def _beside(others: Sequence[Beside]) -> str:
    links = (
        f"<h2><a href='{quote(each.path)}'>{escape(each.title)}</a></h2><p>{escape(each.says)}</p>" for each in others
    )
    heads = "".join(f"<header class='section'>{link}</header>" for link in links)
    return f"<section id='beside'>{heads}</section>" if others else ""


def _link(anchor: str, title: str, count: int) -> str:
    return f"<li><a href='#{escape(anchor)}'>{escape(title.capitalize())} <small>{count}</small></a></li>"


def _opening(plates: Mapping[str, list[Plate]], effects: int) -> str:
    every = [plate for each in plates.values() for plate in each]
    damaged = [plate for plate in every if plate.photo == every[0].photo] if every else []
    hero = _compare(max(damaged, key=lambda each: each.covered * (each.covered < 0.5))) if damaged else ""
    return (
        f"<header class='opening'><div><p class='mark'>Foxing</p><h1>Clean photographs, aged on purpose</h1>"
        f"<p>{effects} kinds of damage and {len(plates)} presets. Every degraded photo comes with the exact mask of "
        f"what covers it, and with a recipe of less than two kilobytes that does the same again, to the byte.</p></div>"
        f"{hero}</header>"
    )


def _legend() -> str:
    items = "".join(
        f"<li><i style='background:rgb{COLOURS[each]}'></i>{int(each)} {escape(each.name.lower())}</li>"
        for each in Defect
        if each is not Defect.INTACT
    )
    return f"<aside><h3>Classes in the label maps</h3><ul class='legend'>{items}</ul></aside>"


def _preset(name: str, plates: list[Plate]) -> str:
    about = PRESETS[name].about if name in PRESETS else ""
    each = "".join(_plate(plate) for plate in plates)
    text = f"<h3>{escape(name)}</h3><p>{escape(about)}</p>"
    anchor = f"preset-{escape(name)}"
    return f"<article class='preset' id='{anchor}'><header>{text}</header><div class='plates'>{each}</div></article>"


def _plate(plate: Plate) -> str:
    steps = len(plate.recipe["steps"])
    noun = "step" if steps == 1 else "steps"
    names = ", ".join(Defect(each).name.lower() for each in plate.classes) or "no structured defect"
    where = _files(plate.folder) if plate.folder else ""
    recipe = escape(json.dumps(plate.recipe, indent=1, ensure_ascii=False))
    mask, labels = (
        image_tag(plate.mask, f"mask of {plate.photo}"),
        image_tag(plate.labels, f"label map of {plate.photo}"),
    )
    return (
        f"<figure class='plate'>{_compare(plate)}<div class='maps'>{mask}{labels}</div>"
        f"<figcaption><b>{escape(plate.photo)}</b> <span>{plate.covered:.1%} covered: {escape(names)}</span>{where}"
        f"<details><summary>Recipe of {steps} {noun}</summary><pre>{recipe}</pre></details></figcaption></figure>"
    )


def _files(folder: str) -> str:
    links = ", ".join(
        f"<a href='{quote(folder)}/{name}'>{name.partition('.')[0]}</a>" for name in (DEGRADED, MASK, LABELS, RECIPE)
    )
    return f"<span class='files'>{links}</span>"


def _compare(plate: Plate) -> str:
    return (
        f"<div class='compare'>{image_tag(plate.degraded, f'{plate.photo}, degraded')}"
        f"{image_tag(plate.clean, f'{plate.photo}, clean')}<i></i>"
        f"<input type='range' value='35' aria-label='Share of {escape(plate.photo, quote=True)} seen clean'></div>"
    )


def _closing() -> str:
    with_what = ", ".join(f"{name} {number}" for name, number in versions().items())
    return f"<footer><p>Made with {escape(with_what)}.</p></footer>"
