"""The triplet-domain model: old photos share a latent space with synthetic ones, and are mapped to that of clean ones.

Source: Wan et al. 2022, "Old photo restoration via deep latent space translation" (the paper), and what its authors
released (the code): `triplet_options` has every difference, `vae`, `mapping` and `nonlocal_block` have the networks,
`triplet_learning` has the objectives.

VAE-A encodes real old photos r and synthetic ones x, whose codes a discriminator pushes together (eq. 2-4); VAE-B
encodes clean photos y; then, with both of them frozen, the mapping T learns from pairs (eq. 5-10). A photo is restored
as G_B(T(E_A(r))), eq. 1. A detector, trained first, finds the holes of photos that come without a mask (eq. 11-15).

Where `foxing`, our flavour, deviates: layer instead of instance norm, so that fading and colour casts reach the code
and large photos can be cut into tiles that give exactly what the whole gives; all tiles fill their holes from one set
of intact cells, spread over the whole photo; every cell that a scratch touches is a hole, the encoder is told so, and
holes are filled with the photo's mean colour before it looks. The flavours with instance norm use tiles, blended where
they overlap, only where memory demands it: their statistics, and the cells that they look at, are then the tile's own.
"""

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from degrade.types import Image, Mask
from restore_models.detector import MODEL as DETECTOR
from restore_models.detector import Detector
from restore_models.fine_tuning import thresholded
from restore_models.learning import Learner, Runtime, own_weights
from restore_models.network import NetworkRestorer
from restore_models.nonlocal_block import CELL, Cells, hole_cells, places_of
from restore_models.restorer import Model, Stage, Weights, checked
from restore_models.tiling import Tiling, in_tiles, planned, tiles
from restore_models.triplet_learning import MappingLearner, VaeA, VaeB, detector_of
from restore_models.triplet_options import TripletConfig, chosen, layout_of
from restore_models.triplet_parts import filled, holes_of, new_decoder, new_encoder, new_mapping, picture, seen


