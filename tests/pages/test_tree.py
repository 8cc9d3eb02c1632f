"""Units to choose among, in the order of the tree."""

from app.pages.tree import DEEPEST, as_found, as_tree


def test_each_unit_stands_below_the_one_it_lies_under_in_danish_order(make):
    top, other = make.unit(name="Byen"), make.unit(name="Aarhuset")
    below = [make.unit(name=name, parent_id=top.key) for name in ("Østre", "Ærø", "Ask")]
    inner = make.unit(name="Inderst", parent_id=below[1].key)

    found = as_tree([inner, *below, other, top])

    assert [(leaf.name, leaf.depth) for leaf in found] == [
        ("Byen", 0),
        ("Ask", 1),
        ("Ærø", 1),
        ("Inderst", 2),
        ("Østre", 1),
        ("Aarhuset", 0),
    ]


def test_a_unit_whose_parent_is_not_there_stands_at_the_top(make):
    closed = make.unit(name="Lukket")
    unit = make.unit(name="Åben", parent_id=closed.key)

    assert [(leaf.name, leaf.depth) for leaf in as_tree([unit])] == [("Åben", 0)]


def test_what_lies_very_deep_is_drawn_no_further_in(make):
    units = [make.unit()]
    for _ in range(DEEPEST + 3):
        units.append(make.unit(parent_id=units[-1].key))

    depths = [leaf.depth for leaf in as_tree(units)]

    assert depths == [0, 1, 2, 3, 4, 5, 5, 5, 5]


def test_units_that_were_found_say_what_they_lie_under(make):
    top = make.unit(name="Byen")
    units = [make.unit(name="Østre", parent_id=top.key), make.unit(name="Ask")]

    found = as_found(units, {top.key: "Byen"})

    assert [(leaf.name, leaf.under) for leaf in found] == [("Ask", ""), ("Østre", "Byen")]
