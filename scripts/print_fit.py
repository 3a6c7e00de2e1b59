"""The fit: ranges, chances and weights of the kinds of prints are moved until emulated photos lie as the prints do.

Random numbers go through them as gradients do (the pathwise ones of ranges; chances and weights by the straight-through
Gumbel softmax of Jang et al. 2017), and Adam follows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from print_emulator import FEATURES, TONE_NAMES, WEBS, Emulator
from print_kinds import BOUNDS, CHANCES, FILMS, KINDS, OWN, OWN_CHANCES, RANGES, TONES, WEB
from torch import Tensor, nn
from torch.nn import functional

from degrade.calibration.distance import COLUMNS, DIRECTIONS, LEAST, PLACES, SPREADS
from degrade.effects.toning import TONES as LAB

TIES = 0.01
"""What it costs to move a knob of one kind away from where it begins by one unit; what all kinds share costs half."""

PHOTOS = 256
"""Emulated photos of a step."""

RATE = 0.03

AGE = (1.5, 1.6)
"""Of the latent quantity age (Kumaraswamy's distribution); not fitted."""

SPREAD = 0.3
"""By which a number strays from its age."""

SHARED = 0.7
"""Of the variance by which a statistic is scaled: its own among the prints; the rest is the mean of all."""

LESS = 0.7
"""Too much variety counts this much beside too little."""

FARTHEST = 3.0

FADING_UNEVEN = 0.2


class Knobs(nn.Module):
    """What is turned; at 0 everything is where it begins."""

    def __init__(self) -> None:
        super().__init__()
        self.turns = nn.ParameterDict()
        for name in RANGES:
            self.turns[f"all/{name}"] = nn.Parameter(torch.zeros(2))
        for name in CHANCES:
            self.turns[f"all/p {name}"] = nn.Parameter(torch.zeros(1))
        self.turns["all/web"] = nn.Parameter(torch.zeros(4))
        for kind in KINDS:
            for name in OWN[kind]:
                self.turns[f"{kind}/{name}"] = nn.Parameter(torch.zeros(2))
            for name in OWN_CHANCES[kind]:
                self.turns[f"{kind}/p {name}"] = nn.Parameter(torch.zeros(1))
            self.turns[f"{kind}/web"] = nn.Parameter(torch.zeros(4))
            if kind in TONES:
                self.turns[f"{kind}/tones"] = nn.Parameter(torch.zeros(len(TONES[kind])))

    def ends(self, kind: str, name: str) -> tuple[Tensor, Tensor, str]:
        """Both ends of a range, logarithms where its law is `log`, and its law."""
        low, high, law = OWN[kind][name]
        turn = self.turns[f"{kind}/{name}"]
        turn = turn + self.turns[f"all/{name}"] if name in RANGES else turn
        least, most = BOUNDS[name]
        if law == "log":
            low, high, least, most = (math.log(each) for each in (low, high, least, most))
        middle = (low + high) / 2 + turn[0] * abs(high - low)
        half = (high - low) / 2 * torch.exp(turn[1])
        return (middle - half).clamp(least, most), (middle + half).clamp(least, most), law

    def chance(self, kind: str, name: str) -> Tensor:
        """The probability of a step."""
        p = OWN_CHANCES[kind][name]
        odds = math.log(p / (1 - p)) + self.turns[f"{kind}/p {name}"]
        return torch.sigmoid(odds + self.turns[f"all/p {name}"] if name in CHANCES else odds)

    def web(self, kind: str) -> Tensor:
        """Logarithms of the weights of `WEBS`."""
        return torch.log(torch.tensor(WEB)) + self.turns[f"{kind}/web"] + self.turns["all/web"]

    def tones(self, kind: str) -> Tensor:
        """Logarithms of the weights of the processes."""
        return torch.log(torch.tensor(list(TONES[kind].values()))) + self.turns[f"{kind}/tones"]

    def cost(self) -> Tensor:
        """Of having turned them."""
        weighed = [(0.5 if name.startswith("all/") else 1) * (turn**2).sum() for name, turn in self.turns.items()]
        return TIES * torch.stack(weighed).sum()


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Random numbers for so many photos of one kind."""

    knobs: Knobs
    kind: str
    count: int
    age: Tensor

    @classmethod
    def of(cls, knobs: Knobs, kind: str, count: int) -> "Draws":
        """With the ages of the photos."""
        a, b = AGE
        age = (1 - (1 - torch.rand(count)) ** (1 / b)).clamp(1e-6, 1) ** (1 / a)
        return cls(knobs, kind, count, age)

    def number(self, name: str) -> Tensor:
        """From a range."""
        low, high, law = self.knobs.ends(self.kind, name)
        if law == "aged":
            share = (self.age + (torch.rand(self.count) * 2 * SPREAD - SPREAD)).clamp(0, 1)
        else:
            share = torch.rand(self.count)
        value = low + (high - low) * share
        return value.exp() if law == "log" else value

    def happens(self, name: str) -> Tensor:
        """1 where a step happens, 0 where not; the gradient is that of a soft step."""
        p = self.knobs.chance(self.kind, name)
        luck = torch.rand(self.count).clamp(1e-6, 1 - 1e-6)
        soft = torch.sigmoid((torch.logit(p.clamp(1e-4, 1 - 1e-4)) + torch.logit(luck)) / 0.5)
        return (soft > 0.5).float() - soft.detach() + soft

    def one_of(self, weights: Tensor) -> Tensor:
        """(photos, choices): 1 where one was chosen."""
        return functional.gumbel_softmax(weights[None].expand(self.count, -1), 0.5, hard=True)


Found = dict[str, Tensor]


def recipes(draws: Draws) -> Tensor:
    """Recipes (photos, features) of one kind, without the nuisance."""
    found: Found = {}
    for part in (taken, printed, aged, scanned, saved):
        part(draws, found)
    nothing = torch.zeros(draws.count)
    return torch.stack([found.get(name, nothing) for name in FEATURES], 1)


def taken(draws: Draws, found: Found) -> None:
    """Lens and film."""
    every = torch.ones(draws.count)
    found["silver"] = every * (draws.kind != "colour")
    found["blur"] = draws.number("blur")
    found["vignette"] = draws.number("vignette") * draws.happens("vignette")
    found["light"] = draws.number("light") ** 0.5 * draws.happens("light")
    if draws.kind == "colour":
        found["paleness"] = draws.number("paleness")
    else:
        found["paleness"] = every
        film = torch.multinomial(torch.tensor(list(FILMS.values())), draws.count, True)
        for number, name in enumerate(FILMS):
            found[f"film {name}"] = (film == number).float()
    grain = draws.happens("grain")
    found["grain"] = draws.number("grain") ** 0.5 * grain
    found["grain size"] = draws.number("grain size") * grain


def printed(draws: Draws, found: Found) -> None:
    """Paper and process."""
    for name in ("dmin", "dmax", "slope", "shape", "exposure"):
        found[name] = draws.number(name)
    found["surface"] = draws.number("surface") ** 0.5
    if draws.kind != "colour":
        fading = draws.happens("fading")
        found["fading of highlights"] = draws.number("fading of highlights") * fading
        found["fading"] = draws.number("fading") * fading
        found["uneven fading"] = FADING_UNEVEN * fading
    if draws.kind in TONES:
        toned = draws.happens("tone")
        chosen = draws.one_of(draws.knobs.tones(draws.kind))
        labs = torch.tensor([LAB[name] for name in TONES[draws.kind]], dtype=torch.float32)
        lab = (chosen @ labs.reshape(len(labs), -1)).reshape(draws.count, 3, 3)
        tones = lab[:, :, 1:] / 15 * (draws.number("tone") * toned)[:, None, None]
        found |= dict(zip(TONE_NAMES, tones.reshape(draws.count, 6).T, strict=True))
        compression = draws.number("tone compression") * toned
        found["lifted"] = compression * lab[:, 2, 0] / 30
        found["dulled"] = compression * (100 - lab[:, 0, 0]) / 30


def aged(draws: Draws, found: Found) -> None:
    """Dyes, yellowing and the scanner's balance."""
    if draws.kind == "colour":
        for name in ("cyan", "magenta", "yellow"):
            found[name] = 1 - draws.number(name)
        found["shift"] = draws.number("shift") * 10
    if draws.kind == "grey":
        found["stored in grey"] = torch.ones(draws.count)
        return
    happens = draws.happens("yellowing")
    found["yellowing"] = draws.number("yellowing").clamp_min(1e-4) ** 0.5 * happens
    found["uneven yellowing"] = found["yellowing"] * draws.number("unevenness")
    happens = draws.happens("balance")
    for name in ("red", "green", "blue"):
        found[name] = draws.number(name) / 10 * happens


def scanned(draws: Draws, found: Found) -> None:
    """The scanner."""
    veil = draws.happens("veil")
    found["blacks"] = draws.number("blacks") / 50 * veil
    found["whites"] = draws.number("whites") / 50 * veil
    found["resolution"] = draws.happens("resolution") * -torch.log(draws.number("resolution").clamp(0.1, 1))
    found["linear resolution"] = found["resolution"] * draws.happens("linear resolution")
    found["noise in shadows"] = draws.number("noise in shadows") ** 0.5
    found["noise in lights"] = draws.number("noise in lights") ** 0.5
    found["noise size"] = draws.number("noise size")
    found["noise in three"] = found["noise in shadows"] * draws.happens("noise in three")
    sharpened = draws.happens("sharpening")
    found["sharpening"] = draws.number("sharpening") * sharpened
    found["sharpening width"] = found["sharpening"] * draws.number("sharpening sigma")
    found["black point"] = draws.number("black point") / 50 * draws.happens("black point")
    found["gamma"] = torch.log(draws.number("gamma")) * draws.happens("gamma")


def saved(draws: Draws, found: Found) -> None:
    """The web."""
    never, once, twice, copied = draws.one_of(draws.knobs.web(draws.kind)).T
    found |= dict(zip(WEBS, (never, once, twice, copied), strict=True))
    coarse, coarse_again, again = (draws.happens(name) for name in ("4:2:0", "4:2:0", "second copy"))
    found["resized"] = -torch.log(draws.number("resized").clamp(0.1, 1)) * copied
    last = lost(draws, "jpeg") * once + lost(draws, "second of two") * twice
    found["last quality"] = last + lost(draws, "second copy") * copied * again
    found["first quality"] = lost(draws, "first of two") * twice + lost(draws, "first copy") * copied
    found["last 4:2:0"] = coarse * (once + twice) + coarse_again * copied * again
    found["first 4:2:0"] = coarse * (twice + copied)
    found["linear resized"] = found["resized"] * draws.happens("linear resized")


def lost(draws: Draws, name: str) -> Tensor:
    """By a JPEG."""
    return ((100 - draws.number(name)).clamp_min(0.1) / 20) ** 0.5


def distance(made: Tensor, real: Tensor) -> Tensor:
    """As `degrade.calibration.distance` has it, of what can be differentiated; the covariances count on their own too.

    Args:
        made: (photos, statistics), normal scores of the pool, as the other.
        real: the same.
    """
    spread = (SHARED * real.var(0) + (1 - SHARED) * real.var(0).mean()).sqrt()
    ours, theirs = (real - real.mean(0)) / spread, (made - real.mean(0)) / spread
    apart = theirs.mean(0)
    places = torch.stack([(apart[columns] ** 2).mean() for columns in COLUMNS.values()])
    ratio = torch.log((theirs.var(0) + LEAST) / (ours.var(0) + LEAST))
    ratio = ratio * torch.where(ratio < 0, 1.0, LESS)
    spreads = torch.stack([(ratio[columns] ** 2).mean() for columns in COLUMNS.values()])
    ours, theirs = ours * balance(), theirs * balance()
    size = ours.shape[1]
    covariances = torch.cov(ours.T), torch.cov(theirs.T)
    pooled = sum(covariances) / 2 + torch.eye(size)
    means = theirs.mean(0)
    return (
        discrepancy(ours, theirs)
        + PLACES * (places**2).mean().sqrt()
        + SPREADS * spreads.mean()
        + DIRECTIONS * (means @ torch.linalg.solve(pooled, means))
        + 0.5 * ((covariances[0] - covariances[1]) ** 2).mean() * size / 10
    )


def balance() -> Tensor:
    """Weights of the statistics by which each family counts alike."""
    count = sum(len(columns) for columns in COLUMNS.values())
    weights = torch.zeros(count)
    for columns in COLUMNS.values():
        weights[columns] = count / len(columns) / len(COLUMNS)
    return weights.sqrt()


def discrepancy(ours: Tensor, theirs: Tensor) -> Tensor:
    """MMD^2 under the cubic kernel, up to a constant of `ours`."""

    def kernel(first: Tensor, second: Tensor) -> Tensor:
        inside = first.clamp(-FARTHEST, FARTHEST) @ second.clamp(-FARTHEST, FARTHEST).T
        return (inside / first.shape[1] + 1) ** 3

    own, count = kernel(theirs, theirs), len(theirs)
    within = (own.sum() - own.diag().sum()) / (count * (count - 1))
    return within - 2 * kernel(ours, theirs).mean() + kernel(ours, ours).mean()


def emulated(knobs: Knobs, emulator: Emulator, shares: Sequence[float], count: int) -> Tensor:
    """The statistics of photos of all kinds."""
    counts = [max(2, round(count * share)) for share in shares]
    kinds = zip(KINDS, counts, strict=True)
    return torch.cat([emulator.photos(recipes(Draws.of(knobs, kind, many)), kind) for kind, many in kinds])


def turned(knobs: Knobs, emulator: Emulator, real: Tensor, shares: Sequence[float], steps: int, rate: float) -> Knobs:
    """The knobs, turned further: they are changed in place."""
    torch.manual_seed(1)
    optimiser = torch.optim.Adam(knobs.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps)
    for _ in range(steps):
        optimiser.zero_grad()
        loss = distance(emulated(knobs, emulator, shares, PHOTOS), real) + knobs.cost()
        loss.backward()
        optimiser.step()
        schedule.step()
    return knobs
