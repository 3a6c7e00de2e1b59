import json
import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from small_boards import CELLS, MODELS, some_rows, write_entries
from small_suites import PLAN

from benchmark.making import Making, made_suite
from benchmark.materials import Materials
from benchmark.scoring import metrics_named
from benchmark.suite import Damage, Plan
from degrade.effects import EFFECTS
from degrade.io import write_png
from degrade.recipe import Recipe
from degrade.severity import at_severity
from degrade.types import Image
from foxing import main
from leaderboards.ailing import STATISTICS, seen, statistics_of
from leaderboards.board import board
from leaderboards.cli_for import telling
from leaderboards.entry import Entry, EntryError, folder_name
from leaderboards.fingerprint import FINGERPRINT, Fingerprint, Looking, path_of, read_fingerprint, taken, written
from leaderboards.for_photo import advised
from leaderboards.likeness import by_defect, likeness, weights
from leaderboards.pooling import pooled
from leaderboards.symptoms import SYMPTOMS, Shown, reweighted, symptoms
from leaderboards.weighing import weighed

SIDE = 96

DAMAGES = (
    Damage("none", "none", 0),
    *(Damage("effect", name, 4) for name in ("GaussianNoise", "GaussianBlur", "DyeFading", "Tear")),
)


def scene(number: int) -> Image:
    """A picture with forms, edges and some texture."""
    source = np.random.default_rng(number)
    small = source.integers(0, 256, (7, 8, 3), np.uint8)
    picture = cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    for _ in range(8):
        corner = source.integers(0, SIDE, 2)
        end = corner + source.integers(8, 40, 2)
        cv2.rectangle(picture, corner.tolist(), end.tolist(), source.integers(0, 256, 3).tolist(), -1)
    texture = source.normal(0, 3, picture.shape[:2])[..., None]
    return np.clip(picture + texture, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Materials:
    root = tmp_path_factory.mktemp("suite")
    for number in range(4):
        write_png(root / "clean" / f"photo{number}.png", scene(number))
    plan = Plan("seen", "for tests", PLAN.photos, DAMAGES, ("psnr",))
    specs = tuple(metric.spec for metric in metrics_named(plan))
    return made_suite(plan, root / "clean", root / "suite", Making(specs, workers=1))


@pytest.fixture(scope="module")
def found(suite: Materials) -> Fingerprint:
    return taken(suite)


def aged(number: int, effect: str) -> tuple[Image, Image]:
    """An unseen picture with one effect, and its mask."""
    kind = next(each for each in EFFECTS if each.__name__ == effect)
    made = Recipe((at_severity(kind, 4, seed=number, short_side=SIDE),)).apply(scene(number))
    return made.image, made.mask


@pytest.mark.parametrize("effect", ["GaussianNoise", "GaussianBlur", "Tear"])
def test_an_unseen_photo_looks_most_like_what_was_done_to_it(found: Fingerprint, effect: str) -> None:
    image, mask = aged(50, effect)
    model, sure = found.of(masked=True)
    row = statistics_of(image, found.side, mask)
    likely = weights(model.distances(row[None]), model.cells, sure.temperature)[0]
    assert next(iter(by_defect(dict(zip(model.cells, likely.tolist(), strict=True))))) == effect
    assert likely.sum() == pytest.approx(1)


def test_a_mask_counts_only_where_there_is_one(found: Fingerprint) -> None:
    image, mask = aged(51, "Tear")
    without, with_mask = (statistics_of(image, SIDE, each) for each in (None, mask))
    assert np.isnan(without[-1])
    assert with_mask[-1] == pytest.approx(np.log10((mask >= 26).mean() + 1e-4))
    assert np.isfinite(found.of(masked=False)[0].distances(without[None])).all()


def test_every_defect_is_as_likely_as_any_other_however_many_severities_it_has() -> None:
    cells = (("Foxing", 1), ("Foxing", 2), ("Foxing", 3), ("Tear", 1))
    likely = weights(np.zeros((1, 4)), cells, 16.0)[0]
    assert by_defect(dict(zip(cells, likely.tolist(), strict=True))) == pytest.approx({"Foxing": 0.5, "Tear": 0.5})


def test_a_statistic_that_never_varied_makes_no_distance_infinite() -> None:
    rows = np.random.default_rng(0).normal(size=(12, 3))
    rows[:, 2] = 5.0
    cells = [("a", 1), ("b", 1)] * 6
    distances = likeness(rows, cells, np.arange(3)).distances(rows + 0.1)
    assert np.isfinite(distances).all()


def test_the_file_holds_the_fingerprint(found: Fingerprint, tmp_path: Path) -> None:
    path = tmp_path / FINGERPRINT
    path.write_text(written(found), "utf-8")
    again = read_fingerprint(path)
    row = statistics_of(aged(52, "GaussianNoise")[0], found.side)[None]
    one, other = (each.of(masked=False)[0].distances(row) for each in (found, again))
    assert np.allclose(one, other, rtol=0.03)
    assert (again.suite_id, again.side, again.photos) == (found.suite_id, SIDE, 4)
    assert path.stat().st_size < 60_000


def test_a_file_of_another_version_or_a_damaged_one_is_refused(found: Fingerprint, tmp_path: Path) -> None:
    data = json.loads(written(found))
    path = tmp_path / FINGERPRINT
    for wrong, words in ((data | {"version": 0}, "another version"), (data | {"spread": [1]}, "damaged")):
        path.write_text(json.dumps(wrong), "utf-8")
        with pytest.raises(EntryError, match=words):
            read_fingerprint(path)


def test_one_photo_makes_no_fingerprint(suite: Materials) -> None:
    with pytest.raises(EntryError, match="two or more"):
        taken(suite, Looking(photos=1))


def test_signs_tell_what_a_photo_and_undamaged_ones_have() -> None:
    clean, noisy = (statistics_of(each, SIDE) for each in (scene(60), aged(60, "GaussianNoise")[0]))
    signs = {each.name: each for each in seen(noisy, clean)}
    assert signs["noise in even areas"].value > 3 * (signs["noise in even areas"].undamaged or np.inf) / 2
    assert "masked" not in signs
    assert len(STATISTICS) > len(signs)


def test_all_weight_on_one_cell_gives_the_relative_errors_of_that_cell(tmp_path: Path) -> None:
    entries = write_entries(tmp_path)
    whole = board(entries)
    table = weighed(whole, pooled(entries), {("Tear", 3): 0.2, ("Unknown", 1): 0.8})
    cells = {each.model: each.relative_error.value for each in whole.lead_cells() if each[3:5] == ("Tear", 3)}
    assert {row.model: row.expected.value for row in table.rows} == pytest.approx(cells)
    assert table.weights == {cell: float(cell == ("Tear", 3)) for cell in CELLS}


def test_a_model_that_is_good_at_one_defect_alone_leads_where_the_photo_has_it(tmp_path: Path) -> None:
    rows = some_rows().to_pylist()
    for row in rows:  # `bad` repairs tears and nothing else
        if row["model"] == "bad" and row["defect"] == "Tear" and row["metric"].startswith("psnr"):
            row["value"] += 15
    entries = write_entries(tmp_path, some_rows().from_pylist(rows, some_rows().schema))
    whole, rows_of_all = board(entries), pooled(entries)
    tears = weighed(whole, rows_of_all, {("Tear", 1): 0.5, ("Tear", 3): 0.5})
    spots = weighed(whole, rows_of_all, {("Foxing", 1): 1.0})
    assert tears.rows[0].model == "bad"
    assert tears.rows[0].rank == (1, 1)
    assert spots.rows[0].model == "good"
    assert spots.rows[-1].model == "bad"
    assert all(row.expected.low is not None for row in tears.rows)


def test_a_photo_like_no_cell_of_the_board_is_refused(tmp_path: Path) -> None:
    entries = write_entries(tmp_path)
    with pytest.raises(EntryError, match="no cell of the board"):
        weighed(board(entries), pooled(entries), {("Unknown", 1): 1.0})


def of_the_board(found: Fingerprint) -> Fingerprint:
    """The fingerprint, its cells called as those of the small board are."""
    like = replace(found.likeness, cells=(("none", 0), *CELLS))
    return replace(found, likeness=like)


def test_a_photo_unlike_all_of_the_suite_is_said_to_be(found: Fingerprint, tmp_path: Path) -> None:
    entries = write_entries(tmp_path)
    snow = np.random.default_rng(0).integers(0, 2, (SIDE, SIDE, 3), np.uint8) * 255
    strange, usual = (
        advised(each, None, board(entries), pooled(entries), of_the_board(found), masked=True)
        for each in (snow, scene(1))
    )
    assert strange.unlike
    assert not usual.unlike
    assert [row.model for row in usual.table.rows] == ["good", "fair", "identity", "bad"]


@pytest.fixture
def root(found: Fingerprint, tmp_path: Path) -> Path:
    entries = write_entries(tmp_path / "entries")
    named = replace(of_the_board(found), suite_id=entries[0].suite_id)
    (tmp_path / "entries" / folder_name(named.suite_id) / FINGERPRINT).write_text(written(named), "utf-8")
    return tmp_path / "entries"


def test_the_console_says_what_ails_a_photo_and_which_model_to_take(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_png(tmp_path / "old.png", aged(53, "GaussianNoise")[0])
    assert main(["leaderboard", "for", str(tmp_path / "old.png"), "--entries", str(root)]) == 0
    said = capsys.readouterr().out
    assert "of the suite, most like" in said
    assert re.search(r"what seems wrong +grain or noise \(noise in the most even places: \d+\.?\d* levels; clean", said)
    assert "estimated by a top-hat filter" in said
    assert "\ntake                        good, surely better than leaving it as it is" in said
    assert len([line for line in said.splitlines() if "\t" in line]) == 1 + len(MODELS)
    assert main(["leaderboard", "for", str(tmp_path / "old.png"), "--entries", str(root), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert sum(each["weight"] for each in data["cells"]) == pytest.approx(1)
    assert data["mask_from"] == "top-hat"
    assert data["models"][0]["model"] == "good"
    assert "noise" in [each["key"] for each in data["symptoms"]]
    assert not data["little_seems_wrong"]


def shipped(name: str) -> Image:
    picture = np.atleast_3d(getattr(pytest.importorskip("skimage").data, name)())[..., :3]
    return np.ascontiguousarray(np.broadcast_to(picture, (*picture.shape[:2], 3)))


CLEAN = ("astronaut", "camera", "chelsea", "coffee", "coins", "moon", "page", "rocket", "text")


@pytest.mark.parametrize("name", CLEAN)
def test_little_seems_wrong_with_a_photo_that_is_not_damaged(name: str) -> None:
    assert symptoms(shipped(name)) == ()


@pytest.mark.parametrize("name", ["rocket", "camera"])
@pytest.mark.parametrize(
    ("effect", "key"),
    [
        ("GaussianNoise", "noise"),
        ("FilmGrain", "noise"),
        ("GaussianBlur", "blur"),
        ("DyeFading", "faded"),
        ("Scratches", "marks"),
        ("JpegCompression", "blocks"),
    ],
)
def test_what_was_done_at_severity_3_is_seen_for_what_it_is(name: str, effect: str, key: str) -> None:
    kind = next(each for each in EFFECTS if each.__name__ == effect)
    step = at_severity(kind, 3, seed=11, short_side=min(shipped(name).shape[:2]))
    found = [each.symptom for each in symptoms(Recipe((step,)).apply(shipped(name)).image)]
    assert key in [each.key for each in found]
    assert effect in next(each for each in found if each.key == key).effects


def test_a_mask_says_what_is_masked_and_thin_marks_are_not_guessed() -> None:
    image = shipped("camera")
    mask = np.zeros(image.shape[:2], np.uint8)
    assert symptoms(image, mask) == ()
    mask[:20] = 255
    (found,) = symptoms(image, mask)
    assert found.symptom.key == "masked"
    assert found.value == pytest.approx(100 * 20 / image.shape[0])


def test_cells_count_for_as_much_as_they_are_likely_to_show_what_is_seen() -> None:
    cells = (("none", 0), ("DyeFading", 3), ("GaussianBlur", 3), ("Vignette", 3), ("medium", 3))
    likely = dict.fromkeys(cells, 0.2)
    noisy = [Shown(each, 9.0) for each in SYMPTOMS if each.key == "faded"]
    found = reweighted(likely, noisy, masked=False)
    assert max(found, key=found.__getitem__) in (("DyeFading", 3), ("medium", 3))
    assert found["medium", 3] == found["DyeFading", 3]
    assert found["GaussianBlur", 3] < found["Vignette", 3] == found["none", 0] < found["DyeFading", 3] / 5
    nothing = reweighted(likely, [], masked=False)
    assert nothing["none", 0] == nothing["Vignette", 3] > nothing["DyeFading", 3]
    assert sum(found.values()) == pytest.approx(1) == sum(nothing.values())


def test_an_undamaged_photo_is_left_as_it_is(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_png(tmp_path / "new.png", shipped("rocket"))
    assert main(["leaderboard", "for", str(tmp_path / "new.png"), "--entries", str(root)]) == 0
    said = capsys.readouterr().out
    assert re.search(r"what seems wrong +little: ", said)
    assert re.search(r"take +nothing: leave it as it is", said)
    assert "most like" not in said


def test_of_suites_the_one_with_a_handful_of_models_and_most_photos_is_taken(tmp_path: Path) -> None:
    entry = write_entries(tmp_path)[0]

    def board_of(models: int, photos: int) -> list[Entry]:
        run = {"suite": {"photos": photos, "items": photos * 8}}
        return [replace(entry, run=run) for _ in range(models)]

    two, many, wide = board_of(2, 24), board_of(11, 4), board_of(7, 24)
    assert max((two, many), key=telling) is many
    assert max((many, wide, two), key=telling) is wide


def test_a_mask_that_somebody_drew_counts(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image, mask = aged(54, "Tear")
    write_png(tmp_path / "old.png", image)
    write_png(tmp_path / "mask.png", mask)
    words = ["leaderboard", "for", str(tmp_path / "old.png"), "--entries", str(root), "--json"]
    said = []
    for more in ([], ["--mask", str(tmp_path / "mask.png")]):
        assert main([*words, *more]) == 0
        said.append(json.loads(capsys.readouterr().out))
    assert said[1]["signs"][0]["name"] == "masked"
    assert said[1]["signs"][0]["value"] == pytest.approx(100 * (mask >= 26).mean(), abs=0.01)
    assert said[0]["cells"] != said[1]["cells"]


def test_a_detector_counts_only_where_the_fingerprint_was_made_with_it(found: Fingerprint, tmp_path: Path) -> None:
    entries = write_entries(tmp_path)
    image, mask = aged(55, "Tear")
    told = [
        advised(image, each, board(entries), pooled(entries), of_the_board(found), masked=masked)
        for each, masked in ((None, True), (mask, False), (mask, True))
    ]
    assert told[0].likely == told[1].likely
    assert told[0].likely != told[2].likely
    assert [each.undamaged for each in told[1].signs if each.name == "masked"] == [None]
    assert path_of(tmp_path, "a:1") != path_of(tmp_path, "a:1", "detector (sha256 0)")


def test_what_a_detector_finds_in_a_suite_is_what_counts_in_its_fingerprint(suite: Materials) -> None:
    found = taken(suite, Looking(detect=lambda image: np.full(image.shape[:2], 255, np.uint8), masks="all"))
    assert found.masks == "all"
    assert np.allclose(found.likeness.means[:, -1], np.log10(1 + 1e-4))


def test_mistakes_are_answered_in_one_line(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_png(tmp_path / "old.png", scene(3))
    write_png(tmp_path / "tiny.png", scene(3)[:20, :20])
    write_png(tmp_path / "half.png", scene(3)[:, :70])
    (tmp_path / "not.png").write_text("no picture")
    old, other = str(tmp_path / "old.png"), ["--entries", str(root)]
    for words, answer in (
        ([old, "--suite", "nope", *other], "no suite 'nope'"),
        ([old, "--detector", str(tmp_path), *other], "no weights"),
        ([old, "--mask", str(tmp_path / "half.png"), *other], "as large as its photo"),
        ([str(tmp_path / "tiny.png"), *other], "smaller than 64"),
        ([str(tmp_path / "not.png"), *other], "not.png"),
        ([str(tmp_path / "none.png"), *other], "none.png"),
        ([old, "--entries", str(tmp_path / "nowhere")], "nowhere"),
    ):
        assert main(["leaderboard", "for", *words]) == 2
        said = capsys.readouterr().err
        assert answer in said
        assert said.count("\n") == 1


def test_the_fingerprint_of_a_suite_is_kept_beside_its_entries(
    suite: Materials, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["leaderboard", "fingerprint", str(suite.folder), "--entries", str(tmp_path), "--photos", "2"]
    assert main(words) == 0
    path = tmp_path / folder_name(suite.suite.suite_id) / FINGERPRINT
    assert read_fingerprint(path).photos == 2
    assert str(path) in capsys.readouterr().out
    assert main(["leaderboard", "fingerprint", str(tmp_path), "--entries", str(tmp_path)]) == 2
