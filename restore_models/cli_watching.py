"""What a person sees of a training while it goes on: a bar for each stage on a terminal, lines in a log."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from degrade.console import tell


@dataclass(slots=True)
class Silent:
    """Follows a training, and says nothing: what the other processes of several do."""

    def begins(self, stage: str, done: float) -> None:
        """Nothing."""

    def stepped(self, step: int, done: float, losses: Mapping[str, float]) -> None:
        """Nothing."""

    def tell(self, text: str) -> None:
        """Nothing."""


@dataclass(slots=True)
class Bar:
    """A bar for each stage on a terminal, lines in a log."""

    progress: Any
    shown: bool
    stage: str = ""
    tasks: dict[str, Any] = field(default_factory=dict)

    def begins(self, stage: str, done: float) -> None:
        """Show the stage."""
        self.stage = stage
        self.tasks[stage] = self.progress.add_task(stage, total=1.0, completed=done, losses="")
        if not self.shown:
            tell(f"{stage}: begins" if done == 0 else f"{stage}: goes on at {done:.0%}")

    def stepped(self, step: int, done: float, losses: Mapping[str, float]) -> None:
        """Show how far it is, and the losses."""
        said = " ".join(f"{name} {value:.3g}" for name, value in losses.items())
        self.progress.update(self.tasks[self.stage], completed=done, losses=f"step {step} {said}")
        if not self.shown:
            tell(f"{self.stage}: step {step}, {min(done, 1):.0%}: {said}")

    def tell(self, text: str) -> None:
        """A line above the bars."""
        if self.shown:
            self.progress.console.print(f"foxing: {text}", markup=False, highlight=False)
        else:
            tell(text)


@contextmanager
def watching() -> Iterator["Bar | Silent"]:
    """What a person follows a training by."""
    from rich.console import Console  # noqa: PLC0415 - only where there is progress to show
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    stderr = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[losses]}"),
    )
    with Progress(*columns, console=stderr, disable=not stderr.is_terminal) as progress:
        yield Bar(progress, stderr.is_terminal)
