"""What no page of ours would send, and no database could hold: it is refused, and that is all."""

import pytest
from sqlmodel import select

from app.gifts.models import Material
from app.people.kept_forms import KeptForm
from app.people.models import ApiKey, WebSession
from app.people.signed_in import Role
from tests.conftest import NOON

LONG = "gzqxkvj7" * 1500


def test_a_press_is_once_whatever_it_is_called_by(scene, desk_of, session):
    gift = scene.make.gift(network=scene.network)
    desk, links = desk_of(scene.giver), f"/gifts/{gift.id}/links"
    fields = [("once", "\0" + "x" * 300), ("title", "Siden"), ("url", "https://a.example/")]

    first, second = desk.send(links, fields), desk.send(links, fields)

    assert (first.status_code, second.status_code) == (303, 303)
    assert second.headers["Location"] == first.headers["Location"]
    assert len(session.exec(select(Material)).all()) == 1
    assert desk.send("/gifts/%00/links", fields).status_code == 404


def test_a_key_is_made_once_whatever_the_press_is_called_by(make, desk_of, session):
    desk = desk_of(make.person(role=Role.ADMINISTRATOR))
    make.person(mail="kaj@lindborg.example")
    typed = {"mail": "kaj@lindborg.example", "label": "Tal", "scopes": ["read"], "press": "\0"}
    fields = desk.form("/administration/keys", "/administration/keys").with_(**typed)

    assert desk.send("/administration/keys", fields).status_code == 200
    assert desk.send("/administration/keys", fields).status_code == 303
    assert len(session.exec(select(ApiKey)).all()) == 1


@pytest.mark.parametrize("page", ["/gifts/%00", "/people/%00", f"/gifts/{LONG}", "/gifts/%C3%A6"])
def test_nothing_was_kept_for_an_address_that_is_none(make, desk_of, page):
    desk_of(make.person()).get(f"{page}?kept=1", 404)


@pytest.mark.parametrize("page", ["/gifts/%00", f"/gifts/{LONG}", "/gifts/%0D%0A"])
def test_nothing_is_kept_for_an_address_that_is_none(make, desk_of, session, page):
    desk = desk_of(make.person())
    ended = session.exec(select(WebSession)).one()
    ended.ended_at, ended.ended_by = NOON, "signed_out"
    session.flush()

    refused = desk.send(f"{page}/edit", [("title", "Natteroen")])

    assert refused.status_code == 401
    assert "er ikke gemt" in refused.text
    assert session.exec(select(KeptForm)).all() == []
