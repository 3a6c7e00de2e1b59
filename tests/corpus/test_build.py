"""Corpora: the same bytes whoever makes them, whatever broke them off; and nothing half-written is taken for whole."""

import csv
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest
from charts import chart

from degrade.corpus.build import erase, finish, made_all, prepared
from degrade.corpus.card import has_card
from degrade.corpus.checking import checked
from degrade.corpus.columns import COLUMNS
from degrade.corpus.config import Config, planned, split_of
from degrade.corpus.export import export
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.processes import Processes
from degrade.corpus.runners import Runner, Threads
from degrade.corpus.store import Folder, ObjectStore, open_store
from degrade.effects.foxing import Foxing
from degrade.io import write_png
from degrade.presets import PRESETS
from degrade.record import FromEffect, FromPipeline
from degrade.sources import open_source

MILD = FromPipeline(PRESETS["mild"], "preset")
PAPER = FromPipeline(PRESETS["wan2020-paper"], "preset")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen small clean photos, PNG and JPEG, one in a folder of its own."""
    folder = tmp_path_factory.mktemp("photos")
    for number in range(14):
        picture = np.roll(chart(72 + number, 96), 5 * number, axis=1)
        if number % 2:
            cv2.imwrite(str(folder / f"{number:02d}.jpg"), picture[..., ::-1])
        else:
            write_png(folder / ("in ü" if number == 4 else ".") / f"{number:02d}.png", picture)
    return folder


def config(**changes: Any) -> Config:
    return Config(**({"recipes": (MILD,), "seed": 3, "shard_photos": 3, "shares": (0.6, 0.2, 0.2)} | changes))


def build(photos: Path, out: Path | str, runner: Runner | None = None, old: Path | None = None, **changes: Any) -> Any:
    """A corpus, begun or taken up, and ended."""
    store = open_store(str(out))
    plan = prepared(config(**changes), open_source(str(photos)), open_source(str(old)) if old else None, store)
    list(made_all(plan, runner or Threads(2), lambda _: None))
    return finish(store)


def contents(folder: Path) -> dict[str, str]:
    """Every file of a folder, hidden ones too, by the hash of its bytes."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows(folder: Path, *columns: str) -> list[dict[str, Any]]:
    tables = [
        pq.read_table(path, columns=list(columns) or None) for path in sorted((folder / "data").glob("*.parquet"))
    ]
    return [row for table in tables for row in table.to_pylist()]


