"""Tables in a terminal: nothing is left out or cut off, however narrow it is."""

import sys

import pytest

from degrade.cli_table import drawn, table

HEAD = ["rank", "model", "relative error", "psnr", "what"]
ROWS = [
    ("1", "sequential", "66.6 [56.2, 78.9]", "28.33 [26.63, 30.02]", "Denoises, then inpaints what a mask shows."),
    ("2", "identity", "100.0 [100.0, 100.0]", "24.72 [24.13, 25.31]", ""),
    ("3", "写真 restorer", "306.1 [244.6, 383.2]", "-", "Draws faces anew."),
]


def lines(room: int) -> list[str]:
    return [line for line, _ in drawn(HEAD, ROWS, room)]


def test_where_there_is_room_each_row_is_a_line_in_columns() -> None:
    found = lines(200)
    assert len(found) == 4
    assert {line.index(word) for line, word in zip(found, ("psnr", "28.33", "24.72", "-"), strict=True)} == {
        found[0].index("psnr"),
        found[3].index("-"),  # two characters are as wide as four here
    }
    assert found[1] == "1     sequential     66.6 [56.2, 78.9]     28.33 [26.63, 30.02]  " + ROWS[0][4]
    assert [is_head for _, is_head in drawn(HEAD, ROWS, 200)] == [True, False, False, False]


@pytest.mark.parametrize("room", [46, 60, 80, 100])
def test_every_word_is_there_and_no_line_is_wider_than_the_terminal(room: int) -> None:
    found = lines(room)
    assert all(len(line) <= room for line in found)
    for cell in (*HEAD, *(cell for row in ROWS for cell in row)):
        interval = cell.partition(" [")[2]
        for unit in [f"[{interval}"] if interval else cell.split():
            assert any(unit in line for line in found), unit


def test_columns_that_have_no_room_follow_behind_the_names_of_the_rows() -> None:
    found = lines(46)
    heads = [line for line, is_head in drawn(HEAD, ROWS, 46) if is_head]
    assert len(heads) > 1
    assert sum("sequential" in line for line in found) == sum("rank  model" in line for line in heads) > 1


def test_narrowing_takes_from_the_widest_columns_first() -> None:
    assert "1     sequential     66.6 [56.2, 78.9]" in lines(110)[1]
    assert "28.33 [26.63, 30.02]" in lines(110)[1]


def test_a_strangers_name_cannot_paint_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    table(["model", "what"], [("a\x1b[41m", "long " * 30)])
    found = capsys.readouterr().out
    assert "a?[41m" in found
    assert found.count("long") == 30
