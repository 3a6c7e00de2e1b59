"""The parts of the triplet-domain model with random weights, and what they are given to see: see `triplet`."""

import torch
from torch import Tensor, nn

from restore_models.batch import Batch
from restore_models.blocks import MultiScaleDiscriminator
from restore_models.learning import normal_weights
from restore_models.mapping import Mapping
from restore_models.triplet_flavours import Fill, Options
from restore_models.triplet_options import TripletConfig, chosen, layout_of
from restore_models.vae import Decoder, Encoder


def new_encoder(config: TripletConfig, damaged: bool) -> Encoder:
    """E_A, for damaged photos, or E_B; with random weights, as all of these."""
    options = chosen(config)
    channels = 4 if damaged and options.encoder_mask else 3
    learned = options.sigma == "learned"
    encoder = Encoder(channels, config.width, config.blocks, options.norm, options.edges, learned)
    normal_weights(encoder)
    return encoder


def new_decoder(config: TripletConfig) -> Decoder:
    """G_A or G_B."""
    options = chosen(config)
    decoder = Decoder(config.width, config.blocks, options.norm, options.edges)
    normal_weights(decoder)
    return decoder


def new_mapping(config: TripletConfig) -> Mapping:
    """T."""
    mapping = Mapping(layout_of(config))
    normal_weights(mapping)
    if mapping.attention is not None and chosen(config).zero_output:
        nn.init.zeros_(mapping.attention.nu.weight)
    return mapping


def new_critic(config: TripletConfig, channels: int, spectral: bool) -> MultiScaleDiscriminator:
    """A discriminator of pictures: the full size, and half of it."""
    norm = chosen(config).critic_norm
    critic = MultiScaleDiscriminator(channels, config.critic_width, norm=norm, spectral=spectral)
    normal_weights(critic)
    return critic


def holes_of(mask: Tensor, config: TripletConfig) -> Tensor:
    """1 where a mask in [0, 1] hides a pixel, else 0."""
    return (mask >= config.covered).float()


def filled(pictures: Tensor, holes: Tensor, fill: Fill) -> Tensor:
    """Pictures (B, 3, H, W) with their holes (B, 1, H, W) painted over."""
    if fill == "nothing":
        return pictures
    if fill == "white":
        return torch.where(holes > 0, 1.0, pictures)
    intact = 1 - holes
    mean = (pictures * intact).sum(dim=(2, 3), keepdim=True) / intact.sum(dim=(2, 3), keepdim=True).clamp_min(1)
    return torch.where(holes > 0, mean, pictures)


def seen(pictures: Tensor, holes: Tensor, options: Options) -> Tensor:
    """What E_A is given of filled pictures in [0, 1]: in [-1, 1], perhaps with the holes as a fourth channel."""
    inside = pictures * 2 - 1
    return torch.cat((inside, holes.to(inside.dtype)), dim=1) if options.encoder_mask else inside


def picture(output: Tensor) -> Tensor:
    """In [0, 1], of a decoder's output in [-1, 1]."""
    return output.float() * 0.5 + 0.5


def holes_in(batch: Batch, config: TripletConfig) -> Tensor:
    """The holes of the degraded pictures; none where the data set has no masks."""
    assert batch.degraded is not None
    mask = torch.zeros_like(batch.degraded[:, :1]) if batch.mask is None else batch.mask
    return holes_of(mask, config)
