"""The site in a real browser, from disk: what it does, what it lets nobody do, and what it is without JavaScript."""

import csv
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import chromium
from made_up_boards import FOLDER, NAUGHTY, made_shelf

from leaderboards.building import shelves_of, write_site
from leaderboards.figures import estimated
from leaderboards.pages import suite_page
from leaderboards.serving import HOST, server
from leaderboards.templates import site_style

Open = Callable[..., Any]

PATIENCE = 20.0
"""Seconds for pictures to come on a busy machine."""


def becomes_true(page: Any, script: str) -> None:
    """Ask until it is so; `wait_for_function` asks again by eval, which the pages let nobody do."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(script):
        assert time.monotonic() < end, script
        page.wait_for_timeout(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, small_entries: Path) -> Path:
    """Made-up models, whose table is large enough to be sorted, and real entries, which have pictures."""
    out = tmp_path_factory.mktemp("browsed")
    write_site([made_shelf(), *shelves_of(small_entries)[0]], out, "")
    return out


@pytest.fixture(scope="module")
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


BOARD = f"{FOLDER}/index.html"


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


def test_a_click_sorts_the_best_first_and_another_one_last(opened: Open) -> None:
    page = opened(BOARD)
    assert head(page, "rank").get_attribute("aria-sort") == "ascending"
    head(page, "gain").locator("button").click()
    assert values(page, "gain") == sorted(values(page, "gain"), reverse=True)
    assert head(page, "gain").get_attribute("aria-sort") == "descending"
    assert head(page, "rank").get_attribute("aria-sort") == "none"
    head(page, "gain").locator("button").click()
    assert values(page, "gain") == sorted(values(page, "gain"))
    assert head(page, "gain").get_attribute("aria-sort") == "ascending"


def test_keys_sort_too(opened: Open) -> None:
    page = opened(BOARD)
    head(page, "d.Tear").locator("button").focus()
    page.keyboard.press("Enter")
    assert values(page, "d.Tear") == sorted(values(page, "d.Tear"))
    page.keyboard.press("Space")
    assert values(page, "d.Tear") == sorted(values(page, "d.Tear"), reverse=True)


def test_what_is_not_known_is_last_in_either_direction(opened: Open) -> None:
    page = opened(BOARD)
    for _ in range(2):
        head(page, "undamaged").locator("button").click()
        found = values(page, "undamaged")
        missing = found.count(None)
        assert missing > 0
        assert found[-missing:] == [None] * missing


def test_filters_and_search_leave_what_fits(opened: Open) -> None:
    page = opened(BOARD)
    every = names(page)
    page.locator("[data-facet=kind]").select_option("learned")
    learned = names(page)
    assert 0 < len(learned) < len(every)
    assert page.locator(".board tbody tr:not([data-kind=learned])").count() == 0
    page.locator("[data-facet=kind]").select_option("")
    page.locator("#tools [type=search]").fill("MODEL-0002")
    assert names(page) == ["model-0002"]
    assert page.locator("#status").inner_text().startswith("1 of 7 models")
    page.locator("#reset").click()
    assert names(page) == every


def test_an_address_gives_the_same_view_again(opened: Open) -> None:
    page = opened(BOARD)
    head(page, "m.ssim").locator("button").click()
    page.locator("[data-facet=weights]").select_option("open")
    page.locator("#tools [type=search]").fill("m")
    page.locator("[data-fold][value=cost]").uncheck()
    page.get_by_label("pin model-0002").click()
    seen, address = names(page), page.evaluate("location.hash")
    again = opened(BOARD + address)
    assert names(again) == seen
    assert again.evaluate("location.hash") == address
    assert again.locator("[data-facet=weights]").input_value() == "open"
    assert not again.locator("[data-fold][value=cost]").is_checked()
    assert head(again, "c.seconds").is_hidden()
    assert head(again, "m.ssim").get_attribute("aria-sort") == "descending"


def test_an_address_of_nonsense_gives_the_table_as_it_is(opened: Open) -> None:
    page = opened(BOARD + "#sort=-nothing&kind=none&pin=nobody,%3Cimg%3E&off=what&x=y")
    assert names(page) == names(opened(BOARD))
    assert page.locator(".pinned").count() == 0


def test_groups_of_columns_go_and_come(opened: Open) -> None:
    page = opened(BOARD)
    fold = page.locator("[data-fold][value=defects]")
    shown = page.locator(".board tbody tr").first.locator("td:visible").count()
    fold.uncheck()
    assert head(page, "d.Tear").is_hidden()
    assert head(page, "gain").is_visible()
    assert head(page, "m.ssim").is_visible()
    assert page.locator(".board tbody tr").first.locator("td:visible").count() == shown - 6
    fold.check()
    assert head(page, "d.Tear").is_visible()


def test_pinned_models_stay_on_top_and_are_compared(opened: Open) -> None:
    page = opened(BOARD)
    assert page.locator("#side").is_hidden()
    page.get_by_label("pin model-0004").click()
    page.get_by_label("pin model-0003").click()
    head(page, "model").locator("button").click()
    assert names(page)[:2] == ["model-0004", "model-0003"]
    line = page.locator("#side tr", has=page.get_by_role("rowheader", name="gain, dB")).locator("td")
    gains = [float(text.split("\n")[0].replace("−", "-")) for text in line.all_inner_texts()]
    assert gains[2] == pytest.approx(gains[1] - gains[0], abs=0.011)
    assert page.locator("#side .told").inner_text() == "These photos tell them apart."
    link = page.locator("#side .pictures").get_attribute("href")
    assert link == "model-0004/index.html#with=model-0003"
    page.locator("#to-side").click()
    assert page.evaluate("document.activeElement.closest('#side') !== null")


def test_models_of_one_group_are_said_not_to_be_told_apart(opened: Open) -> None:
    page = opened(BOARD + "#pin=model-0002,model-0003")
    assert page.locator("#side .told").inner_text() == "These photos do not tell them apart."


def test_names_come_out_as_they_are(opened: Open) -> None:
    page = opened(BOARD + "#pin=model-0000,model-0001")
    assert page.locator(".board tbody th a").first.inner_text() == NAUGHTY
    assert page.locator("#side thead a").first.inner_text() == NAUGHTY
    assert page.locator("img").count() == 0


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


def test_the_table_says_what_its_csv_says(opened: Open, site: Path, small: str) -> None:
    page = opened(f"{small}/index.html")
    with (site / "data" / f"{small}.csv").open(newline="", encoding="utf-8") as held:
        rows = [row for row in csv.DictReader(held) if row["metric"].startswith("psnr/") and not row["defect"]]
    whole = {row["model"]: row for row in rows if row["region"] == "whole"}
    assert len(whole) == 3
    for model, row in whole.items():
        cells = page.locator(f'.board tr[data-model="{model}"] td').all_inner_texts()
        assert cells[1].split("\n")[0] == estimated(float(row["relative_error"]), 1)
        assert cells[3].split("\n")[0] == estimated(float(row["score"]), 2)


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


def test_a_table_of_many_rows_keeps_all_of_them_for_a_screen_reader(browser: Any, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / BOARD).write_text(suite_page(made_shelf(160)), "utf-8")
    (tmp_path / "site.css").write_text(site_style(), "utf-8")
    page = browser.new_page()
    page.goto(f"{tmp_path.as_uri()}/{BOARD}")
    assert page.locator(".board.big").count() == 1
    assert page.locator(".board tbody tr").first.evaluate("it => getComputedStyle(it).contentVisibility") == "auto"
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
    assert "table" in roles
    assert roles.count("row") >= 160
    assert roles.count("rowheader") >= 5  # of rows near what is in view; others come as one gets there
    assert roles.count("columnheader") > 20
    head(page, "gain").locator("button").click()
    assert values(page, "gain") == sorted(values(page, "gain"), reverse=True)
    page.close()
