"""Answers are made by hand, for speed; here each is held against the schema it promises."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.examples import FORMS
from app.people.models import Person
from tests.conftest import NOON
from tests.house.operations import OPERATIONS, holds
from tests.make import FILLED, Make

NOBODY_ELSE = {"answer": "none"}


class Witness:
    """Calls operations as one person at a time, and holds what they answer to its schema."""

    def __init__(self, app: FastAPI, signed_in: Callable[[Person], TestClient]) -> None:
        self.app, self.signed_in = app, signed_in
        self.clients: dict[int, TestClient] = {}
        self.called: set[tuple[str, str]] = set()

    def ask(
        self,
        person: Person,
        method: str,
        path: str,
        json: object = None,
        *,
        version: str = "*",
        params: dict[str, object] | None = None,
        content: bytes | None = None,
        **ids: int,
    ) -> Any:
        """The parsed answer; None where there is none, or one that is no JSON."""
        operation = OPERATIONS[method, f"/api/v1{path}"]
        if person.key not in self.clients:
            self.clients[person.key] = self.signed_in(person)
        response = self.clients[person.key].request(
            method,
            operation.path.format(**ids),
            json=json,
            content=content,
            params=params,
            headers={"If-Match": version},
        )
        assert response.status_code == operation.status, (str(operation), response.text)
        self.called.add((method, operation.path))
        if method == "GET":
            self._same_head(person, response)
        if operation.answer is None:
            return None
        holds(operation, response.content)
        if operation.status == 201:
            assert response.headers["Location"].startswith("/api/v1/"), operation
        answer = response.json()
        if "version" in answer:
            assert response.headers["ETag"] == f'"{answer["version"]}"', operation
        return answer

    def _same_head(self, person: Person, got: Any) -> None:
        head = self.clients[person.key].head(got.request.url)
        assert (head.status_code, head.content) == (got.status_code, b""), got.request.url
        kept = ("Content-Type", "Content-Length", "ETag", "Link")
        assert [head.headers.get(one) for one in kept] == [got.headers.get(one) for one in kept]

    def never_called(self) -> list[str]:
        return sorted(str(OPERATIONS[key]) for key in OPERATIONS.keys() - self.called)


def test_every_operation_answers_exactly_what_it_promises(
    app: FastAPI, make: Make, signed_in: Callable[[Person], TestClient]
) -> None:
    witness = Witness(app, signed_in)
    secretary, administrator = make.secretary(), make.administrator()
    people = _people(witness, secretary, administrator)
    witness.ask(administrator, "PATCH", "/settings", {"patience_delivered": 15})
    assert witness.ask(secretary, "GET", "/settings")["version"] == 2
    assert witness.ask(secretary, "GET", "/me/mail")["version"] == 1
    witness.ask(secretary, "PUT", "/me/mail", {"hour": 7, "how_much": "needed"})
    _sessions(witness, make, secretary)
    unit_id = _units(witness, secretary, people)
    network_id = _networks(witness, secretary, people)
    gift_id = _gifts(witness, secretary, people, network_id)
    leader, boss = make.person(), make.person()
    above = make.unit(leader=boss)
    unit = make.unit(leader=leader, parent_id=above.key)
    _unwelcome(witness, secretary, leader, gift_id, to_unit_id=unit_id)
    handover_id = _welcome(witness, secretary, leader, gift_id, unit.key)
    _asked_for(witness, secretary, boss, gift_id, above.key)
    _followed_up(witness, secretary, leader, handover_id)
    _overviews(witness, secretary, boss, gift_id, above.key)
    _anchored(witness, secretary, leader, boss, handover_id)
    _imports(witness, make, secretary)
    _stalled(witness, make, administrator)
    _messages(witness, make, leader)
    _webhooks(witness, administrator)
    assert witness.never_called() == []


def _people(witness: Witness, secretary: Person, administrator: Person) -> list[int]:
    new = {"name": "Signe Aaskov", "mail": "signe@lindborg.example", "phone": "72 30 41 17"}
    first = witness.ask(secretary, "POST", "/people", new)["id"]
    second = witness.ask(secretary, "POST", "/people", {"name": "Bo"})["id"]
    third = witness.ask(secretary, "POST", "/people", {"name": "Ida"})["id"]
    path = "/people/{person_id}"
    witness.ask(secretary, "PATCH", path, {"title": "Enhedsleder"}, person_id=first)
    witness.ask(administrator, "PUT", f"{path}/roles", {"roles": ["secretariat"]}, person_id=second)
    witness.ask(secretary, "POST", f"{path}/departure", person_id=second)
    witness.ask(secretary, "POST", f"{path}/return", person_id=second)
    witness.ask(secretary, "POST", f"{path}/departure", person_id=third)
    witness.ask(administrator, "POST", f"{path}/pseudonymisation", person_id=third)
    witness.ask(secretary, "GET", path, person_id=third)
    assert witness.ask(secretary, "GET", f"{path}/looks", person_id=third)["items"]
    witness.ask(secretary, "GET", "/people")
    witness.ask(secretary, "GET", "/me")
    return [first, second]


def _sessions(witness: Witness, make: Make, secretary: Person) -> None:
    path, mine = "/people/{person_id}/sessions", {"person_id": secretary.key}
    make.web_session(secretary)
    (session,) = witness.ask(secretary, "GET", path, **mine)["items"]
    ended = {**mine, "session_id": session["id"]}
    witness.ask(secretary, "DELETE", f"{path}/{{session_id}}", **ended)
    witness.ask(secretary, "DELETE", path, **mine)


def _units(witness: Witness, secretary: Person, people: list[int]) -> int:
    ids = [
        witness.ask(secretary, "POST", "/units", {"name": name})["id"]
        for name in ("Unge", "Familie", "PPR", "Team Nord")
    ]
    path = "/units/{unit_id}"
    witness.ask(secretary, "PATCH", path, {"parent_id": ids[0]}, unit_id=ids[1])
    post = {"person_id": people[0], "kind": "leader", "from_on": "2026-01-01"}
    post_id = witness.ask(secretary, "POST", f"{path}/posts", post, unit_id=ids[0])["id"]
    substitute = {"person_id": people[1], "kind": "substitute"}
    witness.ask(secretary, "POST", f"{path}/posts", substitute, unit_id=ids[0])
    witness.ask(
        secretary, "POST", f"{path}/posts/{{post_id}}/ending", {}, unit_id=ids[0], post_id=post_id
    )
    witness.ask(secretary, "GET", f"{path}/posts", unit_id=ids[0])
    witness.ask(secretary, "GET", path, unit_id=ids[1])
    witness.ask(secretary, "POST", f"{path}/closing", {"successor_id": ids[0]}, unit_id=ids[2])
    witness.ask(secretary, "POST", f"{path}/merger", {"unit_ids": [ids[3]]}, unit_id=ids[0])
    witness.ask(secretary, "GET", "/units")
    return int(ids[0])


def _networks(witness: Witness, secretary: Person, people: list[int]) -> int:
    new = {
        "name": "Fra ung til voksen",
        "kind": "welfare",
        "question": "Hvordan undgår vi, at unge falder mellem to stole?",
        "starts_on": "2026-01-01",
    }
    network_id: int = witness.ask(secretary, "POST", "/networks", new)["id"]
    path = "/networks/{network_id}"
    change = {"ends_on": "2026-12-31"}
    witness.ask(secretary, "PATCH", path, change, network_id=network_id)
    member = {"person_id": people[0], "role": "participant"}
    member_id = witness.ask(secretary, "POST", f"{path}/members", member, network_id=network_id)[
        "id"
    ]
    witness.ask(
        secretary,
        "POST",
        f"{path}/members/{{member_id}}/ending",
        {},
        network_id=network_id,
        member_id=member_id,
    )
    witness.ask(secretary, "GET", f"{path}/members", network_id=network_id)
    witness.ask(secretary, "GET", path, network_id=network_id)
    witness.ask(secretary, "GET", "/networks")
    return network_id


def _gifts(witness: Witness, secretary: Person, people: list[int], network_id: int) -> int:
    gift_id: int = witness.ask(secretary, "POST", "/gifts", {**FILLED, "network_id": network_id})[
        "id"
    ]
    path = "/gifts/{gift_id}"
    witness.ask(secretary, "PATCH", path, {"baseline": "3 af 10"}, gift_id=gift_id)
    for person_id in people:
        witness.ask(
            secretary, "POST", f"{path}/contacts", {"person_id": person_id}, gift_id=gift_id
        )
    witness.ask(
        secretary,
        "DELETE",
        f"{path}/contacts/{{person_id}}",
        gift_id=gift_id,
        person_id=people[1],
    )
    link = {"url": "https://lindborg.example/moedet"}
    link_id = witness.ask(secretary, "POST", f"{path}/links", link, gift_id=gift_id)["id"]
    file_id = witness.ask(
        secretary,
        "POST",
        f"{path}/files",
        content=b"Dagsorden: 1. Velkommen",
        params={"filename": "dagsorden.txt"},
        gift_id=gift_id,
    )["id"]
    witness.ask(secretary, "GET", f"{path}/materials", gift_id=gift_id)
    material = f"{path}/materials/{{material_id}}"
    witness.ask(secretary, "GET", f"{material}/content", gift_id=gift_id, material_id=file_id)
    witness.ask(secretary, "GET", path, gift_id=gift_id)
    witness.ask(secretary, "DELETE", material, gift_id=gift_id, material_id=link_id)
    witness.ask(secretary, "GET", f"{path}/editions", gift_id=gift_id)
    witness.ask(secretary, "GET", f"{path}/progress", gift_id=gift_id)
    witness.ask(secretary, "GET", "/gifts")
    return gift_id


def _unwelcome(
    witness: Witness, secretary: Person, leader: Person, gift_id: int, *, to_unit_id: int
) -> None:
    """Every way in which a unit, or the giver, ends a handover before it is used."""
    unit = witness.ask(secretary, "POST", "/units", {"name": "Voksenenheden"})["id"]
    post = {"person_id": leader.key, "kind": "leader", "from_on": "2026-01-01"}
    witness.ask(secretary, "POST", "/units/{unit_id}/posts", post, unit_id=unit)
    new = {"gift_id": gift_id, "unit_id": to_unit_id}
    handover_id = witness.ask(secretary, "POST", "/handovers", new)["id"]
    at = {"handover_id": handover_id}
    path = "/handovers/{handover_id}"
    change = {"unit_id": unit, "kind": "co"}
    witness.ask(secretary, "PATCH", path, change, **at)
    witness.ask(secretary, "POST", f"{path}/announcement", {}, **at)
    witness.ask(secretary, "POST", f"{path}/delivery", {"ripple": NOBODY_ELSE}, **at)
    question = {"question": "Hvem leder mødet?"}
    witness.ask(leader, "POST", f"{path}/clarification", question, **at)
    ripple = {"answer": "units", "unit_ids": [to_unit_id]}
    witness.ask(secretary, "POST", f"{path}/delivery", {"ripple": ripple}, **at)
    no_thanks = {"reason_kind": "no_capacity", "reason": "Vi er tre for få."}
    witness.ask(leader, "POST", f"{path}/refusal", no_thanks, **at)
    witness.ask(leader, "POST", f"{path}/reconsideration", {}, **at)
    witness.ask(leader, "POST", f"{path}/refusal", no_thanks, **at)
    reason = {"reason": "Nu er I fuldtallige."}
    witness.ask(secretary, "POST", f"{path}/reopening", reason, **at)
    passing_on = {"to_unit_id": to_unit_id, "reason": "De holder møderne."}
    witness.ask(leader, "POST", f"{path}/passing-on", passing_on, **at)
    draft = witness.ask(secretary, "GET", "/handovers", params={"unit_id": to_unit_id})["items"][0]
    reason = {"reason": "Vi finder en anden vej."}
    witness.ask(secretary, "POST", f"{path}/withdrawal", reason, handover_id=draft["id"])


def _welcome(
    witness: Witness, secretary: Person, leader: Person, gift_id: int, unit_id: int
) -> int:
    """From a draft to a gift in use."""
    new = {"gift_id": gift_id, "unit_id": unit_id}
    handover_id: int = witness.ask(secretary, "POST", "/handovers", new)["id"]
    at = {"handover_id": handover_id}
    path = "/handovers/{handover_id}"
    witness.ask(secretary, "POST", f"{path}/delivery", {"ripple": {"answer": "unknown"}}, **at)
    witness.ask(leader, "POST", f"{path}/receipt", **at)
    witness.ask(
        leader, "POST", f"{path}/pause", {"until": "2026-03-20", "reason": "Vi flytter."}, **at
    )
    witness.ask(leader, "DELETE", f"{path}/pause", **at)
    acceptance = {"owner_id": leader.key, "next_on": "2026-04-01"}
    witness.ask(leader, "POST", f"{path}/acceptance", acceptance, **at)
    other = witness.ask(secretary, "POST", "/people", {"name": "Kim", "unit_id": unit_id})["id"]
    witness.ask(leader, "PUT", f"{path}/owner", {"owner_id": other}, **at)
    witness.ask(leader, "GET", f"{path}/owners", **at)
    plan = {"read_back": "Ét møde for hver ung.", "first_step": "Vi holder det første."}
    witness.ask(leader, "PUT", f"{path}/plan", plan, **at)
    witness.ask(leader, "PUT", f"{path}/ripple", NOBODY_ELSE, **at)
    trial = {"question": "Kender den unge planen?", "to_on": "2026-05-01"}
    witness.ask(leader, "POST", f"{path}/trial", trial, **at)
    material = {"summary": "Ét fast møde, og en side.", "change": "material", "changes": "En side."}
    witness.ask(secretary, "PATCH", "/gifts/{gift_id}", material, gift_id=gift_id)
    witness.ask(leader, "POST", f"{path}/edition", {}, **at)
    use = {"practice": "Mødet er fast.", "trial_result": "Ja, 9 af 10.", "ripple": NOBODY_ELSE}
    witness.ask(leader, "POST", f"{path}/use", use, **at)
    witness.ask(leader, "POST", f"{path}/notes", {"text": "Talt med netværket."}, **at)
    witness.ask(leader, "GET", f"{path}/notes", **at)
    witness.ask(leader, "GET", path, **at)
    witness.ask(leader, "GET", f"{path}/story", **at)
    return handover_id


def _asked_for(
    witness: Witness, secretary: Person, boss: Person, gift_id: int, unit_id: int
) -> None:
    """Another unit would like it too, and the giver thinks otherwise."""
    wish = {"unit_id": unit_id, "why": "Vi har otte unge, der fylder 18 i år."}
    asked = witness.ask(boss, "POST", "/gifts/{gift_id}/requests", wish, gift_id=gift_id)
    path = "/handovers/{handover_id}"
    witness.ask(boss, "GET", path, handover_id=asked["id"])
    assert witness.ask(secretary, "GET", "/queue")["items"][0]["verb"] == "answer_request"
    reason = {"reason": "Vi begynder et andet sted."}
    witness.ask(secretary, "POST", f"{path}/withdrawal", reason, handover_id=asked["id"])
    assert witness.ask(boss, "GET", "/units/{unit_id}/requests", unit_id=unit_id)["items"]


def _followed_up(witness: Witness, secretary: Person, leader: Person, handover_id: int) -> None:
    new = {
        "handover_id": handover_id,
        "health": "going_well",
        "note": "Mødet holdes.",
        "better": "yes",
        "measured": 9.5,
    }
    at = {"follow_up_id": witness.ask(leader, "POST", "/follow-ups", new)["id"]}
    path = "/follow-ups/{follow_up_id}"
    witness.ask(leader, "PATCH", path, {"health": "wobbling"}, **at)
    witness.ask(secretary, "PUT", f"{path}/seen-mark", **at)
    witness.ask(leader, "GET", path, **at)
    witness.ask(leader, "GET", "/follow-ups")


def _overviews(
    witness: Witness, secretary: Person, boss: Person, gift_id: int, unit_id: int
) -> None:
    """With one gift on the shelf and another at the door."""
    new = {"gift_id": gift_id, "unit_id": unit_id}
    at = {"handover_id": witness.ask(secretary, "POST", "/handovers", new)["id"]}
    delivery = {"ripple": NOBODY_ELSE}
    witness.ask(secretary, "POST", "/handovers/{handover_id}/delivery", delivery, **at)
    witness.app.state.now = NOON + timedelta(days=100)
    summary = witness.ask(secretary, "GET", "/units/{unit_id}/summary", unit_id=unit_id)
    assert summary["counts"] == {"delivered": 1, "withdrawn": 1}
    assert summary["open"]
    counts = witness.ask(secretary, "GET", "/counts", params={"unit_id": unit_id})["items"]
    assert counts[0]["states"] == {"delivered": 1, "withdrawn": 1}
    for path in ("/shelf", "/door", "/queue", "/events", "/follow-ups", "/handovers"):
        person = boss if path == "/queue" else secretary
        assert witness.ask(person, "GET", path)["items"], path


def _anchored(
    witness: Witness, secretary: Person, leader: Person, boss: Person, handover_id: int
) -> None:
    witness.app.state.now = NOON + timedelta(days=200)
    at = {"handover_id": handover_id}
    path = "/handovers/{handover_id}"
    look_back = {"success": "9 af 10", "citizen_value": "Ja, de unge siger det selv."}
    witness.ask(leader, "POST", f"{path}/anchoring", look_back, **at)
    assert witness.ask(boss, "GET", "/queue")["items"]
    witness.ask(boss, "POST", f"{path}/anchoring/confirmation", {}, **at)
    ending = {"reason": "Loven er ny.", "learned": "Møder virker.", "ripple": NOBODY_ELSE}
    witness.ask(leader, "POST", f"{path}/ending", ending, **at)


def _stalled(witness: Witness, make: Make, administrator: Person) -> None:
    first, second = make.dead_work().number, make.dead_work().number
    witness.ask(administrator, "POST", "/stalled-work/{work_id}/retry", work_id=first)
    assert witness.ask(administrator, "GET", "/stalled-work")["items"][0]["id"] == second
    witness.ask(administrator, "DELETE", "/stalled-work/{work_id}", work_id=second)


def _webhooks(witness: Witness, administrator: Person) -> None:
    path = "/webhooks/{webhook_id}"
    made = witness.ask(administrator, "POST", "/webhooks", FORMS["NewWebhook"])
    at = {"webhook_id": made["id"]}
    sent = witness.ask(administrator, "POST", f"{path}/test", **at)
    delivery = {**at, "delivery_id": sent["id"]}
    assert witness.ask(administrator, "GET", f"{path}/deliveries", **at)["items"] == [sent]
    witness.ask(administrator, "POST", f"{path}/deliveries/{{delivery_id}}/redelivery", **delivery)
    witness.ask(administrator, "GET", f"{path}/deliveries/{{delivery_id}}", **delivery)
    witness.ask(administrator, "PATCH", path, {"name": "Andet"}, **at)
    witness.ask(administrator, "POST", f"{path}/secret", **at)
    witness.ask(administrator, "POST", f"{path}/deactivation", **at)
    witness.ask(administrator, "POST", f"{path}/activation", **at)
    assert not witness.ask(administrator, "GET", path, **at)["failing_since"]
    assert witness.ask(administrator, "GET", "/webhooks")["items"]
    witness.ask(administrator, "DELETE", path, **at)


def _messages(witness: Witness, make: Make, leader: Person) -> None:
    message_id = make.message(leader, make.handover()).id or 0
    (told,) = witness.ask(leader, "GET", "/me/notifications")["items"]
    assert (told["id"], told["reason"], told["read_at"]) == (message_id, "giver", None)
    path = "/me/notifications/{notification_id}/read"
    witness.ask(leader, "POST", path, notification_id=message_id)
    assert witness.ask(leader, "GET", "/me/notifications")["items"][0]["read_at"]


def _imports(witness: Witness, make: Make, secretary: Person) -> None:
    path = "/imports/{import_id}"
    asked = {"kind": "units", "filename": "enheder.csv"}
    sent = witness.ask(secretary, "POST", "/imports", params=asked, content=b"Id;Navn\r\n1;En")
    assert sent["state"] == "reading"
    step = [2, "Nina", [["Navn", "", "Nina"]]]
    wrong = [[2, "Mail", {"text": "Nej.", "values": {}}]]
    ready = make.import_run(secretary, steps={"new": [step], "changed": [step]}, problems=wrong)
    found = witness.ask(secretary, "GET", path, import_id=ready.key)
    assert found["changed"][0]["columns"] == [{"column": "Navn", "before": "", "after": "Nina"}]
    assert found["problems"] == [{"row": 2, "column": "Mail", "problem": "Nej."}]
    begun = witness.ask(secretary, "POST", f"{path}/application", import_id=ready.key)
    assert begun["state"] == "running"
    assert witness.ask(secretary, "GET", "/imports")["items"]
