import json
import math
import re
import shutil
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_studies import NAMES, answered, by_truth, handed_in, made_key, restored_folders
from small_suites import small_suite

from benchmark.store import RunStore
from degrade.io import read_image, write_png
from foxing import main
from leaderboards.entry import EntryError
from leaderboards.study.answers import Given, Sheet, given_of, read_sheet, sheets
from leaderboards.study.bradley_terry import fitted, islands, preferred, reach
from leaderboards.study.design import Load
from leaderboards.study.key import Key, read_key
from leaderboards.study.krippendorff import alpha, coincidences
from leaderboards.study.resampling import of_both, resampled, share
from leaderboards.study.scoring import result
from leaderboards.study.votes import luck

MODELS = ("a", "b", "c", "d")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made")
    words = [*restored_folders(root / "in"), "--out", str(root / "study"), "--seed", "7"]
    assert main(["leaderboard", "study", "make", *words, "--raters", "6", "--pairs", "12"]) == 0
    return root


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "study"


def sheet_of(key: Key, data: dict[str, Any]) -> Sheet:
    return Sheet("", data["rater"], data["session"], given_of(data["answers"], key, data["rater"], ""))


def test_two_models_with_ties_have_the_scores_of_the_closed_form() -> None:
    fit = fitted(np.array([[30.0, 20.0, 10.0]]), 2, virtual=0)
    assert fit.scores[0] - fit.scores[1] == pytest.approx(math.log(30 / 10))  # pi_1 / pi_2 = w_1 / w_2
    assert fit.ties == pytest.approx(math.log(20 / math.sqrt(30 * 10)))  # nu = t / sqrt(w_1 w_2)
    assert fit.scores.sum() == pytest.approx(0)


def test_expected_counts_give_their_own_scores_back_and_many_are_fitted_like_one() -> None:
    truth = np.array([1.2, 0.1, -0.4, -0.9])
    one, two = np.triu_indices(4, 1)
    weights = np.exp(np.stack([truth[one], -0.3 + (truth[one] + truth[two]) / 2, truth[two]], axis=1))
    counts = 100 * weights / weights.sum(axis=1, keepdims=True)
    many = fitted(np.stack([counts, 3 * counts, counts[:, ::-1]]), 4, virtual=0)
    assert many.scores[0] == pytest.approx(truth, abs=1e-8)
    assert many.scores[1] == pytest.approx(truth, abs=1e-8)
    assert many.scores[2] == pytest.approx(-truth, abs=1e-8)
    assert many.ties == pytest.approx(-0.3)
    assert preferred(many.scores[0], many.ties[0]).sum() == pytest.approx(200)  # the mean is a half


def test_scores_stay_finite_where_one_wins_all_or_no_tie_was_given() -> None:
    counts = np.array([[500.0, 0, 0], [500, 0, 0], [0, 0, 500]])
    fit = fitted(counts, 3)
    assert np.isfinite(fit.scores).all()
    assert np.isfinite(fit.ties)
    assert fit.scores[0] > fit.scores[2] > fit.scores[1]
    assert not reach(counts, 3).all()
    assert islands(counts, 3) == [[0, 1, 2]]
    assert islands(np.array([[5.0, 0, 5], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 5, 0]]), 4) == [
        [0, 1],
        [2, 3],
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["0100000010", "1110010000"], 0.095),
        (["123321412...", "1233224125.3", ".3332342251.", "12332441251."], 0.743),
    ],
)
def test_alpha_is_that_of_krippendorffs_worked_examples(rows: list[str], expected: float) -> None:
    units = [Counter(int(row[unit]) for row in rows if row[unit] != ".") for unit in range(len(rows[0]))]
    assert alpha(coincidences(units, 6).sum(axis=0)) == pytest.approx(expected, abs=5e-4)


def test_alpha_says_nothing_where_all_answers_are_alike() -> None:
    assert alpha(coincidences([{1: 4}, {1: 2}], 3).sum(axis=0)) is None
    assert alpha(coincidences([{1: 1}, {2: 1}], 3).sum(axis=0)) is None
    assert alpha(coincidences([{0: 3}, {2: 3}], 3).sum(axis=0)) == pytest.approx(1)


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


