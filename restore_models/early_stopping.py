"""When to stop a fit that has no clean picture to look at: where its outputs change least over a while.

Source: Wang et al. 2023, "Early Stopping for Deep Image Prior", TMLR, algorithm 1 (ES-WMV). While a network fits what
is a picture, its outputs settle; when it begins to fit the noise, they stir again. So the variance of the last W
outputs, VAR(t) = 1/W sum_w |x(t-w) - mean|^2, has its lowest point near the best picture, and where it has not fallen
any further for P steps in a row that point was it. Here the variance is per value, so that it hangs on no picture's
size.
"""

import torch
from torch import Tensor


class WindowedVariance:
    """The variance of the last outputs of several fits, by running sums: one step costs the same for any window."""

    def __init__(self, window: int) -> None:
        self.window = window
        self.steps = 0
        self._last: Tensor | None = None  # (W, K, C, H, W'), the oldest is overwritten next
        self._squares = torch.zeros(0)  # (W, K), of each of them
        self._sum = torch.zeros(0)  # (K, C, H, W'); in fp64, since thousands of steps must leave no rounding behind

    def seen(self, outputs: Tensor, values: Tensor) -> Tensor:
        """(K,) in fp64; the variances with these outputs in, infinite until there are as many as the window wants.

        Args:
            outputs: (K, C, H, W), zero where a picture has no pixel.
            values: (K,), how many values each picture has.
        """
        if self._last is None:
            self._last = outputs.new_zeros((self.window, *outputs.shape))
            self._squares = outputs.new_zeros((self.window, len(outputs)), dtype=torch.float64)
            self._sum = torch.zeros_like(outputs, dtype=torch.float64)
        place = self.steps % self.window
        self.steps += 1
        self._sum += outputs
        self._sum -= self._last[place]
        self._last[place] = outputs
        self._squares[place] = outputs.double().square().sum(dim=(1, 2, 3))
        if self.steps < self.window:
            return torch.full_like(self._squares[0], torch.inf)
        mean = self._sum / self.window
        return (self._squares.mean(dim=0) - mean.square().sum(dim=(1, 2, 3))) / values

    def keep(self, fits: Tensor) -> None:
        """Go on with some of the fits: their numbers."""
        if self._last is not None:
            self._last, self._squares = self._last[:, fits], self._squares[:, fits]
            self._sum = self._sum[fits]


class EarlyStop:
    """The lowest variance of each of several fits so far, and whether it stands."""

    def __init__(self, fits: int, patience: int, device: torch.device) -> None:
        self.patience = patience
        self.steps = 0
        self.lowest = torch.full((fits,), torch.inf, dtype=torch.float64, device=device)
        self.at = torch.zeros(fits, dtype=torch.long, device=device)
        """The step, from 1, where the variance was lowest; 0 while there was none."""

        self.done = torch.zeros(fits, dtype=torch.bool, device=device)
        """Fits that are over: whatever comes later changes nothing."""

    def seen(self, variances: Tensor) -> Tensor:
        """(K,), which fits have now their lowest variance. A variance that is no number is none."""
        self.steps += 1
        improved = (variances < self.lowest) & ~self.done
        self.lowest = torch.where(improved, variances, self.lowest)
        self.at = torch.where(improved, self.steps, self.at)
        self.done |= (self.at > 0) & (self.steps - self.at >= self.patience)
        return improved

    def keep(self, fits: Tensor) -> None:
        """Go on with some of the fits: their numbers."""
        self.lowest, self.at, self.done = self.lowest[fits], self.at[fits], self.done[fits]
