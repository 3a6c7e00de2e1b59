"""The end of a sweep: all parts there, one table, its record, and what it says."""

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmark.attempts import NO_MEMORY
from benchmark.contestants import FLOOR, Entry
from benchmark.known import is_published
from benchmark.provenance import models_of, now, surroundings
from benchmark.scored import ITEMS_DIGEST, SUMMARY_DIGEST, refuse_other_rows
from benchmark.scoring import readings_of
from benchmark.statistics import summary
from benchmark.store import ITEMS, RUN, SUMMARY, Part, RunStore, content_digest, plain, read_rows, uncovered
from benchmark.store import Question as Key
from benchmark.suite import Suite, SuiteError
from benchmark.suite_of_run import FOLDER
from benchmark.sweep import Sweep


def record_name(part: Part) -> str:
    """The file that says what a job was asked."""
    return RUN if part.count == 1 else f"run-{part.index:04d}-of-{part.count:04d}.json"


def records(store: RunStore) -> dict[str, dict[str, Any]]:
    """What all jobs in a folder were asked, by file."""
    return {path.name: store.read_json(path.name) for path in sorted(store.root.glob("run*.json"))}


def begun(sweep: Sweep, store: RunStore) -> dict[str, Any]:
    """The record of a sweep that begins, kept before the first score; with the models that were there before.

    Raises:
        SuiteError: the folder holds scores of another suite, of another model by the same name, or not those that its
            record was written with.
        OSError: it cannot be written.
    """
    refuse_other_rows(store.root)
    models: dict[str, Any] = {}
    for noted in records(store).values():
        if noted.get("suite_id") != sweep.suite.suite_id:
            raise SuiteError(
                f"{store.root}: holds scores of suite {noted.get('suite_id')}, not {sweep.suite.suite_id}: they are "
                "never mixed; give another --out"
            )
        refuse_others(noted, sweep.entries, store)
        models = together(models, noted.get("models", {}))
    record = {
        "suite_id": sweep.suite.suite_id,
        "suite": {
            "name": sweep.suite.name,
            "task": sweep.suite.task,
            "masks": sweep.suite.masks,
            "clean_photos": any(item.clean_sha256 for item in sweep.suite.items),
            "metrics": list(sweep.suite.metrics),
            "items": len(sweep.suite.items),
            "photos": len(sweep.suite.photos),
            "protocol": sweep.suite.protocol,
            "engine": sweep.suite.engine,
            "commitment": sweep.suite.commitment,
            "published": is_published(sweep.suite),
        },
        "models": together(models, models_of(sweep.entries, sweep.seeds)),
        "part": [sweep.part.index, sweep.part.count],
        "retry": sweep.retry,
        FOLDER: str(sweep.materials.folder.resolve()),
        "device": sweep.opening.device,
        "tile": sweep.opening.tile,
        "timeout": sweep.opening.seconds,
        "patience": sweep.opening.patience,
        "apart": sweep.opening.apart,
        "outputs": None if sweep.outputs is None else sweep.outputs.name,
        "precision": "8-bit pictures; networks as they are, fp32 for those of the zoo",
        "began": now(),
        "ended": None,
    } | surroundings()
    store.write_json(record_name(sweep.part), record)
    return record


