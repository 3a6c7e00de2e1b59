"""The losses of the papers. Everything is computed in fp32, whatever precision the networks run in."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from restore_models.restorer import ModelError


def lsgan(verdicts: Sequence[Sequence[Tensor]], real: bool) -> Tensor:
    """Squared distance of the verdicts from 1 (real) or 0, summed over the scales.

    Source: Mao et al. 2017; the paper's L_LSGAN, eq. 4 and 10.
    """
    target = 1.0 if real else 0.0
    return sum_of([(scale[-1].float() - target).square().mean() for scale in verdicts])


def bce_gan(verdicts: Sequence[Sequence[Tensor]], real: bool) -> Tensor:
    """Cross-entropy of the verdicts against real or not, summed over the scales: the first GAN loss, as in Pix2Pix."""
    found = []
    for scale in verdicts:
        said = scale[-1].float()
        found.append(functional.binary_cross_entropy_with_logits(said, torch.full_like(said, float(real))))
    return sum_of(found)


def feature_matching(fake: Sequence[Sequence[Tensor]], real: Sequence[Sequence[Tensor]]) -> Tensor:
    """Mean difference of a discriminator's inner features: the mean over scales, the sum over layers.

    Source: Wang et al. 2018, eq. 4, with the weights of the released code of Wan et al. 2020: 4 / (layers + 1) for each
    layer, which is 1 for three of them.
    """
    terms = [
        functional.l1_loss(one.float(), other.float().detach()) * 4 / (len(scale) - 1)
        for scale, target in zip(fake, real, strict=True)
        for one, other in zip(scale[:-1], target[:-1], strict=True)
    ]
    return sum_of(terms) / len(fake)


def unit_variance_kl(mean: Tensor) -> Tensor:
    """The divergence of N(mean, 1) from N(0, 1), without its factor 1/2, as a mean: what the released code uses."""
    return mean.float().square().mean()


def kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """The divergence of N(mean, variance) from N(0, 1): summed over the channels, mean over the places.

    Source: Kingma and Welling 2014, appendix B.
    """
    mean, log_variance = mean.float(), log_variance.float()
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1).mean()


VGG_CHANNELS = ((64, 64), (128, 128), (256, 256, 256, 256), (512, 512, 512, 512), (512,))
"""Of VGG-19 up to relu5_1, by scale (Simonyan and Zisserman 2015, table 1, E)."""

VGG_WEIGHTS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1.0)
"""Of relu1_1, relu2_1, relu3_1, relu4_1 and relu5_1 (Wang et al. 2018, released code)."""


class Perceptual(nn.Module):
    """How far two pictures lie apart in the eyes of a network, or of its stand-in: sum_i w_i mean|phi_i(a) - phi_i(b)|.

    Source: Johnson et al. 2016; layers and weights of pix2pixHD, as Wan et al. use it. Pictures are [0, 1] here and
    [-1, 1] inside, without ImageNet's normalisation, as in the released code.
    """

    def __init__(self, weights: Path | None = None) -> None:
        super().__init__()
        self.name = STAND_IN
        self.slices = nn.ModuleList()
        if weights is not None:
            self.slices, self.name = _vgg(weights)
        self.requires_grad_(False)

    def features(self, pictures: Tensor) -> list[Tensor]:
        """What the loss compares, scale by scale."""
        if not self.slices:
            return _gradients(pictures)
        found, now = [], pictures * 2 - 1
        for part in self.slices:
            now = part(now)
            found.append(now)
        return found

    def forward(self, restored: Tensor, clean: Tensor) -> Tensor:
        """The distance; no gradient flows into the clean pictures."""
        with torch.no_grad():
            targets = self.features(clean)
        seen = self.features(restored)
        weights = VGG_WEIGHTS if self.slices else (1.0,) * len(seen)
        return sum_of(
            [
                weight * functional.l1_loss(one.float(), other.float())
                for weight, one, other in zip(weights, seen, targets, strict=True)
            ]
        )


STAND_IN = "stand-in: gradients at four scales, without weights"


def _gradients(pictures: Tensor) -> list[Tensor]:
    """Horizontal and vertical differences at four scales: what edges there are, without any learned weight."""
    found, now = [], pictures.float()
    for _ in range(4):
        found += [now.diff(dim=-1), now.diff(dim=-2)]
        if min(now.shape[-2:]) < 4:
            break
        now = functional.avg_pool2d(now, 2)
    return found


def _vgg(path: Path) -> tuple[nn.ModuleList, str]:
    """VGG-19 cut behind relu1_1, 2_1, 3_1, 4_1 and 5_1, with weights in the numbering of torchvision's file."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); give VGG-19's weights with --vgg") from None
    except Exception:  # whatever the reader thinks of it
        raise ModelError(f"{path}: no weights of VGG-19; give the file vgg19-*.pth of torchvision") from None
    slices: list[nn.Module] = []
    pending: list[nn.Module] = []
    before, number = 3, 0
    for scale, channels in enumerate(VGG_CHANNELS):
        if scale:
            pending.append(nn.MaxPool2d(2))
            number += 1
        for place, after in enumerate(channels):
            conv = nn.Conv2d(before, after, 3, padding=1)
            try:
                conv.load_state_dict({kind: state[f"features.{number}.{kind}"] for kind in ("weight", "bias")})
            except (KeyError, TypeError, RuntimeError):
                raise ModelError(f"{path}: not VGG-19: features.{number} is missing or of another shape") from None
            pending += [conv, nn.ReLU()]
            number, before = number + 2, after
            if place == 0:
                slices.append(nn.Sequential(*pending))
                pending = []
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    return nn.ModuleList(slices), f"VGG-19 ({path.name}, sha256 {digest})"


def found_vgg() -> Path | None:
    """The weights of VGG-19 in torch's own cache, where there are some; nothing is ever fetched."""
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    return next(iter(sorted(folder.glob("vgg19-*.pth"))), None)


def sum_of(terms: Sequence[Tensor]) -> Tensor:
    """The sum of some scalars."""
    return torch.stack([term.float() for term in terms]).sum()
