"""Debian's Chromium for tests of pages, driven by Playwright; they are skipped, and say so, where it is not."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from made_up_boards import FOLDER

Open = Callable[..., Any]

PATIENCE = 20.0
"""Seconds for pictures to come on a busy machine."""

BOARD = f"{FOLDER}/index.html"
"""The page whose table the next functions look at."""


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = os.environ.get("FOXING_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no chromium: install Debian's, or say where one is with FOXING_CHROMIUM")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


def becomes_true(page: Any, script: str) -> None:
    """Ask until it is so; `wait_for_function` asks again by eval, which the pages let nobody do."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(script):
        assert time.monotonic() < end, script
        page.wait_for_timeout(20)


def names(page: Any) -> list[str]:
    found: list[str] = page.locator(".board tbody tr").evaluate_all("rows => rows.map(row => row.dataset.model)")
    return found


def values(page: Any, key: str) -> list[float | None]:
    found: list[float | None] = page.evaluate(
        """key => {
          const at = [...document.querySelector(".board thead").rows[1].cells].findIndex((c) => c.dataset.key === key);
          return [...document.querySelectorAll(".board tbody tr")].map((row) => row.cells[at].dataset.v ?? null)
            .map((value) => value === null ? null : Number(value));
        }""",
        key,
    )
    return found


def head(page: Any, key: str) -> Any:
    return page.locator(f'.board th[data-key="{key}"]')
