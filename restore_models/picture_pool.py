"""Pictures that a generator made some time ago, for its discriminator."""

import torch
from torch import Tensor


class Pool:
    """Pictures that were made some time ago, so that a discriminator does not forget them.

    Source: Shrivastava et al. 2017, section 2.3, as in CycleGAN: once the pool is full, each new picture is shown
    itself, or takes the place of a random one that is shown instead, with even chances.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.pictures: list[Tensor] = []

    def drawn(self, made: Tensor) -> Tensor:
        """As many pictures as were just made; chance comes from torch's own stream."""
        return torch.stack([self._drawn(each) for each in made]) if self.size else made

    def _drawn(self, picture: Tensor) -> Tensor:
        if len(self.pictures) < self.size:
            self.pictures.append(picture.clone())  # not a view that holds the whole batch
            return picture
        if float(torch.rand(())) < 0.5:
            return picture
        place = int(torch.randint(self.size, ()))
        earlier, self.pictures[place] = self.pictures[place], picture.clone()
        return earlier