def foxing(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "foxing", "degrade", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.fixture(scope="module")
def undisturbed(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus made in one go by one thread."""
    out = tmp_path_factory.mktemp("undisturbed") / "corpus"
    build(photos, out, Threads(1))
    return out


def test_rows_have_every_column_and_photos_stay_in_one_split(undisturbed: Path, photos: Path) -> None:
    found = rows(undisturbed)
    assert list(found[0]) == list(COLUMNS)
    assert sorted(row["key"] for row in found) == sorted(open_source(str(photos)).keys())
    for path in (undisturbed / "data").glob("*.parquet"):
        split = path.name.partition("-")[0]
        assert {split_of(key, (0.6, 0.2, 0.2)) for key in pq.read_table(path)["key"].to_pylist()} == {split}


def test_an_unchanged_clean_photo_keeps_its_bytes(undisturbed: Path, photos: Path) -> None:
    kept = {row["key"]: row["clean"]["bytes"] for row in rows(undisturbed) if not row["moved"]}
    assert kept
    assert all(data == (photos / key).read_bytes() for key, data in kept.items())


@pytest.mark.parametrize("runner", [Threads(4), Processes(2)], ids=["threads", "processes"])
def test_every_runner_makes_the_same_bytes(runner: Runner, photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    build(photos, tmp_path / "corpus", runner)
    assert contents(tmp_path / "corpus") == contents(undisturbed)


def test_jobs_that_share_the_work_make_the_same_bytes(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    store = Folder(str(tmp_path / "corpus"))
    for index in (2, 0):
        list(
            made_all(prepared(config(), open_source(str(photos)), None, store), Threads(1), lambda _: None, (index, 3))
        )
    with pytest.raises(CorpusError, match="is missing; run the build again"):
        finish(store)
    list(made_all(prepared(config(), open_source(str(photos)), None, store), Threads(1), lambda _: None, (1, 3)))
    finish(store)
    assert contents(tmp_path / "corpus") == contents(undisturbed)


def test_an_object_store_gets_the_same_bytes(photos: Path, undisturbed: Path) -> None:
    build(photos, "memory://bucket/corpus")
    store = ObjectStore("memory://bucket/corpus")
    for name, digest in contents(undisturbed).items():
        assert hashlib.sha256(store.read(name)).hexdigest() == digest


def test_what_is_missing_or_cut_short_is_made_again(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    build(photos, out)
    first, second = sorted((out / "data").glob("*.parquet"))[:2]
    first.unlink()
    second.write_bytes(second.read_bytes()[:-100])
    third = sorted((out / ".foxing" / "shards").glob("*.json"))[2]
    third.unlink()
    (out / "data" / ".train-0.parquet.x.tmp").write_bytes(b"left by a kill")
    Folder(str(out)).sweep()
    build(photos, out)
    assert contents(out) == contents(undisturbed)


def test_a_corpus_killed_twice_ends_the_same(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    words = ["build", photos, out, "--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20"]
    chance = random.Random(5)
    command = [sys.executable, "-m", "foxing", "degrade", *map(str, words), "--workers", "2"]
    for _ in range(2):
        run = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert run.stderr is not None
        run.stderr.readline()  # the first shard of this run is there
        time.sleep(chance.uniform(0, 0.05))
        run.send_signal(signal.SIGKILL)
        run.wait()
        run.stderr.close()
    done = foxing(*words)
    assert done.returncode == 0, done.stderr
    assert contents(out) == contents(undisturbed)


def test_ctrl_c_is_130_and_the_next_run_goes_on(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    words = ["build", photos, out, "--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20"]
    command = [sys.executable, "-m", "foxing", "degrade", *map(str, words)]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert run.stderr is not None
    run.stderr.readline()
    run.send_signal(signal.SIGINT)
    run.wait()
    run.stderr.close()
    assert run.returncode in (130, 0)  # 0 where it was quicker
    assert foxing(*words).returncode == 0
    assert contents(out) == contents(undisturbed)


def test_ctrl_c_ends_worker_processes_at_once_and_in_silence(photos: Path, tmp_path: Path) -> None:
    words = ["build", photos, tmp_path / "corpus", "--preset", "mild", "--variants", "400", "--runner", "processes"]
    command = [sys.executable, "-m", "foxing", "degrade", *map(str, words)]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not list(tmp_path.glob("corpus/data/.*.tmp")):
        assert run.poll() is None
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does it: to the workers too
    begun = time.monotonic()
    _, said = run.communicate()
    assert (run.returncode, said) == (130, "")
    assert time.monotonic() - begun < 10  # what is half-made would take minutes


def test_two_builds_in_one_place_do_not_get_in_each_others_way(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    words = ["build", photos, out, "--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20"]
    with Folder(str(out)).claimed(alone=True):
        for more in ([], ["--shard-index", "0", "--num-shards", "2"]):
            run = foxing(*words, *more)
            said = "another build is at work there; wait until it ends; run the same command again to go on"
            assert (run.returncode, run.stderr) == (1, f"foxing: {out}: {said}\n")
    with Folder(str(out)).claimed(alone=False), Folder(str(out)).claimed(alone=False):
        assert foxing(*words).returncode == 1
    assert foxing(*words).returncode == 0
    assert contents(out) == contents(undisturbed)


def test_other_choices_are_refused_in_one_line(photos: Path, undisturbed: Path) -> None:
    before = contents(undisturbed)
    run = foxing(
        "build", photos, undisturbed, "--preset", "mild", "--seed", "4", "--shard-photos", "3", "--shares", "60,20,20"
    )
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    assert "begun with seed = 3, not 4; give another folder, or --overwrite to begin anew" in run.stderr
    assert contents(undisturbed) == before


def test_overwrite_begins_anew_and_never_in_a_strangers_folder(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    build(photos, out, seed=9)
    words = ("--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20", "--overwrite")
    assert foxing("build", photos, out, *words).returncode == 0
    assert contents(out) == contents(undisturbed)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    run = foxing("build", photos, tmp_path / "mine", *words)
    assert run.returncode == 2
    assert "there is something else in it (thesis.txt)" in run.stderr
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "precious"


def _small_files_only() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))


def test_a_full_disk_is_a_failure_that_the_next_run_mends(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    words = ["build", photos, out, "--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20"]
    run = foxing(*words, preexec_fn=_small_files_only, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})
    assert run.returncode == 1
    assert f"foxing: {out}/" in run.stderr  # a system says that there is no room, and not where
    assert "run the same command again to go on" in run.stderr
    assert not list((out / "data").glob("*.parquet"))
    assert foxing(*words).returncode == 0
    assert contents(out) == contents(undisturbed)


def test_a_source_that_is_gone_is_a_failure(photos: Path, tmp_path: Path) -> None:
    store = Folder(str(tmp_path / "corpus"))
    plan = prepared(config(), open_source(str(photos)), None, store)
    away = photos.with_name("away")
    photos.rename(away)
    try:
        with pytest.raises(Exception, match="photos"):
            list(made_all(plan, Threads(1), lambda _: None))
    finally:
        away.rename(photos)
    assert not list((tmp_path / "corpus" / "data").glob("*.parquet"))


def test_broken_photos_are_named_and_the_rest_is_there(photos: Path, tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    for path in photos.glob("*.*g"):
        (mixed / path.name).write_bytes(path.read_bytes())
    (mixed / "cut.png").write_bytes((photos / "00.png").read_bytes()[:300])
    (mixed / "text.jpg").write_text("no picture")
    (mixed / "empty.png").write_bytes(b"")
    words = ["build", mixed, tmp_path / "corpus", "--preset", "mild"]
    run = foxing(*words, "--json")
    assert run.returncode == 0
    assert {each["key"] for each in json.loads(run.stdout)["rejected"]} == {"cut.png", "text.jpg", "empty.png"}
    table = list(csv.DictReader((tmp_path / "corpus" / "rejected.csv").read_text().splitlines()))
    assert {row["key"] for row in table} == {"cut.png", "text.jpg", "empty.png"}
    assert {row["key"] for row in rows(tmp_path / "corpus", "key")} == {path.name for path in photos.glob("*.*g")}
    assert foxing(*words, "--strict").returncode == 1


def test_one_photo_more_changes_no_other_row(photos: Path, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    for path in photos.glob("*.*g"):
        (more / path.name).write_bytes(path.read_bytes())
    write_png(more / "05b.png", chart(80, 80))
    build(photos, tmp_path / "few")
    build(more, tmp_path / "many")
    few, many = ({row["key"]: row for row in rows(tmp_path / name)} for name in ("few", "many"))
    assert all(many[key] == row for key, row in few.items() if "/" not in key)


def test_variants_and_presets_multiply_and_differ(photos: Path, tmp_path: Path) -> None:
    build(photos, tmp_path / "corpus", recipes=(MILD, PAPER), variants=3)
    found = rows(tmp_path / "corpus", "key", "preset", "variant", "recipe", "degraded_sha256")
    assert len(found) == 14 * 2 * 3
    assert len({(row["key"], row["preset"], row["variant"]) for row in found}) == len(found)
    assert len({row["recipe"] for row in found}) > 0.9 * len(found)


@pytest.mark.parametrize(("crop", "count"), [("random", 14), ("grid", 14 * 2 * 3)])
def test_crops_lie_inside_and_look_at_the_photo(crop: str, count: int, photos: Path, tmp_path: Path) -> None:
    build(photos, tmp_path / "corpus", crop=crop, size=32)
    found = rows(tmp_path / "corpus")
    assert len(found) == count
    for row in found:
        clean = cv2.imdecode(np.frombuffer(row["clean"]["bytes"], np.uint8), cv2.IMREAD_COLOR_RGB)
        whole = cv2.imread(str(photos / row["key"]), cv2.IMREAD_COLOR_RGB)
        seen = whole[row["top"] : row["top"] + 32, row["left"] : row["left"] + 32]
        assert clean.shape == (32, 32, 3)
        assert row["moved"] or np.abs(clean.astype(int) - seen).max() <= 4  # two JPEG decoders


def test_a_photo_smaller_than_a_crop_is_rejected_with_the_remedy(photos: Path, tmp_path: Path) -> None:
    entries = build(photos, tmp_path / "corpus", crop="random", size=80)
    rejected = dict(pair for made in entries for pair in made.rejected)
    assert rejected["00.png"] == "00.png: 96 x 72 pixels, smaller than a crop of 80; choose a smaller --size"
    assert len(rejected) == 8


def test_an_effect_alone_has_its_severity(photos: Path, tmp_path: Path) -> None:
    build(photos, tmp_path / "corpus", recipes=(FromEffect(Foxing, 4),))
    assert {(row["preset"], row["severity"]) for row in rows(tmp_path / "corpus")} == {("Foxing", 4)}


def test_old_photos_are_a_split_without_a_clean_side(photos: Path, tmp_path: Path) -> None:
    build(photos, tmp_path / "corpus", old=photos)
    old = [row for path in (tmp_path / "corpus" / "data").glob("old-*") for row in pq.read_table(path).to_pylist()]
    assert len(old) == 14
    assert all(row["clean"] is None and row["recipe"] is None for row in old)
    assert {row["key"]: row["degraded"]["bytes"] for row in old}["00.png"] == (photos / "00.png").read_bytes()


def test_a_recipe_corpus_keeps_the_clean_side_alone(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    build(photos, tmp_path / "corpus", store="recipe")
    bare, full = ({row["key"]: row for row in rows(each)} for each in (tmp_path / "corpus", undisturbed))
    assert all(row["degraded"] is None and row["mask"] is None for row in bare.values())
    assert {key: row["degraded_sha256"] for key, row in bare.items()} == {
        key: row["degraded_sha256"] for key, row in full.items()
    }


def test_a_dry_run_writes_nothing(photos: Path, tmp_path: Path) -> None:
    run = foxing("build", photos, tmp_path / "corpus", "--preset", "mild", "--dry-run", "--json")
    assert run.returncode == 0
    assert json.loads(run.stdout)["rows"] == 14
    assert not (tmp_path / "corpus").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--preset", "medim"), "no preset 'medim'; did you mean medium?"),
        (("--preset", "mild", "--preset", "mild"), "two sources of recipes are called mild"),
        (("--preset", "mild", "--shares", "90,20,5"), "give three percentages from 0 up that add up to 100"),
        (("--preset", "mild", "--crop", "grid"), "--crop grid: how large? give --size too"),
        (("--preset", "mild", "--crop", "square"), "--crop square: none of random, grid"),
        (("--preset", "mild", "--runner", "spark"), "--runner spark: none of auto, threads, processes, ray"),
        ((), "nothing says how to degrade; give --preset NAME, --pipeline FILE or --effect NAME:1..5"),
        (("--preset", "mild", "--shares", "100,-5,5"), "give three percentages from 0 up that add up to 100"),
        (("--preset", "mild", "--old", "none"), "none: no such file or folder; check its name"),
        (("--preset", "mild", "--hub"), "no name of a dataset on the Hub; write it as user/name"),
        (("--effect", "Foxing"), "give a severity of 1 to 5 behind a colon, as Foxing:4"),
        (("--effect", "Foxin:3"), "no effect 'Foxin'; did you mean Foxing?"),
        (("--preset", "mild", "--shard-index", "3", "--num-shards", "2"), "parts count from 0"),
    ],
)
def test_misuse_gets_one_line_and_2(words: tuple[str, ...], message: str, photos: Path, tmp_path: Path) -> None:
    run = foxing("build", photos, tmp_path / "corpus", *words)
    assert run.returncode == 2
    assert message in run.stderr
    assert run.stderr.count("\n") == 1
    assert not (tmp_path / "corpus").exists()


def test_every_photo_is_planned_once() -> None:
    keys = [f"{number}.jpg" for number in range(1000)]
    shards = planned(keys, (0.9, 0.05, 0.05), 7)
    assert sorted(key for shard in shards for key in shard.keys) == sorted(keys)
    shares = {
        split: sum(len(each.keys) for each in shards if each.split == split) / 1000 for split in ("train", "test")
    }
    assert shares["train"] == pytest.approx(0.9, abs=0.03)
    assert shares["test"] == pytest.approx(0.05, abs=0.02)


def test_nothing_unfinished_is_taken_for_whole(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    store = Folder(str(tmp_path / "corpus"))
    plan = prepared(config(), open_source(str(photos)), None, store)
    made = list(made_all(plan, Threads(1), lambda _: None))
    with pytest.raises(FileNotFoundError, match="build-again"):
        datasets.load_dataset(store.where, cache_dir=str(tmp_path / "cache"))
    assert [problem.where for problem in checked(store) if problem.bad] == ["README.md"]
    for each in made:
        if each.split == "test":
            store.remove(each.path)
    with pytest.raises(CorpusError, match="not finished, it lacks data/test-00000"):
        export(store, tmp_path / "export")
    build(photos, tmp_path / "corpus")
    assert contents(tmp_path / "corpus") == contents(undisturbed)


def test_overwrite_may_be_killed_anywhere_too(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    class KilledError(Exception):
        pass

    @dataclass(frozen=True, slots=True)
    class Dying(Folder):
        left: list[None] = field(default_factory=list)

        def remove(self, name: str) -> None:
            if not self.left:
                raise KilledError
            self.left.pop()
            Folder.remove(self, name)

    for removals in range(0, 30, 3):
        out = tmp_path / f"corpus {removals}"
        build(photos, out, seed=9)
        with suppress(KilledError):
            erase(Dying(str(out), [None] * removals))
        assert not has_card(Folder(str(out)))
        erase(Folder(str(out)))
        build(photos, out)
        assert contents(out) == contents(undisturbed)


def test_a_dead_worker_leaves_nothing_behind(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    store = Folder(str(tmp_path / "corpus"))
    plan = prepared(config(), open_source(str(photos)), None, store)
    list(made_all(plan, Threads(1), lambda _: None))
    (store.root / "data" / ".train-0.parquet.x.tmp").write_bytes(b"left by a killed worker")
    finish(store)
    assert contents(store.root) == contents(undisturbed)


def test_workers_end_with_their_parent(photos: Path, tmp_path: Path) -> None:
    words = ("build", photos, tmp_path / "corpus", "--preset", "mild", "--shard-photos", "1", "--variants", "200")
    command = [sys.executable, "-m", "foxing", "degrade", *map(str, words), "--runner", "processes", "--workers", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as run:
        while not list((tmp_path / "corpus").rglob(".*.parquet.*.tmp")):
            time.sleep(0.02)
        run.kill()
        assert run.stderr is not None
        run.stderr.read()  # it ends when the last process that holds it has ended


def test_a_corpus_among_its_photos_is_none_of_them(photos: Path, tmp_path: Path) -> None:
    among = shutil.copytree(photos, tmp_path / "photos")
    words = ("build", among, among / "corpus", "--preset", "mild", "--shard-photos", "3")
    assert foxing(*words).returncode == 0
    before = contents(among)
    run = foxing(*words, "--json")
    assert json.loads(run.stdout)["reused"] == 14
    assert run.stderr == ""
    assert contents(among) == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (".foxing/build.json", ".foxing/build.json is missing or damaged; copy it back, or build with --overwrite"),
        (".foxing/keys.gz", ".foxing/keys.gz is missing or damaged; copy it back, or build with --overwrite"),
    ],
)
def test_a_damaged_record_is_one_line(name: str, message: str, photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = shutil.copytree(undisturbed, tmp_path / "corpus")
    (out / name).write_bytes((out / name).read_bytes()[:30])
    words = ("--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20")
    for run in (foxing("verify", out), foxing("merge", out), foxing("build", photos, out, *words)):
        assert run.returncode == 2
        assert message in run.stderr
        assert run.stderr.count("\n") == 1
    assert foxing("build", photos, out, *words, "--overwrite").returncode == 0
    assert contents(out) == contents(undisturbed)


def test_a_shard_whose_entry_is_damaged_is_made_again(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = shutil.copytree(undisturbed, tmp_path / "corpus")
    for number, path in enumerate(sorted((out / ".foxing" / "shards").glob("*.json"))[:4]):
        path.write_bytes((b"", b"{", b"{}", b"\xff")[number])
    assert foxing("stats", out).returncode == 0
    build(photos, out)
    assert contents(out) == contents(undisturbed)


def test_what_was_turned_away_unread_is_counted_and_named(photos: Path, tmp_path: Path) -> None:
    mixed = shutil.copytree(photos, tmp_path / "photos")
    (mixed / "nowhere.jpg").symlink_to("away.jpg")
    (mixed / "round").symlink_to(".")
    out = tmp_path / "corpus"
    for index in range(2):
        words = ("--preset", "mild", "--json", "--num-shards", "2", "--shard-index", str(index))
        job = json.loads(foxing("build", mixed, out, *words).stdout)
        assert (job["part"], job["parts"]) == (index, 2)
    said = json.loads(foxing("merge", out, "--json").stdout)
    table = list(csv.DictReader((out / "rejected.csv").read_text().splitlines()))
    assert {row["key"] for row in table} == {"nowhere.jpg", "round"} == {each["key"] for each in said["rejected"]}
    assert json.loads(foxing("stats", out, "--json").stdout)["rejected"]["photos"] == 2


def test_a_source_that_turns_away_many_names_some_and_counts_the_others(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    shutil.copy(photos / "01.jpg", tmp_path / "photos")
    for number in range(30):
        (tmp_path / f"photos/{number:02d}.png").symlink_to("nowhere")
    run = foxing("build", tmp_path / "photos", tmp_path / "corpus", "--preset", "mild")
    assert run.returncode == 0
    assert run.stderr.count("a link to nothing") == 20
    assert "foxing: and 10 more, all of them in rejected.csv\n" in run.stderr
    assert (tmp_path / "corpus/rejected.csv").read_text().count("a link to nothing") == 30


def test_a_file_in_the_place_of_the_corpus_is_misuse(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "corpus").write_text("mine", "utf-8")
    run = foxing("build", photos, tmp_path / "corpus", "--preset", "mild")
    said = "a file, not a folder; give a folder for the corpus"
    assert (run.returncode, run.stderr) == (2, f"foxing: {tmp_path / 'corpus'}: {said}\n")


def test_counts_for_people_say_what_was_covered_and_rejected(undisturbed: Path) -> None:
    said = foxing("stats", undisturbed).stdout
    assert "\nrows by the share that damage covers:\n  none: " in said
    assert "\n  up to 0.1 %: " in said
    assert said.endswith("\n0 photos rejected\n")


def test_a_corpus_without_a_row_is_a_failure(photos: Path, tmp_path: Path) -> None:
    run = foxing("build", photos, tmp_path / "corpus", "--preset", "mild", "--size", "5000")
    assert run.returncode == 1
    assert run.stderr.endswith("no photo gave a row; see rejected.csv\n")


@pytest.mark.parametrize("words", [("stats",), ("verify",), ("merge",), ("build", "photos")])
def test_a_place_that_cannot_be_reached_is_one_line(words: tuple[str, ...], photos: Path) -> None:
    place = [str(photos) if word == "photos" else word for word in words]
    run = foxing(*place, "nosuch://bucket/corpus", *(("--preset", "mild") if "build" in words else ()))
    assert run.returncode == 1
    assert run.stderr.startswith("foxing: nosuch://bucket/corpus: Protocol not known: nosuch")
    assert run.stderr.count("\n") == 1
