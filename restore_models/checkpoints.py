"""Full states of a training on disk: whole or not at all, and refused where they belong to another run."""

import os
from pathlib import Path
from typing import Any

import torch

from restore_models.restorer import ModelError

FORMAT = 1


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
    except RuntimeError as error:  # torch's own word for a full disk
        raise OSError(None, f"cannot be written ({error})", str(path)) from None
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
        raise ModelError(f"{path}: damaged, or no checkpoint of Foxing; begin anew with --overwrite") from None
    if form != FORMAT:
        raise ModelError(f"{path}: a checkpoint of format {form}, this version writes {FORMAT}; begin with --overwrite")
    return state
