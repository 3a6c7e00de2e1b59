"""The table that `make bench` prints and leaves in docs/speed.md."""

from pathlib import Path

import pytest
from speed.table import PYIQA_ROW, Table, row_of

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
        before = row_of(DOCS.read_text("utf-8"), PYIQA_ROW) if DOCS.is_file() else None
        if before and all(row[0] != PYIQA_ROW for row in table.ratios):
            table.ratios.append(before)
        DOCS.write_text(table.text(), "utf-8")
        terminalreporter.write_line(f"written to {DOCS}")
