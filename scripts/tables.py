"""Rows as Markdown, for the pages that scripts write."""

from collections.abc import Sequence


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table."""
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *rows))


def between(text: str, mark: str, table: str) -> str:
    """A page with a table put between its marks, `<!-- mark -->` and `<!-- /mark -->`, in place of what was there."""
    head, rest = text.split(f"<!-- {mark} -->\n")
    _, tail = rest.split(f"<!-- /{mark} -->\n")
    return f"{head}<!-- {mark} -->\n\n{table}\n\n<!-- /{mark} -->\n{tail}"
