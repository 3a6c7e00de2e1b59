"""Fingerprints of suites: what an unseen photo looks most like, with a mask and without, and their files."""

import json
from pathlib import Path

import numpy as np
import pytest
from small_fingerprints import SIDE, aged

from benchmark.materials import Materials
from foxing import main
from leaderboards.ailing import statistics_of
from leaderboards.entry import EntryError, folder_name
from leaderboards.fingerprint import FINGERPRINT, Fingerprint, Looking, read_fingerprint, taken, written
from leaderboards.likeness import by_defect, likeness, weights


@pytest.mark.parametrize("effect", ["GaussianNoise", "GaussianBlur", "Tear"])
def test_an_unseen_photo_looks_most_like_what_was_done_to_it(fingerprint: Fingerprint, effect: str) -> None:
    image, mask = aged(50, effect)
    model, sure = fingerprint.of(masked=True)
    row = statistics_of(image, fingerprint.side, mask)
    likely = weights(model.distances(row[None]), model.cells, sure.temperature)[0]
    assert next(iter(by_defect(dict(zip(model.cells, likely.tolist(), strict=True))))) == effect
    assert likely.sum() == pytest.approx(1)


def test_a_mask_counts_only_where_there_is_one(fingerprint: Fingerprint) -> None:
    image, mask = aged(51, "Tear")
    without, with_mask = (statistics_of(image, SIDE, each) for each in (None, mask))
    assert np.isnan(without[-1])
    assert with_mask[-1] == pytest.approx(np.log10((mask >= 26).mean() + 1e-4))
    assert np.isfinite(fingerprint.of(masked=False)[0].distances(without[None])).all()


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


def test_the_file_holds_the_fingerprint(fingerprint: Fingerprint, tmp_path: Path) -> None:
    path = tmp_path / FINGERPRINT
    path.write_text(written(fingerprint), "utf-8")
    again = read_fingerprint(path)
    row = statistics_of(aged(52, "GaussianNoise")[0], fingerprint.side)[None]
    one, other = (each.of(masked=False)[0].distances(row) for each in (fingerprint, again))
    assert np.allclose(one, other, rtol=0.03)
    assert (again.suite_id, again.side, again.photos) == (fingerprint.suite_id, SIDE, 4)
    assert path.stat().st_size < 60_000


def test_a_file_of_another_version_or_a_damaged_one_is_refused(fingerprint: Fingerprint, tmp_path: Path) -> None:
    data = json.loads(written(fingerprint))
    path = tmp_path / FINGERPRINT
    for wrong, words in ((data | {"version": 0}, "another version"), (data | {"spread": [1]}, "damaged")):
        path.write_text(json.dumps(wrong), "utf-8")
        with pytest.raises(EntryError, match=words):
            read_fingerprint(path)


def test_one_photo_makes_no_fingerprint(seen_suite: Materials) -> None:
    with pytest.raises(EntryError, match="two or more"):
        taken(seen_suite, Looking(photos=1))


def test_what_a_detector_finds_in_a_suite_is_what_counts_in_its_fingerprint(seen_suite: Materials) -> None:
    found = taken(seen_suite, Looking(detect=lambda image: np.full(image.shape[:2], 255, np.uint8), masks="all"))
    assert found.masks == "all"
    assert np.allclose(found.likeness.means[:, -1], np.log10(1 + 1e-4))


def test_the_fingerprint_of_a_suite_is_kept_beside_its_entries(
    seen_suite: Materials, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["leaderboard", "fingerprint", str(seen_suite.folder), "--entries", str(tmp_path), "--photos", "2"]
    assert main(words) == 0
    path = tmp_path / folder_name(seen_suite.suite.suite_id) / FINGERPRINT
    assert read_fingerprint(path).photos == 2
    assert str(path) in capsys.readouterr().out
    assert main(["leaderboard", "fingerprint", str(tmp_path), "--entries", str(tmp_path)]) == 2
