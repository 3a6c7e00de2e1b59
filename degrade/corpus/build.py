"""A corpus from its plan to its card: only what is missing is made, and choices are never mixed."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from degrade.corpus.belongings import REJECTED, lost_files, refuse_strangers
from degrade.corpus.card import README, begin_card, has_card, tells_of, write_card
from degrade.corpus.config import OLD, Config, Shard, canonical, planned
from degrade.corpus.plan_files import (
    BUILD,
    Away,
    CorpusError,
    choices_of,
    keys_of,
    refuse_changes,
    shards_of,
    turned_away,
    write_plan,
)
from degrade.corpus.runners import Runner, Task, Tick
from degrade.corpus.shards import Made, entry_in, entry_name
from degrade.corpus.store import HIDDEN, Folder, ObjectStore
from degrade.corpus.unread import are_back, refuse_gone
from degrade.sources.source import NO_PHOTO, PhotoSource


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made, and what of it is there."""

    task: Task
    shards: tuple[Shard, ...]
    done: dict[str, Made]
    """By the shard's name."""

    again: frozenset[str] = frozenset()
    """Of what is there the shards whose photos could not all be read then, and some of them can be now."""

    unplanned: int = 0
    """Photos that are in the source now, and were not when the corpus was begun."""

    @property
    def missing(self) -> list[Shard]:
        """The shards that are still to make."""
        return [shard for shard in self.shards if shard.name not in self.done]

    def todo(self, part: tuple[int, int]) -> list[Shard]:
        """The shards of one job: `part` (i, n) is every n-th of all, from the i-th; what is missing comes first."""
        index, count = part
        mine = self.shards[index::count]
        missing = [shard for shard in mine if shard.name not in self.done]
        return missing + [shard for shard in mine if shard.name in self.again]

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
    begun = None if store.size(BUILD) is not None else _begun(data, photos, old, store, limit)
    refuse_changes(store, json.loads(canonical(data)))
    keys, old_keys = begun or keys_of(store)
    if store.size(README) is None:
        begin_card(store)
    shards = tuple(planned(keys, config.shares, config.photos_per_shard, old_keys))
    task = Task(config, photos.reader, old.reader if old else None, store)
    plan = Plan(task, shards, manifest(store, shards))
    return plan if begun else _resumed(plan, photos, set(keys), limit)


def _resumed(plan: Plan, photos: PhotoSource, keys: set[str], limit: int) -> Plan:
    """The plan, compared with what is in the source now.

    Raises:
        CorpusError: photos are still needed, and there are only others.
    """
    there = set(photos.keys())
    if plan.missing and keys.isdisjoint(there):
        raise CorpusError(
            f"{plan.task.store.where}: none of its photos is in {photos.name} now; "
            "bring them back, or name the source that it was begun with"
        )
    again = frozenset(name for name, made in plan.done.items() if are_back(plan.task, made))
    if again and has_card(plan.task.store):
        begin_card(plan.task.store)  # it will tell of other rows
    return replace(plan, again=again, unplanned=0 if limit else len(there - keys))


def _begun(
    data: dict[str, Any], photos: PhotoSource, old: PhotoSource | None, store: Folder | ObjectStore, limit: int
) -> tuple[Sequence[str], Sequence[str]] | None:
    """The keys of a corpus that is begun now; None where another job was quicker.

    Raises:
        CorpusError: there is something else in its place, or no photo.
    """
    refuse_strangers(store)
    keys, old_keys = photos.keys()[: limit or None], old.keys() if old else ()
    if not keys:
        raise CorpusError(f"{photos.name}: {NO_PHOTO}")
    away = [("", *each) for each in photos.rejected] + [(OLD, *each) for each in (old.rejected if old else ())]
    with store.beginning():
        if store.size(BUILD) is not None:
            return None
        write_plan(store, data, keys, old_keys, away)
    return keys, old_keys


def made_all(plan: Plan, runner: Runner, tick: Tick, part: tuple[int, int] = (0, 1)) -> Iterator[Made]:
    """Each missing shard as it is done; of one job's part alone, if it is one of several.

    Raises:
        SourceError: the photos cannot be read any more.
    """
    for made in runner.run(plan.task, plan.todo(part), tick):
        yield made
        refuse_gone(plan.task, plan.shards, made)


def finish(store: Folder | ObjectStore) -> list[Made]:
    """The entries of a corpus that is all there, its card and tables written.

    A card that tells of these very entries stays: its owner may have set a licence in it.

    Raises:
        CorpusError: something is missing.
    """
    if missing := unfinished(store):
        raise CorpusError(f"{store.where}: {missing[0]} is missing; run the build again")
    shards = shards_of(store)
    done = manifest(store, shards)
    entries = [done[shard.name] for shard in shards]
    keeps = tells_of(store, entries)
    if keeps and not lost_files(store):
        return entries
    if not keeps:
        begin_card(store)  # so that no card of other entries is taken for theirs, wherever this ends
    store.sweep()
    with store.writing(REJECTED) as file:
        file.write(rejected_csv(entries, turned_away(store)).encode("utf-8", "backslashreplace"))
    write_card(store, choices_of(store), entries, keeps=keeps)
    return entries


def unfinished(store: Folder | ObjectStore) -> list[str]:
    """The shards that a corpus still lacks.

    Raises:
        CorpusError: there is no corpus.
    """
    shards = shards_of(store)
    done = manifest(store, shards)
    return [shard.path for shard in shards if shard.name not in done]


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


def rejected_csv(entries: Sequence[Made], away: Sequence[Away] = ()) -> str:
    """The photos that gave no row, and why, as a table; what was turned away unread is in no split."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("split", "key", "reason"))
    for made in entries:
        writer.writerows((made.split, key, why) for key, why in made.rejected)
    writer.writerows(away)
    return table.getvalue()
