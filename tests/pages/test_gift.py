"""Gaven: all that it says, to those who may see it, and a unit asks for it."""

import re

import pytest
from sqlmodel import select

from app.gifts.models import Edition, Material, MaterialKind
from app.handovers.lifecycle import State
from app.handovers.models import Handover
from app.people.signed_in import Role
from tests.conftest import NOON
from tests.gifts.test_files import PDF
from tests.make import FILLED

WHY = "Vi har otte unge på vej."


@pytest.fixture
def gift(scene, make):
    """Given to another unit than the scene's own."""
    gift = make.gift(network=scene.network, contact=scene.giver)
    make.handover(gift=gift, unit=make.unit(name="PPR"), state=State.IN_USE)
    return gift


def requests(session):
    found = session.exec(select(Handover).where(Handover.request != "")).all()
    return [(one.unit_id, one.request, one.requested_by_id) for one in found]


def test_all_of_its_content_is_on_it(scene, gift, make, session, desk_of):
    session.add(
        Material(
            gift_id=gift.key,
            kind=MaterialKind.LINK,
            title="Vejen",
            url="https://a.example",
            added_at=NOON,
        )
    )
    session.add(
        Material(
            gift_id=gift.key,
            kind=MaterialKind.FILE,
            title="Skemaet",
            filename="skema.pdf",
            media_type="application/pdf",
            size=1200,
            digest="0" * 64,
            added_at=NOON,
        )
    )
    session.flush()
    page = desk_of(scene.stranger).page(f"/gifts/{gift.key}")
    for text in (*FILLED.values(), scene.network.name, "Vejen", "Skemaet", "12345678", "PPR"):
        assert text in page
    assert "I brug i 1 af 1 enhed" in page
    assert re.search(rf'href="/api/v1/gifts/{gift.key}/materials/\d+/content"', page)
    assert 'id="editions"' not in page


def test_a_file_that_lies_with_it_is_fetched_by_the_cookie(scene, gift, desk_of, signed_in):
    added = signed_in(scene.giver).post(
        f"/api/v1/gifts/{gift.key}/files", params={"filename": "dagsorden.pdf"}, content=PDF
    )
    assert added.status_code == 201, added.text
    desk = desk_of(scene.stranger)
    address = re.search(r'href="(/api/v1/[^"]+/content)"', desk.page(f"/gifts/{gift.key}"))[1]
    assert desk.get(address).content == PDF


def test_editions_are_told_with_what_is_new(scene, make, session, desk_of):
    gift = make.gift(network=scene.network, edition=2)
    second = session.get(Edition, (gift.key, 2))
    second.changes = "Mødet varer nu en halv time."
    page = desk_of(scene.stranger).page(f"/gifts/{gift.key}")
    assert "Mødet varer nu en halv time." in page
    assert page.index("Udgave 2") < page.index("Den første udgave")


def test_a_gift_that_was_given_to_nobody_is_seen_by_its_network_alone(scene, make, desk_of):
    draft = make.gift(network=scene.network, is_given=False, how_to_continue="")
    for person in (scene.stranger, scene.leader):
        desk_of(person).get(f"/gifts/{draft.key}", status=404)
    for person in (scene.participant, scene.secretary):
        page = desk_of(person).page(f"/gifts/{draft.key}")
        assert "Ikke givet til nogen endnu" in page
        assert "Ikke skrevet endnu" in page
        assert "Bed om gaven" not in page


@pytest.mark.parametrize("address", ["/gifts/4711", "/gifts/abc", "/gifts/-1"])
def test_what_is_not_there_is_not_found(scene, desk_of, address):
    desk_of(scene.leader).get(address, status=404)


@pytest.mark.parametrize("who", ["leader", "substitute"])
def test_whoever_answers_for_the_unit_asks_for_the_gift(scene, gift, session, desk_of, who):
    person = getattr(scene, who)
    address = f"/gifts/{gift.key}"
    page = desk_of(person).done(address, f"{address}/requests", why=WHY)
    assert "netværket har fået jeres ønske" in page
    assert requests(session) == [(scene.unit.key, WHY, person.key)]


def test_who_answers_for_several_units_chooses_one(scene, gift, make, session, desk_of):
    other = make.unit(name="Anden enhed", leader=scene.leader)
    make.handover(gift=gift, unit=make.unit(name="Har den", leader=scene.leader))
    desk, address = desk_of(scene.leader), f"/gifts/{gift.key}"
    panel = desk.page(address).split('id="request"')[1].split("</section>")[0]
    assert re.findall(r'<option value="(\d+)"', panel) == [str(other.key), str(scene.unit.key)]
    empty = desk.press(address, f"{address}/requests", why=WHY)
    assert empty.status_code == 422
    assert "Vælg en enhed." in empty.text
    assert WHY in empty.text
    desk.done(address, f"{address}/requests", why=WHY, unit_id=other.key)
    assert requests(session) == [(other.key, WHY, scene.leader.key)]


def test_who_has_it_already_is_led_to_it_and_not_to_their_leader(scene, gift, make, desk_of):
    there = make.handover(gift=gift, unit=scene.unit, state=State.ACCEPTED)
    page = desk_of(scene.leader).page(f"/gifts/{gift.key}")
    assert "I har gaven" in page
    assert f'<a href="/handovers/{there.key}">Se den hos {scene.unit.name}</a>' in page
    assert "Vis dem denne side" not in page
    assert "Vis dem denne side" in desk_of(scene.owner).page(f"/gifts/{gift.key}")


