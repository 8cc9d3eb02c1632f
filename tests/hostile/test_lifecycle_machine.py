"""Many people do many things to the same handovers, in any order, while time goes by; after each
of them everything is as docs/domain.md says."""

import os
from dataclasses import replace
from datetime import timedelta

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, col, select

from app.clock import local_day
from app.db import Database
from app.eventlog.models import Event
from tests.client import Client
from tests.conftest import NOON, within
from tests.hostile.lifecycle_cast import EVERYONE, LEADERS, STAFF, Town, may, sees
from tests.hostile.lifecycle_deeds import Moment, Wish, body, do, refusals
from tests.hostile.lifecycle_model import ENDED, RECEIVED, TABLE, UNANSWERED, Gone, Passed
from tests.make import Make

MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))
METHODS = {"owner": "PUT", "plan": "PUT", "resumption": "DELETE"}
PATHS = {"resumption": "pause"}
API = "/api/v1"
# Each step, and who takes it; the leader, when nobody is named. The second receipt does nothing,
# and the secretary may not confirm what she has entered herself on behalf of the leader.
WAY = (
    ("delivery", "giver"),
    ("receipt", None),
    ("receipt", None),
    ("acceptance", None),
    ("trial", None),
    ("use", None),
    ("anchoring", "secretary"),
    ("anchoring/confirmation", "secretary"),
    ("anchoring/confirmation", "giver"),
)


