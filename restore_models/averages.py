"""Running averages of weights: what is shown, scored and kept of a training."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


class Averages:
    """An exponential moving average of each tensor of some networks; buffers and whole numbers are taken as they are.

    In step n at most (1 + n) / (10 + n) of the average stays, so that the first weights are soon forgotten (as in
    TensorFlow's moving averages).
    """

    def __init__(self, networks: Mapping[str, nn.Module], keep: float) -> None:
        self.networks, self.keep = networks, keep
        self.tensors = {name: tensor.detach().clone() for name, tensor in self._now()}
        learned = {f"{name}.{each}" for name, net in networks.items() for each, _ in net.named_parameters()}
        self.learned = [name for name in self.tensors if name in learned]
        self.taken = [name for name in self.tensors if name not in learned]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Follow the weights after a step, counted from 0."""
        keep = min(self.keep, (1 + step) / (10 + step))
        now = dict(self._now())
        torch._foreach_lerp_(
            [self.tensors[name] for name in self.learned], [now[name].detach() for name in self.learned], 1 - keep
        )
        for name in self.taken:
            self.tensors[name].copy_(now[name])

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The averages in the networks, and their own weights back afterwards."""
        own = {name: tensor.detach().clone() for name, tensor in self._now()}
        self._fill(self.tensors)
        try:
            yield
        finally:
            self._fill(own)

    def state(self) -> dict[str, Tensor]:
        """By `network.parameter`."""
        return dict(self.tensors)

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Take back what `state` gave."""
        for name, tensor in self.tensors.items():
            tensor.copy_(state[name])

    def _now(self) -> Iterator[tuple[str, Tensor]]:
        for name, net in self.networks.items():
            for key, tensor in net.state_dict().items():
                yield f"{name}.{key}", tensor

    @torch.no_grad()
    def _fill(self, tensors: Mapping[str, Tensor]) -> None:
        for name, tensor in self._now():
            tensor.copy_(tensors[name])
