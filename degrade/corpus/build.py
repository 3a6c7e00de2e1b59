"""A corpus from its plan to its card: only what is missing is made, and choices are never mixed."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from degrade.corpus.card import README, begin_card, has_card, write_card
from degrade.corpus.config import OLD, Config, Shard, canonical, planned
from degrade.corpus.plan_files import BUILD, Away, CorpusError, choices_of, keys_of, turned_away, write_plan
from degrade.corpus.runners import Runner, Task, Tick
from degrade.corpus.shards import Made, entry_in, entry_name
from degrade.corpus.store import HIDDEN, Folder, ObjectStore
from degrade.sources.source import PhotoSource

REJECTED = "rejected.csv"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made, and what of it is there."""

    task: Task
    shards: tuple[Shard, ...]
    done: dict[str, Made]
    """By the shard's name."""

    unplanned: int = 0
    """Photos that are in the source now, and were not when the corpus was begun."""

    @property
    def missing(self) -> list[Shard]:
        """The shards that are still to make."""
        return [shard for shard in self.shards if shard.name not in self.done]

    def todo(self, part: tuple[int, int]) -> list[Shard]:
        """Of the missing shards those of one job: `part` (i, n) is every n-th of all shards, from the i-th."""
        index, count = part
        return [shard for shard in self.shards[index::count] if shard.name not in self.done]

    @property
    def photos(self) -> int:
        """How many photos the corpus is made of."""
        return sum(len(shard.keys) for shard in self.shards)


def prepared(
    config: Config, photos: PhotoSource, old: PhotoSource | None, store: Folder | ObjectStore, limit: int = 0
) -> Plan:
    """The plan of a corpus, begun anew or taken up again.

    Args:
        config: the choices.
        photos: clean photos.
        old: real old photos, if any.
        store: where the corpus is or will be.
        limit: only so many photos; 0 is all.

    Raises:
        CorpusError: there is another corpus, or something else.
    """
    data = config.data() | {"source": photos.name, "old": old.name if old else None, "limit": limit}
    if store.size(BUILD) is None:
        _refuse_strangers(store)
        keys, old_keys = list(photos.keys())[: limit or None], list(old.keys()) if old else []
        if not keys:
            raise CorpusError(f"{photos.name}: no photo in it")
        away = [("", *each) for each in photos.rejected] + [(OLD, *each) for each in (old.rejected if old else ())]
        write_plan(store, data, keys, old_keys, away)
        unplanned = 0
    else:
        _refuse_changes(choices_of(store), json.loads(canonical(data)), store.where)
        keys, old_keys = keys_of(store)
        unplanned = 0 if limit else len(set(photos.keys()) - set(keys))
    if store.size(README) is None:
        begin_card(store)
    shards = tuple(planned(keys, config.shares, config.photos_per_shard, old_keys))
    return Plan(
        Task(config, photos.reader, old.reader if old else None, store), shards, manifest(store, shards), unplanned
    )


def made_all(plan: Plan, runner: Runner, tick: Tick, part: tuple[int, int] = (0, 1)) -> Iterator[Made]:
    """Each missing shard as it is done; of one job's part alone, if it is one of several."""
    yield from runner.run(plan.task, plan.todo(part), tick)


def finish(store: Folder | ObjectStore, *, anew: bool = True) -> list[Made]:
    """The entries of a corpus that is all there, its card and tables written.

    Args:
        store: where the corpus is.
        anew: whether to write the card where there is one: its owner may have set a licence in it.

    Raises:
        CorpusError: something is missing.
    """
    if missing := unfinished(store):
        raise CorpusError(f"{store.where}: {missing[0]} is missing; run the build again")
    shards = shards_of(store)
    entries = [manifest(store, shards)[shard.name] for shard in shards]
    if not anew and has_card(store):
        return entries
    store.sweep()
    with store.writing(REJECTED) as file:
        file.write(rejected_csv(entries, turned_away(store)).encode("utf-8", "backslashreplace"))
    write_card(store, choices_of(store), entries)
    return entries


def unfinished(store: Folder | ObjectStore) -> list[str]:
    """The shards that a corpus still lacks.

    Raises:
        CorpusError: there is no corpus.
    """
    shards = shards_of(store)
    done = manifest(store, shards)
    return [shard.path for shard in shards if shard.name not in done]


def shards_of(store: Folder | ObjectStore) -> list[Shard]:
    """The plan of a corpus, from its own record.

    Raises:
        CorpusError: there is no corpus.
    """
    build = choices_of(store)
    keys, old_keys = keys_of(store)
    return planned(keys, build["shares"], build["photos_per_shard"], old_keys)


def manifest(store: Folder | ObjectStore, shards: Sequence[Shard]) -> dict[str, Made]:
    """The entries of the shards that are there, whole, by the shard's name."""
    noted = set(store.names(f"{HIDDEN}/shards"))
    entries = {}
    for shard in shards:
        if f"{shard.name}.json" in noted:
            made = entry_in(store.read(entry_name(shard)))
            if made and store.size(shard.path) == made.bytes:
                entries[shard.name] = made
    return entries


def erase(store: Folder | ObjectStore) -> None:
    """Take away a corpus, and nothing that is not one.

    Raises:
        CorpusError: there is something else.
    """
    if store.size(BUILD) is None:
        _refuse_strangers(store)
        return
    begin_card(store)  # first, so that what is left can never be taken for whole
    for folder in (f"{HIDDEN}/shards", "data", "assets"):
        for name in store.names(folder):
            store.remove(f"{folder}/{name}")
    for name in OWN_FILES:
        store.remove(name)
    store.remove(BUILD)  # when nothing is left but what may lie in the place of a new corpus: it can be tried again
    for name in store.names(HIDDEN):
        store.remove(f"{HIDDEN}/{name}")


OWN_FILES = (README, "croissant.json", "preview.png", "stats.json", REJECTED)
"""What a finished corpus has beside its shards."""


def rejected_csv(entries: Sequence[Made], away: Sequence[Away] = ()) -> str:
    """The photos that gave no row, and why, as a table; what was turned away unread is in no split."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("split", "key", "reason"))
    for made in entries:
        writer.writerows((made.split, key, why) for key, why in made.rejected)
    writer.writerows(away)
    return table.getvalue()


def _refuse_strangers(store: Folder | ObjectStore) -> None:
    if strangers := [name for name in store.names("") if not name.startswith(".")] + store.names("data"):
        raise CorpusError(f"{store.where}: there is something else in it ({strangers[0]}); give an empty folder")


def _refuse_changes(then: dict[str, Any], now: dict[str, Any], where: str) -> None:
    changed = [name for name in sorted(then.keys() | now.keys()) if then.get(name) != now.get(name)]
    if changed:
        name = changed[0]
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        before, after = (shortened(canonical(each.get(name))) for each in (then, now))
        raise CorpusError(
            f"{where}: begun with {name} = {before}, not {after}{more}; "
            "give another folder, or --overwrite to begin anew"
        )


def shortened(text: str) -> str:
    """The text, cut where it is too long for a line."""
    return text if len(text) <= 90 else f"{text[:87]}..."
