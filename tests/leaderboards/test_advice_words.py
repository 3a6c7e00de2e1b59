"""What is said of the model to take is a sentence in every case."""

import pytest

from leaderboards.advice_words import taken


@pytest.mark.parametrize(
    ("others", "floor", "said"),
    [
        ([], True, "a; leaving it as it is cannot be told from it"),
        ([], False, "a, surely better than leaving it as it is"),
        (["b"], True, "a; b cannot be told from it; nor can leaving it as it is"),
        (["b"], False, "a; b cannot be told from it, surely better than leaving it as it is"),
    ],
)
def test_the_choice_is_a_sentence(others: list[str], floor: bool, said: str) -> None:
    assert taken("a", others, floor=floor) == said
