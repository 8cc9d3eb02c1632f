"""Disse får besked, on the pages of what is no single handover: what they say before is what
happens afterwards."""

import re
from urllib.parse import quote

import pytest
from sqlmodel import select

from app.gifts.models import Gift
from app.handovers.lifecycle import State
from app.networks.models import NetworkRole
from app.notifications.models import Notification
from app.people.models import Person
from app.people.signed_in import Role
from app.units.models import PostKind
from tests.conftest import NOON
from tests.databases import ON_ONE
from tests.pages.test_administration_units import _posted
from tests.pages.test_will_hear import block, pass_on
from tests.pages.webhooks import webhook

pytestmark = ON_ONE
NOBODY = "Ingen andre får besked."
CHOSEN = "Disse får besked: den, du vælger."


@pytest.fixture
def named(session):
    """Everybody whom a block names."""

    def found(said: str) -> set[str]:
        names = [person.name for person in session.exec(select(Person)).all()]
        return {name for name in names if re.search(rf"(?<!for ){re.escape(name)} \(", said)}

    return found


@pytest.fixture
def told(session):
    """Everybody who has been told of anything."""

    def found() -> set[str]:
        pass_on(session)
        rows = session.exec(select(Notification)).all()
        return {session.get(Person, row.person_id).name for row in rows}

    return found


def test_before_a_unit_asks_for_a_gift_the_givers_stand_there(
    scene, make, desk_of, session, named, told
):
    gift = make.gift(network=scene.network, contact=scene.giver)
    at, desk = f"/gifts/{gift.key}", desk_of(scene.leader)
    said = block(desk.page(at), "handover.requested")
    desk.done(at, f"{at}/requests", why="Vi har otte unge på vej.")
    assert told() == named(said) >= {"Gry Giver"}


def test_who_is_made_a_contact_person_or_no_longer_is_hears_of_it(scene, make, desk_of, told):
    gift = make.gift(network=scene.network, contact=scene.giver)
    at, desk = f"/gifts/{gift.key}/edit", desk_of(scene.giver)
    page = desk.page(at)
    assert block(page, "gift.contact_added") == CHOSEN
    assert block(page, "gift.contact_removed") == "Disse får besked: den, du fjerner."
    new = f"/networks/{scene.network.key}/gifts/new"
    assert block(desk.page(new), "gift.contact_added") == CHOSEN
    contacts = f"/gifts/{gift.key}/contacts"
    desk.done(at, contacts, person_id_words=scene.co_driver.mail)
    assert told() == {scene.co_driver.name}


def test_who_is_taken_into_a_network_hears_of_it(scene, desk_of, secretary, told):
    at, desk = f"/networks/{scene.network.key}/edit", desk_of(scene.giver)
    assert block(desk.page(at), "network.member_joined") == CHOSEN
    assert block(desk_of(secretary).page("/networks/new"), "network.member_joined") == CHOSEN
    members, role = f"/networks/{scene.network.key}/members", NetworkRole.PARTICIPANT
    desk.done(at, members, person_id_words=scene.stranger.mail, role=role)
    assert told() == {scene.stranger.name}


def test_who_gets_a_post_hears_of_it_where_something_waits(scene, make, desk, told):
    empty = make.unit()
    at = f"/administration/units/{empty.key}"
    assert block(desk.page(at), "unit.post_filled") == NOBODY
    desk.done(at, f"{at}/posts", person_id=scene.stranger.mail)
    assert told() == set()

    above = make.unit()
    scene.handover(unit=make.unit(parent_id=above.key))
    at = f"/administration/units/{above.key}"
    assert block(desk.page(at), "unit.post_filled") == CHOSEN
    desk.done(at, f"{at}/posts", person_id=scene.stranger.mail)
    assert told() == {scene.stranger.name}


@pytest.fixture
def below(scene, make):
    """A unit with one leader and something open, right below the area."""
    unit = make.unit(name="Under", parent_id=scene.area.key)
    scene.handover(unit=unit)
    return unit


def test_before_a_post_ends_those_stand_there_who_answer_then(
    scene, make, desk, below, named, told
):
    post = make.post(below, make.person(name="Gammel Leder"))
    at = f"/administration/units/{below.key}"
    said = block(desk.page(at), f"unit.post_ended.{post.id}")
    assert "(svarer, mens posten er ledig)" in said
    desk.done(at, f"{at}/posts/{post.id}/ending", to_on="")
    assert told() == named(said) == {scene.above.name}


