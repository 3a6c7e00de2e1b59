"""Photos of a dataset on the Hugging Face Hub: its parquet files, read through the network as they are needed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from degrade.sources.rows import EXTRA, Remote
from degrade.sources.source import Listed, NoSourceError, SourceError
from degrade.sources.tables import files_of_split, table_source

NAME = re.compile(r"[\w.-]+(/[\w.-]+)?(@[\w./-]+)?")

CONVERTED = "refs/convert/parquet"
"""The branch on which the Hub keeps a parquet copy of datasets of other kinds."""


def hub_source(name: str, split: str, column: str, remote: Remote | None = None) -> Listed:
    """The pictures of a dataset by its name on the Hub, `user/name` or `user/name@revision`.

    Nothing of a dataset is ever run; one whose pictures are in no parquet file is refused. Where `HF_HUB_OFFLINE` is
    set, the copy in the cache is read.

    Args:
        name: user and name, and perhaps a revision.
        split: which part.
        column: where the pictures are.
        remote: the file system to read; of the Hub if None.

    Raises:
        SourceError: it is not there, needs a login, or cannot be reached.
    """
    if not NAME.fullmatch(name) or ".." in name:
        raise NoSourceError(f"{name}: no name of a dataset on the Hub; write it as user/name")
    title = f"hub {name} {split}"
    try:
        if remote is None and _is_offline():
            folder = _cached(name)
            files = [str(path) for path in sorted(folder.rglob("*.parquet"))]
            return table_source(title, _chosen(files, str(folder), split, name), column)
        system = remote or _hub()
        for place in _places(name, pinned=remote is None):
            files = [path for path in system.find(f"datasets/{place}") if path.endswith(".parquet")]
            if files:
                break
        return table_source(title, _chosen(files, f"datasets/{place}", split, name), column, system)
    except ImportError:
        raise SourceError(f"{name}: the Hub needs huggingface_hub; {EXTRA}") from None
    except SourceError:
        raise
    except Exception as error:  # the library, and three more below it
        raise SourceError(f"{name}: {_reason(error)}") from None


def _chosen(files: list[str], root: str, split: str, name: str) -> list[str]:
    """The files of the split; words in the folders above the dataset, and in its name, name none."""
    if not files:
        raise SourceError(f"{name}: no parquet files; download it and name the folder of its pictures")
    within = {path.removeprefix(root).lstrip("/"): path for path in files}
    return [within[path] for path in files_of_split(sorted(within), split, name)]


def _places(name: str, *, pinned: bool) -> Iterator[str]:
    """Where its parquet files may lie: on its main branch, or on that of the parquet copy.

    Args:
        name: of the dataset.
        pinned: whether to name the commit, so that a dataset that changes meanwhile is still read as it was listed.
    """
    if "@" in name:
        yield name
        return
    yield f"{name}@{_commit(name, 'main')}" if pinned else name
    yield f"{name}@{_commit(name, CONVERTED)}" if pinned else f"{name}@{CONVERTED}"


def _is_offline() -> bool:
    from huggingface_hub.constants import is_offline_mode  # noqa: PLC0415  (an extra)

    return bool(is_offline_mode())


def _commit(name: str, revision: str) -> str:
    from huggingface_hub import HfApi  # noqa: PLC0415  (an extra)
    from huggingface_hub.errors import RevisionNotFoundError  # noqa: PLC0415

    try:
        return str(HfApi().dataset_info(name, revision=revision).sha)
    except RevisionNotFoundError:
        raise SourceError(f"{name}: no parquet files; download it and name the folder of its pictures") from None


def _hub() -> Any:
    from huggingface_hub import HfFileSystem  # noqa: PLC0415  (an extra)

    return HfFileSystem()


def _cached(name: str) -> Path:
    """The folder of a dataset that was downloaded before."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415  (an extra)

    repository, _, revision = name.partition("@")
    try:
        return Path(
            snapshot_download(repository, repo_type="dataset", revision=revision or None, local_files_only=True)
        )
    except OSError:
        fetch = f"fetch it once with: hf download {repository} --repo-type dataset"
        raise SourceError(f"{name}: HF_HUB_OFFLINE is set and the cache has no copy; unset it, or {fetch}") from None


def _reason(error: Exception) -> str:
    """What went wrong and what to do."""
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError  # noqa: PLC0415  (an extra)

    said = str(error).partition("\n")[0].strip() or type(error).__name__
    if isinstance(error, GatedRepoError) or isinstance(error.__cause__, GatedRepoError):
        return "gated; accept its terms on its page, then log in with: hf auth login"
    if isinstance(error, FileNotFoundError | RepositoryNotFoundError) or "401 Unauthorized" in said:
        return "no such dataset on the Hub; check its name, and log in with `hf auth login` if it is private"
    return f"cannot be reached ({said}); check the connection"
