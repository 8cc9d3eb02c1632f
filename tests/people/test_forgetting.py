"""What is kept for a while names nobody who has been pseudonymised, and nothing is done twice."""

import pytest
from sqlmodel import select

from app.importing.models import ImportRun, RunState
from app.people.forgetting import Former
from app.people.models import Person
from app.rest.idempotency import StoredAnswer

PEOPLE = "/api/v1/people"
ANY = {"If-Match": "*"}
NAME, MAIL, PHONE = 'Zebedæus "Zeb" Qvist', "zebedaeus@lindborg.example", "71 72 73 74"
PERSON = {"name": NAME, "mail": MAIL, "phone": PHONE}


@pytest.fixture
def administrator(make, signed_in):
    return signed_in(make.administrator())


@pytest.fixture
def pseudonymised(administrator):
    def done(person_id: int, **headers: str):
        administrator.post(f"{PEOPLE}/{person_id}/departure", headers={**ANY, **key("departure")})
        at = f"{PEOPLE}/{person_id}/pseudonymisation"
        answer = administrator.post(at, headers={**ANY, **headers})
        assert answer.status_code == 200
        return answer

    return done


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": name}


def test_no_kept_answer_names_somebody_who_is_pseudonymised(
    make, session, signed_in, administrator, pseudonymised
):
    person_id = administrator.post(PEOPLE, json=PERSON, headers=key("made")).json()["id"]
    person = session.get_one(Person, person_id)
    unit = make.unit(leader=person)
    handover = make.handover(unit=unit)
    at = f"/api/v1/handovers/{handover.id}"
    leader = signed_in(person)
    assert leader.post(f"{at}/receipt", headers=key("own")).status_code == 200
    accepted = leader.post(
        f"{at}/acceptance",
        json={"owner_id": person_id, "next_on": "2026-04-01"},
        headers={**ANY, **key("own-too")},
    )
    assert accepted.status_code == 200, accepted.text
    colleague = signed_in(make.secretary())
    noted = colleague.post(f"{at}/notes", json={"text": f"Ring til {MAIL}"}, headers=key("note"))
    assert noted.status_code == 201

    pseudonymised(person_id)

    kept = session.exec(select(StoredAnswer)).all()
    told = b" ".join(answer.body for answer in kept).decode()
    for text in ("Zeb", "Qvist", MAIL, PHONE):
        assert text not in told
    assert {answer.key for answer in kept} == {"made", "departure", "note"}


def test_what_was_done_is_not_done_again_where_its_answer_is_forgotten(
    session, administrator, pseudonymised
):
    person_id = administrator.post(PEOPLE, json=PERSON, headers=key("made")).json()["id"]
    pseudonymised(person_id)

    again = administrator.post(PEOPLE, json=PERSON, headers=key("made"))

    assert (again.status_code, again.json()["code"]) == (422, "answer_forgotten")
    (fault,) = again.json()["errors"]
    assert fault["code"] == "idempotency_answer_forgotten"
    assert fault["parameter"] == "Idempotency-Key"
    assert session.exec(select(Person.id).where(Person.mail == MAIL)).all() == []
    other = administrator.post(PEOPLE, json={**PERSON, "phone": None}, headers=key("made"))
    assert other.json()["code"] == "key_used_for_another"


def test_the_answers_that_name_somebody_else_are_given_again_and_so_is_this_one(
    make, administrator, pseudonymised
):
    other = administrator.post(PEOPLE, json={"name": "Ida Holm"}, headers=key("other"))
    person = make.person(**{**PERSON, "name": "Zeb"})

    done = pseudonymised(person.id, **key("pseudonymised"))

    again = administrator.post(PEOPLE, json={"name": "Ida Holm"}, headers=key("other"))
    assert again.json() == other.json()
    at = f"{PEOPLE}/{person.id}/pseudonymisation"
    replayed = administrator.post(at, headers={**ANY, **key("pseudonymised")})
    assert replayed.headers["Idempotency-Replayed"] == "true"
    assert replayed.json() == done.json()


@pytest.mark.parametrize("state", [RunState.READY, RunState.FAULTY])
def test_what_was_found_in_files_does_not_name_them_either(
    make, session, administrator, pseudonymised, state
):
    person = make.person(name="Zebedæus Qvist", mail=MAIL, phone=PHONE)
    message = {"text": "%(name)s er her ikke mere.", "values": {"name": "Zebedæus Qvist"}}
    run = make.import_run(
        make.secretary(),
        state=state,
        problems=[
            [4, "mail", message],
            [5, "leader", {"text": "Se %(why)s", "values": {"why": message, "row": 7}}],
            [6, "unit", {"text": "Ukendt: %(text)s", "values": {"text": "Qvistgården"}}],
        ],
        steps={
            "new": [[2, "Zebedæus Qvist", []], [3, "Ida Holm", []]],
            "changed": [
                [7, "Ungeenheden", [["leader", "", "Zebedæus Qvist"], ["name", "Unge", "Ung"]]],
                [8, "Zebedæus Qvist", [["phone", PHONE, "71 72 73 75"]]],
                [9, "Ida Holm", [["mail", "x@lindborg.example", MAIL]]],
            ],
        },
    )

    pseudonymised(person.id)

    shown = administrator.get(f"/api/v1/imports/{run.id}").text
    session.expire_all()
    kept = session.get_one(ImportRun, run.id)
    for text in ("Zebedæus", MAIL, PHONE):
        assert text not in shown + repr(kept.steps) + repr(kept.problems)
    assert kept.steps == {
        "new": [[2, "…", []], [3, "Ida Holm", []]],
        "changed": [
            [7, "Ungeenheden", [["name", "Unge", "Ung"]]],
            [8, "…", []],
            [9, "Ida Holm", []],
        ],
    }
    assert [problem[:2] for problem in kept.problems] == [[4, "mail"], [5, "leader"], [6, "unit"]]
    assert kept.problems[1][2]["values"]["row"] == 7
    assert "Qvistgården" in shown
    assert "… er her ikke mere." in shown


def test_nobody_is_named_in_a_part_of_another_word():
    bo = Former(7, ("Bo", "bo@lindborg.example"))

    assert bo.is_named_in("Bo, leder")
    assert bo.is_named_in("Mail: BO@lindborg.example.")
    assert not bo.is_named_in("Boligenheden")
    assert not bo.is_named_in("jacbo")