def test_where_somebody_else_still_sits_nobody_hears_of_it(make, desk, below, told):
    first, second = (make.post(below, make.person()) for _ in range(2))
    make.post(below, make.person(), kind=PostKind.SUBSTITUTE)
    at = f"/administration/units/{below.key}"
    for post in (first, second):
        assert block(desk.page(at), f"unit.post_ended.{post.id}") == NOBODY
        desk.done(at, f"{at}/posts/{post.id}/ending", to_on="")
    assert told() == set()


def test_before_somebody_leaves_those_stand_there_who_answer_then(
    scene, make, desk, below, named, told
):
    leader = make.person(name="Gammel Leder")
    make.post(below, leader)
    make.post(make.unit(parent_id=scene.area.key), leader)
    at = f"/administration/people/{leader.key}"
    said = block(desk.page(at), "unit.post_ended")
    desk.done(at, f"{at}/departure")
    assert told() == named(said) == {scene.above.name}


@pytest.mark.parametrize("successor", ["none", "another", "has_it", "is_further"])
def test_before_a_unit_closes_those_stand_there_who_hear_of_what_is_open(
    scene, make, desk, session, successor, named, told
):
    closing = make.unit(name="Lukker", leader=make.person(name="Gammel Leder"))
    to = make.unit(name="Tager Over", leader=make.person(name="Ny Leder"))
    handover = scene.handover(State.ACCEPTED, unit=closing)
    scene.handover(State.DRAFT, unit=closing)
    if successor in ("has_it", "is_further"):
        state = State.DELIVERED if successor == "has_it" else State.IN_USE
        scene.handover(state, gift=session.get(Gift, handover.gift_id), unit=to)
    at = f"/administration/units/{closing.key}/closing"
    page = at if successor == "none" else f"{at}?successor_id={quote(to.name)}"
    html = desk.page(page)
    said = block(html, "unit.closed")
    assert desk.send(at, _posted(html, at)).status_code == 303
    assert told() == named(said) >= {"Gry Giver"}
    assert ("Ny Leder" in said) == (successor in ("another", "has_it"))
    assert ("Sara" in said) == (successor == "none")


def test_before_units_are_merged_those_stand_there_who_hear_of_it(scene, make, desk, named, told):
    into = make.unit(name="Samlet", leader=make.person(name="Ny Leder"))
    for name in ("Øst", "Vest"):
        unit = make.unit(name=name, leader=make.person(name=f"Leder {name}"))
        scene.handover(State.ACCEPTED, unit=unit)
    at = f"/administration/units/{into.key}/merger"
    page = f"{at}?unit_ids={quote('Øst')}&unit_ids={quote('Vest')}"
    html = desk.page(page)
    said = block(html, "unit.closed")
    assert desk.send(at, _posted(html, at)).status_code == 303
    assert told() == named(said) >= {"Gry Giver", "Ny Leder"}


@pytest.mark.parametrize("state", [State.DRAFT, State.ANNOUNCED])
def test_before_a_gift_gets_another_receiver_those_stand_there_who_hear_of_it(
    scene, make, desk_of, named, told, state
):
    other = make.unit(leader=make.person(name="Pia Park"))
    handover = scene.handover(state)
    at, desk = f"/handovers/{handover.key}", desk_of(scene.giver)
    said = block(desk.page(at), "handover.moved")
    desk.done(at, f"{at}/unit", unit_id=other.key)
    its_leader = {"Pia Park"} if "lederen af den enhed, du vælger" in said else set()
    assert bool(its_leader) == (state is State.ANNOUNCED)
    assert told() == named(said) | its_leader


def test_whoever_made_a_webhook_hears_when_another_switches_it_off(
    make, desk, administrator, session, told
):
    maker = make.person(name="Mads Maker", role=Role.ADMINISTRATOR)
    mine, others = (webhook(session, one) for one in (administrator, maker))
    at = "/administration/webhooks"
    assert block(desk.page(f"{at}/{mine.key}"), "webhook.switched_off") == NOBODY
    said = block(desk.page(f"{at}/{others.key}"), "webhook.switched_off")
    assert said == "Disse får besked: Mads Maker (det handler om) ."
    for one in (mine, others):
        desk.done(f"{at}/{one.key}", f"{at}/{one.key}/deactivation")
    assert told() == {"Mads Maker"}
    maker.left_at, maker.roles = NOON, ""
    others.off_at = others.off_reason = None
    session.flush()
    assert block(desk.page(f"{at}/{others.key}"), "webhook.switched_off") == NOBODY
