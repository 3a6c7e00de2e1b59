"""Plans of suites: those that are built in, a user's own, and private ones behind a hash."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from small_suites import DAMAGES, PLAN

from benchmark.making import Making, made_suite
from benchmark.private import Secret, commitment, committed, read_secret
from benchmark.scoring import metrics_named
from benchmark.suite import Damage, SuiteError
from benchmark.suite_file import plan_of, read_plan
from benchmark.suites import KODAK, LADDER, SHIPPED, SINCE, SUITES, TINY
from degrade.effects import EFFECTS
from degrade.io import pixel_digest
from degrade.presets import PRESETS
from degrade.recipe import BY_NAME


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
    assert committed(replace(secret, seed=secret.seed + 1), PLAN) != published
    assert committed(secret, replace(PLAN, damages=DAMAGES[1:])) != published
    assert published != read_secret(tmp_path / "other.json").salt


def test_the_commitment_is_a_plain_sha256() -> None:
    expected = hashlib.sha256(b"1|salt|small:x").hexdigest()
    assert commitment(1, "salt", "small:x") == expected
    assert committed(Secret(1, "salt"), PLAN) == commitment(1, "salt", f"small:{PLAN.digest}")
