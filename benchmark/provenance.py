"""What is to know of a run beside its scores: who computed what with what, where and when."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmark.contestants import Entry
from degrade.record import versions
from restore_models.foreign import is_command
from restore_models.resolve import known, weights_folder
from restore_models.weight_files import CONFIG

PACKAGES = ("torch", "pyarrow", "onnxruntime", "pyiqa", "scikit-image", "scipy")


def now() -> str:
    """The time in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def surroundings() -> dict[str, Any]:
    """Code, versions, hardware, threads and command."""
    return {
        "code": code(),
        "versions": {"python": platform.python_version()} | versions() | installed(),
        "hardware": hardware(),
        "threads": threads(),
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
    }


def installed() -> dict[str, str]:
    """The versions of what may have a part in scores."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@cache
def code() -> dict[str, Any]:
    """The commit of our own source, and whether it was changed since; unknown where it is installed."""
    here = Path(__file__).parent

    def git(*words: str) -> str | None:
        try:
            done = subprocess.run(
                ["git", "-C", str(here), *words], capture_output=True, text=True, timeout=10, check=True
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.strip()

    commit = git("rev-parse", "HEAD")
    changes = git("status", "--porcelain", "--untracked-files=no") if commit else None
    return {"commit": commit, "changed": None if changes is None else bool(changes)}


def hardware() -> dict[str, Any]:
    """What seconds may be compared on: the processor's model and how many there are, and the GPU's."""
    found: dict[str, Any] = {"cpu": processor(), "cores": len(os.sched_getaffinity(0)), "system": platform.system()}
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        found["gpu"] = torch.cuda.get_device_name(0)
    return found


def processor() -> str:
    """The model's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text("ascii", errors="replace").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def threads() -> dict[str, int]:
    """How many threads libraries take."""
    import cv2  # noqa: PLC0415

    found = {"opencv": cv2.getNumThreads()}
    torch = sys.modules.get("torch")
    return found | ({"torch": torch.get_num_threads()} if torch is not None else {})


def hardware_key(found: Mapping[str, Any]) -> str:
    """One text: seconds of different keys are never ranked together."""
    return f"{found.get('cpu')} x {found.get('cores')}" + (f", {found['gpu']}" if "gpu" in found else "")


def models_of(entries: Sequence[Entry], seeds: int) -> dict[str, Any]:
    """What is to know of each model, by its label."""
    return {
        entry.label: {
            "what": entry.what,
            "identity": entry.identity,
            "digest": entry.digest,
            "seeds": seeds,
            "card": card(entry),
        }
        for entry in entries
    }


def card(entry: Entry) -> dict[str, Any]:
    """What a checkpoint says of itself: its configuration and how it was trained; empty where it says nothing."""
    path = Path(entry.what)
    if is_command(entry.what) or known(entry.what) is not None or not path.is_dir():
        return {}
    try:
        found = json.loads((weights_folder(path) / CONFIG).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
