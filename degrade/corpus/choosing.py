"""Threads or processes: what suits a corpus is seen before it is made, and never in its bytes."""

from collections.abc import Sequence

from degrade.corpus.config import OLD, Config, Shard
from degrade.corpus.processes import Processes
from degrade.corpus.rows import Photos
from degrade.corpus.runners import Threads
from degrade.decoding import opened

SMALL = 1 << 20
"""Pixels of a sample up to which processes pay: of larger ones OpenCV lets go of Python's lock, and memory counts.

Of one worker, two threads take 0.85 of the time at 256 x 256 pixels, 0.77 at 512, 0.66 at 1024 and 0.76 at 1536; two
processes, once begun, 0.52, 0.52, 0.58 and 0.63 (wan2020-paper, whole photos, crops at 256).
"""

ENOUGH = 64 << 20
"""Pixels to degrade for which it pays to start processes: a thousand samples of 256 x 256, after which two processes,
which begin with two seconds each, are level with two threads."""

LOOKS = 3
"""Photos that are looked at for their size."""


def suited(workers: int, config: Config, photos: Photos, shards: Sequence[Shard]) -> Threads | Processes:
    """Processes where several workers have enough small samples to make, else threads.

    Args:
        workers: how many.
        config: the choices.
        photos: where the clean photos come from.
        shards: what is still to make.
    """
    if workers == 1:
        return Threads(1)
    keys = [key for shard in shards if shard.split != OLD for key in shard.keys]
    one, count = _samples(config, photos, keys[:LOOKS])
    if one <= SMALL and one * count * len(keys) >= ENOUGH:
        return Processes(workers)
    return Threads(workers)


def _samples(config: Config, photos: Photos, keys: Sequence[str]) -> tuple[int, int]:
    """Pixels of a sample, and how many samples a photo gives, by the largest of some photos."""
    each = config.variants * len(config.recipes)
    if config.crop == "random":
        return config.size**2, each
    width, height = max((_size(photos, key) for key in keys), key=lambda size: size[0] * size[1], default=(0, 0))
    if config.crop == "grid":
        return config.size**2, each * (width // config.size) * (height // config.size)
    return width * height, each


def _size(photos: Photos, key: str) -> tuple[int, int]:
    """Width and height, by the head of the file; one that cannot be read has none, and is told of in its turn."""
    try:
        return opened(photos.read(key)).size
    except Exception:  # decoders raise whatever they like
        return 0, 0
