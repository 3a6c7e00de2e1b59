"""A suite: what is asked of every model, as data, and the digest by which it is known."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from degrade.recipe import FORMAT, nearest
from restore_models.restorer import ModelError

Task = Literal["restore", "detect"]
"""Whether models give the photo back, or a mask of its damage."""

Masks = Literal["given", "none"]
"""Whether a restorer is told where structured damage lies."""

PROTOCOL = "foxing/v1: 8 bits, RGB, same size, no crop, no resize; what fails is recorded and never a number"
"""How every output is taken, alike for all; another text is another suite."""

ENGINE = f"recipe/{FORMAT}"
"""Raised with the format of recipes. The digests of the pixels notice every other change of what makes them."""

UNDAMAGED, OLD, DRAWN = "none", "old", "drawn"
"""What the defects of items are called that nobody made: there are none, or a real photo's own, unknown or drawn by
hand."""


class SuiteError(ModelError):
    """A suite that cannot be made or used: which, why, and what to do, in one line."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that a suite does to each of its photos."""

    kind: Literal["effect", "preset", "pipeline", "none", "old", "drawn"]

    name: str
    """Of the effect, the preset or the pipeline."""

    severity: int | None
    """0 undamaged to 5; None where nobody graded it, as of most presets."""

    draws: int = 1
    """How often, each with numbers of its own."""

    file: str = ""
    """Of a pipeline."""


@dataclass(frozen=True, slots=True)
class Photos:
    """Which photos a suite wants."""

    kind: Literal["shipped", "known", "folder"]
    """In the wheel of scikit-image, known by their pixels, or whatever pictures a folder holds."""

    sha256: Mapping[str, str]
    """Of the pixels by name; empty for a folder's."""

    about: str
    """Where they are to be had."""

    side: int = 0
    """Where not 0, the middle of each photo is taken, this many pixels wide and high at most."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A suite before it is made."""

    name: str
    about: str
    photos: Photos
    damages: tuple[Damage, ...]
    metrics: tuple[str, ...]
    """By name."""

    seed: int = 2020
    masks: Masks = "given"
    task: Task = "restore"

    def __post_init__(self) -> None:
        """Check what a suite hangs on.

        Raises:
            SuiteError: there is no damage, one comes twice, or a number is out of range.
        """
        if not self.damages:
            raise SuiteError(f"suite {self.name}: no damage; give one [[damage]] or more")
        seen: set[tuple[str, int | None]] = set()
        for each in self.damages:
            if each.severity is not None and not 0 <= each.severity <= 5:
                raise SuiteError(f"suite {self.name}: {each.name}: severity {each.severity}, none of 0 to 5")
            if each.draws < 1:
                raise SuiteError(f"suite {self.name}: {each.name}: {each.draws} draws; give 1 or more")
            if (each.name, each.severity) in seen:
                raise SuiteError(f"suite {self.name}: {each.name} at severity {each.severity} comes twice; raise draws")
            seen.add((each.name, each.severity))
        if self.drawn and (self.task != "detect" or len(self.damages) > 1):
            raise SuiteError(
                f"suite {self.name}: photos with drawn masks are for task detect alone, with no [[damage]]"
            )

    @property
    def drawn(self) -> bool:
        """Whether its masks were drawn by hand, and lie in a folder."""
        return any(each.kind == DRAWN for each in self.damages)

    @property
    def digest(self) -> str:
        """A hash of all that the plan asks."""
        return hashlib.sha256(canonical(asdict(self)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Item:
    """One question: a photo with one damage. Empty digests stand for pictures that there are none of."""

    item: str
    """Its name, a path without suffix in the folders of the suite."""

    photo: str
    """The base photo, the unit of statistics."""

    defect: str
    severity: int | None
    draw: int
    recipe: str
    """JSON; empty for a real old photo."""

    height: int
    width: int
    photo_sha256: str
    clean_sha256: str
    """Of the photo as the damage has moved it."""

    degraded_sha256: str
    mask_sha256: str
    """Empty where no structured damage is."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite as it was made; two of one id ask the same of every model, to the pixel."""

    name: str
    about: str
    task: Task
    masks: Masks
    metrics: tuple[str, ...]
    """Their specs."""

    items: tuple[Item, ...]
    protocol: str = PROTOCOL
    engine: str = ENGINE
    plan: str = ""
    """The digest of the plan that it was made from; two plans may come to one suite."""

    commitment: str = ""
    """Of a private split: the hash that was published before anybody knew the seed."""

    @property
    def suite_id(self) -> str:
        """Its name and a hash of all that scores hang on."""
        asked = [
            (each.item, each.photo_sha256, each.clean_sha256, each.degraded_sha256, each.mask_sha256, each.recipe)
            for each in self.items
        ]
        hangs_on = {
            "engine": self.engine,
            "items": sorted(asked),
            "masks": self.masks,
            "metrics": sorted(self.metrics),
            "protocol": self.protocol,
            "task": self.task,
        }
        return f"{self.name}:{hashlib.sha256(canonical(hangs_on).encode()).hexdigest()[:16]}"

    @property
    def photos(self) -> dict[str, str]:
        """The SHA-256 of the pixels of each base photo, by name."""
        return {each.photo: each.photo_sha256 for each in self.items}

    def by_name(self) -> dict[str, Item]:
        """The items by their names."""
        return {each.item: each for each in self.items}

    def named(self, item: str) -> Item:
        """The item of that name.

        Raises:
            SuiteError: there is none; the nearest is proposed.
        """
        found = self.by_name()
        if item not in found:
            raise SuiteError(f"suite {self.suite_id} has no item {item!r}{nearest(item, found)}")
        return found[item]

    def to_json(self) -> str:
        """The suite as a text, its id ahead of what it is a hash of."""
        head = {"suite_id": self.suite_id} | {
            field.name: getattr(self, field.name) for field in fields(self) if field.name != "items"
        }
        items = ",\n  ".join(canonical(asdict(each)) for each in self.items)
        return json.dumps(head, ensure_ascii=False, indent=1)[:-2] + f',\n "items": [\n  {items}\n ]\n}}\n'

    @classmethod
    def from_json(cls, text: str, where: str) -> "Suite":
        """The suite of a text.

        Raises:
            SuiteError: it is none, or it does not hash to its id.
        """
        try:
            data: dict[str, Any] = json.loads(text)
            noted = data.pop("suite_id")
            items = tuple(Item(**each) for each in data.pop("items"))
            suite = cls(**data | {"items": items, "metrics": tuple(data["metrics"])})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise SuiteError(f"{where}: no suite ({type(error).__name__}: {error}); foxing benchmark make") from None
        if suite.suite_id != noted:
            raise SuiteError(f"{where}: says {noted} and hashes to {suite.suite_id}: it was edited; make it again")
        return suite


def canonical(data: object) -> str:
    """Data as JSON in the one form that is hashed."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def one_of(value: str, choices: Iterable[str], what: str) -> str:
    """The value, where it is one of the choices.

    Raises:
        SuiteError: it is not; the nearest is proposed, or all are named.
    """
    known = list(choices)
    if value not in known:
        raise SuiteError(f"{what} {value!r}{nearest(value, known) or '; there are ' + ', '.join(known)}")
    return value


TASKS: tuple[str, ...] = get_args(Task)
MASKS: tuple[str, ...] = get_args(Masks)
