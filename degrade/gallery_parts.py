"""What every part of the gallery's page is made of: pictures and headings."""

from dataclasses import dataclass
from html import escape
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Picture:
    """A file beside the page, and its size in pixels."""

    path: str
    width: int
    height: int


def image_tag(picture: Picture, says: str) -> str:
    """A picture, with what it says to those who do not see it."""
    size = f"width='{picture.width}' height='{picture.height}'"
    return f"<img src='{quote(picture.path)}' {size} alt='{escape(says, quote=True)}' loading='lazy'>"


def heading(title: str, says: str) -> str:
    """The head of a section."""
    return f"<header class='section'><h2>{escape(title)}</h2><p>{escape(says)}</p></header>"
