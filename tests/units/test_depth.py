"""The tree is never deeper than a walk up it goes, so that no circle is too long to be found."""

import pytest

from app.units.line import TOP

UNITS = "/api/v1/units"


@pytest.fixture
def secretary(make, signed_in):
    return signed_in(make.secretary())


@pytest.fixture
def chain(make):
    """Units under each other, from the top one down."""

    def of(length, parent_id=None):
        units = []
        for _ in range(length):
            units.append(make.unit(parent_id=units[-1].key if units else parent_id))
        return units

    return of


def move(client, unit, parent):
    body = {"parent_id": parent.key}
    return client.patch(f"{UNITS}/{unit.id}", json=body, headers={"If-Match": "*"})


def expect_too_deep(response, pointer="#/parent_id"):
    assert response.status_code == 422, response.text
    (error,) = response.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, "too_deep")
    assert error["detail"] == "Enhederne kan højst ligge i 64 niveauer under hinanden."


def test_a_new_unit_lies_on_the_last_level_and_no_deeper(chain, secretary):
    units = chain(TOP - 1)
    last = secretary.post(UNITS, json={"name": "Dyb", "parent_id": units[-1].key})
    assert last.status_code == 201, last.text
    expect_too_deep(secretary.post(UNITS, json={"name": "Dyb", "parent_id": last.json()["id"]}))


def test_a_unit_is_moved_with_all_that_is_under_it_or_not_at_all(chain, session, secretary):
    units, moving = chain(40), chain(30)
    expect_too_deep(move(secretary, moving[0], units[34]))
    session.refresh(moving[0])
    assert moving[0].parent_id is None
    assert move(secretary, moving[0], units[33]).status_code == 200
    assert move(secretary, moving[10], units[0]).status_code == 200


def test_the_top_of_the_deepest_tree_cannot_lie_under_its_bottom(chain, secretary):
    units = chain(TOP)
    refused = move(secretary, units[0], units[-1])
    assert refused.json()["errors"][0]["code"] == "its_own_ancestor"


def test_what_is_under_a_unit_that_closes_moves_no_deeper_either(chain, session, secretary):
    closing, successors = chain(3), chain(TOP - 1)
    body, seen = {"successor_id": successors[-1].key}, {"If-Match": "*"}
    refused = secretary.post(f"{UNITS}/{closing[0].id}/closing", json=body, headers=seen)
    expect_too_deep(refused, "#/successor_id")
    body = {"unit_ids": [closing[0].key]}
    refused = secretary.post(f"{UNITS}/{successors[-1].id}/merger", json=body, headers=seen)
    expect_too_deep(refused, "#/unit_ids/0")
    session.refresh(closing[0])
    assert not closing[0].is_closed