def test_intervals_hold_the_truth() -> None:
    truth = {"a": 0.6, "b": 0.1, "c": -0.7}
    inside = []
    for number in range(12):
        rng = np.random.default_rng(number)
        key = made_key(MODELS[:3], 12, 8, Load(18))
        choose = by_truth(key, truth, -0.5, rng)
        found = result(key, [sheet_of(key, answered(key, rater, choose)) for rater in range(1, 9)], 0.8)
        inside += [each["score"]["low"] <= truth[each["model"]] <= each["score"]["high"] for each in found["models"]]
    assert sum(inside) / len(inside) >= 0.9


def test_intervals_widen_where_raters_or_photos_differ() -> None:
    rng = np.random.default_rng(5)
    rater, photo = (axis.ravel() for axis in np.mgrid[:20, :20])
    own = (rng.random(400) < 0.5).astype(float)
    by_rater = (np.arange(20) % 2 == 0).astype(float)[rater]
    widths = [float((found.high - found.low)[0]) for found in (share(each, rater, photo) for each in (own, by_rater))]
    assert widths[0] == pytest.approx(2 * 2.093 * 0.5 / 20, rel=0.35)  # of 400 independent answers
    assert widths[1] == pytest.approx(2 * 2.093 * 0.5 / math.sqrt(19), rel=0.1)  # of 20 raters
    assert share(by_rater, photo, rater).low[0] == pytest.approx(share(by_rater, rater, photo).low[0], abs=0.02)


def test_resamples_draw_votes_of_a_rater_and_of_a_photo_together() -> None:
    rater, photo = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    ways = resampled(np.eye(4), rater, photo)
    assert (ways.raters[:, 0] == ways.raters[:, 1]).all()
    assert (ways.photos[:, 0] == ways.photos[:, 2]).all()
    assert ways.sizes == (2, 2, 4)
    both = of_both(np.eye(4), rater, photo)
    assert (both == ways.raters * ways.photos).all()


def test_raters_who_fail_the_traps_are_left_out() -> None:
    key = made_key(MODELS, 8, 6, Load(12))
    good = [sheet_of(key, answered(key, rater, lambda pair: 0)) for rater in range(1, 6)]
    bad = sheet_of(key, answered(key, 6, lambda pair: 2, trap=lambda pair: 2))
    found = result(key, [*good, bad], 0.8)
    assert found["raters"]["kept"] == 5
    assert found["raters"]["left_out"] == [
        {"rater": "6-00000000", "answers": len(bad.given), "why": "0 of 6 traps right, fewer than 5"}
    ]
    assert [each["model"] for each in found["models"]] == ["a", "b", "c", "d"]
    assert result(key, [*good, bad], 0)["raters"]["kept"] == 6
    with pytest.raises(EntryError, match="none of 1 raters counts, first: 6-00000000 0 of 6 traps right"):
        result(key, [bad], 0.8)
    assert luck(6, 0.8) == pytest.approx(7 / 64)


def test_one_rater_has_scores_without_intervals() -> None:
    key = made_key(MODELS, 8, 1, Load(12))
    found = result(key, [sheet_of(key, answered(key, 1, lambda pair: 0))], 0.8)
    assert found["models"][0]["score"]["low"] is None
    assert all(each["rank"] == [1, 4] for each in found["models"])
    assert any("no intervals" in note for note in found["notes"])
    assert any("its score has no end" in note for note in found["notes"])


def test_steady_raters_and_those_who_prefer_a_side_are_known() -> None:
    key = made_key(MODELS, 8, 6, Load(12))
    steady = [sheet_of(key, answered(key, rater, lambda pair: 0)) for rater in range(1, 7)]
    found = result(key, steady, 0.8)
    assert found["steady"]["value"] == 1
    assert found["alpha"]["value"] is None  # all say the same of all
    assert found["alike"] == 1
    lefts = [
        Sheet(
            "",
            each.rater,
            each.session,
            tuple(Given(given.pair, given.swapped, "left", 1) for given in each.given),
        )
        for each in steady
    ]
    found = result(key, lefts, 0)
    assert found["left"] == {"value": 1, "low": 1, "high": 1}
    assert found["steady"]["value"] == 0


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