def together(there: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of models, and more; a model was asked as often as it was asked most."""
    found = dict(there)
    for label, each in more.items():
        known = found.get(label, each)
        found[label] = known | each | {"seeds": max(known["seeds"], each["seeds"])}
    return found


def refuse_others(noted: Mapping[str, Any], entries: Iterable[Entry], store: RunStore) -> None:
    """Refuse a model that is not the one whose scores are there.

    Raises:
        SuiteError: its weights or its source have changed.
    """
    for entry in entries:
        there = noted.get("models", {}).get(entry.label)
        if there is not None and there["digest"] != entry.digest:
            raise SuiteError(
                f"{store.root}: holds scores of another {entry.label} ({there['identity']}, now {entry.identity}: its "
                f"weights or source changed); call this one otherwise: --model NAME@{entry.what}"
            )


def ended(record: Mapping[str, Any], store: RunStore, part: Part) -> dict[str, Any]:
    """The record of a job that is one of several, at its end; the table is for `merge`.

    Raises:
        OSError: it cannot be written.
    """
    done = {**record, "ended": now()}
    store.write_json(record_name(part), done)
    return done


def wanted_of(suite: Suite, record: Mapping[str, Any]) -> list[Key]:
    """All questions that whoever wrote a record must have answered, in all parts together."""
    return [
        (label, item.item, seed, spec)
        for label, model in record["models"].items()
        for item in suite.items
        for seed in range(model["seeds"])
        for spec in suite.metrics
    ]


def finished(suite: Suite, record: Mapping[str, Any], store: RunStore) -> dict[str, Any]:
    """Keep the one table, what it says, and the record; nothing where a single question is without an answer.

    Raises:
        SuiteError: the cover is incomplete, or rows are of another suite.
        OSError: it cannot be written.
    """
    table = store.rows()
    others = set(plain(table)["suite_id"].unique().to_pylist()) - {suite.suite_id}
    if others:
        raise SuiteError(f"{store.root}: holds rows of suite {min(others)} beside {suite.suite_id}; never mixed")
    wanted = wanted_of(suite, record)
    missing = uncovered(table, wanted)
    if missing:
        model, item, seed, _ = missing[0]
        raise SuiteError(
            f"{store.root}: {len(missing)} of {len(wanted)} answers missing, first {model} on {item} (seed {seed}); "
            f"run the jobs that are to make them, with --model {option_of(model, record)} again"
        )
    store.write_json(RUN, {**record, "ended": None})  # a kill from here on leaves no hash of a table that is no more
    digest = store.finish(table)
    known = scorable(table)
    done = {
        **record,
        "ended": now(),
        "status": statuses(table),
        "short_of_memory": short_of_memory(table),
        "rows": table.num_rows,
        ITEMS_DIGEST: digest,
        "content_sha256": content_digest(table),
    }
    if known.num_rows:
        done[SUMMARY_DIGEST] = store.write_json(SUMMARY, summary(known, readings_of(suite)))
    store.write_json(RUN, done)
    return done


def option_of(model: str, record: Mapping[str, Any]) -> str:
    """What to type behind --model for a model that a record names."""
    what = str(record["models"][model].get("what", model))
    return shlex.quote(model if what == model else f"{model}@{what}")


def scorable(table: pa.Table) -> pa.Table:
    """The rows of the metrics that have a value of the untouched photo at all: of the others nothing can be said."""
    flat = plain(table)
    valued = flat.filter(pc.and_(pc.equal(flat["model"], FLOOR), pc.is_valid(flat["value"])))
    return flat.filter(pc.is_in(flat["metric"], pc.unique(valued["metric"]))).cast(table.schema)


def statuses(table: pa.Table) -> dict[str, dict[str, int]]:
    """How many answers came to what, by model: an answer is one item with one seed, and the worst of its metrics."""
    found: dict[tuple[str, str, int], str] = {}
    flat = plain(table)
    columns = [flat[name].to_pylist() for name in ("model", "item", "seed", "status")]
    for model, item, seed, status in zip(*columns, strict=True):
        if status not in ("ok", "unsupported") or (model, item, seed) not in found:
            found[model, item, seed] = status if status != "unsupported" else "ok"
    counts: dict[str, Counter[str]] = {}
    for (model, _, _), status in found.items():
        counts.setdefault(model, Counter())[status] += 1
    return {model: dict(sorted(each.items())) for model, each in sorted(counts.items())}


def short_of_memory(table: pa.Table) -> dict[str, dict[str, int]]:
    """By model, on how many answers that went well memory ran out first, and what then helped."""
    flat = plain(table)
    good = flat.filter(pc.and_(pc.equal(flat["status"], "ok"), pc.starts_with(flat["error"], NO_MEMORY)))
    answers = {*zip(*(good[name].to_pylist() for name in ("model", "item", "seed", "error")), strict=True)}
    counts = Counter((model, error) for model, _, _, error in answers)
    found: dict[str, dict[str, int]] = {}
    for (model, error), count in sorted(counts.items()):
        found.setdefault(model, {})[error] = count
    return found


def merged(suite: Suite, stores: Iterable[RunStore], into: RunStore) -> dict[str, Any]:
    """The parts of a sweep, from one folder or from several, as one.

    Raises:
        SuiteError: the cover is incomplete, suites or models differ, or rows are not those of their record.
        OSError: it cannot be written.
    """
    record: dict[str, Any] = {}
    for store in stores:
        refuse_other_rows(store.root)
        for name, noted in records(store).items():
            if noted.get("suite_id") != suite.suite_id:
                raise SuiteError(f"{store.root}: {name} is of suite {noted.get('suite_id')}, not {suite.suite_id}")
            models = record.get("models", {})
            for label, there in models.items():
                if noted["models"].get(label, there)["digest"] != there["digest"]:
                    raise SuiteError(f"{store.root}: {name} has another {label} than the others; never mixed")
            record = noted | {"models": together(models, noted["models"])}
        if store.root != into.root:
            carry(store, into)
    if not record:
        raise SuiteError(f"{into.root}: no sweep in it; foxing benchmark run makes one")
    whole = {key: each for key, each in record.items() if key not in (ITEMS_DIGEST, SUMMARY_DIGEST)} | {"part": [0, 1]}
    return finished(suite, whole, into)


def carry(store: RunStore, into: RunStore) -> None:
    """Copy the rows of another folder.

    Raises:
        OSError: it cannot be written.
    """
    for path in [store.root / ITEMS, *sorted((store.root / "shards").glob("*.parquet"))]:
        if path.is_file():
            into.write_shard(plain(read_rows(path)).to_pylist(), Part())
