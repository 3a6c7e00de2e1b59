"""What in a folder is a corpus's own, and what is somebody else's: that is never touched."""

from degrade.corpus.card import README, begin_card
from degrade.corpus.card_text import CHART, PREVIEW
from degrade.corpus.croissant import CROISSANT
from degrade.corpus.plan_files import BUILD, CorpusError
from degrade.corpus.shard_files import SHARD
from degrade.corpus.stats import STATS
from degrade.corpus.store import HIDDEN, Folder, ObjectStore

REJECTED = "rejected.csv"

OWN_FILES = (CROISSANT, PREVIEW, STATS, REJECTED, CHART, README)
"""What a finished corpus has beside its shards."""


def lost_files(store: Folder | ObjectStore) -> list[str]:
    """Those of `OWN_FILES` that are not there."""
    return [name for name in OWN_FILES if store.size(name) is None]


def refuse_strangers(store: Folder | ObjectStore) -> None:
    """Begin no corpus where something else is; hidden files may be there, as those of git.

    Raises:
        CorpusError: there is something.
    """
    _refuse(store, [name for name in store.inside() if not name.startswith(".")], "give an empty folder")


def erase(store: Folder | ObjectStore) -> None:
    """Take away a corpus, and nothing that is not one.

    Raises:
        CorpusError: there is something else, beside the corpus or in its place; then nothing was taken away.
    """
    if store.size(BUILD) is None:
        refuse_strangers(store)
        return
    store.sweep()
    inside = [f"{folder}{name}" for folder in ("", "data/", "assets/") for name in store.inside(folder)]
    shards = [name for name in inside if SHARD.fullmatch(name.removeprefix("data/")) and name.startswith("data/")]
    strange = [name for name in inside if name not in {*OWN_FILES, "data/", "assets/", *shards}]
    _refuse(store, [name for name in strange if not name.startswith(".")], "move it away, or give another folder")
    begin_card(store)  # first, so that what is left can never be taken for whole
    entries = [f"{HIDDEN}/shards/{name}" for name in store.names(f"{HIDDEN}/shards")]
    for name in (*entries, *shards, *OWN_FILES):
        store.remove(name)
    store.remove(BUILD)  # when nothing is left but what may lie in the place of a new corpus: it can be tried again
    for name in store.names(HIDDEN):
        store.remove(f"{HIDDEN}/{name}")


def _refuse(store: Folder | ObjectStore, strangers: list[str], remedy: str) -> None:
    if strangers:
        raise CorpusError(f"{store.where}: there is something else in it ({strangers[0]}); {remedy}")
