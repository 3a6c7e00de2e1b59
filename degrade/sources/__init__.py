"""Where clean photos come from: a folder, a pattern, a list, an archive, a dataset in parquet, a dataset on the Hub."""

from pathlib import Path

from degrade.sources.files import EXPORT, Walk, file_source, folder_source, list_source, pattern_source
from degrade.sources.hub import hub_source
from degrade.sources.source import (
    Listed,
    NoColumnError,
    NoSourceError,
    PhotoSource,
    Reader,
    Rejected,
    SourceError,
    is_picture,
)
from degrade.sources.tables import files_of_split, table_source
from degrade.sources.tars import tar_source
from degrade.sources.zips import zip_source

__all__ = ["Listed", "NoSourceError", "PhotoSource", "Reader", "Rejected", "SourceError", "open_source"]

TARS = {
    ".tar": "",
    ".tar.gz": "gz",
    ".tgz": "gz",
    ".tar.bz2": "bz2",
    ".tbz2": "bz2",
    ".tbz": "bz2",
    ".tar.xz": "xz",
    ".txz": "xz",
}
"""How a tar is packed, by the end of its name."""

LISTS = (".txt", ".lst", ".list")


def open_source(where: str, hub: str = "", split: str = "train", column: str = "image") -> PhotoSource:
    """The photos at a place, listed but not read.

    Args:
        where: a folder of pictures or of parquet files, a pattern such as `photos/**/*.jpg`, a text file of paths, a
            zip, a tar (also .gz, .bz2 or .xz), a parquet file, or one picture.
        hub: instead, a dataset on the Hugging Face Hub, `user/name`.
        split: of a dataset.
        column: of a dataset, with its pictures.

    Raises:
        NoSourceError: there is nothing of that kind.
        SourceError: it cannot be read.
    """
    if hub:
        return hub_source(hub, split, column)
    if not where:
        raise NoSourceError("the name of the source is empty; give a folder, and . for this one")
    path = Path(where).absolute()  # workers may run elsewhere
    try:
        if path.is_dir():
            return _folder(path, split, column)
        if path.is_file():
            return _file(path, column)
    except OSError as error:
        raise SourceError(f"{where}: cannot be opened ({error.strerror}); check its permissions") from None
    if any(sign in where for sign in "*?["):
        return pattern_source(str(path))
    raise NoSourceError(f"{where}: no such file or folder; check its name")


def _folder(path: Path, split: str, column: str) -> Listed:
    """Of pictures, unless there are parquet files in it that hold more than notes on them.

    Raises:
        NoSourceError: what it holds was made of photos.
    """
    walk = Walk(path, lambda key: is_picture(key) or key.endswith((".parquet", ".arrow"))).done()
    tables = [key for key in walk.found if key.endswith(".parquet") and not key.endswith("metadata.parquet")]
    if (path / EXPORT).is_file() or (walk.results and not walk.found):
        raise NoSourceError(f"{path}: holds what Foxing made of photos; name the folder of the photos themselves")
    pictures = [key for key in walk.found if is_picture(key)]
    if not tables and not pictures and any(key.endswith(".arrow") for key in walk.found):
        raise NoSourceError(f"{path}: Arrow files, as of save_to_disk; write them with to_parquet, and name its folder")
    if not tables:
        return folder_source(path, pictures, walk.rejected)
    chosen = [str(path / key) for key in files_of_split(tables, split, str(path))]
    try:
        found = table_source(f"parquet {path.resolve().name} {split}", chosen, column)
    except NoColumnError:  # notes on the pictures, under whatever name
        if not pictures:
            raise
        return folder_source(path, pictures, walk.rejected)
    return Listed.of(found.name, found.reader, found.found, [*found.rejected, *walk.rejected])


def _file(path: Path, column: str) -> Listed:
    name = path.name.lower()
    if name.endswith(".zip"):
        return zip_source(path)
    for end, packing in TARS.items():
        if name.endswith(end):
            return tar_source(path, packing)
    if name.endswith(".parquet"):
        return table_source(f"parquet {path.name}", [str(path)], column)
    if name.endswith(LISTS):
        return list_source(path)
    if not is_picture(name):
        raise NoSourceError(f"{path}: no picture, and no list of paths (.txt), zip, tar or parquet; check its name")
    return file_source(path)
