"""A photo that stands in two splits, byte for byte, is told of wherever a corpus is described."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from charts import chart
from corpus_builds import foxing
from small_corpus import Dictionary, built

from degrade.corpus.build import finish
from degrade.corpus.checking import Problem, checked
from degrade.corpus.config import Shard, planned, split_of
from degrade.corpus.copies import copies_among, copies_in, said_of
from degrade.corpus.shards import entry_name
from degrade.corpus.stats import corpus_stats, entries_in
from degrade.png import png_bytes

SHARES = (0.5, 0.25, 0.25)

NAMES: dict[str, list[str]] = {"train": [], "validation": [], "test": []}
for _number in range(40):
    NAMES[split_of(f"{_number}.png", SHARES)].append(f"{_number}.png")

TRAIN, TEST = NAMES["train"][0], NAMES["test"][0]

SAME, OTHER = png_bytes(chart(40, 40)), png_bytes(chart(40, 41))


def leaking() -> Dictionary:
    inside = {NAMES["train"][1]: SAME, NAMES["train"][2]: SAME, NAMES["validation"][0]: OTHER}
    return Dictionary("folder photos", {TRAIN: OTHER, TEST: OTHER} | inside | {NAMES["validation"][1]: b"no picture"})


def test_the_card_the_numbers_and_the_check_name_photos_in_several_splits(tmp_path: Path) -> None:
    small = built(tmp_path, leaking(), None)
    finish(small.store)
    where = {"train": TRAIN, "validation": NAMES["validation"][0], "test": TEST}
    found = corpus_stats(small.store)["in_several_splits"]
    assert found["photos"] == 1
    assert {copy["split"]: copy["key"] for copy in found["some"][0]} == where
    assert json.loads((tmp_path / "stats.json").read_text())["in_several_splits"] == found
    said = said_of(found)
    assert said.startswith("1 clean photo stands in more than one split, byte for byte: ")
    assert f"test {TEST} = " in said
    assert said.endswith("; keep one copy of each in the source, and build with --overwrite")
    assert "**Take care:** 1 clean photo stands in more than one split" in (tmp_path / "README.md").read_text()
    assert Problem("", said, bad=False) in list(checked(small.store))


def test_equal_photos_in_one_split_are_no_leak_and_nothing_is_said(tmp_path: Path) -> None:
    inside = dict.fromkeys(NAMES["train"][:3], SAME) | {TEST: OTHER}
    small = built(tmp_path, Dictionary("folder photos", inside), None)
    finish(small.store)
    assert "in_several_splits" not in corpus_stats(small.store)
    assert "Take care" not in (tmp_path / "README.md").read_text()


def test_photos_that_gave_no_row_leak_nothing(tmp_path: Path) -> None:
    small = built(
        tmp_path, Dictionary("folder photos", {TRAIN: b"no picture", TEST: b"no picture", "x.png": SAME}), None
    )
    assert copies_in(small.store, entries_in(small.store)) == {}


def test_a_corpus_of_an_older_version_is_as_it_was_and_checked_by_its_rows(tmp_path: Path) -> None:
    small = built(tmp_path, leaking(), None)
    for made in small.entries:
        name = entry_name(Shard(made.split, made.index, int(made.path.split("-of-")[1][:5]), ()))
        data = json.loads(small.store.read(name))
        del data["digests"]
        (tmp_path / name).write_text(json.dumps(data))
    finish(small.store)
    assert "in_several_splits" not in corpus_stats(small.store)
    assert any("stands in more than one split" in problem.what for problem in checked(small.store))


def test_the_build_warns_and_is_no_failure(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for name in (TRAIN, TEST):
        (tmp_path / "photos" / name).write_bytes(SAME)
    words = ("build", tmp_path / "photos", tmp_path / "corpus", "--preset", "mild", "--shares", "50,25,25")
    run = foxing(*words)
    assert run.returncode == 0
    assert "foxing: 1 clean photo stands in more than one split" in run.stderr
    again = json.loads(foxing(*words, "--json").stdout)
    assert [copy["split"] for copy in again["in_several_splits"]["some"][0]] == ["test", "train"]
    told = json.loads(foxing("verify", tmp_path / "corpus", "--json").stdout)["problems"]
    assert [each["bad"] for each in told if "more than one split" in each["what"]] == [False]
    assert "1 clean photo stands in more than one split" in foxing("stats", tmp_path / "corpus").stdout


def plan(count: int) -> list[Shard]:
    return planned([f"{number:07d}.jpg" for number in range(count)], (0.9, 0.05, 0.05), 2000)


def digests(shards: list[Shard], twice: int) -> list[tuple[str, str]]:
    """Numbers of their own for all photos but so many, which come twice."""
    found = []
    for shard in shards:
        numbers = np.array([int(key[:7]) // 2 if int(key[:7]) < 2 * twice else int(key[:7]) for key in shard.keys])
        found.append((shard.split, (numbers + 1).astype(">u8").tobytes().hex()))
    return found


def test_as_many_are_counted_as_there_are_and_some_are_named() -> None:
    shards = plan(5000)
    found = copies_among(digests(shards, 1000), lambda number: shards[number].keys)
    pairs = [(f"{2 * number:07d}.jpg", f"{2 * number + 1:07d}.jpg") for number in range(1000)]
    apart = [pair for pair in pairs if len({split_of(key, (0.9, 0.05, 0.05)) for key in pair}) > 1]
    assert found["photos"] == len(apart)
    assert len(found["some"]) == 5
    for group in found["some"]:
        assert tuple(sorted(copy["key"] for copy in group)) in apart
        assert all(copy["split"] == split_of(copy["key"], (0.9, 0.05, 0.05)) for copy in group)
    assert said_of(found).count(" = ") == 5
    assert f"; and {len(apart) - 5} more; " in said_of(found)


@pytest.mark.parametrize("choices", [{}, {"shares": (1, 0, 0)}])
def test_without_copies_nothing_is_found(choices: dict[str, Any], tmp_path: Path) -> None:
    small = built(tmp_path, Dictionary("folder photos", {TRAIN: SAME, TEST: OTHER}), None, **choices)
    assert copies_in(small.store, entries_in(small.store)) == {}
