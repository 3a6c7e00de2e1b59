"""Debian's Chromium for tests of pages, found and driven as Playwright does; skipped, and said so, where it is not."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


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
