"""What can be chosen of deep image prior; see `dip`."""

from dataclasses import dataclass

from restore_models.dip_nets import Hourglass

HOURGLASS = Hourglass()


@dataclass(frozen=True, slots=True)
class Way:
    """How a photo is fitted."""

    net: Hourglass = HOURGLASS

    iterations: int = 3000
    """At most: the early stop comes first, as a rule."""

    jitter: float = 1 / 30
    """Standard deviation of the noise that is added to the input anew in each step."""

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        for name, value in (("iterations", self.iterations), ("net.scales", self.net.scales)):
            if value < 1:
                raise ValueError(f"{name} = {value}: must be at least 1")


@dataclass(frozen=True, slots=True)
class DipConfig:
    """What can be chosen."""

    plain: Way = Way()  # denoising in the paper
    """Of photos without a mask."""

    masked: Way = Way(Hourglass(skip=128, smooth=False), iterations=6001, jitter=0.03)  # inpainting in the paper
    """Of photos of which a mask hides something."""

    rate: float = 0.01
    """Learning rate of Adam."""

    averaging: float = 0.99
    """How much of the average of the outputs stays in each step."""

    window: int = 100  # as in Wang et al.
    """Outputs whose variance is looked at."""

    patience: int = 1000  # as in Wang et al.
    """Steps without a lower variance after which a fit is over; 0 is never, and the last picture is the result."""

    seed: int = 0

    device: str = "auto"
    """`cpu`, `cuda`, or a GPU where there is one."""

    together: int = 0
    """Photos that are fitted by one network; 0 is one on a CPU, and what half its free memory holds on a GPU."""

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        for name, least in (("window", 2), ("patience", 0), ("together", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} = {getattr(self, name)}: must be at least {least}")
        if not 0 <= self.averaging < 1:
            raise ValueError(f"averaging = {self.averaging}: must be from 0 up to, not including, 1")
