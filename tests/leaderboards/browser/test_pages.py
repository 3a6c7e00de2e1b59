"""Pages of the site in a real browser, from disk: pictures, themes, phones, paper, and without JavaScript."""

import threading
from pathlib import Path
from typing import Any

import pytest
from browsers import BOARD, Open, becomes_true, head
from made_up_boards import FOLDER

from leaderboards.serving import HOST, server


def test_arrow_keys_move_the_line_between_two_photos(opened: Open, small: str) -> None:
    page = opened(f"{small}/median/index.html")
    slider = page.locator(".compare input").first
    slider.focus()

    def cut() -> str:
        found: str = page.locator(".compare").first.evaluate("it => it.style.getPropertyValue('--cut')")
        return found

    assert cut() == "50%"
    page.keyboard.press("ArrowRight")
    assert cut() == "51%"
    page.keyboard.press("Home")
    assert cut() == "0%"
    clipped = page.locator(".compare img").nth(1).evaluate("it => getComputedStyle(it).clipPath")
    assert clipped in ("inset(0px 0px 0px 0%)", "inset(0px)", "inset(0%)")


def test_any_other_models_pictures_come_beside(opened: Open, small: str) -> None:
    page = opened(f"{small}/median/index.html#with=auto-levels")
    assert page.locator("#with").input_value() == "auto-levels"
    picture = page.locator("[data-model=auto-levels] img").first
    picture.scroll_into_view_if_needed()
    becomes_true(page, "document.querySelector('[data-model=auto-levels] img').complete")
    assert picture.evaluate("it => it.naturalWidth") > 0


def test_every_picture_is_there(opened: Open, small: str) -> None:
    page = opened(f"{small}/median/index.html")
    page.evaluate("for (const each of document.images) each.loading = 'eager'")
    becomes_true(page, "[...document.images].every((each) => each.complete)")
    sizes = page.evaluate("[...document.images].map((each) => each.naturalWidth)")
    assert len(sizes) > 5
    assert all(sizes)


def test_the_theme_can_be_chosen_and_is_kept(opened: Open) -> None:
    page = opened("index.html")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator("#theme").click()
    assert page.locator("#theme").inner_text() == "theme: dark"
    dark = page.evaluate(ground)
    assert dark != light
    page.goto(page.url.replace("index.html", "about.html"))
    assert page.evaluate(ground) == dark


def test_the_system_says_which_theme_where_nobody_has_chosen(opened: Open) -> None:
    grounds = {
        scheme: opened("index.html", color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }
    assert grounds["light"] != grounds["dark"]


def kinds_of_pages(small: str) -> list[str]:
    return ["index.html", "about.html", BOARD, f"{small}/median/index.html", f"passports/{small}/psnr.html"]


def test_a_narrow_phone_scrolls_no_page_sideways(opened: Open, site: Path, small: str) -> None:
    page = opened(f"{BOARD}#pin=model-0000,model-0001", width=320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for path in kinds_of_pages(small):
        page.goto(f"{site.as_uri()}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path


def test_without_javascript_all_is_there_and_nothing_is_dead(opened: Open, small: str) -> None:
    page = opened(BOARD, java_script_enabled=False)
    assert page.locator(".board tbody tr:visible").count() == 7
    assert page.locator("button:visible").count() == 0
    assert page.locator("input:visible").count() == 0
    page = opened(f"{small}/median/index.html", java_script_enabled=False)
    assert page.locator(".compare img:visible").count() >= 2
    assert page.locator("[data-model] img").count() > 0
    assert page.locator("select:visible").count() == 0


def test_paper_has_the_whole_table_and_no_controls(opened: Open) -> None:
    page = opened(BOARD)
    page.emulate_media(media="print")
    assert page.locator("#tools").is_hidden()
    assert page.locator("#theme").is_hidden()
    assert page.locator(".board").evaluate("it => getComputedStyle(it).overflow") == "visible"
    assert page.locator(".board tbody tr:visible").count() == 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened: Open, site: Path, small: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    source = (Path(axe.__file__).parent / "axe.min.js").read_text("utf-8")
    page = opened("index.html", color_scheme=scheme)
    for path in kinds_of_pages(small):
        page.goto(f"{site.as_uri()}/{path}{'#pin=model-0000,model-0001' if path == BOARD else ''}")
        page.evaluate(source)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'], preload: false })")["violations"]
        grave = [each for each in found if each["impact"] in ("serious", "critical")]
        assert not grave, (path, [(each["id"], [node["html"][:150] for node in each["nodes"][:3]]) for each in grave])


def test_it_is_the_same_from_a_server(browser: Any, site: Path, small: str) -> None:
    complaints, requests = list[str](), list[str]()
    with server(site, 0) as serving:
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        here = f"http://{HOST}:{serving.server_address[1]}/"
        page = browser.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{here}{small}/median/")
        becomes_true(page, "[...document.images].slice(0, 3).every((each) => each.complete && each.naturalWidth)")
        page.goto(f"{here}{FOLDER}/")
        head(page, "gain").locator("button").click()
        assert head(page, "gain").get_attribute("aria-sort") == "descending"
        assert page.locator(".board").evaluate("it => getComputedStyle(it).overflowX") == "auto"
        page.close()
        serving.shutdown()
        thread.join()
    assert not complaints
    assert not [url for url in requests if not url.startswith((here, "data:"))]
