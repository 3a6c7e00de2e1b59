"""What somebody else's code is kept from while it runs: memory, time, large files, and the network where that can be.

Only the standard library is imported: the network can be taken away only while the process has a single thread.
"""

import ctypes
import os
import resource
import signal
from pathlib import Path

NEW_USER, NEW_PROCESSES, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
"""See unshare(2)."""

NO_NEW_PRIVILEGES = 38
"""See prctl(2): no program that it starts has more rights than it has."""

CUT = "no network"

LARGEST_FILE = 256 * 2**20


def confine(seconds: int, memory: int) -> str:
    """Take from this process what it does not need, for good; what could be done, in words.

    Args:
        seconds: of the processor, for all threads together.
        memory: bytes of its address space; 0 for no limit, which GPUs want.
    """
    limit(resource.RLIMIT_CPU, seconds)
    limit(resource.RLIMIT_FSIZE, LARGEST_FILE)
    limit(resource.RLIMIT_CORE, 0)
    if memory:
        limit(resource.RLIMIT_AS, memory)
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    held = f"{seconds} s of processor" + (f", {memory / 2**30:g} GiB" if memory else ", memory unlimited")
    rest = without_network(libc)
    if rest == CUT:
        go_on_as_first()
    return f"{held}, {rest}"


def limit(what: int, value: int) -> None:
    """Lower a limit, never above what the system allows."""
    hard = resource.getrlimit(what)[1]
    lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (lowest, lowest))


def without_network(libc: ctypes.CDLL) -> str:
    """Move to a network of its own that leads nowhere, as a user who has no rights outside it."""
    user, group = os.getuid(), os.getgid()
    if not hasattr(libc, "unshare"):
        return "network not cut: this system has no unshare"
    if libc.unshare(NEW_USER | NEW_PROCESSES | NEW_NETWORK):
        return f"network not cut: {os.strerror(ctypes.get_errno())}"
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        try:
            Path("/proc/self", name).write_text(text, "ascii")
        except OSError:  # it is then nobody, which most code does not notice
            break
    return CUT


def go_on_as_first() -> None:
    """Go on as the first process of a world of its own: whatever it starts ends with it, wherever that hides."""
    child = os.fork()
    if child:
        signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGKILL))  # the world ends with its first
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os._exit(code if code >= 0 else 128 - code)
