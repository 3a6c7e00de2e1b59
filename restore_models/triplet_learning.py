"""How the triplet-domain model learns: VAE-A, VAE-B, and the mapping between their codes; see `triplet`.

Source: Wan et al. 2022, eq. 2-6, and the code of its authors; `triplet_options` names the differences.

Each step moves the generating networks first and the discriminators then, from the same pictures, as the code does.
"""

from collections.abc import Mapping as MappingOf

import torch
from torch import Tensor
from torch.nn import functional

from restore_models.batch import Batch
from restore_models.blocks import MultiScaleDiscriminator
from restore_models.detector import MODEL as DETECTOR
from restore_models.detector import Detector
from restore_models.learning import Learner, Runtime, adam, descend, frozen, normal_weights, own_weights, psnr
from restore_models.losses import Perceptual, lsgan, sum_of
from restore_models.network import padded
from restore_models.nonlocal_block import CELL, hole_cells
from restore_models.restorer import Weights
from restore_models.triplet_autoencoder import Autoencoder, adversarial, discriminate, in_use
from restore_models.triplet_options import TripletConfig, chosen
from restore_models.triplet_parts import (
    filled,
    holes_in,
    new_critic,
    new_decoder,
    new_encoder,
    new_mapping,
    picture,
    seen,
)
from restore_models.vae import latent_layers


