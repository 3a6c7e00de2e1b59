"""A pipeline: priors in the order of a photo's life."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from degrade.effect import Effect
from degrade.ladder import Value
from degrade.priors import Choice, Distribution, Group, Latent, OwnTexture, Prior
from degrade.recipe import Recipe, nearest
from degrade.seeds import stream
from degrade.textures import Textures


class PipelineError(ValueError):
    """A pipeline that makes no sense, with what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How old photos of one kind come about: latent quantities, and priors in groups."""

    name: str
    steps: tuple[Prior | Group, ...]
    latents: dict[str, Latent] = field(default_factory=dict)
    about: str = ""
    """What kind of photo comes out, and where its numbers come from."""

    def __post_init__(self) -> None:
        """Check the whole pipeline.

        Raises:
            PipelineError: two priors share a stream, or a prior hangs on a latent that is not there.
        """
        names: set[str] = set()
        for prior in self.priors():
            if prior.stream_name in names:
                raise PipelineError(f"{self.name}: two steps are called {prior.stream_name}; give one of them a name")
            names.add(prior.stream_name)
            for latent in latents_of(prior):
                if latent not in self.latents:
                    there = f"; there are {', '.join(self.latents)}" if self.latents else "; there are none"
                    proposal = nearest(latent, list(self.latents)) or there
                    raise PipelineError(
                        f"{self.name}: {prior.stream_name} hangs on a latent {latent!r} that is not there{proposal}"
                    )
        known: list[str] = []
        for name, latent_ in self.latents.items():
            if latent_.follows and latent_.follows not in known:
                raise PipelineError(f"{self.name}: the latent {name} follows {latent_.follows!r}, not drawn before it")
            known.append(name)

    def priors(self) -> Iterator[Prior]:
        """All priors, in groups or not, in the given order."""
        return _priors(self.steps)

    def sample(self, seed: int, key: str) -> Recipe:
        """The recipe of one photo: it hangs on the seed and the key alone, never on order, worker or position.

        Args:
            seed: of the whole corpus.
            key: the photo's identity: its relative path, or a hash of its content.

        Raises:
            PipelineError: the seed is no whole number, or the key no text.
        """
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
            raise PipelineError(f"seed = {seed!r}, not a whole number")
        if not isinstance(key, str):
            raise PipelineError(f"key = {key!r}, not a text; use the photo's relative path")
        return Recipe(tuple(effect for _, effect in self.named(seed, key)))

    def named(self, seed: int, key: str) -> Iterator[tuple[str, Effect]]:
        """The steps of that recipe, each with the name of the prior that it was drawn from."""
        return _sampled(self.steps, seed, key, "", self.latents_drawn(seed, key))

    def latents_drawn(self, seed: int, key: str) -> dict[str, float]:
        """The latent quantities of that photo."""
        ranks: dict[str, float] = {}
        return {
            name: latent.draw(stream(seed, key, "latent", name), ranks, name) for name, latent in self.latents.items()
        }

    def with_textures(self, textures: Textures) -> "Pipeline":
        """The pipeline that draws from the user's scans wherever it wants textures of a kind that are there."""
        return replace(self, steps=tuple(_with_textures(step, textures) for step in self.steps))


def latents_of(prior: Prior) -> Iterator[str]:
    """The latents on which a prior hangs."""
    yield from (name for name in (prior.latent, prior.only_with) if name)
    yield from (given.latent for given in prior.fields.values() if hasattr(given, "latent"))


def _priors(steps: tuple[Prior | Group, ...]) -> Iterator[Prior]:
    for step in steps:
        if isinstance(step, Prior):
            yield step
        else:
            yield from _priors(step.members)


def _sampled(
    steps: tuple[Prior | Group, ...], seed: int, key: str, path: str, latents: Mapping[str, float]
) -> Iterator[tuple[str, Effect]]:
    for number, step in enumerate(steps):
        if isinstance(step, Prior):
            drawn = step.sample(stream(seed, key, step.stream_name), latents)
            yield from ((step.stream_name, effect) for effect in drawn)
        else:
            here = f"{path}/{step.name or number}"
            yield from _sampled(_members(step, seed, key, here), seed, key, here, latents)


def _members(group: Group, seed: int, key: str, path: str) -> tuple[Prior | Group, ...]:
    """The members of a group that happen, in the order in which they do."""
    source = stream(seed, key, "group", path)
    if source.unit() >= group.p:
        return ()
    if group.order == "shuffled":
        return tuple(source.shuffled(group.members))
    if group.order == "one_of":
        return (source.choice(group.members, group.weights or None),)
    return group.members


def _with_textures(step: Prior | Group, textures: Textures) -> Prior | Group:
    if isinstance(step, Group):
        return replace(step, members=tuple(_with_textures(member, textures) for member in step.members))
    bound = {name: _named(given, textures) for name, given in step.fields.items()}
    return replace(step, fields=bound)


def _named(given: Distribution | Value, textures: Textures) -> Distribution | Value:
    """A choice of the user's textures, where their folder has any of the kind."""
    if not isinstance(given, OwnTexture) or not textures.names(given.kind):
        return given
    names = textures.names(given.kind)
    if given.built_in <= 0:
        return Choice(names)
    each = (1 - given.built_in) / len(names)
    return Choice(("", *names), (given.built_in, *[each] * len(names)))
