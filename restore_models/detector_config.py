"""What can be chosen about the defect detector; where that is not the paper's, `detector` says why."""

from dataclasses import dataclass, field
from typing import Literal

from restore_models.configs import refuse_below, refuse_below_one
from restore_models.varying import Variation

Balance = Literal["negatives", "as printed", "none"]


@dataclass(frozen=True, slots=True)
class DetectorConfig:
    """What can be chosen; the defaults are ours."""

    width: int = 32  # 64 in the released weights
    depth: int = 3  # 4 in the released weights
    # How much wider each level is than the one above it; 2 in the released weights, and in ours of before.
    growth: float = field(default=1.25, metadata={"before": 2.0})
    # No level of the photo's own size, but for what goes in and comes out; False in theirs, and in ours of before.
    halved: bool = field(default=True, metadata={"before": False})
    first: int = 3  # width of the first convolution; 7 in the released weights, at four times the cost
    channels: Literal["grey", "rgb"] = "rgb"  # theirs sees grey; stains and foxing have colours
    top_hats: tuple[int, ...] = (5, 11, 25)  # widths in pixels of those in the fixed front end; () for none
    contrasts: tuple[int, ...] = (9, 31)  # widths of the squares whose mean each colour is compared with; () for none
    norm: Literal["batch", "layer", "none"] = "batch"  # those that do not look at the whole photo
    positive: float = 0.3  # coverage from which a pixel is a defect: of what hides less, most is no more than a tint
    doubtful: float = 0.05  # what is covered more than this and less than `positive` counts neither way
    balance: Balance = "negatives"  # alpha of eq. 11
    beta: float = 10.0  # section 3.3
    focal_balance: bool = True  # alpha in the focal loss too (Lin et al. 2017, eq. 5); False in eq. 13
    gamma: float = 2.0  # Lin et al. 2017; 0.2 as printed
    overlap: float = 0.0  # weight of the Dice loss, which is not in eq. 15
    rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    variation: Variation = field(default_factory=Variation)
    threshold: float = 0.5  # soft masks are cut here; `with_best_threshold` finds a better one
    mirrored: bool = False  # in use, the mean over the photo and its mirror images: four times as slow, 0.005 better

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        refuse_below_one(self, "width", "depth", "growth")
        refuse_below(self, 0, "beta", "gamma", "overlap")


PAPER = DetectorConfig(
    width=64,
    depth=4,
    growth=2.0,
    halved=False,
    first=7,
    channels="grey",
    top_hats=(),
    contrasts=(),
    positive=0.5,  # masks are binary there
    doubtful=0.5,
    balance="as printed",
    focal_balance=False,
    gamma=0.2,
    rate=2e-4,
    betas=(0.5, 0.999),
    variation=Variation(zoom=1.0, grey=0.0, tone=0.0, noise=0.0, blur=0.0),
    threshold=0.4,  # released code
)
"""The text of the paper, in the layout of the released weights."""
