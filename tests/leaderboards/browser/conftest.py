"""A browser, and a site to look at in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import Open, chromium
from made_up_boards import made_shelf

from leaderboards.building import shelves_of, write_site


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, small_entries: Path) -> Path:
    """Made-up models, whose table is large enough to be sorted, and real entries, which have pictures."""
    out = tmp_path_factory.mktemp("browsed")
    write_site([made_shelf(), *shelves_of(small_entries)[0]], out, "")
    return out


@pytest.fixture(scope="session")
def small(site: Path) -> str:
    """The folder of the real entries."""
    return next(path.name for path in site.iterdir() if path.name.startswith("few-"))


@pytest.fixture
def opened(browser: Any, site: Path) -> Iterator[Open]:
    """Opens a page; afterwards nothing has left the disk and nothing was complained of."""
    contexts, complaints, requests = [], list[str](), list[str]()

    def open_page(path: str, width: int = 1280, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{site.as_uri()}/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints
    assert not [url for url in requests if not url.startswith(("file:", "data:"))]
