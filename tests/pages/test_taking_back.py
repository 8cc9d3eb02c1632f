"""A unit takes its request back on the page, or the secretariat for it; and the giver says no."""

import pytest
from sqlmodel import select

from app.handovers.lifecycle import State
from app.handovers.models import Handover
from tests.handovers.scene import Scene
from tests.make import Make
from tests.pages.desk import Desk

WHY = "Vi har otte unge på vej."


@pytest.fixture
def request_of(scene: Scene, make: Make, session, desk_of) -> Handover:
    """What the scene's unit has asked for."""
    gift = make.gift(network=scene.network, contact=scene.giver)
    make.handover(gift=gift, unit=make.unit(name="PPR"), state=State.IN_USE)
    at = f"/gifts/{gift.key}"
    desk_of(scene.leader).done(at, f"{at}/requests", why=WHY)
    return session.exec(select(Handover).where(Handover.request != "")).one()


@pytest.mark.parametrize("who", ["leader", "substitute"])
def test_whoever_may_ask_may_take_it_back(scene, request_of, session, desk_of, who):
    at = f"/handovers/{request_of.key}"
    desk: Desk = desk_of(getattr(scene, who))
    assert f'<dd lang="da">{WHY}</dd>' in desk.page(at)
    empty = desk.press(at, f"{at}/taking-back", reason="")
    assert empty.status_code == 422
    assert "Skriv kort hvorfor." in empty.text
    page = desk.done(at, f"{at}/taking-back", reason="De er <b>flyttet</b>.")
    assert "Ønsket er taget tilbage" in page
    assert "tog ønsket om gaven tilbage: »De er &lt;b&gt;flyttet&lt;/b&gt;.«" in page
    assert f"{at}/taking-back" not in page
    assert desk.page(f"/gifts/{request_of.gift_id}").count('id="request"') == 1


def test_pressed_twice_it_is_taken_back_once(scene, request_of, desk_of):
    at = f"/handovers/{request_of.key}"
    desk = desk_of(scene.leader)
    fields = desk.form(at, f"{at}/taking-back").with_(reason="De er flyttet.")
    answers = [desk.send(f"{at}/taking-back", fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert desk.page(at).count("tog ønsket om gaven tilbage") == 1


def test_when_the_giver_was_faster_it_says_so(scene, request_of, session, desk_of):
    at = f"/handovers/{request_of.key}"
    desk = desk_of(scene.leader)
    fields = desk.form(at, f"{at}/taking-back").with_(reason="De er flyttet.")
    desk_of(scene.giver).done(at, f"{at}/withdrawal", reason="Vi er færdige.")
    late = desk.send(f"{at}/taking-back", fields)
    assert late.status_code == 412
    assert "Vi er færdige." in late.text


def test_the_secretariat_says_whose_thought_it_is(scene, request_of, session, desk_of):
    at = f"/handovers/{request_of.key}"
    desk = desk_of(scene.secretary)
    unnamed = desk.press(at, f"{at}/taking-back", reason="De har ringet.")
    assert unnamed.status_code == 422
    assert "Vælg, hvem der har sagt det." in unnamed.text
    assert "De har ringet." in unnamed.text
    page = desk.done(
        at, f"{at}/taking-back", reason="De har ringet.", on_behalf_of_id=scene.leader.key
    )
    assert f"{scene.secretary.name} på vegne af {scene.leader.name} tog ønsket" in page


def test_the_giver_says_no_to_a_request_and_takes_nothing_back(scene, request_of, desk_of):
    at = f"/handovers/{request_of.key}"
    page = desk_of(scene.giver).page(at)
    assert "Sig nej til ønsket" in page
    assert "Træk gaven tilbage" not in page
    assert "Vælg en anden modtager" not in page
    assert f"{at}/taking-back" not in page
    desk_of(scene.stranger).get(at, status=404)


@pytest.mark.parametrize(("who", "verb"), [("giver", "withdrawal"), ("leader", "taking-back")])
def test_the_units_page_says_what_became_of_its_request(scene, request_of, desk_of, who, verb):
    at, unit_page = f"/handovers/{request_of.key}", f"/units/{scene.unit.key}"
    leader = desk_of(scene.leader)
    assert "Spurgt" in leader.page(unit_page)
    desk_of(getattr(scene, who)).done(at, f"{at}/{verb}", reason="Ikke i år.")
    page = leader.page(unit_page)
    asked_for = page.split("Har bedt om")[1].split("</ul>")[0]
    assert f'<a href="{at}"' in asked_for
    assert "Trukket tilbage" in asked_for
    assert at not in desk_of(scene.stranger).page(unit_page)
