"""Physical presets derived from a fit: what the fit says is in them, and what it does not say stays."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from project_scripts import script

from degrade.effects import ContrastStretch, FilmGrain, JpegCompression, ReducedJpeg, Toning, Yellowing
from degrade.pipeline import Pipeline
from degrade.presets import PRESETS
from degrade.priors import Along, Choice, Group, Integers, LogUniform, Prior, Uniform, prior
from degrade.realism.distance import Discrepancy
from degrade.realism.gap import Gap
from degrade.realism.ranks import Estimate

KINDS = ("grey", "warm", "yellowed", "colour")


def of_kind(kind: str, at: int) -> tuple[Group, Group]:
    """A print whose numbers hang on its kind's place among the kinds, and its scan."""
    grain = prior(FilmGrain, p=0.5, strength=LogUniform(0.01, 0.02 + 0.02 * at), size=1.0, exponent=0.8, channels="one")
    steps = [replace(grain, name=f"{kind} grain"), replace(grain, name=f"{kind} coarse grain")]
    if kind != "grey":
        process = Choice(("platinum",), (1.0,))
        tone = prior(Toning, p=0.3, process=process, strength=Uniform(0.1, 0.2 * at), compression=Uniform(0, 0.1))
        aged = prior(Yellowing, p=0.7, strength=Along("age", 0, 0.2), unevenness=Uniform(0, 0.1), edges=0.0, reach=0.08)
        steps += [replace(tone, name=f"{kind} tone"), replace(aged, name=f"{kind} yellowing")]
    jpeg = prior(
        JpegCompression, quality=Integers(50 + 10 * at, 90), subsampling=Choice(("4:4:4", "4:2:0"), (0.4, 0.6))
    )
    reduced = prior(ReducedJpeg, scale=LogUniform(1.2, 2), quality=Integers(50, 90), subsampling="4:2:0")
    members = (
        replace(jpeg, name=f"{kind} jpeg"),
        replace(jpeg, name=f"{kind} twice as one"),
        replace(jpeg, name=f"{kind} copy"),
        Group("in_order", (replace(reduced, name=f"{kind} reduced"),), name="reduced"),
    )
    levels = prior(ContrastStretch, p=0.4, blacks=Uniform(0, 10), whites=Uniform(0, 10 * at), name=f"{kind} levels")
    web = Group("one_of", members, p=0.8, weights=(0.1, 0.2, 0.3, 0.4), name="web")
    return Group("in_order", tuple(steps), name=kind), Group("in_order", (levels, web), name=kind)


@pytest.fixture(scope="module")
def fit() -> Pipeline:
    prints, scans = zip(*(of_kind(kind, at) for at, kind in enumerate(KINDS)), strict=True)
    shares = (0.1, 0.3, 0.2, 0.4)
    latents = PRESETS["old-print"].latents
    groups = (Group("one_of", each, weights=shares, name="print") for each in (prints, scans))
    return Pipeline("old-print", tuple(groups), latents)


def step(preset: Pipeline, name: str) -> Prior:
    return next(each for each in preset.priors() if each.stream_name == name)


def test_a_range_is_the_mean_of_its_kinds_by_their_shares(fit: Pipeline) -> None:
    gelatin = script("print_ranges").derived(PRESETS["gelatin-1930"], fit)
    grain = step(gelatin, "FilmGrain")
    assert grain.p == 0.5
    assert grain.fields["strength"] == LogUniform(0.01, 0.035)  # 0.02 of grey, 0.04 of three times as many warm ones
    assert step(gelatin, "JpegCompression").fields["quality"] == Integers(71, 90)  # of scans in colour


def test_what_no_fit_says_stays(fit: Pipeline) -> None:
    shipped = PRESETS["gelatin-1930"]
    gelatin = script("print_ranges").derived(shipped, fit)
    assert step(gelatin, "Toning").fields["process"] == step(shipped, "Toning").fields["process"]
    assert step(gelatin, "Yellowing").p == step(shipped, "Yellowing").p
    assert step(gelatin, "FilmGrain").fields["exponent"] == step(shipped, "FilmGrain").fields["exponent"]
    for name in ("SilverMirroring", "Foxing", "Creases", "Dust", "CharacteristicCurve"):
        assert step(gelatin, name) == step(shipped, name)


def test_what_follows_the_age_of_a_print_follows_the_chemical_age_of_a_preset(fit: Pipeline) -> None:
    albumen = script("print_ranges").derived(PRESETS["albumen-1880"], fit)
    assert step(albumen, "Yellowing").fields["strength"] == Along("chemical", 0, 0.2)


def test_steps_that_only_the_fit_has_come_where_they_belong(fit: Pipeline) -> None:
    web_scan = script("print_ranges").derived(PRESETS["web-scan"], fit)
    names = [each.stream_name for each in web_scan.priors()]
    assert names[names.index("FilmGrain") + 1] == "coarse grain"
    assert names[names.index("grain in colour") + 1] == "coarse grain in colour"
    assert names[names.index("ColourJitter") + 1] == "levels"
    (web,) = (each for each in web_scan.steps if isinstance(each, Group) and each.name == "web")
    assert (web.p, web.weights, web.members[-1].name) == (0.8, (0.1, 0.2, 0.3, 0.4), "reduced")
    (kinds,) = (each for each in web_scan.steps if isinstance(each, Group) and each.name == "print")
    assert kinds.weights == pytest.approx((0.6, 0.4))


def test_every_preset_can_be_derived_from_the_shipped_fit() -> None:
    ranges = script("print_ranges")
    for name in ranges.TOGETHER:
        found = ranges.derived(PRESETS[name], PRESETS["old-print"])
        assert found != PRESETS[name]
        assert found.sample(1, "photo").steps


def test_together_each_photo_is_taken_once_and_kinds_as_often_as_their_shares() -> None:
    physical = script("physical_presets")
    made = {name: [[(name, draw, at) for at in range(physical.PHOTOS)] for draw in (0, 1)] for name in physical.MIXED}
    for draw, found in enumerate(physical.mixtures(made, (0.2, 0.3, 0.3, 0.2))):
        assert sorted(at for _, _, at in found) == list(range(physical.PHOTOS))
        assert {of for _, of, _ in found} == {draw}
        counts = [sum(name == each for name, _, _ in found) for each in physical.MIXED]
        assert counts == [21, 35, 14]  # yellowed; grey and warm; colour


def told(likeness: Sequence[float]) -> list[Gap]:
    """Two draws of 20 prints and 70 photos, each with how degraded it looks."""
    none = Estimate(0.5, 0.4, 0.6)
    return [Gap("told", (20, 70), none, none, Discrepancy(0, 1), (), (), tuple(likeness)) for _ in range(2)]


def test_the_difference_of_a_set_to_itself_is_nothing() -> None:
    likeness = np.random.default_rng(1).uniform(size=90).tolist()
    assert script("physical_presets").difference([told(likeness)] * 2, [told(likeness)] * 2) == [0, 0, 0]


def test_the_difference_of_a_set_that_is_always_told_has_an_interval_beyond_nothing() -> None:
    chance = np.random.default_rng(1).uniform(size=90).tolist()
    always = [0.0] * 20 + [1.0] * 70
    value, low, high = script("physical_presets").difference([told(chance)] * 2, [told(always)] * 2)
    assert low < value < high < -0.3
    assert value == pytest.approx(-0.5, abs=0.12)
