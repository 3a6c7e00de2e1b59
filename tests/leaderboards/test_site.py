"""The site without a browser: escaped, closed to the outside, the same to the byte, and without dead links."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import pyarrow.parquet as pq
import pytest
from made_up_boards import NAUGHTY, made_shelf

from leaderboards import building
from leaderboards.entry import EntryError
from leaderboards.pages import suite_page
from leaderboards.shelf import shelf
from leaderboards.templates import part, pinned


class Seen(HTMLParser):
    """What a page has."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(name)) is not None]


def seen(text: str) -> Seen:
    found = Seen()
    found.feed(text)
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "site"
    out.mkdir()
    building.write_site([made_shelf()], out, "")
    return out


def html(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_every_kind_of_page_is_there(site: Path) -> None:
    names = {str(path.relative_to(site)) for path in html(site)}
    folder = "made-up-0123456789abcdef"
    assert {"index.html", "about.html", f"{folder}/index.html", f"passports/{folder}/psnr.html"} <= names
    assert len([name for name in names if name.startswith(f"{folder}/model-")]) == 6
    assert {"site.css", "feed.json", "LEADERBOARD.md"} <= {path.name for path in site.iterdir()}


def test_what_people_wrote_comes_out_as_text(site: Path) -> None:
    for path in html(site):
        found = seen(path.read_text("utf-8"))
        assert not [tag for tag, attributes in found.tags if "onerror" in attributes]
        assert not [tag for tag, attributes in found.tags if tag == "img" and attributes.get("src") == "x"]
    first = seen((site / "made-up-0123456789abcdef" / "model-0000" / "index.html").read_text("utf-8"))
    assert NAUGHTY in "".join(first.texts)


def test_a_link_that_is_a_script_is_no_link(site: Path) -> None:
    for path in html(site):
        assert not [href for href in seen(path.read_text("utf-8")).values("href") if href.startswith("javascript:")]


def test_every_page_forbids_what_it_does_not_bring_itself(site: Path) -> None:
    for path in html(site):
        text = path.read_text("utf-8")
        found = seen(text)
        policies = [a["content"] or "" for t, a in found.tags if a.get("http-equiv") == "Content-Security-Policy"]
        assert len(policies) == 1
        assert "default-src 'none'" in policies[0]
        assert "unsafe" not in policies[0]
        assert "*" not in policies[0]
        assert all(pinned(script) in policies[0] for script in (part("head.js"), part("site.js")))
        assert not found.values("style")
        assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on")]
        assert [attributes.get("type") for tag, attributes in found.tags if tag == "script"] == [None, "module"]


def test_the_scripts_in_a_page_are_those_that_its_policy_names(site: Path) -> None:
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", (site / "index.html").read_text("utf-8"), re.DOTALL)
    assert scripts == [part("head.js"), part("site.js")]


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    for path in html(site):
        found = seen(path.read_text("utf-8"))
        loaded = [*found.values("src"), *found.values("srcset"), *found.values("poster")]
        loaded += [a["href"] or "" for tag, a in found.tags if tag == "link" and "href" in a]
        assert not [each for each in loaded if urlsplit(each).scheme not in ("", "data") or each.startswith("//")]
    assert "url(" not in (site / "site.css").read_text("utf-8")
    assert "@import" not in (site / "site.css").read_text("utf-8")


def test_every_link_within_the_site_leads_somewhere(site: Path) -> None:
    for path in html(site):
        found = seen(path.read_text("utf-8"))
        for link in [*found.values("href"), *found.values("src")]:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), (path, link)
            if parts.fragment and "=" not in parts.fragment:
                assert parts.fragment in seen(target.read_text("utf-8")).values("id"), (path, link)


def test_ids_are_one_to_a_page(site: Path) -> None:
    for path in html(site):
        ids = seen(path.read_text("utf-8")).values("id")
        assert len(ids) == len(set(ids)), path


def test_the_module_is_small() -> None:
    assert len(part("site.js").encode()) <= 10 * 1024


class TestOfEntries:
    """Built from files, as `foxing leaderboard build` does."""

    def test_the_same_entries_give_the_same_bytes(self, small_entries: Path, tmp_path: Path) -> None:
        building.build(small_entries, tmp_path / "one")
        building.build(small_entries, tmp_path / "other")
        first, second = (
            {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
            for out in (tmp_path / "one", tmp_path / "other")
        )
        assert first == second

    def test_a_site_is_replaced_and_what_is_none_is_left(self, small_entries: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        building.build(small_entries, out)
        (out / "old.html").write_text("from before")
        building.build(small_entries, out)
        assert not (out / "old.html").exists()
        other = tmp_path / "photos"
        other.mkdir()
        (other / "grandmother.jpg").write_bytes(b"precious")
        with pytest.raises(EntryError, match=r"photos: is there and is no site.*name another"):
            building.build(small_entries, other)
        assert (other / "grandmother.jpg").read_bytes() == b"precious"

    def test_a_build_that_fails_leaves_the_last_one(
        self, small_entries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out = tmp_path / "out"
        building.build(small_entries, out)
        before = (out / "index.html").read_bytes()

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(building, "write_feed", full)
        with pytest.raises(OSError, match="No space"):
            building.build(small_entries, out)
        assert (out / "index.html").read_bytes() == before
        assert [path.name for path in tmp_path.iterdir()] == ["out"]

    def test_the_table_as_parquet_has_the_boards_numbers(self, small_entries: Path, tmp_path: Path) -> None:
        building.build(small_entries, tmp_path / "out")
        data = pq.read_table(next((tmp_path / "out" / "data").glob("*.parquet"))).to_pandas()
        shelf = building.shelves_of(small_entries)[0][0]
        lead = shelf.board.lead
        assert lead is not None
        whole = data[(data.metric == lead.metric) & (data.region == "whole") & (data.defect == "")].set_index("model")
        for row in shelf.board.rows:
            assert np.isclose(whole.loc[row.model, "score"], row.score.value)

    def test_a_versions_elder_stays_beside_it(self, small_entries: Path, tmp_path: Path) -> None:
        shelves, _ = building.shelves_of(small_entries)
        newer = shelf(shelves[0].board, list(shelves[0].entries.values()), {}, newer="another")
        assert "newer version" in suite_page(newer)
        assert "newer version" not in suite_page(shelves[0])
