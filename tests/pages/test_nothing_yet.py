"""A municipality on its first day: nothing is there yet, and every page says so kindly."""

import pytest

from app.pages import PAGES

WITHOUT_AN_ID = sorted(
    route.path
    for router in PAGES
    for route in router.routes
    if "GET" in route.methods and "{" not in route.path
    if not route.path.startswith("/mail/")  # They are nothing without the link in a mail.
)


@pytest.mark.parametrize("path", WITHOUT_AN_ID)
def test_a_page_with_nothing_on_it_is_a_page(desk_of, make, path):
    first = make.person(role="secretariat administrator")
    page = desk_of(first).get(path).text
    assert "</main>" in page
    assert page.count("<h1") == 1


def test_who_begins_is_shown_where(desk_of, make):
    secretary, administrator = desk_of(make.secretary()), desk_of(make.administrator())
    for desk in (secretary, administrator):
        assert "Sådan begynder I" in desk.page("/")
        assert "<a href='/imports'>" in desk.page("/units")
    assert "<a href='/networks/new'>" in secretary.page("/")
    assert "/networks/new" not in administrator.page("/")
    everybody = desk_of(make.person())
    assert "Der venter ikke noget på dig" in everybody.page("/")
    assert "/imports" not in everybody.page("/units")


def test_the_queue_and_the_shelf_are_glad_to_be_empty(desk_of, make):
    make.network()
    desk = desk_of(make.secretary())
    assert "Der venter ikke noget på dig" in desk.get("/").text
    assert "Hylden er tom. Godt gået." in desk.get("/board").text
