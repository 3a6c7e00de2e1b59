"""A batch: pictures side by side as tensors, on the device."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What a learner sees in one step. Pictures are (B, 3, H, W), RGB in [0, 1]; what a data set lacks is None.

    `clean`, `degraded` and `mask` belong together; `old` does not.
    """

    degraded: Tensor | None = None
    clean: Tensor | None = None

    mask: Tensor | None = None
    """(B, 1, H, W); 0 intact to 1 hidden."""

    old: Tensor | None = None
    """Real old photos: domain R of the paper."""

    def pair(self) -> tuple[Tensor, Tensor]:
        """The degraded and the clean pictures, which a stage that needs them was promised."""
        assert self.degraded is not None
        assert self.clean is not None
        return self.degraded, self.clean
