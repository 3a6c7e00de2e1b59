"""The table that `make bench` prints and leaves in docs/speed.md."""

from pathlib import Path

import pytest
from speed.table import KEPT, Table, row_of

DOCS = Path(__file__).parents[2] / "docs" / "speed.md"

TABLE = pytest.StashKey[Table]()


@pytest.fixture(scope="session")
def table(request: pytest.FixtureRequest) -> Table:
    return request.config.stash.setdefault(TABLE, Table())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    table = config.stash.get(TABLE, None)
    if table is None:
        return
    terminalreporter.write_line("\n" + table.text())
    if len(table.ratios) >= 8 and table.effects:  # all of it was run
        DOCS.parent.mkdir(exist_ok=True)
        page = DOCS.read_text("utf-8") if DOCS.is_file() else ""
        measured = {row[0] for row in table.ratios}
        table.ratios += [row for name in KEPT if name not in measured and (row := row_of(page, name))]
        DOCS.write_text(table.text(), "utf-8")
        terminalreporter.write_line(f"written to {DOCS}")