class VaeA(Learner):
    """VAE-A, on synthetic and on real old photos, whose codes a second discriminator pushes together (eq. 2-4)."""

    kept = ("encoder", "decoder")

    def __init__(self, config: TripletConfig, runtime: Runtime, earlier: MappingOf[str, Weights]) -> None:
        self.config, self.options, self.runtime = config, chosen(config), runtime
        self.vae = Autoencoder(config, runtime, damaged=True)
        layers = latent_layers(runtime.crop // CELL)
        spectral = self.options.spectral == "always"
        norm = self.options.critic_norm
        critic = MultiScaleDiscriminator(config.width, config.critic_width, 1, layers, norm, spectral)
        normal_weights(critic)
        self.critic = runtime.place(critic)
        self.networks = {
            "encoder": self.vae.encoder,
            "decoder": self.vae.decoder,
            "critic": self.vae.critic,
            "latent_critic": self.critic,
        }
        self.critic_adam = adam([self.critic], config.rate, config.betas)
        self.optimisers = {
            "vae": self.vae.vae_adam,
            "critic": self.vae.critic_adam,
            "latent_critic": self.critic_adam,
        }
        self.detector = None
        if self.options.old_masks and config.detects and "detector" in earlier:
            self.detector = runtime.place(detector_of(config, earlier)).requires_grad_(False).eval()

    def step(self, batch: Batch) -> dict[str, Tensor]:
        """Eq. 4: both kinds of photos are reconstructed, and their codes are told apart."""
        assert batch.degraded is not None
        assert batch.old is not None
        pictures = torch.cat((batch.degraded, batch.old))
        holes = torch.cat((holes_in(batch, self.config), self._old_holes(batch.old)))
        pictures = filled(pictures, holes, self.options.fill)
        target = pictures * 2 - 1
        codes, drawn, output = self.vae.through(seen(pictures, holes, self.options))
        judged = drawn if self.options.latent_sees == "drawn" else codes.mean
        synthetic, old = torch.split(judged, [len(batch.degraded), len(batch.old)])
        losses = self.vae.losses(codes, output, target)
        losses["latent"] = self.config.latent_weight * self._misled(synthetic, old)
        found = self.vae.learn(losses, output, target)
        return found | {"latent_critic": self._told_apart(synthetic.detach(), old.detach())}

    def _old_holes(self, old: Tensor) -> Tensor:
        """Where the detector finds damage in real old photos; nowhere without one."""
        if self.detector is None:
            return torch.zeros_like(old[:, :1])
        height, width = old.shape[-2:]
        grid = self.detector.grid
        whole = padded(old, -width % grid, -height % grid)
        with torch.no_grad(), self.runtime.autocast():
            soft = self.detector(whole, torch.zeros_like(whole[:, :1]))[..., :height, :width]
        return (soft >= self.detector.threshold).to(old.dtype)

    def _misled(self, synthetic: Tensor, old: Tensor) -> Tensor:
        """What the encoder gains by codes that are taken for the other domain's; eq. 3 turned round."""
        old_is_one = self.options.latent_one == "old"
        with frozen(self.critic), self.runtime.autocast():
            found = lsgan(self.critic(old), real=not old_is_one)
            if self.options.latent_moves == "both":
                found = found + lsgan(self.critic(synthetic), real=old_is_one)
        return found

    def _told_apart(self, synthetic: Tensor, old: Tensor) -> Tensor:
        """One step of the discriminator of codes; eq. 3."""
        one, zero = (old, synthetic) if self.options.latent_one == "old" else (synthetic, old)
        return discriminate(self.critic, self.critic_adam, zero, one, self.runtime)

    def _filled(self, batch: Batch) -> tuple[Tensor, Tensor]:
        assert batch.degraded is not None
        holes = holes_in(batch, self.config)
        return filled(batch.degraded, holes, self.options.fill), holes

    def show(self, batch: Batch) -> Tensor:
        """The degraded pictures, reconstructed."""
        return self.vae.shown(seen(*self._filled(batch), self.options))

    def score(self, batch: Batch) -> Tensor:
        """How well: PSNR against what was shown to the encoder."""
        return psnr(self.show(batch), self._filled(batch)[0])


class VaeB(Learner):
    """VAE-B, on clean photos (eq. 2)."""

    kept = ("encoder", "decoder")

    def __init__(self, config: TripletConfig, runtime: Runtime, earlier: MappingOf[str, Weights]) -> None:
        self.vae = Autoencoder(config, runtime, damaged=False)
        self.networks = {"encoder": self.vae.encoder, "decoder": self.vae.decoder, "critic": self.vae.critic}
        self.optimisers = {"vae": self.vae.vae_adam, "critic": self.vae.critic_adam}

    def step(self, batch: Batch) -> dict[str, Tensor]:
        """Eq. 2, for clean photos."""
        assert batch.clean is not None
        target = batch.clean * 2 - 1
        codes, _, output = self.vae.through(target)
        return self.vae.learn(self.vae.losses(codes, output, target), output, target)

    def show(self, batch: Batch) -> Tensor:
        """The clean pictures, reconstructed."""
        assert batch.clean is not None
        return self.vae.shown(batch.clean * 2 - 1)


class MappingLearner(Learner):
    """T, from the codes of VAE-A to those of VAE-B, both of them frozen (eq. 5-10)."""

    kept = ("mapping",)

    def __init__(self, config: TripletConfig, runtime: Runtime, earlier: MappingOf[str, Weights]) -> None:
        self.config, self.options, self.runtime = config, chosen(config), runtime
        parts = new_encoder(config, damaged=True), new_encoder(config, damaged=False), new_decoder(config)
        for net, stage, name in zip(parts, ("vae-a", "vae-b", "vae-b"), ("encoder", "encoder", "decoder"), strict=True):
            own_weights(net, earlier[stage], name)
            runtime.place(net).requires_grad_(False).eval()
        self.encoder, self.clean_encoder, self.decoder = parts
        self.mapping = runtime.place(new_mapping(config))
        channels = 6 if self.options.conditional else 3
        self.critic = runtime.place(new_critic(config, channels, self.options.spectral != "never"))
        self.perceptual = runtime.place(Perceptual(runtime.vgg))
        self.networks = {"mapping": self.mapping, "critic": self.critic}
        slower, faster, betas = (0.5, 2.0, (0.0, 0.9)) if self.options.ttur else (1.0, 1.0, config.betas)
        self.optimisers = {
            "mapping": adam([self.mapping], config.rate * slower, betas),
            "critic": adam([self.critic], config.rate * faster, betas),
        }

    def step(self, batch: Batch) -> dict[str, Tensor]:
        """Eq. 5 and 6."""
        clean = batch.pair()[1] * 2 - 1
        with torch.no_grad(), self.runtime.autocast():
            code = self.clean_encoder(clean).mean
            target = clean if self.options.matched == "clean" else self.decoder(code).float()
        mapped, output, shown = self._through(batch)
        losses = {"latent": self.config.latent_l1 * functional.l1_loss(mapped.float(), code.float())}
        fake, real = (torch.cat((shown, each), dim=1) if shown is not None else each for each in (output, target))
        losses |= adversarial(self.critic, fake, real, self.config.matching, self.runtime)
        with self.runtime.autocast():
            losses["perceptual"] = self.config.perceptual * self.perceptual(picture(output), picture(target))
        descend(self.optimisers["mapping"], sum_of(list(losses.values())), self.runtime)
        judged = discriminate(self.critic, self.optimisers["critic"], fake, real, self.runtime)
        return {name: loss.detach() for name, loss in losses.items()} | {"critic": judged}

    def _through(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor | None]:
        """The mapped codes, the pictures in [-1, 1] made of them, and what the discriminator sees beside them."""
        degraded, _ = batch.pair()
        holes = holes_in(batch, self.config)
        pictures = filled(degraded, holes, self.options.fill)
        with self.runtime.autocast():
            with torch.no_grad():
                codes = self.encoder(seen(pictures, holes, self.options)).mean
            mapped = self.mapping(codes, hole_cells(holes, self.options.mask_rule))
            return mapped, self.decoder(mapped), pictures * 2 - 1 if self.options.conditional else None

    @torch.no_grad()
    def show(self, batch: Batch) -> Tensor:
        """The restored pictures."""
        with in_use(self.mapping):
            return picture(self._through(batch)[1])


def detector_of(config: TripletConfig, stages: MappingOf[str, Weights]) -> Detector:
    """The detector with what its stage left."""
    assert DETECTOR.assemble is not None
    found = DETECTOR.assemble(config.detector, stages)
    assert isinstance(found, Detector)
    return found
