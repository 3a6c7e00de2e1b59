"""KID and FID beside the gap, by a network of the user's: an ONNX file, or anything that makes a vector of a photo."""

import json
from pathlib import Path

import numpy as np
import pytest
from realism.small_sets import SIDE, keys, noisy, photo
from realism.test_report import asked

from degrade.cli_gap import run_realism
from degrade.console import MisuseError
from degrade.io import write_png
from degrade.realism.features import by_network, by_network_in_halves, network_named, rows
from degrade.realism.gap import Trees
from degrade.realism.patch import Doubles
from degrade.realism.set_distances import frechet_distance, kernel_distance
from degrade.types import Image

pytest.importorskip("sklearn")

FEW = Trees(4, 2)


def mean_colours(image: Image) -> Doubles:
    return np.asarray(image, np.float64).mean(axis=(0, 1)) / 255


def unequal(image: Image) -> Doubles:
    return np.ones(image.shape[0])


def not_finite(image: Image) -> Doubles:
    return np.array([np.nan, float(image[0, 0, 0])])


def averaging(path: Path, size: tuple[object, object] = ("h", "w"), channels: int = 3) -> Path:
    """A network that gives the picture back: its mean over the places is the mean colour."""
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    shape = ["n", channels, *size]
    kinds = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape) for name in ("photo", "same")]
    graph = onnx.helper.make_graph([onnx.helper.make_node("Identity", ["photo"], ["same"])], "g", kinds[:1], kinds[1:])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)
    return path


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    found = tmp_path_factory.mktemp("real"), tmp_path_factory.mktemp("synthetic")
    for folder, prefix in zip(found, "ab", strict=True):
        for key in keys(prefix):
            write_png(folder / key, photo(key) if prefix == "a" else noisy(photo(key) // 2, key))
    return found


def test_a_set_against_itself_has_no_frechet_distance_and_a_shift_is_its_square() -> None:
    one = np.random.default_rng(1).normal(size=(40, 5))
    assert frechet_distance(one, one) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(one, one + np.array([3, 4, 0, 0, 0])) == pytest.approx(25)


def test_halves_of_one_set_lie_around_nothing_and_other_photos_far_from_it() -> None:
    source = np.random.default_rng(2)
    one, other = source.normal(size=(60, 4)), source.normal(1.0, 1, (60, 4))
    apart, floor = by_network("t", one, other), by_network_in_halves("t", one, 0)
    assert floor.photos == (30, 30)
    assert apart.kernel.interval is not None and apart.kernel.interval[0] > 0  # noqa: PT018
    assert abs(floor.kernel.value) < 0.2 * apart.kernel.value
    assert apart.kernel == kernel_distance(other, one)


def test_an_onnx_file_sees_what_a_function_sees_at_any_size(tmp_path: Path) -> None:
    network = network_named(str(averaging(tmp_path / "mean.onnx")))
    picture = photo("x")
    assert network(picture) == pytest.approx(mean_colours(picture), abs=1e-5)
    assert network(picture[: SIDE // 2]) == pytest.approx(mean_colours(picture[: SIDE // 2]), abs=1e-5)


def test_a_network_of_one_size_gets_photos_made_as_large(tmp_path: Path) -> None:
    network = network_named(str(averaging(tmp_path / "mean.onnx", (50, 40))))
    assert network(photo("x")) == pytest.approx(mean_colours(photo("x")), abs=5e-3)


@pytest.mark.parametrize("reader", ["json", "text", "page"])
def test_the_report_has_both_distances_beside_the_floor(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], reader: str
) -> None:
    html = tmp_path / "gap.html" if reader == "page" else None
    choices = {"json": reader == "json", "html": html, "features": f"{__name__}:mean_colours"}
    run_realism(asked(*folders, **choices), FEW)
    said = capsys.readouterr().out
    if reader == "json":
        apart, floor = json.loads(said)["network"]["comparisons"]
        assert apart["title"] == "synthetic against real" and floor["title"] == "real against real"  # noqa: PT018
        assert apart["kid"] > 3 * abs(floor["kid"]) and apart["fid"] > 3 * floor["fid"]  # noqa: PT018
        assert apart["photos"] == [20, 20] and floor["photos"] == [10, 10]  # noqa: PT018
    elif reader == "text":
        assert "KID" in said and "FID" in said  # noqa: PT018
    else:
        assert "By a network" in (tmp_path / "gap.html").read_text("utf-8")


def test_without_a_network_the_report_says_that_there_was_none(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run_realism(asked(*folders, json=True), FEW)
    assert json.loads(capsys.readouterr().out)["network"] == {"features": "", "comparisons": []}


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ("inception", "no network 'inception': give an .onnx file, or package.module:callable"),
        ("nowhere.onnx", "nowhere.onnx: no such file"),
        ("no_such_module:f", "no module 'no_such_module'"),
        (f"{__name__}:no_such_thing", "write package.module:callable"),
        (f"{__name__}:SIDE", "nothing that can be called"),
        (f"{__name__}:not_finite", "not all of them finite"),
    ],
)
def test_what_is_no_network_is_one_line(folders: tuple[Path, Path], features: str, said: str) -> None:
    with pytest.raises(MisuseError, match=r"(?s)^[^\n]*$") as caught:
        run_realism(asked(*folders, features=features), FEW)
    assert said in str(caught.value)


def test_files_that_are_no_network_of_photos_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "text.onnx").write_text("no network")
    with pytest.raises(ValueError, match=r"text\.onnx: no ONNX file that can be read"):
        network_named(str(tmp_path / "text.onnx"))
    with pytest.raises(ValueError, match="not one batch of RGB photos"):
        network_named(str(averaging(tmp_path / "grey.onnx", channels=1)))


def test_answers_that_hang_on_the_size_are_named() -> None:
    with pytest.raises(ValueError, match="vectors of 3 to 5 numbers: its answers hang on the photo's size"):
        rows([unequal(np.zeros((side, 4, 3), np.uint8)) for side in (3, 5)], "mine:unequal")
