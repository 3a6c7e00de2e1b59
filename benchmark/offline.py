"""What other people's code does while it loads: which weights it reads, and no network where there is none."""

import io
import os
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import lru_cache
from pathlib import Path
from traceback import walk_tb
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from degrade.console import one_line, reason

HOST, PORT, PATIENCE = "huggingface.co", 443, 2.0
"""Most weights come from there; a machine that cannot reach it in so many seconds is offline."""

WEIGHTS = (".bin", ".ckpt", ".mat", ".npy", ".npz", ".onnx", ".pkl", ".pt", ".pth", ".safetensors", ".tar")
"""What files of weights end in."""

SWITCH = "HF_HUB_OFFLINE"

UNFETCHED = "; its weights are not here, and there is no network to fetch them"

CALLS = ("socket.connect", "socket.getaddrinfo", "urllib.Request")
"""Audit events of whoever wants something from outside."""


def is_offline() -> bool:
    """Whether nothing can be fetched: the user says so by `HF_HUB_OFFLINE`, or the host of weights does not answer."""
    said = os.environ.get(SWITCH, "").upper()
    return said in {"1", "ON", "YES", "TRUE"} or (not said and not _answers(*gate()))


def gate() -> tuple[str, int]:
    """Host and port that weights come through: those of the host of weights, or of the proxy before it."""
    proxy = "" if proxy_bypass(HOST) else getproxies().get("https", "")
    parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    return (parts.hostname, parts.port or PORT) if parts.hostname else (HOST, PORT)


@lru_cache(maxsize=4)
def _answers(host: str, port: int) -> bool:
    """As `is_reachable`, asked once in a process: each of a dozen metrics would wait for the same silence."""
    return is_reachable(host, port)


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


def refusal(error: Exception, files: Iterable[str], *, offline: bool) -> str:
    """Why something that was loaded cannot be used, in one line with the file that it is about.

    Args:
        error: what it raised.
        files: of weights, that it had read.
        offline: whether it could fetch none.
    """
    if found := absent(error, offline=offline):
        return found
    if isinstance(error, ModuleNotFoundError):
        return f"the module {error.name} is not installed: pip install {error.name}"
    hint = UNFETCHED if offline and isinstance(error, OSError) else ""
    read = [path for path in files if Path(path).is_file()]
    after = f", after reading {', '.join(read)}" if read else hint
    return f"{type(error).__name__}: {one_line(reason(error))[:300]}{after}"


def absent(error: BaseException, *, offline: bool) -> str:
    """Which file could not be fetched, and how to get it; nothing where an error is about something else.

    What the libraries say names neither, so it is read where they stood when they failed: PyTorch's and CLIP's
    downloads know the address and the place, Hugging Face's the repository.
    """
    why = _why() if offline else f" and cannot be fetched ({one_line(reason(error))[:120]})"
    for each in _chain(error):
        for frame, _ in walk_tb(each.__traceback__):
            words = {name: word for name, word in frame.f_locals.items() if isinstance(word, str)}
            address, place = words.get("url"), words.get("dst") or words.get("download_target")
            if address and place:
                return f"{Path(place).name} is not here{why}; get {address} and put it at {place}"
            if "repo_id" in words and "filename" in words:
                repository = words["repo_id"]
                return f"{repository} is not here{why}; fetch it where there is a network: hf download {repository}"
    return ""


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and those that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _why() -> str:
    if os.environ.get(SWITCH):
        return f", and {SWITCH}={os.environ[SWITCH]} forbids the network"
    return f", and there is no network ({SWITCH}=0 tries all the same)"


@contextmanager
def quiet(offline: bool) -> Iterator[None]:
    """Leave stdout to results; offline leave out what says that something is being downloaded too, as nothing is."""
    place = io.StringIO() if offline else sys.stderr
    with redirect_stdout(place), redirect_stderr(place):
        yield


class _Watch(threading.local):
    """What is watched in this thread."""

    files: dict[str, None] | None = None
    """Where to note the weights that are read, in their order; None where nobody asks."""

    offline = False


@lru_cache(maxsize=1)
def _watch() -> _Watch:
    """The one watch: Python lets nobody take an audit hook back."""
    watch = _Watch()

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if watch.files is None:
            return
        if event == "open" and isinstance(args[0], str) and args[0].endswith(WEIGHTS):
            watch.files[args[0]] = None
        elif watch.offline and event in CALLS:
            raise ConnectionError("offline: nothing is fetched")

    sys.addaudithook(hook)
    return watch


@contextmanager
def watched(offline: bool) -> Iterator[dict[str, None]]:
    """The weights that this thread reads inside; where it is offline, whoever asks for the network hears so at once.

    Hugging Face's library tries for a minute before it believes that nobody answers, unless its own switch says so: it
    is set as well, for this process's imports to find.
    """
    watch, said, files = _watch(), os.environ.get(SWITCH), dict[str, None]()
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
