"""An auditor reads what the secretariat reads, and changes nothing, whoever else they are."""

import pytest

from app.handovers.lifecycle import State
from app.people.keys import Scope
from app.people.signed_in import Role

ANY = {"If-Match": "*"}


@pytest.fixture
def auditor(make):
    return make.person(role=Role.AUDITOR)


def test_an_auditor_reads_drafts_and_the_whole_log(make, signed_in, auditor):
    network = make.network()
    gift = make.gift(network=network, is_given=False)
    draft = make.handover(gift=gift, state=State.DRAFT)
    client = signed_in(auditor)

    assert client.get(f"/api/v1/gifts/{gift.id}").status_code == 200
    assert client.get(f"/api/v1/handovers/{draft.id}").status_code == 200
    kinds = {event["type"] for event in client.get("/api/v1/events").json()["items"]}
    assert "api_key.made" in kinds


def test_an_auditor_who_leads_a_unit_is_refused_all_the_same(make, signed_in, auditor):
    handover = make.handover(unit=make.unit(leader=auditor))

    refused = signed_in(auditor).post(f"/api/v1/handovers/{handover.id}/receipt")

    assert (refused.status_code, refused.json()["code"]) == (403, "only_reads")
    assert "revisor" in refused.json()["detail"]


def test_a_substitute_answers_where_the_leader_is_an_auditor(make, signed_in, auditor):
    unit, substitute = make.unit(leader=auditor), make.person()
    make.post(unit, substitute, kind="substitute")
    handover = make.handover(unit=unit)

    answered = signed_in(substitute).post(f"/api/v1/handovers/{handover.id}/receipt")

    assert answered.status_code == 200


def test_a_refused_auditor_is_not_told_what_was_wrong_with_the_change(signed_in, auditor):
    refused = signed_in(auditor).patch(
        "/api/v1/people/4711", json={"title": "Ny"}, headers={"If-Match": '"1"'}
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "only_reads")


@pytest.mark.parametrize("other", [Role.SECRETARIAT, Role.ADMINISTRATOR])
def test_an_auditor_has_no_other_role(make, signed_in, other):
    person, administrator = make.person(), signed_in(make.administrator())

    refused = administrator.put(
        f"/api/v1/people/{person.id}/roles", json={"roles": ["auditor", other]}, headers=ANY
    )

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["code"], error["pointer"]) == ("auditor_alone", "#/roles")


def test_who_stops_being_an_auditor_may_change_again(make, signed_in, auditor):
    administrator, client = signed_in(make.administrator()), signed_in(auditor)
    handover = make.handover(unit=make.unit(leader=auditor))
    receipt = f"/api/v1/handovers/{handover.id}/receipt"
    assert client.post(receipt).status_code == 403

    administrator.put(f"/api/v1/people/{auditor.id}/roles", json={"roles": []}, headers=ANY)

    assert client.post(receipt).status_code == 200


def test_the_key_of_an_auditor_needs_no_admin_scope(make, holding, auditor):
    gift = make.gift(is_given=False)

    read = holding(make.key(auditor, Scope.READ)).get(f"/api/v1/gifts/{gift.id}")

    assert read.status_code == 200
