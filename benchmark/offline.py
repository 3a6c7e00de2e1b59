"""What other people's code does while it loads: which weights it reads, and no network where there is none."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

HOST, PORT, PATIENCE = "huggingface.co", 443, 2.0
"""Most weights come from there; a machine that cannot reach it in so many seconds is offline."""

WEIGHTS = (".bin", ".ckpt", ".mat", ".npy", ".npz", ".onnx", ".pkl", ".pt", ".pth", ".safetensors", ".tar")
"""What files of weights end in."""

SWITCH = "HF_HUB_OFFLINE"

CALLS = ("socket.connect", "socket.getaddrinfo", "urllib.Request")
"""Audit events of whoever wants something from outside."""


def is_offline() -> bool:
    """Whether nothing can be fetched: the user says so by `HF_HUB_OFFLINE`, or the host of weights does not answer."""
    said = os.environ.get(SWITCH, "").upper()
    return said in {"1", "ON", "YES", "TRUE"} or (not said and not is_reachable(HOST, PORT))


def is_reachable(host: str, port: int) -> bool:
    """Whether a host answers in time."""
    found: list[bool] = []

    def knock() -> None:
        try:
            socket.create_connection((host, port), PATIENCE).close()
        except OSError:
            return
        found.append(True)

    knocking = threading.Thread(target=knock, daemon=True)  # looking a name up knows no time limit of its own
    knocking.start()
    knocking.join(PATIENCE)
    return bool(found)


class _Watch(threading.local):
    """What is watched in this thread."""

    files: set[str] | None = None
    """Where to note the weights that are read; None where nobody asks."""

    offline = False


@lru_cache(maxsize=1)
def _watch() -> _Watch:
    """The one watch: Python lets nobody take an audit hook back."""
    watch = _Watch()

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if watch.files is None:
            return
        if event == "open" and isinstance(args[0], str) and args[0].endswith(WEIGHTS):
            watch.files.add(args[0])
        elif watch.offline and event in CALLS:
            raise ConnectionError("offline: nothing is fetched")

    sys.addaudithook(hook)
    return watch


@contextmanager
def watched(offline: bool) -> Iterator[set[str]]:
    """The weights that this thread reads inside; where it is offline, whoever asks for the network hears so at once.

    Hugging Face's library tries for most of a minute before it believes that nobody answers, unless its own switch
    says so: it is set as well, for this process's imports to find.
    """
    watch, said, files = _watch(), os.environ.get(SWITCH), set[str]()
    watch.files, watch.offline = files, offline
    hub: Any = sys.modules.get("huggingface_hub.constants")
    was = getattr(hub, SWITCH, None)
    if offline:
        os.environ[SWITCH] = "1"
        if hub is not None:
            hub.HF_HUB_OFFLINE = True  # it read the switch when it was imported
    try:
        yield files
    finally:
        watch.files, watch.offline = None, False
        if offline:
            _restored(said)
            if hub is not None:
                hub.HF_HUB_OFFLINE = was


def _restored(said: str | None) -> None:
    if said is None:
        os.environ.pop(SWITCH, None)
    else:
        os.environ[SWITCH] = said
