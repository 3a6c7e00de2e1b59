"""The key of a study: what each opaque name stands for. Raters never see it, and the page does not need it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from leaderboards.entry import EntryError
from leaderboards.study.design import Pair, Showing

KEY, PAGE, RESULT = "key.json", "page", "result.json"

FORMAT = "foxing-study/1"

KEPT_AWAY = (
    "Keep this file away from raters: it says which picture is whose. They get the folder page/ and nothing else."
)


@dataclass(frozen=True, slots=True)
class Key:
    """A study as whoever scores it must know it."""

    study: str
    """Its id."""

    suite_id: str
    """Of the sweep that it shows; empty for folders."""

    seed: int
    models: tuple[str, ...]
    pairs: Mapping[str, Pair]
    plans: tuple[tuple[Showing, ...], ...]
    """By rater, the first is number 1."""

    pictures: Mapping[str, tuple[str, str]]
    """Item, and whose picture it is, by the file's name."""

    equal: int = 0
    """Pairs that are not asked as their pictures are equal."""

    def to_json(self) -> str:
        """The key as a text."""
        return json.dumps(
            {
                "format": FORMAT,
                "note": KEPT_AWAY,
                "study": self.study,
                "suite_id": self.suite_id,
                "seed": self.seed,
                "models": list(self.models),
                "equal": self.equal,
                "pairs": [asdict(pair) for pair in self.pairs.values()],
                "plans": [shown(plan) for plan in self.plans],
                "pictures": {name: list(what) for name, what in self.pictures.items()},
            },
            ensure_ascii=False,
        )


def shown(plan: Sequence[Showing]) -> list[list[str | int]]:
    """A rater's questions as plain data: the pair, and whether its sides are swapped."""
    return [[each.pair, int(each.swapped)] for each in plan]


def read_key(study: Path) -> Key:
    """The key of a study's folder.

    Raises:
        EntryError: there is none, or it was edited.
    """
    path = study / KEY
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise EntryError(f"{study}: no study in it ({KEY} is missing); foxing leaderboard study make") from None
    except (OSError, ValueError) as error:
        raise EntryError(f"{path}: cannot be read ({error}); take the copy that make wrote") from None
    try:
        data: dict[str, Any] = json.loads(text)
        known, key = data["format"], key_of(data) if data["format"] == FORMAT else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise EntryError(f"{path}: damaged ({type(error).__name__}); take the copy that make wrote") from None
    if key is None:
        raise EntryError(f"{path}: format {known!r}, this Foxing reads {FORMAT!r}")
    return key


def key_of(data: Mapping[str, Any]) -> Key:
    """The key of plain data.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: something lacks, or is not what it must be.
    """
    pairs = {each["key"]: Pair(**each) for each in data["pairs"]}
    plans = tuple(tuple(Showing(pair, bool(swapped)) for pair, swapped in plan) for plan in data["plans"])
    models = tuple(data["models"])
    asked = {pairs[each.pair] for plan in plans for each in plan}
    if {whose for pair in asked if pair.kind == "pair" for whose in (pair.first, pair.second)} - {*models}:
        raise ValueError("a pair of no model")
    pictures = {name: (item, whose) for name, (item, whose) in data["pictures"].items()}
    head = {name: data[name] for name in ("study", "suite_id", "seed", "equal")}
    return Key(models=models, pairs=pairs, plans=plans, pictures=pictures, **head)
