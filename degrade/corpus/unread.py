"""Photos that could not be read while a corpus was made: whether their place is gone, and whether they are back."""

from collections.abc import Sequence
from typing import TypeVar

from degrade.corpus.config import OLD, Shard
from degrade.corpus.rows import Photos
from degrade.corpus.runners import Task
from degrade.corpus.shards import Made
from degrade.io import ImageError, UnreadError
from degrade.sources.source import SourceError

Thing = TypeVar("Thing")

PROBES = 16
"""Photos from all over a source: if none of them can be read, the source is gone, and not some photos of it."""

UNREAD = "could not be read, and may be good; run the same build again to try once more"
"""What is said of such photos, behind their number."""


def refuse_gone(task: Task, shards: Sequence[Shard], made: Made) -> None:
    """Check that a source is still there after a shard in which photos could not be read.

    What was made stays, and is made again with its photos when they are back.

    Args:
        task: what reads the photos.
        shards: all there are.
        made: the shard.

    Raises:
        SourceError: it is gone.
    """
    if not made.unread:
        return
    mine = _spread([shard for shard in shards if (shard.split == OLD) == (made.split == OLD)], PROBES)
    probes = [key for shard in mine for key in _spread(shard.keys, -(-PROBES // len(mine)))]
    photos = task.work(made.split).photos
    if not any(can_be_read(photos, key) for key in probes):
        why = dict(made.rejected).get(made.unread[-1], "").partition(";")[0]
        raise SourceError(
            f"no photo can be read any more, of {len(probes)} tried all over the source ({why}); "
            "bring it back, then run again"
        )


def _spread(all_of_them: Sequence[Thing], most: int) -> Sequence[Thing]:
    """At most so many, at even steps."""
    return all_of_them[:: max(1, -(-len(all_of_them) // most))]


def are_back(task: Task, made: Made) -> bool:
    """Whether one of the photos can be read that could not be when the shard was made."""
    if not made.unread or (made.split == OLD and task.old is None):
        return False
    photos = task.work(made.split).photos
    return any(can_be_read(photos, key) for key in made.unread[:PROBES])


def can_be_read(photos: Photos, key: str) -> bool:
    """Whether a photo's bytes can be had just now, good or bad."""
    try:
        photos.read(key)
    except (UnreadError, OSError, SourceError):
        return False
    except ImageError:
        pass  # it was read, and is no photo
    return True
