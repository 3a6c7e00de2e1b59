"""The page of a study in a real browser."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_studies import NAMES, restored_folders

from foxing import main
from leaderboards.study.key import read_key

playwright = pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `test` is not installed")

CHROMIUM = shutil.which("chromium")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium")

READY = "#rate:not([hidden]) #pictures:not(.waiting)"
"""A selector of what is there once the three pictures of a pair are."""

SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("study")
    words = [*restored_folders(root / "in"), "--out", str(root / "study"), "--pairs", "6", "--raters", "4"]
    assert main(["leaderboard", "study", "make", *words]) == 0
    return root / "study"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: complaints.append(request.url) if away(request.url) else None)
    yield opened
    context.close()
    assert complaints == []


def away(address: str) -> bool:
    """Whether an address is none of the page's own."""
    return not address.startswith(("file:", "blob:file:", "blob:null"))


def begun(page: Any, study: Path, rater: int = 2) -> None:
    page.goto((study / "page/index.html").as_uri() + f"#rater={rater}")
    page.check("#agree")
    page.click("#begin")
    page.wait_for_selector(READY)


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_selector(f"{READY}, #end:not([hidden])")


def test_a_rater_answers_by_keyboard_reloads_midway_and_hands_in(
    page: Any, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(page, study)
    key = read_key(study)
    questions = len(key.plans[1])
    assert page.text_content("#where") == f"Pair 1 of {questions}"
    press(page, "ArrowLeft", "ArrowDown", "ArrowRight", "1", "u", "3", "2", "Backspace")
    assert page.text_content("#where") == f"Pair 5 of {questions}"
    page.reload()
    assert page.text_content("#begin") == "Go on at pair 5"
    page.click("#begin")
    page.wait_for_selector(READY)
    names = [key.pictures[page.get_attribute(f"#{side} img", "src").removeprefix("pictures/")] for side in SIDES]
    pair, swapped = key.pairs[key.plans[1][4].pair], key.plans[1][4].swapped
    two = (pair.first, pair.second)
    assert names == [(pair.item, whose) for whose in ((two[1], "", two[0]) if swapped else (two[0], "", two[1]))]
    press(page, *["ArrowLeft"] * (questions - 4))
    assert page.is_visible("#end")
    with page.expect_download() as downloading:
        page.click("#download")
    name = downloading.value.suggested_filename
    assert name.startswith(f"answers-{key.study[:8]}-rater-2-")
    downloading.value.save_as(tmp_path / name)
    data = json.loads((tmp_path / name).read_text("utf-8"))
    assert [each["answer"] for each in data["answers"][:5]] == ["left", "tie", "right", "right", "left"]
    assert page.input_value("#copy") == (tmp_path / name).read_text("utf-8")
    assert main(["leaderboard", "study", "score", str(study), str(tmp_path / name), "--traps", "0", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {each["model"] for each in found["models"]} == set(NAMES)
    assert found["votes"] == 6


SIDES = ("left", "middle", "right")


def test_the_next_person_starts_afresh_and_the_pictures_can_be_looked_at_closely(page: Any, study: Path) -> None:
    begun(page, study, rater=3)
    page.click("#right .frame", position={"x": 10, "y": 10})
    assert page.get_attribute("#zoom", "aria-pressed") == "true"
    origins = {page.eval_on_selector(f"#{side} img", "image => image.style.transformOrigin") for side in SIDES}
    assert len(origins) == 1
    assert float(origins.pop().split("%")[0]) < 10
    press(page, "z")
    assert page.get_attribute("#zoom", "aria-pressed") == "false"
    press(page, *["2"] * len(read_key(study).plans[2]))
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#again")
    assert page.is_visible("#start")
    assert not page.is_checked("#agree")
    page.click("#begin")
    assert page.is_visible("#start")  # nobody begins without having agreed


def test_a_browser_that_keeps_nothing_says_so_and_the_study_goes_on(page: Any, study: Path) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } })")
    begun(page, study)
    press(page, "1", "2", "3")
    assert page.text_content("#where").startswith("Pair 4 of")
    with page.expect_download() as downloading:
        page.click("#early")
    assert len(json.loads(Path(downloading.value.path()).read_text("utf-8"))["answers"]) == 3
    page.goto("about:blank")
    page.goto((study / "page/index.html").as_uri())
    assert page.is_visible("#unkept")


def test_what_was_kept_and_then_spoilt_is_left_aside(page: Any, study: Path) -> None:
    begun(page, study)
    place = f"foxing-study-{read_key(study).study}"
    for held in ("{", "[]", '{"study": 1}', '{"rater": 99, "answers": []}', '{"rater": 1, "answers": [{"pair": "x"}]}'):
        page.evaluate("([place, held]) => localStorage.setItem(place, held)", [place, held])
        page.reload()
        assert page.text_content("#begin") == "Begin"


def test_a_missing_picture_is_said(study: Path, tmp_path: Path, browser: Any) -> None:
    shutil.copytree(study, tmp_path / "study")
    for path in (tmp_path / "study/page/pictures").iterdir():
        path.unlink()
    opened = browser.new_page()
    opened.goto((tmp_path / "study/page/index.html").as_uri())
    opened.check("#agree")
    opened.click("#begin")
    opened.wait_for_selector("#broken:not([hidden])")
    opened.keyboard.press("1")
    assert opened.text_content("#where").startswith("Pair 1 of")
    opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_no_serious_finding_of_axe_and_no_sideways_scroll(browser: Any, study: Path, scheme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
    opened = context.new_page()
    begun(opened, study, rater=4)
    for step in range(3):
        if step == 1:
            press(opened, *["2"] * len(read_key(study).plans[3]))
            opened.click("summary")
        if step == 2:
            opened.on("dialog", lambda dialog: dialog.accept())
            opened.click("#again")
        found = axe.Axe().run(opened).response["violations"]
        assert [each["id"] for each in found if each["impact"] in SERIOUS] == []
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_without_javascript_the_page_says_that_it_needs_it(browser: Any, study: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto((study / "page/index.html").as_uri())
    assert "needs JavaScript" in opened.inner_text("body")
    context.close()


def test_a_script_from_elsewhere_is_not_run(browser: Any, study: Path) -> None:
    opened = browser.new_page()
    opened.goto((study / "page/index.html").as_uri())
    opened.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        return null;
    }""")
    assert opened.evaluate("window.ran") is None
    opened.close()