class Triplet(NetworkRestorer):
    """The chain in use: r to E_A to T to G_B, and the detector beside it."""

    name = "triplet"
    grid = CELL

    def __init__(self, config: TripletConfig) -> None:
        super().__init__(config)
        self.options = chosen(config)
        self.encoder = new_encoder(config, damaged=True)
        self.mapping = new_mapping(config)
        self.decoder = new_decoder(config)
        self.detector = Detector(config.detector) if config.detects else None
        self.exact = self.options.norm != "instance"
        self.halo = halo_of(config)
        per_channel = BYTES_LAYER if self.exact else BYTES_INSTANCE
        self.bytes_per_pixel = per_channel * max(config.width, config.mapping_width // 4)
        self.spare_bytes = 78_000_000

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """The restored photo; without a mask the detector looks for what is damaged."""
        checked(image, mask)
        if mask is None and self.detector is not None:
            self.detector.tiling = self.tiling
            mask = self.detector.binary(self.detector.detect(image))
        return super().restore(image, mask)

    def peak_bytes(self, height: int, width: int) -> int:
        """See `Forecaster`; the detector runs before the rest."""
        own = super().peak_bytes(height, width)
        return own if self.detector is None else max(own, self.detector.peak_bytes(height, width))

    def forward(self, degraded: Tensor, mask: Tensor) -> Tensor:
        """See `PhotoNetwork`."""
        holes = holes_of(mask, self.config)
        return self._restored(filled(degraded, holes, self.options.fill), holes, None)

    def whole(self, degraded: Tensor, mask: Tensor) -> Tensor:
        """The same of one whole photo, by tiles where it is large; those of an exact flavour share their cells."""
        holes = holes_of(mask, self.config)
        pictures = filled(degraded, holes, self.options.fill)
        cells = self._shared(pictures, holes) if self.exact and self.config.attends and bool(holes.any()) else None

        def restored(part: Tensor, damage: Tensor) -> Tensor:
            return self._restored(part, damage if bool(damage.any()) else None, cells)

        return in_tiles(restored, pictures, holes, self)

    def _restored(self, pictures: Tensor, holes: Tensor | None, cells: Cells | None) -> Tensor:
        """G_B(T(E_A(r))), eq. 1, of filled pictures; no holes are None."""
        shown = torch.zeros_like(pictures[:, :1]) if holes is None else holes
        codes = self.encoder(seen(pictures, shown, self.options)).mean
        places = None if holes is None else hole_cells(holes, self.options.mask_rule)
        return picture(self.decoder(self.mapping(codes, places, cells)))

    def _shared(self, pictures: Tensor, holes: Tensor) -> Cells:
        """The cells that all tiles of a photo look at: chosen on the whole, then computed tile by tile."""
        places = places_of(hole_cells(holes, self.options.mask_rule), self.options.most_cells)
        height, width = pictures.shape[-2:]
        rows, columns = (CELL * (places.flat[0] // (width // CELL)), CELL * (places.flat[0] % (width // CELL)))
        found = pictures.new_empty(1, self.config.mapping_width, len(rows), 1)
        halo = _to_grid(CELL * (2 * self.config.blocks + self.options.ends) + ENCODER_REACH)
        tiling = self.tiling if self.tiling.side > 0 else Tiling(FIRST_PASS)
        tile = planned((height, width), self.bytes_per_pixel, tiling, CELL, halo)
        for each in tiles((height, width), tile, halo, CELL):
            inside = _within(rows, each.top, each.height, height, halo)
            inside &= _within(columns, each.left, each.width, width, halo)
            part = (..., slice(each.top, each.top + each.height), slice(each.left, each.left + each.width))
            codes = self.encoder(seen(pictures[part], holes[part], self.options)).mean
            features = self.mapping.head(codes)[0]
            down, right = (rows[inside] - each.top) // CELL, (columns[inside] - each.left) // CELL
            found[0, :, inside, 0] = features[:, down, right]
        return Cells(found, places.intact)


def _within(starts: Tensor, first: int, side: int, length: int, halo: int) -> Tensor:
    """Which cells lie in a tile but not in its halo, along one side."""
    low = 0 if first == 0 else first + halo
    high = length if first + side >= length else first + side - halo
    return (starts >= low) & (starts < high)


def _to_grid(pixels: int) -> int:
    return -(-pixels // CELL) * CELL


def halo_of(config: TripletConfig) -> int:
    """How many pixels away the chain still sees, but for the attention: 152 by default.

    Each 3 x 3 convolution on the cells sees one cell further: two in each residual block. Around a cell the encoder's
    three first layers see 3 pixels and 3 more; around a pixel the decoder's last three see 3 pixels, and then up to 6
    to the far edge of a cell that these are made of.
    """
    cells = 2 * config.blocks + layout_of(config).reach() + 2 * config.blocks
    return _to_grid(CELL * cells + ENCODER_REACH + DECODER_REACH)


ENCODER_REACH, DECODER_REACH = 6, 9

FIRST_PASS = 768
"""Side of the tiles in which the shared cells are computed."""

BYTES_LAYER, BYTES_INSTANCE = 16, 19
"""Peak per pixel and channel: 973 and 1281 bytes at 64 channels, the growth of a process's peak between 256 x 256 and
640 x 640 pixels, on a CPU in fp32, with a mask:

    import resource, sys, torch
    from restore_models.triplet import Tiling, Triplet, TripletConfig
    side, net = int(sys.argv[1]), Triplet(TripletConfig(flavour=sys.argv[2], detects=False)).eval()
    net.tiling, mask = Tiling(0), torch.zeros(1, 1, side, side)
    mask[..., ::97] = 1
    with torch.inference_mode():
        net.whole(torch.rand(1, 3, side, side), mask)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)

With instance norm it is 910 from 512 x 512 to 1024 x 1024 (tests/speed/test_forecast.py), so that less will do there.
"""


def assemble(config: TripletConfig, stages: MappingOf[str, Weights]) -> Triplet:
    """The chain in use; without a detector where none was trained."""
    network = Triplet(replace(config, detects=config.detects and "detector" in stages))
    own_weights(network.encoder, stages["vae-a"], "encoder")
    own_weights(network.mapping, stages["mapping"], "mapping")
    own_weights(network.decoder, stages["vae-b"], "decoder")
    if network.detector is not None:
        network.detector = detector_of(config, stages)
    return network


def finished(network: Triplet, pairs: Iterable[MappingOf[str, Any]]) -> Triplet:
    """The chain with the detector's soft masks cut where that is best on validation pairs."""
    if network.detector is not None:
        network.detector = thresholded(network.detector, pairs)
        network.config = replace(network.config, detector=network.detector.config)
    return network


def detector_learner(config: TripletConfig, runtime: Runtime, earlier: MappingOf[str, Weights]) -> Learner:
    """The detector's own, from its part of the configuration."""
    return DETECTOR.stages[0].learner(config.detector, runtime, earlier)


MODEL = Model(
    name="triplet",
    about="Two VAEs for old and for clean photos, a mapping between their codes that fills holes, and a detector.",
    source="Wan et al. 2022, Old photo restoration via deep latent space translation",
    needs="training",
    build=Triplet,
    config=TripletConfig(),
    stages=(
        replace(DETECTOR.stages[0], learner=detector_learner, share=1.5),
        Stage("vae-a", VaeA, steps=20_000, share=2.5, needs=frozenset(("degraded", "mask", "old"))),
        Stage("vae-b", VaeB, steps=20_000, share=2.0, needs=frozenset(("clean",))),
        Stage("mapping", MappingLearner, steps=40_000, share=5.0, needs=frozenset(("clean", "degraded", "mask"))),
    ),
    assemble=assemble,
    finish=finished,
    perceptual=True,
    batch=16,
)
