"""The table of a board in a real browser, from disk: sorted, searched, folded, pinned, and kept in the address."""

import csv
from pathlib import Path
from typing import Any

import pytest
from browsers import BOARD, Open, head, names, values
from made_up_boards import FOLDER, NAUGHTY, made_shelf

from leaderboards.figures import estimated
from leaderboards.pages import suite_page
from leaderboards.templates import site_style


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
