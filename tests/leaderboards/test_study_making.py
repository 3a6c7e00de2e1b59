"""A study that is made: balanced plans, pictures that name no model, and nothing written over."""

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from small_studies import MODELS, NAMES, made_key, restored_folders

from degrade.io import read_image, write_png
from foxing import main
from leaderboards.study.design import Load
from leaderboards.study.key import read_key


def test_plans_are_balanced_and_the_same_each_time() -> None:
    key = made_key(MODELS, 10, 9, Load(20))
    assert key.plans == made_key(MODELS, 10, 9, Load(20)).plans
    assert len(set(key.plans)) == 9
    every: Counter[tuple[str, str]] = Counter()
    for plan in key.plans:
        shown = [(key.pairs[each.pair], each.swapped) for each in plan]
        twice = {name for name, count in Counter(each.pair for each in plan).items() if count == 2}
        sides = {(each.pair, each.swapped) for each in plan}
        assert len(plan) == 20 + 6 + 4
        assert len(twice) == 4
        assert all((name, False) in sides and (name, True) in sides for name in twice)
        first = list(dict.fromkeys(pair for pair, _ in shown if pair.kind == "pair"))
        duels = Counter((pair.first, pair.second) for pair in first)
        photos = Counter(pair.photo for pair in first)
        every += duels
        assert max(duels.values()) - min(duels.values()) <= 1
        assert max(photos.values()) - min(photos.values()) <= 1
        traps = [swapped for pair, swapped in shown if pair.kind == "trap"]
        assert sum(traps) == 3
    assert max(every.values()) - min(every.values()) <= 1


def test_every_model_is_as_often_on_the_left_as_on_the_right() -> None:
    key = made_key(MODELS, 10, 9, Load(24))
    for plan in key.plans:
        excess: Counter[str] = Counter()
        seen: set[str] = set()
        for each in plan:
            pair = key.pairs[each.pair]
            if pair.kind == "pair" and each.pair not in seen:
                left, right = (pair.second, pair.first) if each.swapped else (pair.first, pair.second)
                excess.update({left: 1, right: -1})
            seen.add(each.pair)
        assert max(map(abs, excess.values())) <= 2  # of twelve


def test_no_name_of_a_model_is_in_any_byte_of_the_page_or_name_of_a_picture(study: Path) -> None:
    files = [path for path in (study / "page").rglob("*") if path.is_file()]
    assert len(files) == 1 + 6 * (1 + 3 + 2)
    for path in files:
        held = path.read_bytes().lower()
        assert not any(name.encode() in held or name in path.name for name in (*NAMES, "photo0", "ruined", "trap-"))
    assert all(re.fullmatch(r"[0-9a-f]{16}\.png", path.name) for path in files if path.suffix == ".png")
    assert len({path.stat().st_mtime for path in files if path.suffix == ".png"}) == 1
    key = read_key(study)
    assert set(key.pictures) == {path.name for path in files if path.suffix == ".png"}
    assert {pair.first in NAMES[:1] for pair in key.pairs.values() if NAMES[0] in (pair.first, pair.second)} == {
        True,
        False,
    }
    held_by = {what: name for name, what in key.pictures.items()}
    shown = read_image(study / "page" / "pictures" / held_by["photo2", "betamodel"])
    assert (shown == read_image(study.parent / "in" / "betamodel" / "photo2.png")).all()
    ruin = read_image(study / "page" / "pictures" / held_by["photo2", "(the degraded photo, ruined)"])
    assert np.abs(ruin.astype(float) - read_image(study.parent / "in" / "degraded" / "photo2.png")).mean() > 20


def test_the_same_seed_makes_the_same_study_and_none_makes_another(study: Path, tmp_path: Path) -> None:
    words = ["leaderboard", "study", "make", *restored_folders(tmp_path / "in"), "--raters", "6", "--pairs", "12"]
    assert main([*words, "--out", str(tmp_path / "again"), "--seed", "7"]) == 0
    assert main([*words, "--out", str(tmp_path / "other")]) == 0
    assert (study / "page/index.html").read_bytes() == (tmp_path / "again/page/index.html").read_bytes()
    assert not set(read_key(study).pictures) & set(read_key(tmp_path / "other").pictures)


def test_a_folder_that_holds_something_is_not_written_over(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["leaderboard", "study", "make", *restored_folders(tmp_path / "in"), "--out"]
    assert main([*words, str(study)]) == 2
    assert "give another --out" in capsys.readouterr().err
    write_png(tmp_path / "in" / "betamodel" / "photo1.png", read_image(tmp_path / "in/betamodel/photo1.png")[:40])
    assert main([*words, str(tmp_path / "small")]) == 2
    assert "80 x 40 pixels, the degraded photo has 80 x 64" in capsys.readouterr().err
    assert not (tmp_path / "small" / "page").exists()
    few = restored_folders(tmp_path / "few", photos=2)
    assert main(["leaderboard", "study", "make", *few, "--out", str(tmp_path / "small")]) == 2
    assert "2 degraded photos, each with one trap; give 3" in capsys.readouterr().err


def test_pairs_that_are_equal_to_the_pixel_are_not_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = restored_folders(tmp_path / "in")
    for number in range(5):
        name = f"photo{number}.png"
        write_png(tmp_path / "in" / "gammamodel" / name, read_image(tmp_path / "in" / "betamodel" / name))
    assert main(["leaderboard", "study", "make", *words, "--out", str(tmp_path / "study")]) == 0
    assert "5 pairs are equal to the pixel and are not asked" in capsys.readouterr().out
    asked = [pair for pair in read_key(tmp_path / "study").pairs.values() if pair.kind == "pair"]
    assert len(asked) == 6 * len([*combinations(NAMES, 2)]) - 5
