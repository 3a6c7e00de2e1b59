"""What the stages of the triplet-domain model share in training: an autoencoder, and steps of discriminators.

Source: Wan et al. 2022, eq. 2, and the code of its authors; `triplet_options` names the differences.
"""

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn import functional

from restore_models.learning import Runtime, adam, descend, frozen
from restore_models.losses import Perceptual, feature_matching, kl, lsgan, sum_of, unit_variance_kl
from restore_models.triplet_options import TripletConfig, chosen
from restore_models.triplet_parts import new_critic, new_decoder, new_encoder, picture
from restore_models.unet import check_crop
from restore_models.vae import Codes


class Autoencoder:
    """What both VAEs have in common in training: an encoder and a decoder, and a discriminator of their pictures."""

    def __init__(self, config: TripletConfig, runtime: Runtime, damaged: bool) -> None:
        self.config, self.options, self.runtime = config, chosen(config), runtime
        self.encoder = runtime.place(new_encoder(config, damaged))
        self.decoder = runtime.place(new_decoder(config))
        self.critic = runtime.place(new_critic(config, 3, self.options.spectral == "always"))
        self.perceptual = runtime.place(Perceptual(runtime.vgg))
        self.vae_adam = adam([self.encoder, self.decoder], config.rate, config.betas)
        self.critic_adam = adam([self.critic], config.rate, config.betas)

    def through(self, inputs: Tensor) -> tuple[Codes, Tensor, Tensor]:
        """The codes' distribution, the codes that were drawn, and the pictures in [-1, 1] made of them."""
        check_crop(inputs, 2)
        with self.runtime.autocast():
            codes: Codes = self.encoder(inputs)
            drawn = codes.drawn()
            return codes, drawn, self.decoder(drawn)

    def losses(self, codes: Codes, output: Tensor, target: Tensor) -> dict[str, Tensor]:
        """The terms of eq. 2, weighed, with those that the code adds; pictures in [-1, 1]."""
        options = self.options
        found = {"kl": options.kl_weight * self._divergence(codes)}
        if options.l1:
            found["l1"] = options.l1 * functional.l1_loss(output.float(), target)
        matching = options.vae_matching
        found |= adversarial(self.critic, output, target, matching, self.runtime)
        if options.vae_perceptual:
            with self.runtime.autocast():
                found["perceptual"] = options.vae_perceptual * self.perceptual(picture(output), picture(target))
        return found

    def _divergence(self, codes: Codes) -> Tensor:
        """Of the codes from N(0, 1), as means over all their numbers, as the L1 term is a mean: both sums are alike."""
        if self.options.kl == "square":
            return unit_variance_kl(codes.mean)
        spread = torch.zeros_like(codes.mean) if codes.log_variance is None else codes.log_variance
        return kl(codes.mean, spread) / codes.mean.shape[1]

    def learn(self, losses: MappingOf[str, Tensor], output: Tensor, target: Tensor) -> dict[str, Tensor]:
        """A step of encoder and decoder, then one of the discriminator from the same pictures; the losses, detached."""
        descend(self.vae_adam, sum_of(list(losses.values())), self.runtime)
        judged = discriminate(self.critic, self.critic_adam, output, target, self.runtime)
        return {name: loss.detach() for name, loss in losses.items()} | {"critic": judged}

    @torch.no_grad()
    def shown(self, inputs: Tensor) -> Tensor:
        """The reconstruction from the mean codes, in [0, 1]."""
        with in_use(self.encoder, self.decoder), self.runtime.autocast():
            return picture(self.decoder(self.encoder(inputs).mean))


def adversarial(critic: nn.Module, fake: Tensor, real: Tensor, matching: float, runtime: Runtime) -> dict[str, Tensor]:
    """What a discriminator says against fake pictures: LSGAN, and the weighed distance of its features."""
    with frozen(critic), runtime.autocast():
        verdicts = critic(fake)
        found = {"adversarial": lsgan(verdicts, real=True)}
        if matching:
            with torch.no_grad():
                known = critic(real)
            found["matching"] = matching * feature_matching(verdicts, known)
    return found


def discriminate(
    critic: nn.Module, optimiser: torch.optim.Optimizer, fake: Tensor, real: Tensor, runtime: Runtime
) -> Tensor:
    """One step of a discriminator: LSGAN, halved against the generator's as in the code."""
    with runtime.autocast():
        verdicts = critic(fake.detach()), critic(real.detach())
    loss = 0.5 * (lsgan(verdicts[0], real=False) + lsgan(verdicts[1], real=True))
    descend(optimiser, loss, runtime)
    return loss.detach()


@contextmanager
def in_use(*networks: nn.Module) -> Iterator[None]:
    """Networks as they are used, and then as they are trained."""
    for net in networks:
        net.eval()
    yield
    for net in networks:
        net.train()
