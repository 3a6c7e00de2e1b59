"""How much memory is free, for forecasts. No torch unless a GPU is asked about."""

import warnings
from collections.abc import Iterable
from pathlib import Path

from PIL import Image as Pillow

from degrade.decoding import FORMATS

MEMINFO = Path("/proc/meminfo")
CGROUP = Path("/sys/fs/cgroup")


def free_bytes(device: str = "cpu") -> int | None:
    """Of the machine, of the container where that is less, or of the GPU; None where nobody says."""
    if device.startswith("cuda"):
        import torch  # noqa: PLC0415 - heavy

        return int(torch.cuda.mem_get_info(device)[0])
    known = [each for each in (free_in_machine(MEMINFO), free_in_container(CGROUP)) if each is not None]
    return min(known, default=None)


def free_in_machine(meminfo: Path) -> int | None:
    """What Linux would give without swapping."""
    try:
        lines = dict(line.split(":") for line in meminfo.read_text("ascii").splitlines())
        return int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, ValueError, KeyError):
        return None


def free_in_container(cgroup: Path) -> int | None:
    """What a limit on the container leaves; the files that it only keeps at hand do not count."""
    try:
        limit, used = (int((cgroup / name).read_text("ascii")) for name in ("memory.max", "memory.current"))
        kept = dict(line.split() for line in (cgroup / "memory.stat").read_text("ascii").splitlines())
        return max(limit - used + int(kept.get("inactive_file", 0)), 0)
    except (OSError, ValueError):
        return None  # no limit: the file says `max`


def largest(photos: Iterable[Path]) -> tuple[int, int] | None:
    """Height and width of the photo with the most pixels, by the files' heads; None where none can be read."""
    sizes = [size for size in map(size_of, photos) if size is not None]
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


def size_of(photo: Path) -> tuple[int, int] | None:
    """Height and width as the file has them, not turned upright; None where it has none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a bomb is refused when it is read
            with Pillow.open(photo, formats=FORMATS) as picture:
                return picture.height, picture.width
    except Exception:  # decoders raise whatever they like; what cannot be read is reported when its turn comes
        return None
