"""The most memory that a process has, as the system counts it."""

import resource
import sys
from contextlib import suppress
from pathlib import Path

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def used() -> int:
    """The most memory that this process and what it started has had, in bytes."""
    return max(most(resource.RUSAGE_SELF), most(resource.RUSAGE_CHILDREN))


def most(who: int) -> int:
    """The most memory that a process had at once, in bytes."""
    return resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def counted_anew() -> int:
    """Bytes of memory in use now; the peak counts from here on, where the system can forget an earlier one.

    Loading its libraries takes a process more than many models take for a photo: all would be said to take nothing.
    """
    with suppress(OSError):
        FORGET.write_text("5", "ascii")
        return noted("VmRSS")
    return most(resource.RUSAGE_SELF)


def peak_beyond(before: int) -> int:
    """Bytes that this process has had at once beyond those of `counted_anew`."""
    return max(0, own_peak() - before)


def peak_of_started() -> int | None:
    """The bytes of the largest process that this one has started and that has ended; None where it was the smaller one.

    A process that is started begins with the peak of the one that starts it as its own, so that less cannot be seen.
    """
    found = most(resource.RUSAGE_CHILDREN)
    return found if found > own_peak() else None


def own_peak() -> int:
    """The most memory that this process has had since `counted_anew`, in bytes."""
    with suppress(OSError):
        return noted("VmHWM")
    return most(resource.RUSAGE_SELF)


def noted(name: str) -> int:
    """A line of the system's record of this process, in bytes.

    Raises:
        OSError: the system keeps none.
    """
    for line in STATUS.read_text("ascii", "replace").splitlines():
        if line.startswith(f"{name}:"):
            return 1024 * int(line.split()[1])
    raise OSError(f"{STATUS}: has no {name}")
