"""What a recipe makes of a photo's statistics, learned from thousands of photos that were degraded and measured.

One photo of 0.2 seconds becomes a thousandth of a second, and differentiable: so a fit can try millions.
"""

import copy
import sys
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import torch
from print_features import AT, NUISANCE
from print_kinds import KINDS
from torch import Tensor, nn

from degrade.realism.patch import Doubles

EPOCHS = 30

CONTENT = 24
"""Principal components of the clean photo's statistics that the emulator is told."""

HELD = 36
"""Clean photos whose pictures an emulator does not learn from: what it gets wrong on them is added as chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Photos that were degraded and measured."""

    statistics: Doubles
    """(photos, statistics)."""

    recipes: Doubles
    """(photos, features)."""

    content: "np.ndarray[Any, np.dtype[np.intp]]"
    """Which clean photo each was made of."""


class Scores:
    """Statistics as normal scores of the pool."""

    def __init__(self, table: Doubles) -> None:
        self._curves = []
        for column in table.T:
            values, count = np.unique(column, return_counts=True)
            share = (np.cumsum(count) - count / 2) / len(table)
            ends = 0.5 / len(table)
            self._curves.append(
                (values, np.array([NormalDist().inv_cdf(min(max(each, ends), 1 - ends)) for each in share]))
            )

    def __call__(self, table: Doubles) -> Doubles:
        columns = zip(table.T, self._curves, strict=True)
        return np.stack([np.interp(column, *curve, left=-3.4, right=3.4) for column, curve in columns], 1)


class Network(nn.Module):
    """Statistics of recipe and content: linear, and what is not."""

    def __init__(self, recipe: int, content: int, out: int) -> None:
        super().__init__()
        self.linear = nn.Linear(recipe + content, out)
        self.rest = nn.Sequential(
            nn.Linear(recipe + content, 256),
            nn.SiLU(),
            nn.Linear(256, 256),
            nn.SiLU(),
            nn.Dropout(0.1),
            nn.Linear(256, out),
        )

    def forward(self, recipe: Tensor, content: Tensor) -> Tensor:
        both = torch.cat([recipe, content], 1)
        out: Tensor = self.linear(both) + self.rest(both)
        return out


def floats(table: Doubles) -> Tensor:
    """Numbers as torch has them."""
    return torch.tensor(table, dtype=torch.float32)


class Emulator:
    """Two networks, each learned without some of the photos, and what they get wrong on those."""

    def __init__(self, pool: Pool, clean: Doubles) -> None:
        self.scores = Scores(pool.statistics)
        self._table = self.scores(pool.statistics)
        self._recipes = pool.recipes
        self._content = pool.content
        self._near = np.zeros(len(self._table), bool)
        self._middle, self._spread = pool.recipes.mean(0), pool.recipes.std(0) + 1e-3
        table = self.scores(clean)
        parts, sizes, _ = np.linalg.svd(table - table.mean(0), full_matrices=False)
        contents = (parts * sizes)[:, :CONTENT]
        self._contents = contents / contents.std(0).mean()
        self._learn()

    def with_more(self, pool: Pool) -> "Emulator":
        """One that has seen photos near the fit too, each counted twice; its errors are those of the last of them."""
        other = copy.copy(self)
        table = self.scores(pool.statistics)
        other._near = np.r_[np.zeros(len(self._near), bool), np.ones(2 * len(table), bool)]
        other._table = np.r_[self._table, table, table]
        other._recipes = np.r_[self._recipes, pool.recipes, pool.recipes]
        other._content = np.r_[self._content, pool.content, pool.content]
        other._learn()
        return other

    def _learn(self) -> None:
        self._networks, errors, classes = [], [], []
        for number in range(2):
            held = np.random.default_rng(number).permutation(len(self._contents))[:HELD]
            unseen = np.isin(self._content, held)
            network, wrong = self._network(unseen, number)
            self._networks.append(network)
            unseen &= self._near if self._near.any() else True
            share = 1 - (wrong[unseen] ** 2).mean() / self._table[unseen].var(0).mean()
            sys.stderr.write(f"emulator {number}: {share:.3f} of the variance on clean photos that it has not seen\n")
            errors.append(wrong[unseen])
            recipes = self._recipes[unseen]
            classes.append(np.where(recipes[:, AT["stored in grey"]] > 0, 0, np.where(recipes[:, 0] > 0, 1, 2)))
        every, each = np.concatenate(errors), np.concatenate(classes)
        self._errors = [floats(every[each == number]) for number in range(3)]
        self._photos = floats(self._contents)
        self._seen = floats(self._recipes[self._near] if self._near.any() else self._recipes)

    def _network(self, unseen: "np.ndarray[Any, np.dtype[np.bool_]]", seed: int) -> tuple[Network, Doubles]:
        torch.manual_seed(seed)
        recipes = floats((self._recipes - self._middle) / self._spread)
        contents, table = floats(self._contents[self._content]), floats(self._table)
        network = Network(recipes.shape[1], contents.shape[1], table.shape[1])
        seen = torch.tensor(np.flatnonzero(~unseen))
        inputs, extras, targets = recipes[seen], contents[seen], table[seen]
        optimiser = torch.optim.AdamW(network.parameters(), 1e-3, weight_decay=0.05)
        steps = EPOCHS * (len(seen) // 128 + 1)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, steps)
        network.train()
        for _ in range(EPOCHS):
            for batch in torch.split(torch.randperm(len(seen)), 128):
                optimiser.zero_grad()
                loss = ((network(inputs[batch], extras[batch]) - targets[batch]) ** 2).mean()
                loss.backward()
                optimiser.step()
                if schedule.last_epoch < steps - 1:
                    schedule.step()
        network.eval()
        with torch.no_grad():
            return network, (table - network(recipes, contents)).numpy()

    def photos(self, recipes: Tensor, kinds: Tensor) -> Tensor:
        """The statistics (photos, statistics) of photos made by recipes, each of a clean photo by chance.

        Args:
            recipes: (photos, features), without the nuisance.
            kinds: the numbers of their kinds.
        """
        count = len(recipes)
        other = torch.randint(len(self._seen), (count,))
        recipes[:, NUISANCE] = self._seen[other][:, NUISANCE]
        inputs = ((recipes - floats(self._middle)) / floats(self._spread)).clamp(-6, 6)
        content = self._photos[torch.randint(len(self._photos), (count,))]
        first, second = self._networks
        table: Tensor = (first(inputs, content) + second(inputs, content)) / 2
        for number, kind in enumerate(KINDS):
            errors = self._errors[{"grey": 0, "colour": 2}.get(kind, 1)]
            of_kind = kinds == number
            table[of_kind] += errors[torch.randint(len(errors), (int(of_kind.sum()),))]
        return table.clamp(-3.4, 3.4)
