"""A pipeline of ours as a transform of Albumentations: the same bytes, targets that fit, and late imports."""

import io
import json
import subprocess
import sys
import textwrap
from typing import Any

import numpy as np
import pytest
from charts import chart

from degrade.effects.foxing import Foxing
from degrade.effects.gaussian_noise import GaussianNoise
from degrade.pipeline import Pipeline
from degrade.priors import Uniform, prior
from degrade.recipe import Recipe, RecipeError

pytest.importorskip("albumentations")

from degrade.adapters.albumentations import A, Albumentation, OldPhoto, as_text

PICTURE = chart(48, 64)
BLANK = np.zeros((48, 64), np.uint8)
BOX = np.s_[10:20, 5:30]

SPOTS = Pipeline(
    "spots",
    (
        prior(Foxing, density=60.0, radius=0.06, strength=0.5, clustering=0.5, bullseye=0.2),
        prior(GaussianNoise, p=0.9, sigma=Uniform(1, 5), channels="auto", size=1.0),
    ),
)


def spotted(p: float = 1.0) -> OldPhoto:
    return OldPhoto(SPOTS, p=p)


def test_it_gives_the_bytes_that_our_own_pipeline_gives() -> None:
    aged = A.Compose([spotted()], seed=7)(image=PICTURE, mask=BLANK, defects=BLANK, key="a.jpg")
    ours = SPOTS.sample(7, "a.jpg").apply(PICTURE)
    assert np.array_equal(aged["image"], ours.image)
    assert np.array_equal(aged["mask"], ours.mask)
    assert np.array_equal(aged["defects"], ours.labels)


def test_equal_seeds_give_equal_series_and_each_call_another_picture() -> None:
    one, other = (A.Compose([spotted()], seed=3) for _ in range(2))
    series = [(one(image=PICTURE)["image"], other(image=PICTURE)["image"]) for _ in range(3)]
    assert all(np.array_equal(a, b) for a, b in series)
    assert not np.array_equal(series[0][0], series[1][0])


def test_a_key_makes_the_order_of_calls_irrelevant() -> None:
    forwards, backwards = (A.Compose([spotted()], seed=3) for _ in range(2))
    first = {key: forwards(image=PICTURE, key=key)["image"] for key in "abc"}
    second = {key: backwards(image=PICTURE, key=key)["image"] for key in "cba"}
    assert all(np.array_equal(first[key], second[key]) for key in "abc")


def test_a_replay_gives_the_same_bytes_from_a_record_that_is_small_json() -> None:
    compose = A.ReplayCompose([A.HorizontalFlip(p=0.5), OldPhoto("mild")])
    for _ in range(4):
        done = compose(image=PICTURE, mask=BLANK)
        record = json.dumps(done["replay"])
        assert len(record) < 4000
        again = A.ReplayCompose.replay(json.loads(record), image=PICTURE, mask=BLANK)
        assert np.array_equal(again["image"], done["image"])
        assert np.array_equal(again["mask"], done["mask"])


def test_the_applied_parameters_are_the_recipe() -> None:
    done = A.Compose([spotted()], save_applied_params=True, seed=1)(image=PICTURE)
    ((name, parameters),) = done["applied_transforms"]
    assert (name, list(parameters)) == ("OldPhoto", ["recipe"])
    assert np.array_equal(Recipe.from_json(parameters["recipe"]).apply(PICTURE).image, done["image"])


def test_p_is_its_probability() -> None:
    compose = A.Compose([spotted(p=0.3)], seed=5)
    changed = sum(not np.array_equal(compose(image=PICTURE)["image"], PICTURE) for _ in range(200))
    assert changed == pytest.approx(60, abs=20)  # three standard deviations
    with pytest.raises(ValueError, match=r"p = 1.5, outside \[0, 1\]"):
        spotted(p=1.5)


def test_a_mask_keeps_what_it_had() -> None:
    before = BLANK.copy()
    before[BOX] = 200
    kept = before.copy()
    done = A.Compose([spotted()], seed=1)(image=PICTURE, mask=before)
    alone = A.Compose([spotted()], seed=1)(image=PICTURE, mask=BLANK)
    assert alone["mask"].any()
    assert np.array_equal(done["mask"], np.maximum(before, alone["mask"]))
    assert np.array_equal(before, kept)
    done["mask"][:] = 1  # what comes out is the caller's own


