"""The pictures that answers are verified with: of a folder that somebody made, or made here."""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmark.making import Making, made_suite
from benchmark.materials import Materials, opened_suite
from benchmark.scoring import metrics_named
from benchmark.suite import Suite
from benchmark.suites import SUITES
from leaderboards.verifying import UncheckedError


@dataclass(slots=True)
class MadeSuites:
    """The suites that were opened, each once."""

    stack: ExitStack
    by_id: dict[str, Materials] = field(default_factory=dict)

    def materials(self, suite: Suite, folder: Path | None) -> Materials:
        """The pictures of a suite: those of a folder, or made of what comes with scikit-image.

        Raises:
            UncheckedError: they are nowhere, or they are those of another suite.
            SuiteError: the folder holds none.
        """
        if suite.suite_id not in self.by_id:
            self.by_id[suite.suite_id] = opened_suite(folder) if folder else self._made(suite)
        found = self.by_id[suite.suite_id]
        if found.suite.suite_id != suite.suite_id:
            made = folder or f"{suite.name} as this version of Foxing makes it"
            raise UncheckedError(
                f"the entry is of suite {suite.suite_id}, and {made} is {found.suite.suite_id}; name the folder of the "
                "entry's own with --suite"
            )
        return found

    def _made(self, suite: Suite) -> Materials:
        plan = SUITES.get(suite.name)
        if plan is None or plan.photos.kind != "shipped":
            raise UncheckedError(
                f"the pictures of {suite.suite_id} are needed: --suite FOLDER, which foxing benchmark make writes"
            )
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="foxing-suite-")))
        specs = tuple(metric.spec for metric in metrics_named(plan))
        return made_suite(plan, None, folder, Making(specs, pictures=False))
