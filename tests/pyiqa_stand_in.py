"""A stand-in that behaves as pyiqa does."""

import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import huggingface_hub
import numpy as np
import torch


class Net:
    """What computes a metric: with the choices that pyiqa's have as attributes."""


class OfLuma(Net):
    test_y_channel = True
    crop_border = 4
    downsample = False


class Standing:
    """A metric as pyiqa has them: lower is better, the mean distance times what its weights say."""

    metric_mode = "FR"
    lower_better = True
    score_range: str | None = "0, 1"

    def __init__(self, factor: float = 1.0, net: type[Net] = Net) -> None:
        self.factor, self.net = torch.tensor([factor]), net()

    def __call__(self, target: Any, ref: Any = None, **_: Any) -> Any:
        images = [torch.from_numpy(np.array(each, np.float32) / 255) for each in (target, ref)]
        if min(images[0].shape[:2]) < 32:
            raise AssertionError("too small")
        return (images[0] - images[1]).abs().mean()[None] * self.factor

    def state_dict(self) -> dict[str, torch.Tensor]:
        return {"factor": self.factor, "dummy_param": torch.empty(0)}


class Alone(Standing):
    metric_mode = "NR"
    lower_better = False
    score_range = "~0, ~100"

    def __call__(self, target: Any, ref: Any = None, **_: Any) -> Any:
        assert ref is None
        return torch.from_numpy(np.array(target, np.float32)).std()[None, None]


class Folders(Standing):
    metric_mode = "NR"
    score_range = "0, ~"

    def __call__(self, target: Any, ref: Any = None, **_: Any) -> Any:
        return float(len(list(Path(target).iterdir())) + len(list(Path(ref).iterdir())))  # no tensor


class OneFolder(Folders):
    lower_better = False

    def __call__(self, target: Any, ref: Any = None, **_: Any) -> Any:
        count = len(list(Path(target).iterdir()))
        return {"inception_score_mean": np.float64(count), "inception_score_std": np.float64(0)}


class Nothing(Standing):
    def __call__(self, target: Any, ref: Any = None, **_: Any) -> Any:
        return torch.tensor(float("nan"))


class Wild(Standing):
    """As `cw_ssim` of flat pictures."""

    def __call__(self, target: Any, ref: Any = None, **_: Any) -> Any:
        return torch.tensor([1e6 if np.ptp(np.array(target)) == 0 else 0.9])


ADDRESS = "http://127.0.0.1:9/weights-0a1b2c3d.pth"
"""Where nobody is."""


def stand_in(folder: Path) -> ModuleType:
    library = ModuleType("pyiqa")
    built = iter(range(1000))

    def read() -> Standing:
        with (folder / "lpips.pth").open("rb") as file:
            return Standing(float(file.read()))

    def fetched() -> Standing:  # pyiqa says so before it tries, and PyTorch fetches
        sys.stdout.write(f'Downloading: "{ADDRESS}" to {folder / "musiq.pth"}')
        torch.hub.download_url_to_file(ADDRESS, str(folder / "musiq.pth"), None, progress=False)
        return Standing()

    def of_the_hub() -> Standing:  # as timm does, whose networks are in many of pyiqa's metrics
        huggingface_hub.hf_hub_download("timm/a_network", "model.safetensors", cache_dir=folder / "hub")
        return Standing()

    made: dict[str, Callable[[], Standing]] = {
        "cw_ssim": Wild,
        "fid": Folders,
        "inception_score": OneFolder,
        "lpips": read,
        "musiq": fetched,
        "niqe": Alone,
        "piqe": Nothing,
        "qalign": lambda: importlib.import_module("a_module_that_nobody_has").Metric(),
        "random": lambda: Standing(1.0 + next(built)),
        "ssim": lambda: Standing(net=OfLuma),
        "topiq_nr": of_the_hub,
    }

    def create(name: str, as_loss: bool = False, device: Any = None, **_: Any) -> Standing:
        assert name in made, f"Metric {name} not implemented yet."
        return made[name]()

    library.__version__ = "0.1.99"
    library.list_models = lambda: sorted(made)
    library.create_metric = create
    return library
