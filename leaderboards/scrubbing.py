"""The record of a sweep as it may be published: one model's part, and no path of anybody's machine."""

import re
import shlex
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa

from benchmark.finishing import statuses
from benchmark.store import content_digest
from restore_models.foreign import is_command

FORMAT = "run/1"
"""Of run.json in an entry; `leaderboards/schemas/run.json` says what it holds."""

KEPT = ("suite_id", "suite", "device", "tile", "timeout", "precision", "began", "ended", "code", "versions")
KEPT_OF_MACHINE = ("hardware", "threads")

PLACE = re.compile(r"(?<![\w:/.~-])(?:[A-Za-z]:)?[~.]{0,2}[/\\](?:[^\s'\"/\\]*[/\\])*([^\s'\"/\\]*)")
"""What looks like a path from the root, from home or from here: its last part is all that others need."""


def published(record: Mapping[str, Any], label: str, name: str, rows: pa.Table, file_sha256: str) -> dict[str, Any]:
    """A model's part of the record of a sweep.

    Args:
        record: run.json of the sweep.
        label: what the model is called in it.
        name: what it is called in its entry.
        rows: its rows, as they are in the entry.
        file_sha256: of the file that they lie in.
    """
    found = {"schema": FORMAT} | {key: record[key] for key in (*KEPT, *KEPT_OF_MACHINE) if key in record}
    model = record["models"][label]
    found["models"] = {name: without_places(model) | {"what": what_without_folders(model["what"])}}
    found["command"] = [word_without_folders(word) for word in record.get("command", [])]
    return found | {
        "status": statuses(rows),
        "rows": rows.num_rows,
        "items_sha256": file_sha256,
        "content_sha256": content_digest(rows),
    }


def without_places(value: Any) -> Any:
    """The same, every path in its texts cut to its last part."""
    if isinstance(value, Mapping):
        return {key: without_places(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_places(each) for each in value]
    return PLACE.sub(r"\1", value) if isinstance(value, str) else value


def what_without_folders(what: str) -> str:
    """What opened a model, as others may read it: a name, a file's or folder's name, or a command of such."""
    if is_command(what):
        return shlex.join(map(word_without_folders, shlex.split(what)))
    return last_part(what) if "/" in what or "\\" in what else what


def word_without_folders(word: str) -> str:
    """A word of a command, without the folders of a path; NAME@PATH and --option=PATH keep what is before it."""
    if "://" in word:
        return word
    before, mark, path = word.rpartition("@" if "@" in word else "=")
    return before + mark + last_part(path) if "/" in path or "\\" in path else word


def last_part(path: str) -> str:
    """The name of what a path leads to."""
    return PurePosixPath(path.replace("\\", "/")).name or "."
