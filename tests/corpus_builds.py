"""What the tests of corpora make and look at."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from degrade.corpus.build import finish, made_all, prepared
from degrade.corpus.config import Config
from degrade.corpus.runners import Runner, Threads
from degrade.corpus.store import open_store
from degrade.presets import PRESETS
from degrade.record import FromPipeline
from degrade.sources import open_source

MILD = FromPipeline(PRESETS["mild"], "preset")
PAPER = FromPipeline(PRESETS["wan2020-paper"], "preset")


def config(**changes: Any) -> Config:
    return Config(**({"recipes": (MILD,), "seed": 3, "shard_photos": 3, "shares": (0.6, 0.2, 0.2)} | changes))


def build(photos: Path, out: Path | str, runner: Runner | None = None, old: Path | None = None, **changes: Any) -> Any:
    """A corpus, begun or taken up, and ended."""
    store = open_store(str(out))
    plan = prepared(config(**changes), open_source(str(photos)), open_source(str(old)) if old else None, store)
    list(made_all(plan, runner or Threads(2), lambda _: None))
    return finish(store)


def contents(folder: Path) -> dict[str, str]:
    """Every file of a folder, hidden ones too, by the hash of its bytes."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows(folder: Path, *columns: str) -> list[dict[str, Any]]:
    tables = [
        pq.read_table(path, columns=list(columns) or None) for path in sorted((folder / "data").glob("*.parquet"))
    ]
    return [row for table in tables for row in table.to_pylist()]


def foxing(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "foxing", "degrade", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)
