"""The gallery's effects: each at five severities, with its mask, its fields and where it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from degrade.catalogue import Entry, FieldEntry, shortened
from degrade.gallery_parts import Picture, heading, image_tag


@dataclass(frozen=True, slots=True)
class Strip:
    """What an effect makes of the same photo at its five severities."""

    entry: Entry
    clean: Picture
    degraded: tuple[Picture, ...]
    masks: tuple[Picture, ...]
    """Empty for an unstructured effect."""


STAGES_SAY = {
    "taking": "What the lens, the light and the film leave in the negative.",
    "printing": "What the paper and the press make of it.",
    "ageing": "What time, light and damp do to a print that nobody touches.",
    "handling": "What people do to it.",
    "scanning": "What happens on the way into the computer.",
}

NEWLINE = "\n"


def stage_section(stage: str, strips: list[Strip]) -> str:
    """The section of a moment of a photo's life."""
    head = heading(stage.capitalize(), STAGES_SAY.get(stage, ""))
    return f"<section id='{escape(stage)}'>{head}{NEWLINE.join(_strip(strip) for strip in strips)}</section>"


def _strip(strip: Strip) -> str:
    entry = strip.entry
    kind = f" <span class='tag'>mask: {escape(entry.defect)}</span>" if entry.defect else ""
    shots = [_shot(strip.clean, "clean", f"{entry.name}: the clean photo")]
    shots += [_shot(each, str(n), f"{entry.name}, severity {n}") for n, each in enumerate(strip.degraded, 1)]
    masks = [_shot(each, "", f"{entry.name}, severity {n}: mask") for n, each in enumerate(strip.masks, 1)]
    columns = [shot + mask for shot, mask in zip(shots, ["", *masks, *[""] * (5 - len(masks))], strict=True)]
    return (
        f"<article class='effect' id='{escape(entry.name)}'><header><h3>{escape(entry.name)}{kind}</h3>"
        f"<p>{escape(entry.summary)}</p></header>"
        f"<ol class='strip' tabindex='0'>{''.join(f'<li>{column}</li>' for column in columns)}</ol>"
        f"<details><summary>Fields and source</summary>{_said(entry)}{_fields(entry.fields)}</details></article>"
    )


def _shot(picture: Picture, title: str, says: str) -> str:
    caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    return f"<figure><a href='{quote(picture.path)}'>{image_tag(picture, says)}</a>{caption}</figure>"


def _said(entry: Entry) -> str:
    about = f"<p>{escape(entry.about)}</p>" if entry.about else ""
    return about + (f"<p><b>Source</b> {escape(entry.source)}</p>" if entry.source else "")


def _fields(fields: Iterable[FieldEntry]) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escape(each.name)}</th><td>{escape(each.holds)}</td>{_values(each)}"
        f"<td>{escape(each.about)}</td></tr>"
        for each in fields
    )
    numbers = "".join(f"<th scope='col'>{severity}</th>" for severity in range(1, 6))
    head = f"<tr><th scope='col'>field</th><th scope='col'>holds</th>{numbers}<th scope='col'>what it is</th></tr>"
    return f"<div class='wide'><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>"


def _values(field: FieldEntry) -> str:
    if len(set(field.severities)) <= 1:
        return (
            f"<td class='number' colspan='5'>{escape(shortened(field.severities[0]) if field.severities else '–')}</td>"
        )
    return "".join(f"<td class='number'>{escape(shortened(each))}</td>" for each in field.severities)
