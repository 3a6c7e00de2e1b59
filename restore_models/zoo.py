"""Every model there is: a new one is a file and a line here."""

from collections.abc import Mapping
from functools import cache

from restore_models.restorer import Model


@cache
def models() -> Mapping[str, Model]:
    """The models by name."""
    return {}
