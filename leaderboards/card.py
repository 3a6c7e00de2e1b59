"""The card of a model: what people should know of it, read, checked, and asked for with a template."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from benchmark.contestants import FLOOR, is_python, label_of
from leaderboards.documents import complaints, read_toml
from leaderboards.entry import NAME, RESERVED, Card, EntryError, Kind
from leaderboards.scrubbing import last_part
from restore_models.resolve import known

KINDS: dict[str, str] = {
    "floor": "does nothing",
    "classical": "filters, not trained",
    "learned": "trained",
    "demonstration": "trained briefly, to show the way",
}
"""What the kinds mean."""


def read_card(path: Path) -> Card:
    """The card in a file.

    Raises:
        EntryError: it is missing, or the schema has something against it.
    """
    data = read_toml(path)
    wrong = complaints(data, "card")
    if wrong:
        raise EntryError(f"{path}: {wrong[0]}; foxing leaderboard schema card says what a card is")
    lists = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
    return Card(**data | lists)


def card_text(card: Card) -> str:
    """The card as TOML; what is not known is left out."""
    import tomlkit  # noqa: PLC0415 - slow

    found = tomlkit.document()
    for field in fields(Card):
        value = getattr(card, field.name)
        if value is not None and (value not in ("", ()) or field.name in ("name", "about", "kind")):
            found.add(field.name, [*value] if isinstance(value, tuple) else value)
    return tomlkit.dumps(found)


def folder_for(text: str) -> str:
    """The name that a model's folder has: small letters, digits, dots, dashes and underscores.

    Raises:
        EntryError: nothing of the kind is left of it.
    """
    name = text.lower().replace("+", "-").replace(" ", "-")
    if not NAME.fullmatch(name) or name in RESERVED:
        raise EntryError(
            f"model {text!r}: no name for its folder; give --name: a-z, 0-9, dots, dashes and underscores, 64 at most"
        )
    return name


def drafted(what: str) -> Card:
    """What is known of a model by itself: all of a model of the zoo that needs no weights, little of others."""
    model = known(what) if NAME.fullmatch(what) else None  # a path or a command is none of the zoo
    if what == FLOOR:
        return Card(FLOOR, "The photo as it is: what every model is measured against.", "floor")
    if model is None:
        return Card(label_of(what) if is_python(what) else last_part(what.split(maxsplit=1)[0]), "", "learned")
    kind: Kind = "classical" if model.needs == "nothing" else "learned"
    return Card(model.name, model.about, kind, ("The developers of Foxing",), licence="MIT")


def complete(card: Card) -> bool:
    """Whether a drafted card needs nobody to fill it in."""
    return card.kind in ("floor", "classical") and bool(card.about)


def template(what: str) -> str:
    """A card to be filled in, every field with a word on what it is."""
    card = drafted(what)
    lines = {
        "name": (card.name, "as it is shown"),
        "about": (card.about, "what it is, in a sentence or two"),
        "kind": (card.kind, ", ".join(f"{name} ({meaning})" for name, meaning in KINDS.items())),
        "authors": ([*card.authors], ""),
        "paper": ("", "authors, year, title"),
        "url": ("", "where code or weights are to be had"),
        "licence": (card.licence, "of code and weights"),
        "training_data": ([], "every set of photos that it has seen, named so that others find it"),
    }
    text = "".join(_line(name, value, comment) for name, (value, comment) in lines.items())
    return text + "# open_weights = true  # whether anybody may have them; leave it out where there are none\n"


def _line(name: str, value: Any, comment: str) -> str:
    import tomlkit  # noqa: PLC0415 - slow

    line = tomlkit.dumps({name: value}).rstrip("\n")
    return f"{line}  # {comment}\n" if comment else f"{line}\n"
