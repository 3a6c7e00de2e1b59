import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_suites import DAMAGES, PLAN, photo, small_suite, write_photos

from benchmark.making import Making, made_suite
from benchmark.materials import Kept, opened_suite
from benchmark.private import Secret, commitment, committed, kept_promise, read_secret
from benchmark.scoring import metrics_named
from benchmark.suite import Damage, Photos, Suite, SuiteError
from benchmark.suite_file import plan_of, read_plan
from benchmark.suites import KODAK, LADDER, SHIPPED, SINCE, SUITES, TINY
from degrade.effects import EFFECTS
from degrade.io import pixel_digest, read_image, write_png
from degrade.presets import PRESETS
from degrade.recipe import BY_NAME, Recipe


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


def test_tiny_is_made_of_photos_that_ship_as_they_are() -> None:
    pytest.importorskip("skimage")
    from benchmark.photos import found_photos  # noqa: PLC0415

    loaded = {name: load() for name, load in found_photos(TINY, None).items()}
    assert {name: pixel_digest(image) for name, image in loaded.items()} == SHIPPED.sha256


def test_the_built_in_suites_name_what_there_is() -> None:
    for plan in SUITES.values():
        assert len(metrics_named(plan)) == len(plan.metrics)
        for damage in plan.damages:
            assert damage.kind != "effect" or damage.name in BY_NAME
            assert damage.kind != "preset" or damage.name in PRESETS


def test_the_ladder_has_every_effect_at_five_severities_and_none() -> None:
    assert len(LADDER.damages) == 5 * (len(EFFECTS) - len(SINCE)) + 1
    assert len(KODAK.sha256) == 24


@pytest.mark.data
def test_the_kodak_pictures_are_known(tmp_path: Path) -> None:
    folder = Path(__file__).parents[3] / "shared" / "data" / "kodak24"
    if not folder.is_dir():
        pytest.skip("no Kodak pictures here")
    plan = replace(LADDER, damages=(Damage("none", "none", 0),))
    made = made_suite(plan, folder, tmp_path, Making(("psnr/v1",), pictures=False))
    assert made.suite.photos == KODAK.sha256


def test_the_readmes_example_of_a_users_suite_is_a_plan(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(readme.split("```toml\n")[1].split("```")[0], "utf-8")
    plan, photos, _ = read_plan(path)
    assert photos == tmp_path / "photos"
    assert [(each.name, each.severity, each.draws) for each in plan.damages] == [
        ("none", 0, 1),
        ("Foxing", 1, 1),
        ("Foxing", 3, 1),
        ("Foxing", 5, 1),
        ("medium", 3, 3),
    ]
    assert (plan.seed, plan.masks, plan.metrics) == (7, "given", ("psnr", "ssim", "ciede2000"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[damage]]\neffect = 'Foxin'", "damage 1: no effect 'Foxin'; did you mean Foxing"),
        ("[[damage]]\npreset = 'mediun'", "no preset 'mediun'; did you mean medium"),
        ("[[damage]]\neffect = 'Foxing'\nseverities = [6]", "severity 6, none of 1, 2, 3, 4, 5"),
        ("[[damage]]\neffect = 'Foxing'\npreset = 'medium'", "give one of effect, preset, pipeline"),
        ("[[damage]]\npipeline = 'none.toml'", "none.toml"),
        ("[[damage]]\npreset = 'medium'\ndraws = 0", "0 draws"),
        ("[[damage]]\neffect = 'Foxing'\n[[damage]]\neffect = 'Foxing'", "Foxing at severity 1 comes twice"),
        ("metrix = []", "no setting 'metrix'; did you mean metrics"),
        ("seed = -1", "seed is -1"),
        ("name = 'tiny'", "tiny is a built-in suite"),
        ("name = '../x'", "name '../x'"),
        ("masks = 'givn'", "masks 'givn'; did you mean given"),
        ("no_harm = false", "no damage"),
        ("metrics = 'psnr'", "metrics is a list of names"),
        ("name = ", "no TOML"),
    ],
)
def test_a_mistake_in_a_users_suite_is_named_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SuiteError) as caught:
        read_plan(path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_suite_brings_the_nearest_name() -> None:
    with pytest.raises(SuiteError, match="no suite 'laddr'; did you mean ladder"):
        plan_of("laddr")


def test_a_private_split_is_bound_by_a_hash_that_only_its_secret_opens(tmp_path: Path) -> None:
    secret = read_secret(tmp_path / "secret.json")
    published = committed(secret, PLAN)
    assert read_secret(tmp_path / "secret.json") == secret
    assert (tmp_path / "secret.json").stat().st_mode & 0o077 == 0
    assert kept_promise(published, secret, PLAN)
    assert not kept_promise(published, replace(secret, seed=secret.seed + 1), PLAN)
    assert not kept_promise(published, secret, replace(PLAN, damages=DAMAGES[1:]))
    assert published != read_secret(tmp_path / "other.json").salt


def test_the_commitment_is_a_plain_sha256() -> None:
    expected = hashlib.sha256(b"1|salt|small:x").hexdigest()
    assert commitment(1, "salt", "small:x") == expected
    assert committed(Secret(1, "salt"), PLAN) == commitment(1, "salt", f"small:{PLAN.digest}")


def test_a_damaged_file_among_known_photos_is_named(tmp_path: Path) -> None:
    plan = replace(PLAN, photos=Photos("known", {"known": pixel_digest(photo(0))}, "one"))
    folder = write_photos(tmp_path / "clean", 1)
    (folder / "broken.png").write_bytes(b"nothing")
    with pytest.raises(SuiteError, match=r"broken.png: no picture that can be read"):
        made_suite(plan, folder, tmp_path / "suite", Making(("psnr/v1",), workers=1))
