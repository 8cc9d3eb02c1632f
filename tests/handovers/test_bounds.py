"""Days that cannot be meant, and answers that would go round a rule."""

from datetime import date

import pytest

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import NO_RIPPLE, Scene, pointers

A_YEAR, TOO_FAR = "2027-03-03", "2027-03-04"
"""366 days after today, and one more."""


def step(scene: Scene, noun: str, day: str):
    """A step that agrees on the day, on a handover that allows it."""
    match noun:
        case "acceptance":
            body = {"owner_id": scene.owner.id, "next_on": day}
            return scene.does(scene.leader, noun, scene.handover(), **body)
        case "trial":
            body = {"question": "Kommer de?", "to_on": day}
            return scene.does(scene.owner, noun, scene.handover(State.ACCEPTED), **body)
        case "use":
            body = {"practice": "Ét møde.", "ripple": NO_RIPPLE, "next_on": day}
            return scene.does(scene.owner, noun, scene.handover(State.ACCEPTED), **body)
        case "plan":
            return scene.does(scene.owner, noun, scene.handover(State.IN_USE), next_on=day)
        case "follow-ups":
            said = {"health": "going_well", "note": "Vi er i gang.", "better": "yes"}
            body = {"handover_id": scene.handover(State.IN_USE).id, **said, "next_on": day}
            return scene.client(scene.owner).post("/api/v1/follow-ups", json=body)
    raise ValueError(noun)


def error_in(response):
    assert response.status_code == 422, response.text
    (error,) = response.json()["errors"]
    return error["pointer"], error["code"]


@pytest.mark.parametrize("noun", ["acceptance", "trial", "use", "plan", "follow-ups"])
def test_nothing_is_agreed_for_more_than_a_year_ahead(scene: Scene, noun: str):
    field = "#/to_on" if noun == "trial" else "#/next_on"
    for day in (TOO_FAR, "2100-12-31"):
        assert error_in(step(scene, noun, day)) == (field, "too_far_ahead")
    assert step(scene, noun, A_YEAR).status_code in (200, 201)


def test_the_support_does_not_end_before_it_is_agreed_and_what_was_agreed_may_stay(scene: Scene):
    handover = scene.handover(State.IN_USE, support_until_on=date(2026, 2, 1))
    over = scene.does(scene.owner, "plan", handover, support_until_on="2026-03-01")
    assert error_in(over) == ("#/support_until_on", "over_already")
    stays = scene.does(
        scene.owner, "plan", handover, support_until_on="2026-02-01", first_step="Ring."
    )
    assert stays.status_code == 200, stays.text
    today = scene.does(scene.owner, "plan", handover, support_until_on="2026-03-02")
    assert today.json()["support_until_on"] == "2026-03-02"


def test_a_trial_that_has_not_begun_has_shown_nothing(scene: Scene):
    later = {"trial_from_on": date(2026, 3, 10), "trial_to_on": date(2026, 5, 1)}
    handover = scene.handover(State.TRIAL, **later)
    use = {"practice": "Ét møde.", "ripple": NO_RIPPLE}
    refused = scene.does(scene.owner, "use", handover, **use, trial_result="9 af 10 kom.")
    assert error_in(refused) == ("#/trial_result", "not_begun")
    assert "10. marts 2026" in refused.json()["errors"][0]["detail"]
    assert scene.does(scene.owner, "use", handover, **use).json()["state"] == "in_use"


def test_on_its_first_day_a_trial_may_have_shown_something(scene: Scene):
    days = {"trial_from_on": NOON.date(), "trial_to_on": date(2026, 5, 1)}
    handover = scene.handover(State.TRIAL, **days)
    use = {"practice": "Ét møde.", "ripple": NO_RIPPLE}
    assert pointers(scene.does(scene.owner, "use", handover, **use)) == ["#/trial_result"]
    ended = scene.does(scene.owner, "use", handover, **use, trial_result="Det virker.")
    assert ended.status_code == 200


def test_the_lead_one_is_co_only_when_another_is_lead(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    lead = scene.handover(gift=gift, kind="lead")
    other = scene.handover(State.IN_USE, gift=gift, unit=scene.area)
    client, seen = scene.client(scene.giver), {"If-Match": "*"}

    refused = client.patch(f"/api/v1/handovers/{lead.id}", json={"kind": "co"}, headers=seen)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert scene.sees(scene.giver, lead)["kind"] == "lead"
    client.patch(f"/api/v1/handovers/{other.id}", json={"kind": "lead"}, headers=seen)
    kinds = [scene.sees(scene.giver, one)["kind"] for one in (lead, other)]
    assert kinds == ["co", "lead"]


def test_the_only_one_of_a_gift_may_wait_for_another_to_be_lead(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    only = scene.handover(gift=gift, kind="lead")
    scene.handover(State.DECLINED, gift=gift, unit=scene.area)
    client, seen = scene.client(scene.giver), {"If-Match": "*"}
    made = client.patch(f"/api/v1/handovers/{only.id}", json={"kind": "co"}, headers=seen)
    assert (made.status_code, made.json()["kind"]) == (200, "co")


def test_nobody_is_made_to_say_something_on_what_they_do_not_see(scene: Scene):
    hidden, announced = scene.handover(State.DRAFT), scene.handover(State.ANNOUNCED)
    asked = scene.handover(State.DRAFT, asked_by=scene.leader)

    def write(handover, person):
        behalf = {"text": "Vi har talt sammen.", "on_behalf_of_id": person.id}
        return scene.does(scene.secretary, "notes", handover, seen=None, **behalf)

    assert error_in(write(hidden, scene.leader)) == ("#/on_behalf_of_id", "sees_it_not")
    assert error_in(write(asked, scene.stranger)) == ("#/on_behalf_of_id", "sees_it_not")
    assert scene.happened(hidden) == scene.happened(asked) == []
    seen = [(hidden, scene.participant), (announced, scene.leader), (asked, scene.leader)]
    assert [write(*one).status_code for one in seen] == [201, 201, 201]


def test_a_closed_unit_feels_nothing_more_but_stays_where_it_was_named(scene: Scene):
    handover, closing = scene.handover(State.IN_USE), scene.make.unit(name="Det gamle hus")

    def answer(*units):
        body = {"answer": "units", "unit_ids": [unit.id for unit in units]}
        return scene.does(scene.owner, "ripple", handover, method="PUT", **body)

    assert answer(closing).status_code == 200
    closing.closed_on = NOON.date()
    closed = scene.make.unit(name="Lukket", closed_on=NOON.date())
    assert error_in(answer(closing, closed)) == ("#/ripple/unit_ids/1", "closed")
    assert answer(closing, scene.area).status_code == 200