def test_a_study_is_scored_from_files(study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, folder = read_key(study), tmp_path / "answers"
    place = {name: number for number, name in enumerate(NAMES)}
    for rater in range(1, 7):
        choose = lambda pair: 0 if place[pair.first] < place[pair.second] else 2  # noqa: E731
        handed_in(folder, answered(key, rater, choose))
    handed_in(folder, answered(key, 1, lambda pair: 1, session="f" * 16), "second.json")
    capsys.readouterr()
    words = ["leaderboard", "study", "score", str(study), str(folder), "--out", str(tmp_path / "people.md")]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == json.loads((study / "result.json").read_text("utf-8"))
    assert [each["model"] for each in found["models"]] == list(NAMES)
    assert found["raters"]["given"] == 7
    assert "| alphamodel |" in (tmp_path / "people.md").read_text("utf-8")
    assert main(words) == 0
    assert "What people prefer: 84 votes on 6 items of 6 photos" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: [data], "no answers of a study"),
        (lambda data: data | {"study": "other"}, "answers to another study"),
        (lambda data: data | {"rater": True}, "no rater number from 1 to 6"),
        (lambda data: data | {"rater": 7}, "no rater number from 1 to 6"),
        (lambda data: data | {"session": "<img src=x>"}, "no session of 16"),
        (lambda data: data | {"consent": 1}, "did not agree"),
        (lambda data: data | {"answers": data["answers"] * 2}, "not a list of at most"),
        (lambda data: data | {"answers": {"0": 1}}, "not a list of at most"),
        (lambda data: data | {"answers": data["answers"][1:]}, "answer 0 is not to the pair"),
        (lambda data: data | {"answers": [data["answers"][0] | {"pair": "x"}]}, "answer 0 is not to the pair"),
        (lambda data: data | {"answers": [data["answers"][0] | {"swapped": 2}]}, "answer 0 is not to the pair"),
        (lambda data: data | {"answers": [data["answers"][0] | {"answer": "both"}]}, "answer 0 is none of"),
        (lambda data: data | {"answers": [data["answers"][0] | {"answer": ["left"]}]}, "answer 0 is none of"),
        (lambda data: data | {"answers": [data["answers"][0] | {"seconds": -1}]}, "answer 0 is none of"),
        (lambda data: data | {"answers": [data["answers"][0] | {"seconds": float("nan")}]}, "no JSON"),
        (lambda data: data | {"answers": [data["answers"][0] | {"seconds": 10**400}]}, "answer 0 is none of"),
    ],
)
def test_spoilt_answers_are_refused_in_one_line(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Any, said: str
) -> None:
    file = handed_in(tmp_path, spoil(answered(read_key(study), 1, lambda pair: 0)), "given.json")
    capsys.readouterr()
    assert main(["leaderboard", "study", "score", str(study), str(file)]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "given.json" in err
    assert err.count("\n") == 1
    assert not (study / "result.json").exists()


def test_files_that_are_no_answers_or_come_twice_are_refused(study: Path, tmp_path: Path) -> None:
    key = read_key(study)
    file = handed_in(tmp_path / "a", answered(key, 1, lambda pair: 0))
    copy = handed_in(tmp_path / "b", answered(key, 1, lambda pair: 2))
    with pytest.raises(EntryError, match="the same rater's as"):
        sheets([file, copy], key)
    for held, said in (
        (b"[" * 100_000, "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b" " * 4_000_001, "over 4 MB"),
        (b"", "no JSON"),
    ):
        (tmp_path / "bad.json").write_bytes(held)
        with pytest.raises(EntryError, match=said):
            read_sheet(tmp_path / "bad.json", key)
    with pytest.raises(EntryError, match="cannot be read"):
        sheets([tmp_path / "nowhere.json"], key)
    (tmp_path / "empty").mkdir()
    with pytest.raises(EntryError, match=r"holds no \.json"):
        sheets([tmp_path / "empty"], key)


def test_a_damaged_key_is_refused(study: Path) -> None:
    text = (study / "key.json").read_text("utf-8")
    for held in ("{}", "[]", text[:-50], text.replace('"pairs": [{"key": "', '"pairs": [{"key": "x')):
        (study / "key.json").write_text(held, "utf-8")
        with pytest.raises(EntryError, match=r"key\.json"):
            read_key(study)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["make", "--out", "new"], "nothing to show"),
        (["make", "nowhere", "--out", "new"], "no finished sweep"),
        (["make", "--degraded", "in/degraded", "--model", "a=in/alphamodel", "--out", "new"], "1 model; give two"),
        (["make", "--degraded", "in/degraded", "--model", "in/alphamodel", "--out", "new"], "give NAME=DIR"),
        (["make", "--degraded", "no", "--model", "a=in/a", "--model", "b=in/b", "--out", "new"], "no such folder"),
        (["score", "nowhere", "x.json"], "no study in it"),
    ],
)
def test_a_mistake_is_one_line(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    monkeypatch.chdir(study.parent)
    capsys.readouterr()
    assert main(["leaderboard", "study", *words]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
    assert not Path("new").exists()


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


def test_metrics_of_a_sweep_are_compared_with_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite, run, study = small_suite(tmp_path).folder, tmp_path / "run", tmp_path / "study"
    words = ["benchmark", "run", "--suite", str(suite), "--model", "median", "--model", "auto-levels", "--keep"]
    assert main([*words, "--out", str(run)]) == 0
    suite.rename(suite.with_name("moved"))
    assert main(["leaderboard", "study", "make", str(run), "--out", str(study), "--raters", "5"]) == 2
    assert f"its suite is not in {run / 'suite'}" in capsys.readouterr().err
    suite.with_name("moved").rename(suite)
    assert main(["leaderboard", "study", "make", str(run), "--out", str(study), "--raters", "5", "--models", "x"]) == 2
    assert main(["leaderboard", "study", "make", str(run), "--out", str(study), "--raters", "5"]) == 0
    key = read_key(study)
    assert key.models == ("identity", "median", "auto-levels")
    assert "none/photo0" not in {pair.item for pair in key.pairs.values()}
    psnr = values_by(run, "psnr")
    for rater in range(1, 6):
        choose = lambda pair: int(np.sign(psnr[pair.second, pair.item] - psnr[pair.first, pair.item])) + 1  # noqa: E731
        handed_in(tmp_path / "answers", answered(key, rater, choose))
    capsys.readouterr()
    score = ["leaderboard", "study", "score", str(study), str(tmp_path / "answers"), "--run"]
    assert main([*score, str(run), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["metrics"]
    assert found[0]["metric"].startswith("psnr/")
    assert found[0]["pairwise"]["value"] == 1
    assert found[0]["kendall"]["value"] == pytest.approx(1)
    assert all(each["pairwise"]["low"] <= each["pairwise"]["value"] for each in found)
    published(study, run, score, capsys)
    record = RunStore(run).read_json("run.json")
    RunStore(run).write_json("run.json", record | {"suite_id": "other:0"})
    assert main([*score, str(run)]) == 2
    assert "a sweep of other:0" in capsys.readouterr().err


def published(study: Path, run: Path, score: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The result beside the entries of its suite, without who was left out, and never over another study's."""
    root = run.parent / "entries"
    more = [*score, str(run), "--publish", "spring", "--entries", str(root)]
    assert main(more) == 2
    assert "bring the models first: foxing leaderboard add RUN" in capsys.readouterr().err
    assert main(["leaderboard", "add", str(run), "--entries", str(root)]) == 0
    assert main(more) == 0
    path = next(root.glob("*/people/spring.json"))
    whole = json.loads((study / "result.json").read_text("utf-8"))
    assert json.loads(path.read_text("utf-8")) == whole | {
        "raters": {key: value for key, value in whole["raters"].items() if key != "left_out"}
    }
    assert main(["leaderboard", "build", str(run.parent / "site"), "--entries", str(root)]) == 0
    page = next((run.parent / "site").glob("*/index.html"), Path()).read_text("utf-8")
    assert "What people prefer: spring" in page
    assert f"<td>{whole['models'][0]['preferred']:.0f}</td>" in page
    assert "5 raters" in next((run.parent / "site").glob("passports/*/psnr.html")).read_text("utf-8")
    assert main([*more[:-3], "Spring 1", *more[-2:]]) == 2
    path.write_text(json.dumps(whole | {"study": "another"}), "utf-8")
    capsys.readouterr()
    assert main(more) == 2
    assert "is study another" in capsys.readouterr().err


def values_by(run: Path, metric: str) -> dict[tuple[str, str], float]:
    rows = RunStore(run).rows().to_pylist()
    return {
        (row["model"], row["item"]): row["value"]
        for row in rows
        if row["region"] == "whole" and row["metric"].startswith(f"{metric}/")
    }


def test_pairs_that_are_equal_to_the_pixel_are_not_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = restored_folders(tmp_path / "in")
    for number in range(5):
        name = f"photo{number}.png"
        write_png(tmp_path / "in" / "gammamodel" / name, read_image(tmp_path / "in" / "betamodel" / name))
    assert main(["leaderboard", "study", "make", *words, "--out", str(tmp_path / "study")]) == 0
    assert "5 pairs are equal to the pixel and are not asked" in capsys.readouterr().out
    asked = [pair for pair in read_key(tmp_path / "study").pairs.values() if pair.kind == "pair"]
    assert len(asked) == 6 * len([*combinations(NAMES, 2)]) - 5
