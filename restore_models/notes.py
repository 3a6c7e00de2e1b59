"""What is worth knowing of how a photo was restored, told by whatever notices to whoever asked to hear it. No torch."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_HEARD: ContextVar[list[str] | None] = ContextVar("heard", default=None)


def note(text: str) -> None:
    """Say it to whoever listens; nobody need."""
    heard = _HEARD.get()
    if heard is not None and text not in heard:
        heard.append(text)


@contextmanager
def noted() -> Iterator[list[str]]:
    """What is said inside, by this thread, each thing once."""
    heard: list[str] = []
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)
