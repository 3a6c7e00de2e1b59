"""Every model there is: a new one is a file and a line here."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from restore_models.restorer import Model
from restore_models.weight_files import Weighed


@cache
def models() -> Mapping[str, Model]:
    """The models by name."""
    return {}


def network_from(weighed: Weighed) -> Any:
    """The network of some weights, ready to use."""
    raise NotImplementedError
