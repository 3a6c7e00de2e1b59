"""What every learner is to the one training loop, and the few things that all of them do alike."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.optim import Adam, Optimizer

from restore_models.batch import Batch

Precision = Literal["fp32", "bf16"]

Net = TypeVar("Net", bound=nn.Module)


@dataclass(frozen=True, slots=True)
class Runtime:
    """Where and how networks run."""

    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    precision: Precision = "fp32"
    compiled: bool = False
    clip: float = 0.0
    """Largest norm of the gradients of one optimiser; 0 for any."""

    vgg: Path | None = None
    """The weights of VGG-19 for the perceptual loss; None for the weight-free stand-in."""

    crop: int = 256
    """Side of the pictures in a batch: what discriminators must not look beyond."""

    def autocast(self) -> AbstractContextManager[Any]:
        """Convolutions in bf16 where that was asked for; losses go by their own `float()`."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16")

    def place(self, net: Net) -> Net:
        """The network on the device, channels last there, and compiled where that was asked for."""
        net.to(self.device)
        if self.device.type == "cuda":
            net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # the stubs know it for tensors only
        if self.compiled:
            net.compile()
        return net


class Learner(ABC):
    """Networks in training with their optimisers; the loop does all that is alike for all of them.

    A learner draws what hangs on chance (initial weights, noise, dropout) from torch's own stream, which the loop
    seeds before it is made and before each step: so a run that was broken off goes on as if it had not been.
    """

    networks: dict[str, nn.Module]
    """All that is trained: saved in full."""

    optimisers: dict[str, Optimizer]

    kept: tuple[str, ...]
    """Names of the networks that make the restorer: averaged over the last steps, shown, scored, and left behind."""

    score_name: ClassVar[str] = "psnr"
    """What `score` gives; higher is better."""

    @abstractmethod
    def step(self, batch: Batch) -> dict[str, Tensor]:
        """Learn from a batch; the losses by name, as detached scalars."""

    @abstractmethod
    def show(self, batch: Batch) -> Tensor:
        """What the kept networks make of a batch: (B, 3, H, W) in [0, 1]. No gradients are kept."""

    def score(self, batch: Batch) -> Tensor:
        """(B,); how good that is: PSNR in dB against the clean pictures, unless the learner says otherwise."""
        assert batch.clean is not None
        return psnr(self.show(batch), batch.clean)

    def extra(self) -> dict[str, Any]:
        """What else must be saved for an exact resume: tensors, numbers and lists of them."""
        return {}

    def set_extra(self, state: Mapping[str, Any]) -> None:  # noqa: B027 - most have nothing to take back
        """Take back what `extra` gave."""


def psnr(restored: Tensor, clean: Tensor) -> Tensor:
    """(B,); peak signal-to-noise ratio in dB of pictures in [0, 1], rounded to 8 bits, at most 100."""
    levels = (restored.float().clamp(0, 1) * 255).round() - (clean.float() * 255).round()
    return (10 * torch.log10(255**2 / levels.square().mean(dim=(1, 2, 3)).clamp_min(1e-12))).clamp_max(100)


def adam(networks: Iterable[nn.Module], rate: float, betas: tuple[float, float], decay: float = 0.0) -> Optimizer:
    """Adam over all that can be learned in some networks; AdamW where there is a weight decay."""
    parameters = [each for net in networks for each in net.parameters() if each.requires_grad]
    fused = bool(parameters) and parameters[0].is_cuda
    if decay:
        return torch.optim.AdamW(parameters, rate, betas, weight_decay=decay, fused=fused)
    return Adam(parameters, rate, betas, fused=fused)


def descend(optimiser: Optimizer, loss: Tensor, runtime: Runtime) -> None:
    """One step down a loss: gradients are averaged over all processes, then clipped.

    `DistributedDataParallel` averages during the backward pass, but expects one forward pass of each network in a
    step; adversarial steps have several, through networks that are frozen in some. So gradients are averaged here.
    """
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    parameters = [each for group in optimiser.param_groups for each in group["params"] if each.grad is not None]
    if dist.is_initialized() and dist.get_world_size() > 1:
        _average([each.grad for each in parameters])
    if runtime.clip:
        nn.utils.clip_grad_norm_(parameters, runtime.clip)
    optimiser.step()


def _average(gradients: list[Tensor]) -> None:
    """Each gradient becomes its mean over the processes: one message for all of them."""
    flat = torch.cat([each.reshape(-1) for each in gradients])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for gradient, part in zip(gradients, torch.split(flat, [each.numel() for each in gradients]), strict=True):
        gradient.copy_(part.view_as(gradient))


@contextmanager
def frozen(*networks: nn.Module) -> Iterator[None]:
    """Networks through which gradients flow, but in which none are kept."""
    learning = [each for net in networks for each in net.parameters() if each.requires_grad]
    for each in learning:
        each.requires_grad_(False)
    try:
        yield
    finally:
        for each in learning:
            each.requires_grad_(True)


def normal_weights(net: nn.Module) -> None:
    """Draw the weights of all convolutions from N(0, 0.02), those of norms from N(1, 0.02); biases are 0.

    Source: Isola et al. 2017, section 6.2; Zhu et al. 2017; the released code of Wan et al. 2020.
    """
    for part in net.modules():
        if isinstance(part, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(part.weight, 0, 0.02)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
        elif isinstance(part, nn.BatchNorm2d):
            nn.init.normal_(part.weight, 1, 0.02)
            nn.init.zeros_(part.bias)


def own_weights(net: nn.Module, weights: Mapping[str, Any], name: str) -> None:
    """Load into a network what a stage left under its name.

    Raises:
        RuntimeError: the names or shapes do not fit.
    """
    start = f"{name}."
    net.load_state_dict({key.removeprefix(start): value for key, value in weights.items() if key.startswith(start)})
