"""The floor: the photo as it is."""

from dataclasses import dataclass
from typing import ClassVar

from degrade.types import Image, Mask
from restore_models.restorer import Model, checked


@dataclass(frozen=True, slots=True)
class Identity:
    """Does nothing: what a model must beat to be of any use."""

    name: ClassVar[str] = "identity"
    blind: ClassVar[bool] = True

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """A copy of the photo."""
        checked(image, mask)
        return image.copy()


def build(_: None) -> Identity:
    """The restorer."""
    return Identity()


MODEL = Model(
    name="identity",
    about="The photo as it is: the floor that every model must beat.",
    source="none needed",
    needs="nothing",
    build=build,
)
