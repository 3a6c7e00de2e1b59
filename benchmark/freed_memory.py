"""Freed memory, kept by the C library for the next photo instead of being given back and asked for again."""

import ctypes
from functools import cache

MMAP_THRESHOLD, TRIM_THRESHOLD = -3, -1
"""What glibc's `mallopt` calls the size from which memory is mapped by itself, and the free memory that is kept."""

ALONE, ALONE_IN_OLD = 256 << 20, 32 << 20
"""Bytes from which memory is mapped by itself; and the most that older versions let one ask for."""

KEPT = 512 << 20


@cache
def keep_freed_memory() -> bool:
    """Have freed memory kept, in all of this process; whether its C library can be told.

    Metrics take and free the same megabytes for every photo. In threads glibc gives them back each time, and the
    system clears every page that is taken again: of 163 ms for the core metrics of 768 x 512 pixels 128 were left
    without that.
    """
    try:
        tell = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library, or none that can be looked into
        return False
    mapped = tell(MMAP_THRESHOLD, ALONE) or tell(MMAP_THRESHOLD, ALONE_IN_OLD)
    return bool(mapped and tell(TRIM_THRESHOLD, KEPT))
