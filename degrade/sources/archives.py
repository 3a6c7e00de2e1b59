"""What zip and tar files have in common: nothing is ever unpacked under a name that an archive chose."""

import contextlib
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Container, Iterator
from pathlib import Path
from typing import IO

from degrade.io import is_passing, unread
from degrade.sources.source import MAX_BYTES, SourceError, is_hidden, is_picture, unsafe

DAMAGE = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile)
"""What the decompressors raise on a damaged archive."""

TOO_LARGE = f"over the limit of {MAX_BYTES >> 20} MiB for one photo"


def rejects(name: str, why: str, index: Container[str], rejected: list[tuple[str, str]]) -> bool:
    """Whether a member is no photo of ours; what is wrong with it is noted, what is merely no picture is not."""
    why = why or unsafe(name)
    if not why and (is_hidden(name) or not is_picture(name)):
        return True
    if not why and name in index:
        why = "a second member of this name; the first is taken"
    if why:
        rejected.append((name, why))
    return bool(why)


def refuse_failing(error: Exception) -> None:
    """Raise again what the system says, and no decompressor: what it concerns is not damaged, but cannot be read."""
    if isinstance(error, OSError) and error.errno is not None:
        raise error


@contextlib.contextmanager
def unchanged(path: str, length: int) -> Iterator[IO[bytes]]:
    """The archive, as long as it was when it was listed.

    Raises:
        PassingError: it cannot be read just now.
        SourceError: it is gone or has changed.
    """
    try:
        with Path(path).open("rb") as file:
            if os.fstat(file.fileno()).st_size != length:
                raise SourceError(f"{path}: has changed since it was listed; run again")
            yield file
    except OSError as error:
        if is_passing(error):
            raise unread(error, path, "") from None
        raise SourceError(f"{path}: cannot be opened ({error.strerror}); bring it back and run again") from None
