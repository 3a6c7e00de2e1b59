"""What a fit turns: the ends of ranges, chances and weights of all kinds of prints, as tables of one row a kind."""

import math
from collections.abc import Sequence

import torch
from print_kinds import BOUNDS, CHANCES, KINDS, OWN, OWN_CHANCES, RANGES, TONES, WEB
from torch import Tensor, nn

NUMBERS = tuple(dict.fromkeys(name for kind in KINDS for name in OWN[kind]))
"""What is drawn from a range in any kind."""

STEPS = tuple(dict.fromkeys(name for kind in KINDS for name in OWN_CHANCES[kind]))
"""What happens by chance in any kind."""

PROCESSES = tuple(dict.fromkeys(name for weights in TONES.values() for name in weights))
"""Of toning."""

NEVER = -30.0
"""The logarithm of the weight of what a kind has not."""


def ends(kind: str, name: str) -> list[float]:
    """Where a range begins and how far it may go: low, high, least, most; logarithms where its law is `log`."""
    low, high, law = OWN[kind].get(name, (1.0, 1.0, "even"))
    found = [low, high, *BOUNDS[name]]
    return [math.log(each) for each in found] if law == "log" else found


def odds(kind: str, name: str) -> float:
    """The logarithm of the odds of a step."""
    p = OWN_CHANCES[kind].get(name, 0.5)
    return math.log(p / (1 - p))


def weight(kind: str, process: str) -> float:
    """The logarithm of the weight of a process."""
    weights = TONES.get(kind, {})
    return math.log(weights[process]) if process in weights else NEVER


def has(law: str) -> Tensor:
    """(kinds, numbers): whether a number is of that law."""
    return torch.tensor([[OWN[kind].get(name, (0, 0, ""))[2] == law for name in NUMBERS] for kind in KINDS])


LOW, HIGH, LEAST, MOST = torch.tensor([[ends(kind, name) for name in NUMBERS] for kind in KINDS]).unbind(-1)
LOGARITHMIC, AGED = has("log"), has("aged")
DRAWN = torch.tensor([[float(name in OWN[kind]) for name in NUMBERS] for kind in KINDS])
MAY_HAPPEN = torch.tensor([[float(name in OWN_CHANCES[kind]) for name in STEPS] for kind in KINDS])
ODDS = torch.tensor([[odds(kind, name) for name in STEPS] for kind in KINDS])
WEIGHTS = torch.tensor([[weight(kind, name) for name in PROCESSES] for kind in KINDS])
SHARED_NUMBERS = torch.tensor([float(name in RANGES) for name in NUMBERS])
SHARED_STEPS = torch.tensor([float(name in CHANCES) for name in STEPS])


class Knobs(nn.Module):
    """What is turned; at 0 everything is where it begins. What all kinds share is turned for all at once too."""

    def __init__(self) -> None:
        super().__init__()
        self.all_ranges = nn.Parameter(torch.zeros(len(NUMBERS), 2))
        self.own_ranges = nn.Parameter(torch.zeros(len(KINDS), len(NUMBERS), 2))
        self.all_odds = nn.Parameter(torch.zeros(len(STEPS)))
        self.own_odds = nn.Parameter(torch.zeros(len(KINDS), len(STEPS)))
        self.all_webs = nn.Parameter(torch.zeros(len(WEB)))
        self.own_webs = nn.Parameter(torch.zeros(len(KINDS), len(WEB)))
        self.own_tones = nn.Parameter(torch.zeros(len(KINDS), len(PROCESSES)))

    def ends(self) -> tuple[Tensor, Tensor]:
        """Both ends of ranges (kinds, numbers); logarithms where the law is `log`."""
        turn = self.own_ranges * DRAWN[..., None] + self.all_ranges * SHARED_NUMBERS[:, None]
        middle = (LOW + HIGH) / 2 + turn[..., 0] * (HIGH - LOW).abs()
        half = (HIGH - LOW) / 2 * torch.exp(turn[..., 1])
        first, last = (torch.minimum(torch.maximum(each, LEAST), MOST) for each in (middle - half, middle + half))
        return first, last

    def chances(self) -> Tensor:
        """Probabilities of steps (kinds, steps)."""
        return torch.sigmoid(ODDS + self.own_odds * MAY_HAPPEN + self.all_odds * SHARED_STEPS)

    def webs(self) -> Tensor:
        """Logarithms of the weights of `WEBS` (kinds, webs)."""
        return torch.log(torch.tensor(WEB)) + self.own_webs + self.all_webs

    def tones(self) -> Tensor:
        """Logarithms of the weights of the processes (kinds, processes)."""
        return WEIGHTS + self.own_tones

    def cost(self, tie: float) -> Tensor:
        """Of having turned them: a knob of one kind by one unit costs `tie`, one that all kinds share half of it."""
        shared = (self.all_ranges, self.all_odds, self.all_webs)
        own = (self.own_ranges, self.own_odds, self.own_webs, self.own_tones)
        return tie * (squares(shared) / 2 + squares(own))


def squares(turns: Sequence[Tensor]) -> Tensor:
    """The sum of all squares."""
    return torch.stack([(turn**2).sum() for turn in turns]).sum()
