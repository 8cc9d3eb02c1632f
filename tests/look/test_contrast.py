"""Contrast is reckoned as WCAG 2 has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contrast import contrast, is_colour, luminance

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        # Published by others: W3C's own examples, and what browsers' tools say.
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
        ("#00ff00", "#ffffff", 1.37),
    ],
)
def test_the_ratio_is_the_one_that_is_known(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@given(COLOURS, COLOURS)
def test_it_is_the_same_from_both_sides_and_within_its_bounds(one, other):
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.000001
    assert contrast(one, one) == 1


@given(COLOURS)
def test_nothing_is_darker_than_black_or_lighter_than_white(colour):
    assert luminance("#000000") <= luminance(colour) <= luminance("#ffffff")


@pytest.mark.parametrize("text", ["", "#fff", "08519c", "#08519g", "#08519c ", "blue", "#08519c\n"])
def test_what_is_written_otherwise_is_no_colour(text):
    assert not is_colour(text)