def test_geometry_before_and_after_keeps_the_clean_twin_and_the_mask_aligned() -> None:
    compose = A.Compose(
        [A.Rotate((30, 30), p=1), spotted(), A.HorizontalFlip(p=1), A.RandomCrop(32, 32)],
        additional_targets={"defects": "mask", "clean": "image"},
        seed=2,
    )
    done = compose(image=PICTURE, mask=BLANK, defects=BLANK, clean=PICTURE)
    turned = A.Compose([A.Rotate((30, 30), p=1)], seed=2)(image=PICTURE)["image"]
    assert done["image"].shape == (32, 32, 3)
    assert np.array_equal(done["mask"] > 0, done["defects"] > 0)
    assert done["clean"].tobytes() in {
        np.ascontiguousarray(turned[:, ::-1][top : top + 32, left : left + 32]).tobytes()
        for top in range(17)
        for left in range(33)
    }


def test_boxes_pass_through() -> None:
    compose = A.Compose([spotted()], bbox_params=A.BboxParams("pascal_voc", label_fields=["labels"]), strict=True)
    done = compose(image=PICTURE, bboxes=[[1, 2, 30, 40]], labels=["face"])
    assert np.allclose(done["bboxes"], [[1, 2, 30, 40]])
    assert done["labels"] == ["face"]


@pytest.mark.parametrize(
    "targets",
    [
        {"image": PICTURE, "mask": BLANK.astype(np.int32)},
        {"image": PICTURE, "mask": np.zeros((48, 64, 1), np.uint8)},
        {"image": PICTURE, "mask": BLANK[:40]},
        {"image": PICTURE, "defects": BLANK[:40]},
        {"image": PICTURE[..., 0]},
        {"image": PICTURE / np.float32(255)},
        {"images": PICTURE[None]},
    ],
)
def test_targets_that_do_not_fit_are_refused_in_one_line(targets: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]*uint8 of|^[^\n]*image") as caught:
        spotted()(**targets)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data_format", ["json", "yaml"])
def test_it_is_saved_and_loaded(data_format: str) -> None:
    compose = A.Compose([spotted(p=0.9), OldPhoto("mild", p=0.8)], seed=4)
    file = io.StringIO()
    A.save(compose, file, data_format)
    file.seek(0)
    loaded = A.load(file, data_format)
    loaded.set_random_seed(4)
    for _ in range(3):
        assert np.array_equal(loaded(image=PICTURE)["image"], compose(image=PICTURE)["image"])


def test_a_mistyped_preset_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="no preset 'mildd'; did you mean mild"):
        OldPhoto("mildd")


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_it_does_not_touch_the_network() -> None:
    python(
        """
        import socket
        def refuse(*_):
            raise SystemExit("the network was touched")
        for name in ("connect", "connect_ex", "sendto"):
            setattr(socket.socket, name, refuse)
        socket.create_connection = socket.getaddrinfo = refuse
        import degrade.adapters.albumentations
        """
    )


def test_a_recipe_that_names_it_imports_it() -> None:
    recipe = Recipe((Albumentation(transform=as_text(A.RandomGamma(p=1)), seed=1),)).to_json()
    code = f"import degrade.recipe as r; print(r.Recipe.from_json({recipe!r}).to_json())"
    assert python(code) == recipe


def test_without_albumentations_such_a_recipe_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "albumentations", None)
    monkeypatch.delitem(sys.modules, "degrade.adapters.albumentations")
    with pytest.raises(RecipeError, match=r"step 1: Albumentation needs albumentations: pip install 'foxing\[alb"):
        Recipe.from_json('{"foxing":1,"steps":[{"Albumentation":{"transform":"{}","seed":0}}]}')


def test_the_engine_comes_without_heavy_libraries() -> None:
    loaded = python(
        """
        import sys, degrade, degrade.presets, degrade.pipeline_file, degrade.sample
        print(*sys.modules)
        """
    ).split()
    assert not {"albumentations", "torch", "pyiqa", "scipy", "skimage", "pandas", "matplotlib"} & set(loaded)
