"""A finished corpus on the Hugging Face Hub."""

import re
from dataclasses import dataclass
from pathlib import Path

from degrade.console import one_line, reason
from degrade.corpus.belongings import lost_files
from degrade.corpus.build import unfinished
from degrade.corpus.card import README, has_card
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.store import Folder

TEMPORARY = ["*.tmp", "*.part"]
"""What a killed run may leave behind: all that is not sent."""

NEVER_SENT = {".git", ".cache"}
"""Folders that the Hub takes from nobody, as a corpus has that was cloned from it."""

STALE = ["data/*-of-*.parquet", ".foxing/shards/*.json"]
"""Shards of an earlier push that this corpus lacks go: else the Hub would mix the two."""


class PushError(RuntimeError):
    """A corpus that cannot be pushed, with what to do, in one line."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was sent, or would be."""

    url: str
    """Of the dataset's page; empty where nothing was sent."""

    files: tuple[tuple[str, int], ...]
    """Names and sizes in bytes."""

    @property
    def bytes(self) -> int:
        """All of it."""
        return sum(size for _, size in self.files)


def push(folder: Path, repo_id: str, *, private: bool, dry_run: bool) -> Pushed:
    """Send a finished corpus to a dataset of the Hub; sending again goes on where it was broken off.

    Args:
        folder: the corpus.
        repo_id: user/name.
        private: a dataset that is made anew is seen by its owner alone.
        dry_run: only say what would be sent; asks nobody.

    Raises:
        CorpusError: there is no corpus, or the name is none of a dataset.
        PushError: it is not finished, the library is missing, nobody is logged in, or the Hub refuses.
        OSError: the folder cannot be read.
    """
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repo_id):
        raise CorpusError(f"{repo_id}: no name of a dataset on the Hub; write it as user/name")
    store = Folder(str(folder))
    card = [] if has_card(store) else [README]
    if lacks := unfinished(store) or card or lost_files(store):
        raise PushError(f"{folder}: not finished, it lacks {lacks[0]}; run its build again first")
    files = _files(folder)
    if dry_run:
        return Pushed("", files)
    return Pushed(_sent(folder, repo_id, private=private), files)


def _files(folder: Path) -> tuple[tuple[str, int], ...]:
    every = (path for path in folder.rglob("*") if path.is_file() and not any(map(path.match, TEMPORARY)))
    names = {path.relative_to(folder): path for path in every}
    sent = {name: path for name, path in names.items() if not NEVER_SENT & {*name.parts}}
    return tuple(sorted((name.as_posix(), path.stat().st_size) for name, path in sent.items()))


def _sent(folder: Path, repo_id: str, *, private: bool) -> str:
    try:
        import huggingface_hub as hub  # noqa: PLC0415  (an extra)
        from huggingface_hub.constants import is_offline_mode  # noqa: PLC0415
    except ModuleNotFoundError:
        raise PushError("pushing needs huggingface_hub: pip install 'foxing[corpus]'") from None
    if is_offline_mode():
        raise PushError("HF_HUB_OFFLINE is set, so nothing can be pushed; unset it")
    if hub.get_token() is None:
        raise PushError("nobody is logged in to the Hub; run hf auth login, or set HF_TOKEN")
    api = hub.HfApi()
    try:
        where = api.create_repo(repo_id, repo_type="dataset", private=private or None, exist_ok=True)
        api.upload_folder(
            repo_id=where.repo_id,
            repo_type="dataset",
            folder_path=folder,
            commit_message="Push a corpus made by Foxing",
            ignore_patterns=TEMPORARY,
            delete_patterns=STALE,
        )
    except Exception as error:  # what the network's libraries raise is theirs alone
        remedy = "" if answered(error) else "; check the connection, and run it again"
        raise PushError(f"{repo_id}: {one_line(reason(error))}{remedy}") from None
    return str(where)


def answered(error: BaseException) -> bool:
    """Whether the Hub itself said no: then its words say what to do."""
    return getattr(error, "response", None) is not None
