"""The three flavours of the triplet-domain model, and every difference between them by name.

Source: Wan et al. 2022, "Old photo restoration via deep latent space translation" (the paper, with its equations), and
the code that its authors released (the code). Where the paper is silent, the flavour `paper` is as the code.

Differences that are not here: what damages the photos is the engine's business, and how long they are trained the
loop's. The code's network for high resolution, which the paper does not have, is left out: `foxing` needs none.
"""

from dataclasses import dataclass
from typing import Literal

from restore_models.blocks import Norm
from restore_models.nonlocal_block import MaskRule
from restore_models.vae import Edges

Flavour = Literal["paper", "code", "foxing"]

Sigma = Literal["one", "learned"]

Kl = Literal["closed", "square"]
"""The divergence in closed form, as a mean over channels and places, or only the mean square of the means."""

Kind = Literal["old", "synthetic"]

Moves = Literal["both", "old"]

Sees = Literal["drawn", "mean"]

Fill = Literal["nothing", "white", "mean"]

Matched = Literal["clean", "reconstructed"]

Spectral = Literal["never", "mapping", "always"]


@dataclass(frozen=True, slots=True)
class Options:
    """Where text, released code and this project differ."""

    norm: Norm
    """Instance norm takes a photo's tone away, exactly; layer norm, over the channels, keeps it, and tiles fit."""

    edges: Edges

    encoder_mask: bool
    """Whether the encoder of damaged photos is told where the holes are, in a fourth channel."""

    fill: Fill
    """What holes are filled with before they are encoded: white, or the mean colour of what is intact."""

    mask_rule: MaskRule
    """Which cells are holes."""

    old_masks: bool
    """Whether the detector says where the holes of real old photos are while VAE-A is trained, as it does in use."""

    sigma: Sigma
    """Of the codes: fixed to 1, or learned."""

    kl: Kl

    kl_weight: float
    """Weight of the divergence; 1 in eq. 2."""

    l1: float
    """Weight of the reconstruction's absolute error, alpha of eq. 2."""

    vae_matching: float
    """Weight of feature matching in the VAEs; eq. 2 has none."""

    vae_perceptual: float
    """Weight of the perceptual loss in the VAEs; eq. 2 has none."""

    latent_one: Kind
    """The domain that the discriminator of codes is to call 1; eq. 3."""

    latent_moves: Moves
    """Which domains' codes are pushed towards the other's; eq. 4 says both."""

    latent_sees: Sees
    """Whether that discriminator sees drawn codes or their means."""

    ends: int
    """Convolutions of the mapping before its branches, and as many behind."""

    local_blocks: int
    """Residual blocks of rho_local in eq. 10; 0 passes F itself."""

    global_blocks: int
    """Residual blocks of rho_global."""

    fused_blocks: int
    """Residual blocks behind the fusion."""

    most_cells: int
    """How many intact cells attention looks at, spread over the photo; 0 for all of them."""

    scaled: bool
    """Whether the exponent of eq. 8 is divided by the root of the channels."""

    zero_output: bool
    """Whether nu starts as zeros; in the code that is meant and then undone."""

    conditional: bool
    """Whether the discriminator of the mapping sees the degraded photo as well."""

    matched: Matched
    """What the mapped photo's features are to match: the clean photo's, or (eq. 6) those of its reconstruction."""

    spectral: Spectral
    """Where discriminators have spectral norm."""

    critic_norm: Norm
    """Normalisation in the discriminators; with instance norm a shift of tone between two domains is hard to see."""

    ttur: bool
    """Two time-scales: half the rate for the mapping, twice for its discriminator, and beta 0 and 0.9."""


FLAVOURS: dict[Flavour, Options] = {
    "paper": Options(
        norm="instance",
        edges="zeros",
        encoder_mask=False,
        fill="nothing",
        mask_rule="sampled",
        old_masks=False,
        sigma="learned",
        kl="closed",
        kl_weight=1.0,  # eq. 2
        l1=10.0,  # section 4.1
        vae_matching=0.0,
        vae_perceptual=0.0,
        latent_one="old",  # eq. 3
        latent_moves="both",  # eq. 4
        latent_sees="drawn",  # eq. 3
        ends=3,  # table 1
        local_blocks=6,  # table 1 and eq. 10
        global_blocks=2,  # table 1
        fused_blocks=0,
        most_cells=0,
        scaled=False,
        zero_output=True,  # as in Wang et al. 2018, which it refers to
        conditional=False,
        matched="reconstructed",  # eq. 6
        spectral="never",
        critic_norm="instance",
        ttur=False,
    ),
    "code": Options(
        norm="instance",
        edges="zeros",
        encoder_mask=False,
        fill="white",
        mask_rule="sampled",
        old_masks=False,
        sigma="one",
        kl="square",
        kl_weight=1.0,
        l1=0.0,
        vae_matching=10.0,
        vae_perceptual=10.0,
        latent_one="synthetic",
        latent_moves="old",
        latent_sees="mean",
        ends=4,
        local_blocks=0,
        global_blocks=3,
        fused_blocks=6,
        most_cells=0,
        scaled=False,
        zero_output=False,
        conditional=True,
        matched="clean",
        spectral="mapping",  # in the variant for scratches
        critic_norm="instance",
        ttur=False,  # only in the variant without the nonlocal block
    ),
    "foxing": Options(
        norm="layer",  # instance norm makes the encoder blind to fading and colour casts
        edges="reflect",
        encoder_mask=True,
        fill="mean",  # white is as good as any other scratch
        mask_rule="touched",  # the other rule loses 41 % of the cells that a thin scratch touches
        old_masks=True,  # or filled holes alone tell synthetic from old
        sigma="learned",
        kl="closed",
        kl_weight=0.1,  # with 1, as good a reconstruction takes about twice as many steps
        l1=10.0,
        vae_matching=10.0,
        vae_perceptual=10.0,
        latent_one="old",
        latent_moves="both",
        latent_sees="mean",  # what the mapping gets
        ends=3,
        local_blocks=3,
        global_blocks=2,
        fused_blocks=3,  # they mend the seam between both branches, and add nothing to how far T sees
        most_cells=4096,  # all of a crop of 256 pixels; bounded for 12 megapixels
        scaled=True,  # or one cell takes it all at this many channels
        zero_output=False,  # there is no straight way beside the block: zeros are no identity here
        conditional=True,
        matched="clean",
        spectral="always",
        critic_norm="none",
        ttur=False,
    ),
}
