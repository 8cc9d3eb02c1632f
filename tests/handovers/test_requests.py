"""A unit asks for a gift that others have been given, and the giver answers."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlmodel import select

from app.gifts.models import Gift
from app.handovers.lifecycle import State
from app.handovers.models import Handover, Kind
from app.handovers.service import requesting
from app.handovers.service.deed import Asked
from app.people.models import Person
from app.units.models import Unit
from tests.conftest import NOON
from tests.handovers.scene import NO_RIPPLE, Scene, pointers
from tests.handovers.test_paging import pages
from tests.make import Make
from tests.units.test_moving_at_once import ROUNDS, at_once

WHY = "Vi har otte unge, der fylder 18 i år."
ANY = {"If-Match": "*"}


@pytest.fixture
def gift(scene: Scene) -> Gift:
    """Others have been given it already."""
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    scene.handover(State.IN_USE, gift=gift, unit=scene.make.unit(), kind=Kind.LEAD)
    return gift


def ask(scene: Scene, gift: Gift, person: Person | None = None, **over) -> Response:
    body = {"unit_id": scene.unit.id, "why": WHY, **over}
    return scene.client(person or scene.leader).post(f"/api/v1/gifts/{gift.id}/requests", json=body)


def asked(scene: Scene, gift: Gift, person: Person | None = None, **over) -> Handover:
    """The handover that came of asking."""
    response = ask(scene, gift, person, **over)
    assert response.status_code == 201, response.text
    return scene.make.session.get_one(Handover, response.json()["id"])


def listed(scene: Scene, person: Person, unit: Unit | None = None) -> list[int]:
    response = scene.get(person, f"units/{(unit or scene.unit).id}/requests")
    assert response.status_code == 200, response.text
    return [item["id"] for item in response.json()["items"]]


def test_the_giver_gets_a_draft_that_says_who_asked_and_what_for(scene: Scene, gift: Gift):
    response = ask(scene, gift)
    made = response.json()
    assert (response.status_code, made["state"], made["kind"]) == (201, "draft", "co")
    assert (made["unit_id"], made["request"]) == (scene.unit.id, WHY)
    assert made["requested_by_id"] == scene.leader.id
    assert made["requested_at"] == "2026-03-02T12:00:00Z"
    location = response.headers["Location"]
    assert location == f"/api/v1/handovers/{made['id']}"
    for person in (scene.leader, scene.giver):
        assert scene.client(person).get(location).json() == made


def test_the_story_tells_of_it_in_both_languages(scene: Scene, gift: Gift):
    handover = asked(scene, gift, why="100 % af de unge %(actor)s")
    assert scene.happened(handover) == ["handover.requested"]
    assert scene.story(scene.leader, handover) == [
        "Lea Leder bad om gaven til Ungeenheden: »100 % af de unge %(actor)s«"
    ]
    assert scene.story(scene.giver, handover, "en") == [
        "Lea Leder asked for the gift for Ungeenheden: “100 % af de unge %(actor)s”"
    ]


def test_the_first_unit_to_have_it_now_leads(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    assert ask(scene, gift).json()["kind"] == "lead"


def test_a_substitute_asks_for_the_leader_and_both_are_named(scene: Scene, gift: Gift):
    handover = asked(scene, gift, scene.substitute)
    (event,) = scene.events(handover)
    assert (event.actor_id, event.on_behalf_of_id) == (scene.substitute.id, scene.leader.id)
    assert handover.requested_by_id == scene.substitute.id
    (told,) = scene.story(scene.leader, handover)
    assert told.startswith("Stig Stedfortræder på vegne af Lea Leder bad om gaven")


def test_the_secretariat_asks_for_a_named_person_and_both_are_named(scene: Scene, gift: Gift):
    handover = asked(scene, gift, scene.secretary, on_behalf_of_id=scene.leader.id)
    (event,) = scene.events(handover)
    assert (event.actor_id, event.on_behalf_of_id) == (scene.secretary.id, scene.leader.id)
    assert handover.requested_by_id == scene.leader.id


def test_a_vacant_post_is_asked_for_by_the_leader_above(scene: Scene, gift: Gift):
    assert ask(scene, gift, scene.above).status_code == 403
    scene.leaves_vacant()
    handover = asked(scene, gift, scene.above)
    assert listed(scene, scene.above) == [handover.id]
    assert scene.sees(scene.above, handover)["request"] == WHY
    assert ask(scene, gift, scene.leader, why="Også os.").status_code == 403


@pytest.mark.parametrize(
    "who", ["owner", "colleague", "above", "stranger", "giver", "reference_leader", "participant"]
)
def test_who_does_not_answer_for_the_unit_is_told_who_does(scene: Scene, gift: Gift, who: str):
    refused = ask(scene, gift, getattr(scene, who))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert refused.json()["detail"] == (
        "Det er enhedens leder eller stedfortræder, der kan bede om gaven."
    )
    assert listed(scene, scene.secretary) == []


def test_nobody_asks_for_another_unit(scene: Scene, gift: Gift):
    assert ask(scene, gift, unit_id=scene.area.id).status_code == 403
    assert ask(scene, gift, unit_id=scene.make.unit(leader=scene.stranger).id).status_code == 403


def test_the_secretariat_must_say_on_whose_behalf(scene: Scene, gift: Gift):
    refused = ask(scene, gift, scene.secretary)
    assert refused.status_code == 403
    assert "på vegne af en navngiven person" in refused.json()["detail"]
    wrong = ask(scene, gift, scene.secretary, on_behalf_of_id=scene.owner.id)
    assert wrong.status_code == 403
    gone = scene.make.person(left_at=NOON).id
    for nobody in (gone, 999_999):
        faults = pointers(ask(scene, gift, scene.secretary, on_behalf_of_id=nobody))
        assert faults == ["#/on_behalf_of_id"]


def test_only_the_secretariat_asks_for_somebody_else(scene: Scene, gift: Gift):
    refused = ask(scene, gift, scene.substitute, on_behalf_of_id=scene.leader.id)
    assert refused.status_code == 403
    assert ask(scene, gift, on_behalf_of_id=scene.leader.id).status_code == 201


def test_a_gift_that_they_do_not_see_does_not_exist(scene: Scene):
    hidden = scene.make.gift(network=scene.network, is_given=False)
    unknown = Gift(id=999_999, network_id=0, title="")
    answers = [ask(scene, gift) for gift in (hidden, unknown)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json().keys() == answers[1].json().keys()


def test_a_gift_that_is_still_a_draft_can_wait_for_those_who_see_it(scene: Scene):
    draft = scene.make.gift(network=scene.network, is_given=False)
    scene.make.member(scene.network, scene.leader)
    refused = ask(scene, draft)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "ikke givet til nogen endnu" in refused.json()["detail"]


def test_a_closed_unit_and_an_unknown_one_ask_for_nothing(scene: Scene, gift: Gift):
    closed = scene.make.unit(leader=scene.leader, closed_on=NOON.date())
    for unit_id in (closed.id, 999_999):
        assert pointers(ask(scene, gift, unit_id=unit_id)) == ["#/unit_id"]


@pytest.mark.parametrize("state", [State.ANNOUNCED, State.DELIVERED, State.RETURNED, State.IN_USE])
def test_what_the_unit_has_already_is_named(scene: Scene, gift: Gift, state: State):
    there = scene.handover(state, gift=gift)
    refused = ask(scene, gift)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_given")
    assert refused.json()["handover_id"] == there.id


def test_a_draft_that_the_giver_still_prepares_has_no_number_for_the_unit(scene: Scene, gift: Gift):
    there = scene.handover(State.DRAFT, gift=gift)
    refused = ask(scene, gift).json()
    assert (refused["status"], refused["code"]) == (409, "already_given")
    assert "handover_id" not in refused
    assert "kontaktperson" in refused["detail"]
    told = ask(scene, gift, scene.secretary, on_behalf_of_id=scene.leader.id).json()
    assert told["handover_id"] == there.id
    assert (there.requested_at, there.request) == (None, "")


def test_asked_again_in_the_same_words_it_is_the_same_draft(scene: Scene, gift: Gift):
    first, again = ask(scene, gift), ask(scene, gift, why=f"  {WHY}\r\n")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    handover = scene.make.session.get_one(Handover, first.json()["id"])
    assert ask(scene, gift, scene.substitute).json() == first.json()
    assert scene.happened(handover) == ["handover.requested"]
    assert handover.requested_by_id == scene.leader.id


def test_asked_again_in_other_words_they_are_not_lost_unnoticed(scene: Scene, gift: Gift):
    there = asked(scene, gift)
    refused = ask(scene, gift, why="Vi er blevet ti.")
    assert (refused.status_code, refused.json()["handover_id"]) == (409, there.id)
    assert "Skriv resten som en note" in refused.json()["detail"]
    note = scene.does(scene.leader, "notes", there, text="Vi er blevet ti.")
    assert (note.status_code, note.json()["side"]) == (201, "receiver")


def test_the_same_key_is_the_same_request(scene: Scene, gift: Gift):
    client, key = scene.client(scene.leader), {"Idempotency-Key": "bed-om-gaven"}
    path, body = f"/api/v1/gifts/{gift.id}/requests", {"unit_id": scene.unit.id, "why": WHY}
    first, again = (client.post(path, json=body, headers=key) for _ in range(2))
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"


def test_of_two_who_ask_at_once_both_get_the_one_draft(own_database):
    for _ in range(ROUNDS):
        with own_database.writing() as session:
            make = Make(session, now=NOON)
            leader = make.person(mail=None)
            unit, gift = make.unit(leader=leader), make.gift(contact=make.person(mail=None))
            unit_id, gift_id, who = unit.key, gift.key, make.signed_in(leader)

        def twice(session, unit_id=unit_id, gift_id=gift_id, who=who):
            requesting.ask_for(session, Asked(who), gift_id, unit_id=unit_id, why=WHY, now=NOON)

        assert at_once(own_database, twice, twice) == [None, None]

        with own_database.reading() as session:
            there = select(Handover).where(Handover.unit_id == unit_id)
            assert len(session.exec(there).all()) == 1


def test_only_the_two_sides_see_what_is_asked_for(scene: Scene, gift: Gift):
    handover = asked(scene, gift)
    path = f"handovers/{handover.id}"
    for person in (scene.leader, scene.substitute, scene.giver, scene.participant, scene.secretary):
        assert listed(scene, person) == [handover.id]
        for place in ("", "/story", "/notes", "/owners"):
            assert scene.get(person, f"{path}{place}").status_code == 200
    for person in (scene.above, scene.colleague, scene.stranger):
        assert listed(scene, person) == []
        for place in ("", "/story", "/notes", "/owners"):
            assert scene.get(person, f"{path}{place}").status_code == 404
        assert scene.does(person, "receipt", handover).status_code == 404


def test_it_is_on_no_list_of_what_has_been_given(scene: Scene, gift: Gift):
    asked(scene, gift)
    unit_id = scene.unit.id
    assert scene.get(scene.leader, "handovers", unit_id=unit_id).json()["items"] == []
    assert scene.get(scene.leader, f"units/{unit_id}/summary").json()["counts"] == {}
    assert scene.get(scene.leader, f"gifts/{gift.id}/progress").json()["states"] == {"in_use": 1}


def test_who_asked_and_leads_no_more_leaves_it_to_who_does(scene: Scene, gift: Gift):
    handover = asked(scene, gift)
    scene.make.session.delete(scene.post)
    new = scene.make.person()
    scene.make.post(scene.unit, new)
    assert scene.sees(new, handover)["requested_by_id"] == scene.leader.id
    assert scene.get(scene.leader, f"handovers/{handover.id}").status_code == 404
    assert listed(scene, scene.leader) == []


def test_a_unit_takes_no_step_with_what_it_has_only_asked_for(scene: Scene, gift: Gift):
    handover = asked(scene, gift)
    refused = scene.does(scene.leader, "receipt", handover)
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_step")


def test_the_giver_delivers_it_and_the_wish_stays_with_it(scene: Scene, gift: Gift):
    handover = asked(scene, gift)
    delivered = scene.does(scene.giver, "delivery", handover, ripple=NO_RIPPLE).json()
    assert (delivered["state"], delivered["request"]) == ("delivered", WHY)
    assert scene.sees(scene.stranger, handover)["request"] == WHY
    assert listed(scene, scene.stranger) == [handover.id]


def test_the_giver_says_no_with_a_reason_that_the_unit_reads(scene: Scene, gift: Gift):
    handover = asked(scene, gift)
    assert scene.does(scene.giver, "withdrawal", handover, reason="Vi er færdige.").is_success
    seen = scene.sees(scene.leader, handover)
    assert (seen["state"], seen["reason"]) == ("withdrawn", "Vi er færdige.")
    (item,) = scene.get(scene.leader, f"units/{scene.unit.id}/requests").json()["items"]
    assert (item["state"], item["reason"], item["request"]) == ("withdrawn", "Vi er færdige.", WHY)
    assert scene.get(scene.stranger, f"handovers/{handover.id}").status_code == 404
    assert scene.get(scene.stranger, f"units/{scene.unit.id}/requests").json()["items"] == []


def test_after_a_no_the_unit_may_ask_anew(scene: Scene, gift: Gift):
    former = asked(scene, gift)
    scene.does(scene.giver, "withdrawal", former, reason="Ikke i år.")
    anew = asked(scene, gift)
    assert listed(scene, scene.leader) == [anew.id, former.id]


def test_a_no_that_is_taken_back_still_knows_that_the_unit_asked(scene: Scene, gift: Gift):
    handover = asked(scene, gift)
    scene.does(scene.giver, "withdrawal", handover, reason="Ikke i år.")
    scene.make.session.refresh(handover)
    reopened = scene.does(scene.giver, "reopening", handover, reason="Jo, alligevel.").json()
    assert (reopened["state"], reopened["request"]) == ("delivered", WHY)
    assert reopened["requested_by_id"] == scene.leader.id


def test_what_a_unit_asked_for_is_not_aimed_at_another(scene: Scene, gift: Gift):
    handover = asked(scene, gift)
    client, path = scene.client(scene.giver), f"/api/v1/handovers/{handover.id}"
    aimed = client.patch(path, json={"unit_id": scene.area.id}, headers=ANY)
    assert aimed.status_code == 409
    assert "selv bedt om gaven" in aimed.json()["detail"]
    assert client.patch(path, json={"unit_id": scene.unit.id}, headers=ANY).status_code == 200


def test_a_successor_takes_over_what_was_asked_for(scene: Scene, gift: Gift):
    handover = asked(scene, gift)
    new = scene.make.unit(leader=scene.stranger)
    path = f"/api/v1/units/{scene.unit.id}/closing"
    client = scene.client(scene.secretary)
    assert client.post(path, json={"successor_id": new.id}, headers=ANY).status_code == 200
    assert scene.sees(scene.stranger, handover)["request"] == WHY
    assert listed(scene, scene.stranger, new) == [handover.id]


def test_without_a_successor_the_secretariat_finds_it_a_unit(scene: Scene, gift: Gift):
    handover = asked(scene, gift)
    client = scene.client(scene.secretary)
    client.post(f"/api/v1/units/{scene.unit.id}/closing", json={}, headers=ANY)
    aimed = client.patch(
        f"/api/v1/handovers/{handover.id}", json={"unit_id": scene.area.id}, headers=ANY
    )
    assert (aimed.status_code, aimed.json()["unit_id"]) == (200, scene.area.id)
    assert listed(scene, scene.above, scene.area) == [handover.id]


def test_the_list_comes_in_pages_newest_first(scene: Scene, app: FastAPI):
    made = []
    for number in range(5):
        app.state.now = NOON + timedelta(minutes=number)
        made.append(asked(scene, scene.make.gift(network=scene.network)).id)
    path = f"units/{scene.unit.id}/requests"
    assert pages(scene.client(scene.leader), path, limit=2) == [made[:2:-1], made[2:0:-1], made[:1]]
    assert scene.get(scene.leader, "units/999999/requests").status_code == 404


HOSTILE = [
    ({"why": ""}, "#/why"),
    ({"why": " \n\t "}, "#/why"),
    ({"why": None}, "#/why"),
    ({"why": 5}, "#/why"),
    ({"why": ["Ja"]}, "#/why"),
    ({"why": "x" * 4001}, "#/why"),
    ({"why": "Ung med 010203-1234 mangler et møde."}, "#/why"),
    ({"why": "nul\x00tegn"}, "#/why"),
    ({"why": "baglæns\u202e"}, "#/why"),
    ({"unit_id": None}, "#/unit_id"),
    ({"unit_id": "7"}, "#/unit_id"),
    ({"unit_id": True}, "#/unit_id"),
    ({"unit_id": -1}, "#/unit_id"),
    ({"unit_id": 2**63}, "#/unit_id"),
    ({"on_behalf_of_id": 0}, "#/on_behalf_of_id"),
    ({"state": "delivered"}, "#/state"),
    ({"kind": "lead"}, "#/kind"),
    ({"requested_by_id": 1}, "#/requested_by_id"),
]


@pytest.mark.parametrize(("body", "pointer"), HOSTILE)
def test_what_is_wrongly_said_is_pointed_at_and_nothing_is_made(
    scene: Scene, gift: Gift, body: dict, pointer: str
):
    assert pointers(ask(scene, gift, **body)) == [pointer]
    assert listed(scene, scene.secretary) == []


def test_what_was_written_is_kept_as_it_was(scene: Scene, gift: Gift):
    why = "<script>alert(1)</script> '; DROP TABLE handover; -- {{ 7 * 7 }} %s 🎁"
    assert asked(scene, gift, why=why).request == why
