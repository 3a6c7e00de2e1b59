"""A corpus of small charts, made in a second, with a photo that is none and names that try to be mark-up."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from charts import chart

from degrade.corpus.build import made_all, manifest, prepared
from degrade.corpus.config import Config
from degrade.corpus.plan_files import BUILD
from degrade.corpus.runners import Threads
from degrade.corpus.shards import Made
from degrade.corpus.store import Folder, ObjectStore, open_store
from degrade.png import png_bytes
from degrade.presets import PRESETS
from degrade.record import FromPipeline


@dataclass(frozen=True)
class Dictionary:
    """Photos in memory."""

    name: str
    files: Mapping[str, bytes]
    rejected: tuple[tuple[str, str], ...] = ()

    @property
    def reader(self) -> "Dictionary":
        return self

    def keys(self) -> list[str]:
        return sorted(self.files)

    def read(self, key: str) -> bytes:
        return self.files[key]


NASTY = "a|b`c`<script>*_x_@y.png"

PHOTOS = Dictionary(
    "folder photos",
    {f"photo {number}.png": png_bytes(chart(48, 40 + number)) for number in range(9)} | {NASTY: b"no picture"},
)

OLD = Dictionary("folder scans", {"old.png": png_bytes(chart(30, 50))})


def built(where: str | Path, photos: Dictionary = PHOTOS, old: Dictionary | None = OLD, **choices: Any) -> "Small":
    """Everything of a corpus but its card."""
    store = open_store(str(where))
    given: dict[str, Any] = {"seed": 3, "shares": (0.5, 0.25, 0.25), "shard_photos": 2} | choices
    given = {"recipes": (FromPipeline(PRESETS["severe"], "preset"),)} | given
    plan = prepared(Config(**given), photos, old, store)
    for _ in made_all(plan, Threads(1), lambda _: None):
        pass
    return Small(store, json.loads(store.read(BUILD)), list(manifest(store, plan.shards).values()))


@dataclass(frozen=True)
class Small:
    store: Folder | ObjectStore
    build: dict[str, Any]
    entries: list[Made]
