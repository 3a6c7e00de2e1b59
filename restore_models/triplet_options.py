"""What can be chosen of the triplet-domain model: a flavour, and whatever is to differ from it.

Source: Wan et al. 2022, "Old photo restoration via deep latent space translation"; `triplet_flavours` has the flavours.
"""

from dataclasses import dataclass, field, fields

from restore_models.blocks import Norm
from restore_models.configs import refuse_below, refuse_below_one
from restore_models.detector import DetectorConfig
from restore_models.mapping import Layout
from restore_models.nonlocal_block import MaskRule
from restore_models.restorer import ModelError
from restore_models.triplet_flavours import (
    FLAVOURS,
    Fill,
    Flavour,
    Kind,
    Kl,
    Matched,
    Moves,
    Options,
    Sees,
    Sigma,
    Spectral,
)
from restore_models.vae import Edges


@dataclass(frozen=True, slots=True)
class TripletConfig:
    """What can be chosen. A difference between the flavours that is None is as the flavour says: see `Options`."""

    flavour: Flavour = "foxing"
    width: int = 64  # table 1
    blocks: int = 4  # table 1
    mapping_width: int = 256  # 512 in table 1, at four times the cost
    attends: bool = True  # False is the code's variant for photos without scratches
    plain_attention: bool = False  # eq. 7 as it stands, for measurements: the same result, memory N x N
    critic_width: int = 64  # Isola et al. 2017
    latent_weight: float = 1.0  # eq. 4
    latent_l1: float = 60.0  # lambda_1 of eq. 5
    matching: float = 10.0  # lambda_2 of eq. 5
    perceptual: float = 10.0  # the same, second term of eq. 6
    rate: float = 2e-4  # section 4.1
    betas: tuple[float, float] = (0.5, 0.999)  # of Adam, in the code
    covered: float = 0.1  # how much of a pixel damage must hide for it to be a hole
    detects: bool = True  # whether a detector is trained, and used where nobody gives a mask
    detector: DetectorConfig = field(default_factory=DetectorConfig)
    norm: Norm | None = None
    edges: Edges | None = None
    encoder_mask: bool | None = None
    fill: Fill | None = None
    mask_rule: MaskRule | None = None
    old_masks: bool | None = None
    sigma: Sigma | None = None
    kl: Kl | None = None
    kl_weight: float | None = None
    l1: float | None = None
    vae_matching: float | None = None
    vae_perceptual: float | None = None
    latent_one: Kind | None = None
    latent_moves: Moves | None = None
    latent_sees: Sees | None = None
    ends: int | None = None
    local_blocks: int | None = None
    global_blocks: int | None = None
    fused_blocks: int | None = None
    most_cells: int | None = None
    scaled: bool | None = None
    zero_output: bool | None = None
    conditional: bool | None = None
    matched: Matched | None = None
    spectral: Spectral | None = None
    critic_norm: Norm | None = None
    ttur: bool | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be built or learned."""
        refuse_below_one(self, "width", "mapping_width", "critic_width")
        refuse_below(self, 0, "blocks", "latent_weight", "latent_l1", "matching", "perceptual")
        options = chosen(self)
        refuse_below(options, 0, "kl_weight", "l1", "vae_matching", "vae_perceptual", "most_cells")
        refuse_below(options, 0, "local_blocks", "global_blocks", "fused_blocks")
        if options.sigma == "learned" and options.kl == "square":
            raise ModelError("kl = 'square' leaves a learned sigma without a term; take sigma = 'one' or kl = 'closed'")
        if not 0 < self.covered <= 1:
            raise ModelError(f"covered = {self.covered}: must be above 0 and at most 1")
        if self.mapping_width % 4:
            raise ModelError(f"mapping_width = {self.mapping_width}: must be a multiple of 4")
        if options.ends < 3:
            raise ModelError(f"ends = {options.ends}: must be at least 3")


def chosen(config: TripletConfig) -> Options:
    """The flavour, with what was chosen otherwise."""
    flavour = FLAVOURS[config.flavour]
    found = {}
    for option in fields(Options):
        own = getattr(config, option.name)
        found[option.name] = getattr(flavour, option.name) if own is None else own
    return Options(**found)


def layout_of(config: TripletConfig) -> Layout:
    """Of the mapping."""
    options = chosen(config)
    return Layout(
        channels=config.width,
        width=config.mapping_width,
        ends=options.ends,
        local_blocks=options.local_blocks,
        global_blocks=options.global_blocks,
        fused_blocks=options.fused_blocks,
        norm=options.norm,
        edges=options.edges,
        attends=config.attends,
        most=options.most_cells,
        scaled=options.scaled,
        plain=config.plain_attention,
    )
