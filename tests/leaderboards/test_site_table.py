"""The table of a board in the site, and the words and numbers on its pages."""

import re
from dataclasses import replace

import pytest
from made_up_boards import made_board, made_shelf

from benchmark.metrics import DETECTION_METRICS, METRICS
from leaderboards.figures import amount, count, estimated, shade
from leaderboards.metric_words import settings_of, words_of
from leaderboards.pages import model_page, suite_page
from leaderboards.shelf import metric_path
from leaderboards.standings import headline, told, verdict
from leaderboards.tabular import lanes_of, table


def test_the_table_holds_what_the_board_says() -> None:
    shelf = made_shelf(name="model-0000")
    rows = re.findall(r"<tr data-model.*?</tr>", suite_page(shelf), re.DOTALL)
    assert len(rows) == len(shelf.board.rows)
    for place, row in enumerate(rows):
        said = [
            re.sub(r"<small>.*", "", cell)
            for cell in re.findall(r"<td(?: data-v[^>]*| class[^>]*)*>([^\n]*?)(?=<td|\n)", row)
        ]
        expected = [cell.text for cell in shelf.table.lines[place].cells]
        assert said[-len(expected) :] == expected


def test_numbers_that_are_sorted_by_are_the_boards_own() -> None:
    shelf = made_shelf()
    place = [column.key for column in shelf.table.columns].index("error")
    for line in shelf.table.lines:
        assert float(line.cells[place].value) == pytest.approx(line.row.relative_error.value, rel=1e-8)


def test_the_best_of_a_column_is_marked_and_only_there() -> None:
    shelf = made_shelf()
    for place, column in enumerate(shelf.table.columns):
        marked = [line.cells[place] for line in shelf.table.lines if "best" in line.cells[place].kind]
        others = [line.cells[place].value for line in shelf.table.lines if not line.floor]
        values = [float(value) for value in others if value]
        if not column.better:
            assert not marked
        elif len(set(values)) > 1:
            assert {float(cell.value) for cell in marked} == {(min if column.better == "less" else max)(values)}


def test_the_untouched_photo_is_marked_in_the_table() -> None:
    lines = made_shelf().table.lines
    assert [line.row.model for line in lines if line.floor] == ["identity"]


def test_a_table_of_many_rows_says_so() -> None:
    assert not made_shelf(6).table.big
    assert made_shelf(200).table.big


def test_wide_groups_are_folded_at_first() -> None:
    board = made_shelf().board
    narrow = table(board)
    assert not any(group.folded for group in narrow.groups if len(group.columns) <= 12)


def test_bars_join_what_cannot_be_told_apart_and_touch_no_other() -> None:
    board = made_board(6)
    names = [row.model for row in board.rows]
    groups = (tuple(names[:3]), tuple(names[2:4]), tuple(names[4:6]), (names[6],))
    assert lanes_of(replace(board, groups=groups)) == [{*names[:3], *names[4:6]}, {*names[2:4]}]
    lines = table(replace(board, groups=groups)).lines
    assert [line.lanes for line in lines] == [
        "x-",
        "x-",
        "xx",
        "-x",
        "x-",
        "x-",
        "--",
    ]


def test_models_are_told_from_one_another_as_the_pairs_say() -> None:
    board = made_shelf(name="model-0000").board
    found = told(board, "model-0002")
    assert [row.model for row in found.worse] == ["model-0000", "model-0001"]
    assert [row.model for row in found.alike] == ["model-0003"]
    assert {row.model for row in found.better} == {"model-0004", "identity", "model-0006"}


def test_a_board_and_its_models_are_put_in_words() -> None:
    board = made_shelf(name="model-0000").board
    assert headline(board).startswith("model-0000 stands first: it leaves ")
    assert "cannot be told from model-0001" in headline(board)
    assert "Surely better than doing nothing" in verdict(board, board.rows[0])
    floor = board.row("identity")
    assert floor is not None
    assert "measured against" in verdict(board, floor)


def test_two_metrics_of_one_name_have_passports_of_their_own() -> None:
    shelf = made_shelf()
    assert len({metric_path(shelf, metric) for metric in shelf.metrics}) == len(shelf.metrics)
    assert metric_path(shelf, "../x/v1") not in {metric_path(shelf, metric) for metric in shelf.metrics}
    assert ".." not in metric_path(shelf, "../x/v1")


def test_every_metric_of_the_core_has_words() -> None:
    for metric in (*METRICS.values(), *DETECTION_METRICS.values()):
        assert words_of(metric.name).says
        assert words_of(metric.name).title != metric.name
        assert all(says for _, _, says in settings_of(metric.spec)), metric.spec


def test_numbers_are_written_for_people() -> None:
    assert estimated(-0.001, 2) == "0.00"
    assert estimated(-1.5, 1) == "−1.5"
    assert count(1_234_000) == "1.23 M"
    assert count(12) == "12"
    assert amount(0.00001) == "1.0e-05"
    assert amount(1234.5) == "1234"
    assert [shade(value) for value in (None, 10, 97, 106, 1000)] == ["", "g5", "", "h1", "h3"]


def test_a_page_of_a_model_without_pictures_has_no_empty_sections() -> None:
    shelf = made_shelf()
    text = model_page(shelf, shelf.board.rows[1])
    assert 'class="photos"' not in text
    assert "side-by-side" not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
