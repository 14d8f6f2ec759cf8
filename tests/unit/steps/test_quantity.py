"""Quantities are compared by their amount."""

import pytest

from bootstrap.steps.quantity import same_quantity


@pytest.mark.parametrize(
    ("one", "other"),
    [("0.1", "100m"), ("1", "1000m"), ("1024Mi", "1Gi"), ("1e3", "1k"), ("50Mi", "50Mi"), ("2E", "2000P")],
)
def test_the_same_amount_in_two_forms(one: str, other: str) -> None:
    assert same_quantity(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("100m", "200m"), ("1G", "1Gi"), ("x", "x"), ("", ""), ("1.2.3", "1.2.3"), (".", ".")]
)
def test_other_amounts_and_words_are_not_the_same_quantity(one: str, other: str) -> None:
    assert not same_quantity(one, other)
