"""Recipes drawn by the knobs, as the emulator sees them; gradients go through what is drawn.

The pathwise ones through ranges; chances and weights by the straight-through Gumbel softmax of Jang et al. 2017.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from print_features import FEATURES, TONE_NAMES, WEBS
from print_kinds import FILMS, KINDS
from print_knobs import AGED, DRAWN, LOGARITHMIC, MAY_HAPPEN, NUMBERS, PROCESSES, STEPS, Knobs
from torch import Tensor
from torch.nn import functional

from degrade.effects.toning import TONES as LAB

AGE = (1.5, 1.6)
"""Of the latent quantity age (Kumaraswamy's distribution); not fitted."""

SPREAD = 0.3
"""By which a number strays from its age."""

FADING_UNEVEN = 0.2

WARMTH = 0.5
"""Of the Gumbel softmax."""

Found = dict[str, Tensor]


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Random numbers for photos of all kinds."""

    knobs: Knobs
    kinds: Tensor
    """The number of each photo's kind."""

    numbers: Found
    """What is drawn from ranges; nothing where a kind has it not."""

    steps: Found
    """1 where a step happens, 0 where not; the gradient is that of a soft step."""

    @classmethod
    def of(cls, knobs: Knobs, kinds: Tensor) -> "Draws":
        """For photos of those kinds."""
        a, b = AGE
        age = (1 - (1 - torch.rand(len(kinds))) ** (1 / b)).clamp(1e-6, 1) ** (1 / a)
        luck = torch.rand(len(kinds), len(NUMBERS))
        strayed = (age[:, None] + (luck * 2 - 1) * SPREAD).clamp(0, 1)
        low, high = (each[kinds] for each in knobs.ends())
        value = low + (high - low) * torch.where(AGED[kinds], strayed, luck)
        value = torch.where(LOGARITHMIC[kinds], value.clamp(-20, 20).exp(), value) * DRAWN[kinds]
        steps = happens(knobs.chances()[kinds]) * MAY_HAPPEN[kinds]
        return cls(knobs, kinds, dict(zip(NUMBERS, value.T, strict=True)), dict(zip(STEPS, steps.T, strict=True)))

    def again(self, name: str) -> Tensor:
        """Whether a step happens, by another chance."""
        return happens(self.knobs.chances()[self.kinds, STEPS.index(name)])

    def are(self, kind: str) -> Tensor:
        """1 where a photo is of that kind."""
        return (self.kinds == KINDS.index(kind)).float()


def happens(p: Tensor) -> Tensor:
    """1 with that probability, else 0."""
    luck = torch.rand(p.shape).clamp(1e-6, 1 - 1e-6)
    soft = torch.sigmoid((torch.logit(p.clamp(1e-4, 1 - 1e-4)) + torch.logit(luck)) / WARMTH)
    return (soft > 0.5).float() - soft.detach() + soft


def kinds_of(shares: Sequence[float], count: int) -> Tensor:
    """The kinds of so many photos."""
    counts = [max(2, round(count * share)) for share in shares]
    return torch.repeat_interleave(torch.arange(len(KINDS)), torch.tensor(counts))


def recipes(draws: Draws) -> Tensor:
    """Recipes (photos, features), without the nuisance."""
    found: Found = {}
    for part in (taken, printed, aged, scanned, saved):
        part(draws, found)
    nothing = torch.zeros(len(draws.kinds))
    return torch.stack([found.get(name, nothing) for name in FEATURES], 1)


def taken(draws: Draws, found: Found) -> None:
    """Lens and film."""
    number, step, colour = draws.numbers, draws.steps, draws.are("colour")
    found["silver"] = 1 - colour
    found["blur"] = number["blur"]
    found["vignette"] = number["vignette"] * step["vignette"]
    found["light"] = number["light"] ** 0.5 * step["light"]
    found["paleness"] = 1 - colour + colour * number["paleness"]
    film = torch.multinomial(torch.tensor(list(FILMS.values())), len(colour), True)
    for at, name in enumerate(FILMS):
        found[f"film {name}"] = (film == at).float() * (1 - colour)
    found["grain"] = number["grain"] ** 0.5 * step["grain"]
    found["grain size"] = number["grain size"] * step["grain"]
    found["coarse grain"] = number["coarse grain"] ** 0.5 * step["coarse grain"]
    found["coarse grain size"] = number["coarse grain size"] * step["coarse grain"]


def printed(draws: Draws, found: Found) -> None:
    """Paper and process."""
    number, step = draws.numbers, draws.steps
    found |= {name: number[name] for name in ("dmin", "dmax", "slope", "shape", "exposure")}
    found["surface"] = number["surface"] ** 0.5
    fading = step["fading"] * (1 - draws.are("colour"))
    found["fading of highlights"] = number["fading of highlights"] * fading
    found["fading"] = number["fading"] * fading
    found["uneven fading"] = FADING_UNEVEN * fading
    toned = step["tone"]
    chosen = functional.gumbel_softmax(draws.knobs.tones()[draws.kinds], WARMTH, hard=True)
    labs = torch.tensor([LAB[name] for name in PROCESSES], dtype=torch.float32)
    lab = (chosen @ labs.reshape(len(labs), -1)).reshape(len(toned), 3, 3)
    tones = lab[:, :, 1:] / 15 * (number["tone"] * toned)[:, None, None]
    found |= dict(zip(TONE_NAMES, tones.reshape(len(toned), 6).T, strict=True))
    compression = number["tone compression"] * toned
    found["lifted"] = compression * lab[:, 2, 0] / 30
    found["dulled"] = compression * (100 - lab[:, 0, 0]) / 30


def aged(draws: Draws, found: Found) -> None:
    """Dyes, yellowing and the scanner's balance."""
    number, step, colour = draws.numbers, draws.steps, draws.are("colour")
    found |= {name: (1 - number[name]) * colour for name in ("cyan", "magenta", "yellow")}
    found["shift"] = number["shift"] * 10
    found["stored in grey"] = draws.are("grey")
    found["yellowing"] = number["yellowing"].clamp_min(1e-4) ** 0.5 * step["yellowing"]
    found["uneven yellowing"] = found["yellowing"] * number["unevenness"]
    found |= {name: number[name] / 10 * step["balance"] for name in ("red", "green", "blue")}


def scanned(draws: Draws, found: Found) -> None:
    """The scanner."""
    number, step = draws.numbers, draws.steps
    found |= {name: number[name] / 50 * step["veil"] for name in ("blacks", "whites")}
    found["resolution"] = step["resolution"] * smaller(number["resolution"])
    found["linear resolution"] = found["resolution"] * step["linear resolution"]
    found["noise in shadows"] = number["noise in shadows"] ** 0.5
    found["noise in lights"] = number["noise in lights"] ** 0.5
    found["noise size"] = number["noise size"]
    found["noise in three"] = found["noise in shadows"] * step["noise in three"]
    found["sharpening"] = number["sharpening"] * step["sharpening"]
    found["sharpening width"] = found["sharpening"] * number["sharpening sigma"]
    found |= {name: number[name] / 50 * step["levels"] for name in ("cut blacks", "cut whites")}
    found["gamma"] = torch.log(number["gamma"]) * step["gamma"]
    found["thumbnail"] = smaller(number["thumbnail"]) * step["thumbnail"]


def saved(draws: Draws, found: Found) -> None:
    """The web."""
    number, step = draws.numbers, draws.steps
    chosen = functional.gumbel_softmax(draws.knobs.webs()[draws.kinds], WARMTH, hard=True)
    _, once, twice, copied, reduced = chosen.T
    found |= dict(zip(WEBS, chosen.T, strict=True))
    coarse, again = step["4:2:0"], copied * step["second copy"] + reduced * step["after reduced"]
    found["resized"] = smaller(number["resized"]) * copied
    last = lost(number["jpeg"]) * once + lost(number["second of two"]) * twice
    found["last quality"] = last + lost(number["second copy"]) * again
    found["first quality"] = lost(number["first of two"]) * twice + lost(number["first copy"]) * copied
    found["last 4:2:0"] = coarse * (once + twice) + draws.again("4:2:0") * again
    found["first 4:2:0"] = coarse * (twice + copied)
    found["linear resized"] = found["resized"] * step["linear resized"]
    found["larger"] = torch.log(number["larger"]) * reduced
    found["larger quality"] = lost(number["larger jpeg"]) * reduced
    found["larger 4:2:0"] = draws.again("4:2:0") * reduced


def smaller(share: Tensor) -> Tensor:
    """A smaller copy's share of the sides, as the emulator sees it."""
    return -torch.log(share.clamp(0.1, 1))


def lost(quality: Tensor) -> Tensor:
    """By a JPEG."""
    return ((100 - quality).clamp_min(0.1) / 20) ** 0.5
