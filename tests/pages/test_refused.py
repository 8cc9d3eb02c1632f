"""Whoever is signed in and is refused something is still in the product: by name, and with the
ways on."""

import pytest

from tests.databases import ON_ONE

pytestmark = ON_ONE


@pytest.mark.parametrize(
    ("path", "status"), [("/gifts/9999", 404), ("/administration/people", 403), ("/gifts/x", 404)]
)
def test_the_page_that_refuses_has_the_menu_and_says_who_is_signed_in(desk_of, make, path, status):
    person = make.person(name="Ida Holm")

    refused = desk_of(person).get(path, status)

    assert f'<a href="/people/{person.key}">Ida Holm</a>' in refused.text
    assert 'href="/board"' in refused.text
    assert "aria-current" not in refused.text


def test_who_is_not_signed_in_is_shown_no_menu(client):
    refused = client.post("/sign-in/demo", data={"person_id": "1"}, headers={"Accept": "text/html"})

    assert refused.status_code in (403, 404)
    assert 'class="menu"' not in refused.text