class Lifecycle(RuleBasedStateMachine):
    def __init__(self, database: Database, app: FastAPI) -> None:
        super().__init__()
        self.app = app
        self.connection = database.writer.connect()
        self.outer = self.connection.begin()
        self.session = Session(
            self.connection, join_transaction_mode="create_savepoint", info=database.info
        )
        within(app, database, self.session)
        self.now = NOON
        make = Make(self.session, now=NOON)
        self.town = Town(
            make,
            lambda person: Client(app, headers={"Authorization": f"Bearer {make.key(person)}"}),
        )
        self.gone: dict[int, Gone] = {}
        self.edition, self.serial = 1, 0

    def teardown(self) -> None:
        self.session.close()
        self.outer.rollback()
        self.connection.close()

    @initialize(far=st.lists(st.integers(0, len(WAY)), min_size=2, max_size=2))
    def begin(self, far: list[int]) -> None:
        """Two drafts, each taken some way along the shortest road."""
        for unit, steps in zip(("unit", "other"), far, strict=True):
            answer = self._client("giver").post(
                f"{API}/handovers",
                json={"gift_id": self.town.gift.key, "unit_id": self.town.units[unit].key},
            )
            assert answer.status_code == 201, answer.text
            handover_id = answer.json()["id"]
            self._draft(handover_id, unit)
            leader = min(LEADERS[unit])
            for action, actor in WAY[:steps]:
                behalf = leader if action == "anchoring" else None
                if behalf:
                    self.time_goes_by(days=183, hours=0)
                wish = Wish(action, 30, leader, unit, True)
                self._ask(handover_id, wish, actor or leader, behalf, "now")
                self.everything_is_as_the_domain_says()

    @rule(data=st.data())
    def people_take_steps(self, data: st.DataObject) -> None:
        for _ in range(data.draw(st.integers(1, 6), label="steps")):
            self._somebody_takes_a_step(data)
            self.everything_is_as_the_domain_says()

    @rule(days=st.sampled_from([1, 0, 8, 30, 60, 183]), hours=st.integers(0, 23))
    def time_goes_by(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours)
        self.app.state.now = self.now

    @rule(actor=st.sampled_from(EVERYONE), data=st.data())
    def somebody_writes_a_note(self, actor: str, data: st.DataObject) -> None:
        handover_id = data.draw(st.sampled_from(sorted(self.gone)), label="handover")
        gone = self.gone[handover_id]
        answer = self._client(actor).post(
            f"{API}/handovers/{handover_id}/notes", json={"text": "Talt sammen."}
        )
        assert answer.status_code == (201 if sees(actor, gone) else 404), answer.text
        if answer.status_code == 404:
            return
        is_receiver = may(actor, "receipt", gone)
        if is_receiver and gone.state in RECEIVED:
            before = gone.row()
            gone.lives(self.now)
            self._check_version(handover_id, has_changed=gone.row() != before)
        gone.tell("note_written")

    @rule(
        unit=st.sampled_from(["area", "other", "unit"]),
        meanwhile=st.sampled_from([None, "announcement", "withdrawal"]),
    )
    def a_leader_passes_it_on_and_thinks_again(self, unit: str, meanwhile: str | None) -> None:
        for handover_id, gone in list(self.gone.items()):
            if gone.state in UNANSWERED and gone.unit != unit:
                leader = min(LEADERS[gone.unit])
                wish = Wish("passing-on", 30, leader, unit, True)
                self._ask(handover_id, wish, leader, None, "now")
                if meanwhile and gone.passed:
                    there = replace(wish, action=meanwhile)
                    self._ask(gone.passed.there, there, "giver", None, "now")
                again = replace(wish, action="reconsideration")
                self._ask(handover_id, again, leader, None, "now")
                return

    @rule(actor=st.sampled_from(EVERYONE), is_material=st.booleans())
    def somebody_changes_the_gift(self, actor: str, is_material: bool) -> None:
        self.serial += 1
        gift, client = self.town.gift, self._client(actor)
        is_given = any(gone.is_shown for gone in self.gone.values())
        answer = client.patch(
            f"{API}/gifts/{gift.id}",
            json={
                "summary": f"Udgave {self.serial}",
                "change": "material" if is_material else "minor",
                "changes": "Mødet er kortere.",
            },
            headers={"If-Match": "*"},
        )
        gives = may(actor, "announcement", next(iter(self.gone.values())))
        knows = is_given or gives or actor in ("participant", "reference_leader")
        assert answer.status_code == (200 if gives else 403 if knows else 404), answer.text
        if gives and is_given and is_material:
            self.edition += 1
            for handover_id, gone in self.gone.items():
                before = gone.row()
                gone.meet_edition(self.now, self.edition)
                self._check_version(handover_id, has_changed=gone.row() != before)

    @invariant()
    def everything_is_as_the_domain_says(self) -> None:
        today = local_day(self.now)
        listed = self._client("secretary").get(f"{API}/handovers", params={"limit": 200}).json()
        shown = {item["id"]: item for item in listed["items"]}
        assert shown.keys() == self.gone.keys()
        told = self._events()
        for handover_id, gone in self.gone.items():
            there = shown[handover_id]
            assert {name: there[name] for name in gone.shown(today)} == gone.shown(today)
            assert self.town.name_of(there["owner_id"]) == gone.owner
            assert told[handover_id] == gone.events

    @invariant()
    def the_lists_hold_what_they_should_and_nobody_sees_a_draft(self) -> None:
        today = local_day(self.now)
        quiet = {
            name: {
                item["id"]
                for item in self._client("secretary").get(f"{API}/{name}").json()["items"]
            }
            for name in ("door", "shelf")
        }
        assert quiet["door"] == {key for key, gone in self.gone.items() if gone.is_at_door(today)}
        assert quiet["shelf"] == {key for key, gone in self.gone.items() if gone.is_on_shelf(today)}
        visible = self._client("stranger").get(f"{API}/handovers").json()["items"]
        assert {item["id"] for item in visible} == {
            key for key, gone in self.gone.items() if gone.is_shown
        }
        progress = self._client("secretary").get(f"{API}/gifts/{self.town.gift.id}/progress").json()
        states = [gone.state for gone in self.gone.values()]
        assert progress["states"] == {state: states.count(state) for state in set(states)}
        assert progress["in_use"] == states.count("in_use") + states.count("anchored")

    def _somebody_takes_a_step(self, data: st.DataObject) -> None:
        """Mostly what may be done, by somebody who may: else nothing would ever come far."""
        handover_id = data.draw(st.sampled_from(sorted(self.gone)), label="handover")
        gone = self.gone[handover_id]
        open_now = [name for name, row in TABLE.items() if gone.state in row.source]
        action = data.draw(st.sampled_from([*(open_now * 5), *TABLE]), label="action")
        allowed = [name for name in EVERYONE if may(name, action, gone)]
        actor = data.draw(st.sampled_from([*(allowed * 10), *EVERYONE]), label="actor")
        behalf = None
        if actor == "secretary" or data.draw(st.integers(0, 9), label="for another") == 9:
            behalf = data.draw(st.sampled_from([None, *(allowed * 3), *EVERYONE]), label="behalf")
        staff = sorted(STAFF[gone.unit])
        wish = Wish(
            action,
            data.draw(st.sampled_from([30, 1, 60, 90, 180, 0, -1, 181]), label="days"),
            data.draw(st.sampled_from([*(staff * 5), *EVERYONE]), label="person"),
            data.draw(st.sampled_from(sorted(self.town.units)), label="unit"),
            data.draw(st.booleans(), label="tells all"),
        )
        seen = data.draw(st.sampled_from([*(["now"] * 10), "stale", None, "*"]), label="If-Match")
        self._ask(handover_id, wish, actor, behalf, seen)

    def _ask(
        self, handover_id: int, wish: Wish, actor: str, behalf: str | None, seen: str | None
    ) -> None:
        gone, today = self.gone[handover_id], local_day(self.now)
        expected = self._refusals(handover_id, wish, actor, behalf, seen)
        said = body(wish, gone, self.town, today)
        if behalf is not None:
            said["on_behalf_of_id"] = self.town.id_of(behalf)
        self.serial += 1
        headers = {"Idempotency-Key": f"key-{self.serial}"}
        if seen is not None:
            version = {"now": gone.version, "stale": gone.version - 1}.get(seen)
            headers["If-Match"] = "*" if version is None else f'"{version}"'

        answer = self._send(handover_id, wish.action, actor, said, headers)

        if expected:
            assert answer.status_code in expected, (answer.status_code, expected, answer.text, gone)
            assert answer.headers["Content-Type"] == "application/problem+json"
            return
        assert answer.status_code in (200, 201), (answer.text, gone)
        self._done(handover_id, wish, actor, behalf)
        if wish.action not in METHODS:
            again = self._send(handover_id, wish.action, actor, said, headers)
            assert (again.status_code, again.content) == (answer.status_code, answer.content)
            assert again.headers["Idempotency-Replayed"] == "true"

    def _refusals(
        self, handover_id: int, wish: Wish, actor: str, behalf: str | None, seen: str | None
    ) -> set[int]:
        gone = self.gone[handover_id]
        needs_version = wish.action not in ("receipt", "follow-up")
        if needs_version and seen is None:
            return {428}
        if not sees(actor, gone):
            return {404}
        standing = behalf or actor
        if behalf not in (None, actor) and actor != "secretary":
            return {403}
        # On behalf of somebody the secretariat is no more than that person is.
        if not may(standing, wish.action, gone):
            return {403}
        found = refusals(wish, gone, self._moment(handover_id, actor, standing))
        has_receipt = gone.has_receipt and gone.state in RECEIVED
        honours_version = needs_version or (wish.action == "receipt" and not has_receipt)
        if honours_version and seen == "stale":
            found.add(412)
        return found

    def _moment(self, handover_id: int, *actors: str) -> Moment:
        open_at = {
            other.unit
            for other_id, other in self.gone.items()
            if other_id != handover_id and other.state not in ENDED
        }
        there = self._asked_for_by(handover_id, self.gone[handover_id].passed)
        has_come_on = there is not None and there.state not in ("draft", "withdrawn")
        return Moment(self.now, frozenset(actors), self.edition, frozenset(open_at), has_come_on)

    def _asked_for_by(self, handover_id: int, passed: Passed | None) -> Gone | None:
        """What the giver was given when it was passed on, if that was because of it."""
        there = None if passed is None else self.gone[passed.there]
        return there if there is not None and there.origin == handover_id else None

    def _done(self, handover_id: int, wish: Wish, actor: str, behalf: str | None) -> None:
        gone = self.gone[handover_id]
        speaks_for = behalf or (
            "leader" if actor == "substitute" and gone.unit == "unit" else actor
        )
        before, passed = gone.row(), gone.passed
        if not do(wish, gone, self._moment(handover_id, actor, speaks_for)):
            return
        self._check_version(handover_id, has_changed=gone.row() != before)
        if wish.action == "passing-on":
            self._meet_passing_on(handover_id, wish.unit)
        elif wish.action == "reconsideration" and passed is not None:
            self._meet_second_thoughts(handover_id, passed)

    def _meet_passing_on(self, handover_id: int, unit: str) -> None:
        """The giver has a draft to the other unit: the one that was there, or a new one."""
        passed = self._client("secretary").get(f"{API}/handovers/{handover_id}/story").json()
        assert passed["items"][-1]["type"] == "handover.passed_on"
        for other_id, other in self.gone.items():
            if other.unit == unit and other.state not in ENDED:
                happened = self._events()[other_id]
                assert happened[len(other.events) :] in ([], ["handover.changed"])
                other.events = happened
                if other.state == "draft" and other.origin is None:
                    other.origin = handover_id
                self._check_version(other_id, has_changed=False)
                self.gone[handover_id].passed = Passed(self.now, unit, other_id)
                return
        newest = self._client("secretary").get(f"{API}/handovers", params={"limit": 1}).json()
        there_id = newest["items"][0]["id"]
        self._draft(there_id, unit, origin=handover_id)
        self.gone[handover_id].passed = Passed(self.now, unit, there_id)

    def _meet_second_thoughts(self, handover_id: int, passed: Passed) -> None:
        """A draft that was made for it is withdrawn; one that was there before stays."""
        there = self._asked_for_by(handover_id, passed)
        if there is None or there.state != "draft":
            return
        if (there.drafted_at, there.unit) == (passed.at, passed.unit):
            there.state = "withdrawn"
            there.lives(self.now)
            there.tell("withdrawn")
        else:
            there.origin = None
            happened = self._events()[passed.there]
            assert happened[len(there.events) :] in ([], ["handover.changed"])
            there.events = happened
        self._check_version(passed.there, has_changed=True)

    def _draft(self, handover_id: int, unit: str, *, origin: int | None = None) -> None:
        gone = self.gone[handover_id] = Gone(unit, "draft", self.now, self.edition)
        gone.drafted_at, gone.origin = self.now, origin
        gone.tell("drafted")

    def _send(
        self, handover_id: int, action: str, actor: str, said: dict, headers: dict[str, str]
    ) -> Response:
        if action == "follow-up":
            return self._client(actor).post(
                f"{API}/follow-ups", json={"handover_id": handover_id, **said}, headers=headers
            )
        method = METHODS.get(action, "POST")
        return self._client(actor).request(
            method,
            f"{API}/handovers/{handover_id}/{PATHS.get(action, action)}",
            headers=headers,
            **({"params": said} if method == "DELETE" else {"json": said}),
        )

    def _check_version(self, handover_id: int, *, has_changed: bool) -> None:
        """A change raises the version; a sign of life at the very same instant changes nothing,
        and what the model does not keep (who is lead receiver) may."""
        gone = self.gone[handover_id]
        full = self._client("secretary").get(f"{API}/handovers/{handover_id}").json()
        assert full["version"] >= gone.version + has_changed
        gone.version = full["version"]
        assert (full["pause_count"], full["newest_edition"]) == (gone.pause_count, self.edition)

    def _events(self) -> dict[int, list[str]]:
        """What has happened to each handover, oldest first."""
        told: dict[int, list[str]] = {}
        statement = select(Event.handover_id, Event.type).where(col(Event.handover_id).is_not(None))
        for handover_id, kind in self.session.execute(statement.order_by(col(Event.id))):
            told.setdefault(handover_id, []).append(kind)
        return told

    def _client(self, actor: str) -> TestClient:
        return self.town.scene.client(self.town.people[actor])


def test_whatever_people_do_in_whatever_order_the_rules_of_the_domain_hold(
    database: Database, wired: FastAPI
) -> None:
    run_state_machine_as_test(
        lambda: Lifecycle(database, wired),
        settings=settings(
            max_examples=int(8 * MINUTES) or 5,
            stateful_step_count=40 if MINUTES else 20,
            suppress_health_check=list(HealthCheck),
        ),
    )
