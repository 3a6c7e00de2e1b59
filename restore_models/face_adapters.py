"""Other people's face restorers behind ours, where they are installed: GFP-GAN and CodeFormer.

Both run through spandrel, which holds their networks and needs neither BasicSR nor FaceXLib (which no longer import
beside current versions of torchvision). The weights are the user's own; nothing is fetched.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from degrade.types import Image
from restore_models.faces import at_side
from restore_models.network import as_image, as_tensor
from restore_models.restorer import ModelError

SIDE = 512
"""Of the faces that both were trained on, aligned as in FFHQ."""


class GfpGan:
    """GFP-GAN as a `FaceRestorer`.

    Source: Wang et al. 2021, "Towards real-world blind face restoration with generative facial prior"; versions 1.2 to
    1.4 of its weights, GFPGANv1.*.pth. Its stored noise is used, so that equal faces give equal faces.
    """

    size = SIDE

    def __init__(self, weights: Path, device: str = "cpu") -> None:
        """See the class.

        Raises:
            ModelError: spandrel is missing, or the file holds no GFP-GAN.
        """
        self.device = torch.device(device)
        self.network = loaded(weights, "GFPGAN", ("spandrel",)).to(self.device)

    def refine(self, face: Image) -> Image:
        """See `FaceRestorer`."""
        return at_side(face, SIDE, lambda square: drawn(square, self.device, self._network))

    def _network(self, face: Tensor) -> Tensor:
        found: Tensor = self.network(face, randomize_noise=False)[0]
        return found


class CodeFormer:
    """CodeFormer as a `FaceRestorer`; its licence forbids commercial use.

    Source: Zhou et al. 2022, "Towards robust blind face restoration with codebook lookup transformer"; codeformer.pth.
    """

    size = SIDE

    def __init__(self, weights: Path, fidelity: float = 0.5, device: str = "cpu") -> None:
        """See the class.

        Args:
            weights: its file.
            fidelity: 0 for the most beautiful face to 1 for the most faithful one; the paper's w.
            device: where it runs.

        Raises:
            ModelError: spandrel or its extra architectures are missing, or the file holds no CodeFormer.
        """
        if not 0 <= fidelity <= 1:
            raise ModelError(f"CodeFormer's fidelity = {fidelity}, outside [0, 1]")
        self.fidelity, self.device = fidelity, torch.device(device)
        self.network = loaded(weights, "CodeFormer", ("spandrel", "spandrel_extra_arches")).to(self.device)

    def refine(self, face: Image) -> Image:
        """See `FaceRestorer`."""
        return at_side(face, SIDE, lambda square: drawn(square, self.device, self._network))

    def _network(self, face: Tensor) -> Tensor:
        found: Tensor = self.network(face, weight=self.fidelity)[0]
        return found


@torch.inference_mode()
def drawn(face: Image, device: torch.device, network: Callable[[Tensor], Tensor]) -> Image:
    """What a network that lives in [-1, 1] makes of a face."""
    return as_image((network(as_tensor(face, device) * 2 - 1).float() + 1) / 2)


def loaded(weights: Path, architecture: str, modules: tuple[str, ...]) -> Any:
    """The network that a file holds, for use.

    spandrel's own call takes every network for one that lives in [0, 1], which these two do not: so the bare network.

    Raises:
        ModelError: a module is missing, or the file, or it holds something else.
    """
    spandrel, *extras = (imported(module, architecture) for module in modules)
    if not weights.is_file():
        raise ModelError(f"{weights}: no such file; {architecture}'s weights are in the releases of its authors")
    for extra in extras:
        extra.install(ignore_duplicates=True)
    try:
        found = spandrel.ModelLoader().load_from_file(weights)
    except Exception as error:  # spandrel and the unpickler raise whatever they like
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise ModelError(f"{weights}: cannot be loaded as {architecture} ({reason}); get it again") from None
    if found.architecture.id != architecture:
        raise ModelError(f"{weights}: weights of {found.architecture.id}, not of {architecture}")
    return found.model.eval()


def imported(module: str, architecture: str) -> Any:
    """An optional module.

    Raises:
        ModelError: it is missing, or something that it needs is.
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = module.replace("_", "-")
        raise ModelError(f"{architecture} needs {package}, which gives {error!r}: pip install {package}") from None
