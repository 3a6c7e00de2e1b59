"""Cards: the words of an entry, without markup and without what does not belong into one."""

import json
from pathlib import Path

import pytest
from tampering import board

from benchmark.store import RUN
from foxing import main
from leaderboards.card import card_text, read_card, template
from leaderboards.entry import Card, EntryError
from leaderboards.reading import read_entry

Console = pytest.CaptureFixture[str]


def test_a_learned_model_needs_a_card(run: Path, tmp_path: Path, capsys: Console) -> None:
    record = json.loads((run / RUN).read_text("utf-8"))
    record["models"]["median"]["what"] = "runs/mine"
    (run / RUN).write_text(json.dumps(record), "utf-8")
    words = ["leaderboard", "add", str(run), "--model", "median", "--entries", str(tmp_path / "e")]
    assert main(words) == 2
    assert "foxing leaderboard card median > card.toml" in capsys.readouterr().err
    assert main(["leaderboard", "card", "median"]) == 0
    (tmp_path / "card.toml").write_text(capsys.readouterr().out, "utf-8")
    assert main([*words, "--card", str(tmp_path / "card.toml")]) == 0
    assert read_entry(board(tmp_path / "e") / "median").card.about.startswith("The median")


def test_a_card_is_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    card = Card("Mine", "It mends.", "learned", ("A. Author",), url="https://a.org/x", open_weights=False, revision=2)
    (tmp_path / "card.toml").write_text(card_text(card), "utf-8")
    assert read_card(tmp_path / "card.toml") == card
    (tmp_path / "card.toml").write_text(template("runs/mine"), "utf-8")
    with pytest.raises(EntryError, match="about"):
        read_card(tmp_path / "card.toml")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('name = "<img src=x onerror=alert(1)>"', "name: "),
        ('name = "a\\u202eb"', "name: "),
        ('name = "a"\nurl = "javascript:alert(1)"', "url: "),
        ('name = "a"\nsecret = 1', "Additional properties"),
        ('name = "a"\nrevision = 0', "revision: "),
        ("", "missing: name;"),
        ('name = ""', "name is empty"),
        ('name = "a"\nname = "b"', "no TOML"),
    ],
)
def test_a_card_with_markup_or_what_it_should_not_have_is_refused(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "card.toml").write_text(f'about = "x"\nkind = "learned"\n{line}\n', "utf-8")
    with pytest.raises(EntryError, match=said):
        read_card(tmp_path / "card.toml")
