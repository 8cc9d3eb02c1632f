"""Circles and depths."""

from hypothesis import given
from hypothesis import strategies as st

from app.importing.tree import circles, depths

PLACES = st.integers(0, 12)


def test_a_line_has_no_circle():
    assert circles({3: 2, 2: 1, 1: None}) == []


def test_each_circle_is_found_once_and_in_order():
    assert circles({1: 2, 2: 3, 3: 1, 4: 3, 5: 5, 6: None}) == [[1, 2, 3], [5]]


def test_what_lies_under_a_circle_is_not_in_it():
    assert circles({9: 1, 1: 2, 2: 1}) == [[1, 2]]


@given(st.dictionaries(PLACES, st.none() | PLACES))
def test_without_its_circles_everything_lies_one_deeper_than_what_is_above(parents):
    for circle in circles(parents):
        for place in circle:
            parents[place] = None

    assert circles(parents) == []
    depth = depths(parents)
    for place, parent in parents.items():
        assert depth[place] == (0 if parent is None else depth[parent] + 1)
