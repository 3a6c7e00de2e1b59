"""Corpora: the same bytes whoever makes them, and what is in them."""

import hashlib
import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest
from charts import chart
from corpus_builds import MILD, PAPER, build, config, contents, foxing, rows

from degrade.corpus.build import finish, made_all, prepared
from degrade.corpus.columns import COLUMNS
from degrade.corpus.config import planned, split_of
from degrade.corpus.plan_files import CorpusError, first_difference
from degrade.corpus.processes import Processes
from degrade.corpus.runners import Runner, Threads
from degrade.corpus.store import Folder, ObjectStore
from degrade.effects.foxing import Foxing
from degrade.io import write_png
from degrade.record import FromEffect
from degrade.sources import open_source
from degrade.sources.source import NO_PHOTO


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


def test_other_choices_are_refused_in_one_line(photos: Path, undisturbed: Path) -> None:
    before = contents(undisturbed)
    run = foxing(
        "build", photos, undisturbed, "--preset", "mild", "--seed", "4", "--shard-photos", "3", "--shares", "60,20,20"
    )
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    assert "begun with seed = 3, not 4; give another folder, or --overwrite to begin anew" in run.stderr
    assert contents(undisturbed) == before


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (3, 4, ("it", "3", "4")),
        (None, "folder a", ("it", "null", '"folder a"')),
        ({"numpy": "2", "pillow": "12"}, {"numpy": "2", "pillow": "13"}, ("it.pillow", '"12"', '"13"')),
        ([{"digest": "a", "toml": "x\ny"}], [{"digest": "b", "toml": "x\nz"}], ("it[0].toml, line 2,", '"y"', '"z"')),
        ({"toml": "x\n"}, {"toml": "x\ny\n"}, ("it.toml, line 2,", '""', '"y"')),
        ([1], [1, 2], ("it", "[1]", "[1,2]")),
        ({"a": None}, {}, ("it", '{"a":null}', "{}")),
        ("x\ny", "x\ny\n", ("it", '"x\\ny"', '"x\\ny\\n"')),
        ("a" * 200, "b", ("it", '"' + "a" * 86 + "...", '"b"')),
    ],
)
def test_a_change_of_choices_is_named_where_it_is(then: Any, now: Any, said: tuple[str, str, str]) -> None:
    assert first_difference("it", then, now) == said


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
        (("--preset", "mild", "--quality", "80"), "--quality 80: --encoding png is lossless; add --encoding jpeg"),
        (("--preset", "mild", "--quality", "95"), "--quality 95: --encoding png is lossless; add --encoding jpeg"),
        (("--preset", "mild", "--runner", "spark"), "--runner spark: none of auto, threads, processes, ray"),
        ((), "nothing says how to degrade; give --preset NAME, --pipeline FILE or --effect NAME:1..5"),
        (("--preset", "mild", "--shares", "100,-5,5"), "give three percentages from 0 up that add up to 100"),
        (("--preset", "mild", "--old", "none"), "none: no such file or folder; check its name"),
        (("--preset", "mild", "--hub"), "no name of a dataset on the Hub; write it as user/name"),
        (("--preset", "mild", "--seed", str(2**63)), f"seed = {2**63}, outside [0, {2**63 - 1}]"),
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


@pytest.mark.skipif(find_spec("ray") is not None, reason="the extra is there")
def test_what_is_not_installed_is_named_with_its_extra(photos: Path, tmp_path: Path) -> None:
    run = foxing("build", photos, tmp_path / "corpus", "--preset", "mild", "--runner", "ray")
    assert (run.returncode, run.stderr) == (1, "foxing: ray is not installed: pip install 'foxing[ray]'\n")


def test_a_dry_run_of_nothing_is_refused_as_a_build_is(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    said = [
        foxing("build", tmp_path / "photos", tmp_path / "corpus", "--preset", "mild", *more)
        for more in ([], ["--dry-run"])
    ]
    assert [run.returncode for run in said] == [2, 2]
    assert said[0].stderr == said[1].stderr == f"foxing: folder photos: {NO_PHOTO}\n"


def test_every_photo_is_planned_once() -> None:
    keys = [f"{number}.jpg" for number in range(1000)]
    shards = planned(keys, (0.9, 0.05, 0.05), 7)
    assert sorted(key for shard in shards for key in shard.keys) == sorted(keys)
    shares = {
        split: sum(len(each.keys) for each in shards if each.split == split) / 1000 for split in ("train", "test")
    }
    assert shares["train"] == pytest.approx(0.9, abs=0.03)
    assert shares["test"] == pytest.approx(0.05, abs=0.02)


def test_a_corpus_among_its_photos_is_none_of_them(photos: Path, tmp_path: Path) -> None:
    among = shutil.copytree(photos, tmp_path / "photos")
    words = ("build", among, among / "corpus", "--preset", "mild", "--shard-photos", "3")
    assert foxing(*words).returncode == 0
    before = contents(among)
    run = foxing(*words, "--json")
    assert json.loads(run.stdout)["reused"] == 14
    assert run.stderr == ""
    assert contents(among) == before


def test_counts_for_people_say_what_was_covered_and_rejected(undisturbed: Path) -> None:
    said = foxing("stats", undisturbed).stdout
    assert "\nrows by the share that damage covers:\n  none: " in said
    assert "\n  up to 0.1 %: " in said
    assert said.endswith("\n0 photos rejected\n")
