"""What a training keeps on disk: full states, whole or not at all, in a folder that is one training's alone."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from degrade.io import write_text
from restore_models.configs import completed
from restore_models.restorer import ModelError

FORMAT = 1

RECORD = "run.json"

BOUND = ("model", "config", "training", "data", "labels", "precision", "perceptual", "start")
"""Entries of a record that make it another training."""

FREE = ("log_every", "check_every", "checked")
"""Settings that change nothing that is learned."""


@contextmanager
def held(out: Path) -> Iterator[None]:
    """The folder of a training, made where it is not there, for this process alone.

    Raises:
        ModelError: it is a file, or another process trains there.
        OSError: it cannot be made.
    """
    if out.exists() and not out.is_dir():
        raise ModelError(f"{out}: a file, not a folder; give another folder")
    out.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":  # knows no such locks
        yield
        return
    import fcntl  # noqa: PLC0415 - not everywhere

    folder = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(folder)
        raise ModelError(f"{out}: another process trains there now; wait for it, or give another folder") from None
    except OSError:
        pass  # a disk that knows no locks
    try:
        yield
    finally:
        os.close(folder)


def claim(out: Path, record: Mapping[str, Any], usual: Mapping[str, Any]) -> None:
    """Take a folder for a training, or find that it holds the same one; where nothing was learned yet, it is free.

    Args:
        out: the folder.
        record: what the training is.
        usual: dataclasses with the defaults of tables in the record: an earlier version had fewer settings in them.

    Raises:
        ModelError: it holds another one, or something else.
    """
    path = out / RECORD
    there = _record_in(path) if path.exists() else None
    if out.exists() and any(each != path for each in out.iterdir()):
        if there is None:
            raise ModelError(f"{out}: not empty, and no training; give another folder")
        for name in BOUND:
            if name == "perceptual" and record.get(name) is None:
                continue  # earlier versions noted it of models that have no such loss
            has, wants = _completed(there.get(name), usual.get(name)), record.get(name)
            if _bound(has) != _bound(wants):
                what = f"another {name} ({_difference(has, wants)})"
                raise ModelError(
                    f"{out}: holds a training with {what}; begin anew with --overwrite, or in another folder"
                )
    elif there != record:
        write_text(path, json.dumps(record, indent=1) + "\n")


def _record_in(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        _ = found["model"]
    except (ValueError, KeyError, TypeError):
        raise ModelError(f"{path}: damaged, or no training of Foxing; give another folder, or --overwrite") from None
    return found


def _completed(stored: Any, usual: Any) -> Any:
    """A table of a record as this version would have stored it."""
    if usual is None or not isinstance(stored, dict):
        return stored
    return json.loads(json.dumps(completed(stored, usual)))


def _bound(value: Any) -> Any:
    return {name: each for name, each in value.items() if name not in FREE} if isinstance(value, dict) else value


def _difference(there: Any, here: Any, where: str = "") -> str:
    """The first setting in which two tables differ."""
    if isinstance(there, dict) and isinstance(here, dict):
        for name in sorted(there.keys() | here.keys()):
            if there.get(name) != here.get(name) and name not in FREE:
                return _difference(there.get(name), here.get(name), f"{where}.{name}" if where else name)
    said = f"{json.dumps(there)}, not {json.dumps(here)}" if where else f"{there or 'none'}, not {here or 'none'}"
    return f"{where}: {said}" if where else said


def save_state(path: Path, state: dict[str, Any]) -> None:
    """Write a state under another name, wait until it is on the disk, then give it its name.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            torch.save({"format": FORMAT} | state, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except (RuntimeError, OSError) as error:  # torch has words of its own, behind which is the system's
        cause = error if isinstance(error, OSError) else error.__context__
        said = getattr(cause, "strerror", None) or str(error)
        raise OSError(getattr(cause, "errno", None), f"cannot be written ({said})", str(path)) from None
    finally:
        partial.unlink(missing_ok=True)


def read_state(path: Path, device: torch.device) -> dict[str, Any]:
    """The state of a file, as plain data and tensors; no code in it is ever run.

    Raises:
        ModelError: it is damaged, or of another format.
    """
    try:
        state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
        form = state["format"]
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror or error})") from None
    except Exception:  # whatever the reader thinks of it
        raise ModelError(
            f"{path}: damaged, or no checkpoint of Foxing; delete it to begin this stage anew, or copy an earlier "
            "state over it, such as best.pt"
        ) from None
    if form != FORMAT:
        raise ModelError(f"{path}: a checkpoint of format {form}, this version writes {FORMAT}; begin with --overwrite")
    return state
