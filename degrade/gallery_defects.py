"""The part of the gallery's page that shows synthetic defects next to real ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from degrade.gallery_parts import Picture, heading, image_tag


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of a picture on the page, and what is to be said of it."""

    picture: Picture
    title: str
    says: str


@dataclass(frozen=True, slots=True)
class Defects:
    """Pieces of damaged pictures, all at the same scale."""

    made: Sequence[Shown]
    real: Sequence[Shown]
    """Empty where nobody gave any."""

    side: int
    """Of a piece in pixels."""

    short: int
    """Shorter side of the pictures that they were cut from."""


def defects_section(defects: Defects) -> str:
    """The section as HTML."""
    share = defects.side / defects.short
    says = (
        f"Pieces drawn by chance where something is damaged: every picture at {defects.short} pixels on its shorter "
        f"side, every piece {share:.0%} of that, nothing retouched."
    )
    title = "Defects, synthetic next to real" if defects.real else "Defects"
    groups = _group("Synthetic", defects.made) + (_group("Real", defects.real) if defects.real else "")
    return f"<section id='defects'>{heading(title, says)}<div class='defects'>{groups}</div></section>"


def _group(title: str, pieces: Sequence[Shown]) -> str:
    items = "".join(
        f"<li><figure>{image_tag(each.picture, f'{each.title}: {each.says}')}<figcaption><b>{escape(each.title)}</b> "
        f"<span>{escape(each.says)}</span></figcaption></figure></li>"
        for each in pieces
    )
    return f"<div><h3>{escape(title)} <small>{len(pieces)}</small></h3><ul>{items}</ul></div>"