def test_who_has_asked_already_is_led_to_the_request(scene, gift, session, desk_of):
    desk, address = desk_of(scene.leader), f"/gifts/{gift.key}"
    desk.done(address, f"{address}/requests", why=WHY)
    there = session.exec(select(Handover).where(Handover.request != "")).one()
    page = desk.page(address)
    assert "I har bedt om gaven" in page
    assert f'href="/handovers/{there.key}"' in page
    assert 'id="request"' not in page


def test_pressed_twice_it_is_asked_once(scene, gift, session, desk_of):
    desk, address = desk_of(scene.leader), f"/gifts/{gift.key}"
    fields = desk.form(address, f"{address}/requests").with_(why=WHY)
    answers = [desk.send(f"{address}/requests", fields) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert len(requests(session)) == 1


def test_asked_again_in_other_words_it_leads_to_what_is_there(scene, gift, session, desk_of):
    desk, address = desk_of(scene.leader), f"/gifts/{gift.key}"
    other = desk.form(address, f"{address}/requests").with_(why="Vi vil så gerne.")
    desk.done(address, f"{address}/requests", why=WHY)
    again = desk.send(f"{address}/requests", other)
    assert again.status_code == 409
    there = session.exec(select(Handover).where(Handover.request != "")).one()
    assert f'<a href="/handovers/{there.key}">Se overrækkelsen</a>' in again.text
    assert "Vi vil så gerne." in again.text


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("", "Skriv, hvad I vil bruge gaven til."),
        ("x" * 4001, "4000"),
        ("Ring om 010190-1234", "CPR"),
        ("a\0b", "Tegn nr. 2"),
    ],
)
def test_what_cannot_be_taken_is_said_at_the_field_and_stays(
    scene, gift, session, desk_of, why, said
):
    address = f"/gifts/{gift.key}"
    answer = desk_of(scene.leader).press(address, f"{address}/requests", why=why)
    assert answer.status_code == 422
    fault = re.search(r'requests-why-fault">.*?</span>(.*?)</span>', answer.text, re.DOTALL)
    assert said in fault[1]
    assert f">{why}</textarea>" in answer.text
    assert requests(session) == []


def test_what_they_write_is_shown_and_not_run(scene, gift, desk_of):
    address, hostile = f"/gifts/{gift.key}", "<script>alert(1)</script>"
    page = desk_of(scene.leader).done(address, f"{address}/requests", why=hostile)
    assert hostile not in page


def test_nobody_else_asks_for_a_unit(scene, gift, session, desk_of):
    fields = [("unit_id", str(scene.unit.key)), ("why", WHY)]
    for person in (scene.stranger, scene.colleague, scene.giver):
        desk = desk_of(person)
        assert "Det er enhedens leder eller stedfortræder" in desk.page(f"/gifts/{gift.key}")
        assert desk.send(f"/gifts/{gift.key}/requests", fields).status_code == 403
    assert requests(session) == []


def test_an_auditor_reads_and_asks_for_nothing(scene, gift, make, session, desk_of):
    auditor = make.person(role=Role.AUDITOR)
    make.post(scene.unit, auditor)
    desk = desk_of(auditor)
    assert "Bed om gaven" not in desk.page(f"/gifts/{gift.key}")
    fields = [("unit_id", str(scene.unit.key)), ("why", WHY)]
    assert desk.send(f"/gifts/{gift.key}/requests", fields).status_code == 403
    assert requests(session) == []


def test_the_secretariat_asks_on_behalf_of_whoever_answers_for_the_unit(
    scene, gift, session, desk_of
):
    desk, address = desk_of(scene.secretary), f"/gifts/{gift.key}"
    assert "På vegne af" not in desk.page(address)
    chosen = f"{address}?unit_id={scene.unit.key}"
    unnamed = desk.press(chosen, f"{address}/requests", why=WHY)
    assert unnamed.status_code == 403
    assert "Sig på hvis vegne." in unnamed.text
    assert WHY in unnamed.text
    page = desk.done(chosen, f"{address}/requests", why=WHY, on_behalf_of_id=scene.substitute.key)
    assert "netværket har fået jeres ønske" in page
    assert requests(session) == [(scene.unit.key, WHY, scene.substitute.key)]


def test_the_secretariat_s_choices_stay_when_something_is_missing(scene, gift, desk_of):
    desk, address = desk_of(scene.secretary), f"/gifts/{gift.key}"
    answer = desk.press(
        f"{address}?unit_id={scene.unit.key}",
        f"{address}/requests",
        why="",
        on_behalf_of_id=scene.leader.key,
    )
    assert answer.status_code == 422
    assert re.search(rf'<option value="{scene.leader.key}" selected', answer.text)
    assert f'name="unit_id" value="{scene.unit.key}"' in answer.text


def test_where_nobody_answers_there_is_nobody_to_ask_for(scene, gift, make, desk_of):
    empty = make.unit(name="Ingen")
    page = desk_of(scene.secretary).page(f"/gifts/{gift.key}?unit_id={empty.key}")
    assert "Ingen svarer for enheden i dag" in page
