"""A suite in its folder: what its id hangs on, its pictures, and what was changed, lost or is none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_suites import DAMAGES, PLAN, photo, small_suite, write_photos

from benchmark.making import Making, made_suite
from benchmark.materials import Kept, opened_suite
from benchmark.scoring import metrics_named
from benchmark.suite import Damage, Photos, Suite, SuiteError
from degrade.io import pixel_digest, read_image, write_png
from degrade.recipe import Recipe


def test_a_suite_comes_back_from_its_folder(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    again = opened_suite(made.folder)
    assert again.suite == made.suite
    assert again.suite.suite_id.startswith("small:")
    assert len(made.suite.items) == 3 * len(DAMAGES)


def test_the_same_photos_and_plan_make_the_same_suite_and_another_seed_another(tmp_path: Path) -> None:
    one, two = (small_suite(tmp_path / name).suite for name in "ab")
    other = small_suite(tmp_path / "c", replace(PLAN, seed=1)).suite
    assert one == two
    assert one.suite_id != other.suite_id


def test_the_id_hangs_on_pixels_recipes_metrics_masks_and_protocol(tmp_path: Path) -> None:
    suite = small_suite(tmp_path).suite
    first, *others = suite.items
    changed = [
        replace(suite, metrics=suite.metrics[:1]),
        replace(suite, masks="none"),
        replace(suite, protocol="another"),
        replace(suite, engine="another"),
        replace(suite, task="detect"),
        replace(suite, items=(replace(first, degraded_sha256="0" * 64), *others)),
        replace(suite, items=(replace(first, clean_sha256="0" * 64), *others)),
        replace(suite, items=(replace(first, mask_sha256="0" * 64), *others)),
        replace(suite, items=(replace(first, recipe="{}"), *others)),
        replace(suite, items=tuple(others)),
    ]
    assert len({each.suite_id for each in (suite, *changed)}) == len(changed) + 1
    assert replace(suite, items=suite.items[::-1], about="other words").suite_id == suite.suite_id


def test_every_picture_is_what_its_recipe_makes_of_the_photo(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    for item in made.suite.items:
        case = made.case(item)
        expected = Recipe.from_json(item.recipe).apply(made.photo(item))
        assert np.array_equal(case.degraded, expected.image)
        assert np.array_equal(case.mask, expected.mask)
        assert case.clean is not None
        assert np.array_equal(case.clean, expected.clean)


def test_a_suite_without_pictures_makes_the_same_ones_anew(tmp_path: Path) -> None:
    full, light = small_suite(tmp_path / "full"), small_suite(tmp_path / "light", pictures=False)
    assert light.suite == full.suite
    assert not (light.folder / "degraded").exists()
    for item in full.suite.items:
        one, other = full.case(item), light.case(item)
        assert np.array_equal(one.degraded, other.degraded)
        assert np.array_equal(one.mask, other.mask)


def test_severities_of_an_effect_share_their_random_field(tmp_path: Path) -> None:
    plan = replace(PLAN, damages=tuple(Damage("effect", "Scratches", severity) for severity in (1, 5)))
    suite = small_suite(tmp_path, plan).suite
    seeds = {Recipe.from_json(item.recipe).steps[0].numbers()["seed"] for item in suite.items if item.photo == "photo0"}
    assert len(seeds) == 1


@pytest.mark.parametrize("kind", ["degraded", "photos"])
def test_a_picture_that_was_changed_is_named(tmp_path: Path, kind: str) -> None:
    made = small_suite(tmp_path)
    item = made.suite.named("GaussianNoise-3/photo1")
    path = made.path(kind, item.item if kind == "degraded" else item.photo)
    write_png(path, 255 - read_image(path))
    with pytest.raises(SuiteError, match=rf"{path.name}: its pixels are not those of suite small:"):
        made.case(item)


def test_suites_that_other_programs_wrote_are_read(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    before = [made.case(item) for item in made.suite.items]
    for path in tmp_path.rglob("*.png"):
        write_png(path, read_image(path)[..., 0] if "mask" in path.parts else read_image(path))
    for item, one in zip(made.suite.items, before, strict=True):
        other = made.case(item)
        assert np.array_equal(one.degraded, other.degraded)
        assert np.array_equal(one.mask, other.mask)


def test_pictures_are_kept_for_the_next_model_and_what_a_model_writes_to_is_its_own(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    first, *_, last = made.suite.items
    size = sum(each.nbytes for each in (made.case(first).degraded, made.case(first).mask, made.photo(first)))
    kept = Kept(made, room=size)  # for one item alone
    before = [kept.case(item).degraded.copy() for item in (first, last)]
    kept.case(first).degraded[:] = 0
    for item in (first, last):
        made.path("degraded", item.item).write_bytes(b"")
    assert np.array_equal(kept.case(first).degraded, before[0])
    with pytest.raises(SuiteError, match=f"{last.item}.png"):
        kept.case(last)


def test_a_picture_that_is_gone_is_named(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    (made.folder / "photos" / "photo1.png").unlink()
    with pytest.raises(SuiteError, match=r"photo1.png: no such file"):
        made.case(made.suite.named("GaussianNoise-3/photo1"))


def test_a_suite_that_was_edited_is_refused(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    path = made.folder / "items.json"
    path.write_text(path.read_text("utf-8").replace('"masks": "given"', '"masks": "none"'), "utf-8")
    with pytest.raises(SuiteError, match="it was edited"):
        opened_suite(made.folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"suite_id": "a", "items": [{}], "metrics": []}', '{"suite_id": 1}'])
def test_what_is_no_suite_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(SuiteError, match="here: no suite") as caught:
        Suite.from_json(text, "here")
    assert "\n" not in str(caught.value)


def test_an_unknown_item_brings_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="did you mean Scratches-4/photo2"):
        small_suite(tmp_path).suite.named("Scratches-4/photo22")


def test_known_photos_are_found_by_their_pixels_and_wrong_and_missing_ones_named(tmp_path: Path) -> None:
    digests = {f"known{number}": pixel_digest(photo(number)) for number in range(2)}
    plan = replace(PLAN, photos=Photos("known", digests, "two of them"))
    folder = write_photos(tmp_path / "clean", 2)
    making = Making(tuple(metric.spec for metric in metrics_named(plan)), workers=1)
    assert set(made_suite(plan, folder, tmp_path / "suite", making).suite.photos) == set(digests)
    (folder / "photo1.png").unlink()
    with pytest.raises(SuiteError, match="known1 is missing; suite small wants two of them"):
        made_suite(plan, folder, tmp_path / "suite", making)
    write_png(folder / "known1.png", photo(7))
    with pytest.raises(SuiteError, match="known1 is not the suite's: its pixels differ"):
        made_suite(plan, folder, tmp_path / "suite", making)


def test_real_old_photos_have_no_truth(tmp_path: Path) -> None:
    made = small_suite(tmp_path, replace(PLAN, damages=(Damage("old", "old", None),), metrics=("niqe-self",)))
    item = made.suite.items[0]
    assert made.case(item).clean is None
    assert (item.defect, item.severity, item.clean_sha256) == ("old", None, "")


def test_a_damaged_file_among_known_photos_is_named(tmp_path: Path) -> None:
    plan = replace(PLAN, photos=Photos("known", {"known": pixel_digest(photo(0))}, "one"))
    folder = write_photos(tmp_path / "clean", 1)
    (folder / "broken.png").write_bytes(b"nothing")
    with pytest.raises(SuiteError, match=r"broken.png: no picture that can be read"):
        made_suite(plan, folder, tmp_path / "suite", Making(("psnr/v1",), workers=1))
