"""Texts of unknown origin, such as file names, made safe to stand in Markdown."""

import re
from collections.abc import Iterable, Sequence
from html import escape


def plain(text: str) -> str:
    """A text that shows as it is, also in a table: no mark-up, no HTML, no line breaks."""
    return re.sub(r"([\\`*_\[\]|~$])", r"\\\1", _no_html(text))


def code(text: str) -> str:
    """A text as code, also in a table and whatever backticks are in it."""
    safe = shown(text).replace("|", "\\|")
    fence = "`" * (1 + _longest(safe))
    space = " " if safe[:1] == "`" or safe[-1:] == "`" else ""
    return f"{fence}{space}{safe}{space}{fence}"


def fenced(text: str, language: str) -> str:
    """Lines of code, whatever backticks are in them."""
    fence = "`" * max(3, 1 + _longest(text))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def folded(title: str, inside: str) -> str:
    """A part that opens on a click."""
    return f"<details><summary>{_no_html(title)}</summary>\n\n{inside}\n\n</details>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns whose heading ends in a colon are set to the right."""
    marks = ["---:" if each.endswith(":") else "---" for each in head]
    lines = [[each.rstrip(":") for each in head], marks, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def shown(text: str) -> str:
    """A text in one line, with what cannot be printed replaced."""
    return "".join(each if each.isprintable() else "\ufffd" for each in " ".join(text.split()))


def _no_html(text: str) -> str:
    return escape(shown(text), quote=False).replace("@", "&#64;")  # a name with @ mentions nobody


def _longest(text: str) -> int:
    """The length of the longest run of backticks."""
    return max((len(run) for run in re.findall("`+", text)), default=0)
