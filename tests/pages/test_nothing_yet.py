"""A municipality on its first day: nothing is there yet, and every page says so kindly."""

import pytest

from app.pages import PAGES

WITHOUT_AN_ID = sorted(
    route.path
    for router in PAGES
    for route in router.routes
    if "GET" in route.methods and "{" not in route.path
)


@pytest.mark.parametrize("path", WITHOUT_AN_ID)
def test_a_page_with_nothing_on_it_is_a_page(desk_of, make, path):
    first = make.person(role="secretariat administrator")
    page = desk_of(first).get(path).text
    assert "</main>" in page
    assert page.count("<h1") == 1


def test_the_queue_and_the_shelf_are_glad_to_be_empty(desk_of, make):
    desk = desk_of(make.secretary())
    assert "Der venter ikke noget på dig" in desk.get("/").text
    assert "Hylden er tom. Godt gået." in desk.get("/board").text
