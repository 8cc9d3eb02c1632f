"""A list costs the same number of questions to the database however long it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlmodel import Session

from app import rows
from app.db import Database
from app.follow_ups import service as follow_ups
from app.follow_ups.models import Better, Health
from app.follow_ups.service import CheckIn
from app.gifts import materials
from app.gifts import service as gifts
from app.handovers.lifecycle import State
from app.handovers.service import noting, owning
from app.handovers.service.deed import Asked
from app.handovers.service.planning import Plan
from app.people.models import Person, PersonLook
from app.people.signed_in import Role
from app.units.models import PostKind
from tests.conftest import NOON
from tests.house.operations import READS
from tests.make import Make
from tests.webhooks import made

A_FEW, MANY = 3, 30


class Municipality:
    """Gets one more of everything, each with people and units of its own, when it grows."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session, self.make = session, make
        self.reader = make.person(roles=f"{Role.ADMINISTRATOR} {Role.SECRETARIAT}")
        self.unit = make.unit(leader=self.reader)
        self.network = make.network(leader=self.reader)
        self.gift = make.gift(network=self.network)
        self.handover = make.handover(gift=self.gift, unit=self.unit, state=State.IN_USE)
        self.follow_up_id = self._follow_up()
        self.import_id = make.import_run(self.reader).key
        make.dead_work()
        self.webhook = made.webhook(make)
        self.delivery = made.delivery(make, self.webhook)

    def grow(self) -> None:
        make, session, reader = self.make, self.session, self.make.signed_in(self.reader)
        person = make.person(unit_id=self.unit.key)
        made.delivery(make, self.webhook)
        made.attempt(make, self.delivery)
        made.webhook(make)
        network = make.network(leader=self.reader)
        unit = make.unit(parent_id=self.unit.key, leader=make.person())
        for state in (State.DELIVERED, State.ACCEPTED, State.RETURNED):
            gift = make.gift(network=network, contact=person)
            make.handover(gift=gift, unit=unit, owner=person, state=state, days_ago=90)
        wish = make.gift(network=network, contact=person)
        make.handover(gift=wish, unit=self.unit, state=State.DRAFT, asked_by=self.reader)
        make.member(self.network, person)
        make.post(self.unit, person, kind=PostKind.SUBSTITUTE)
        gift_id, handover_id = self.gift.key, self.handover.key
        gifts.add_contact(session, reader, gift_id, person.key, version=None, now=NOON)
        materials.add_link(
            session, reader, gift_id, title="Et link", url="https://a.example", now=NOON
        )
        gifts.change(
            session,
            reader,
            gift_id,
            {"baseline": f"{person.key} af 100"},
            kind="material",
            changes="Et nyt tal.",
            version=None,
            now=NOON,
        )
        owning.name_owner(session, Asked(reader), handover_id, owner_id=person.key, now=NOON)
        noting.write_note(session, Asked(make.signed_in(person)), handover_id, text="Ja.", now=NOON)
        self._follow_up()
        make.web_session(self.reader)
        make.dead_work()
        make.message(self.reader, make.handover(unit=unit))
        make.message(self.reader, self.handover, read_at=NOON)
        make.import_run(make.person(), problems=[[2, "Mail", {"text": "Nej.", "values": {}}]])
        seen_on = NOON.date() - timedelta(days=person.key)
        session.add(PersonLook(person_id=self.reader.key, seen_on=seen_on, kind="auditor", count=1))
        session.flush()

    def _follow_up(self) -> int:
        follow_up = follow_ups.record(
            self.session,
            Asked(self.make.signed_in(self.reader)),
            self.handover.key,
            CheckIn(Health.GOING_WELL, "Mødet holdes.", Better.YES),
            plan=Plan("Ét møde for hver ung.", "Vi holder det første."),
            now=NOON,
        )
        return follow_up.key

    def ids(self) -> dict[str, int]:
        """What stands in the paths."""
        return {
            "person_id": self.reader.key,
            "unit_id": self.unit.key,
            "network_id": self.network.key,
            "gift_id": self.gift.key,
            "handover_id": self.handover.key,
            "follow_up_id": self.follow_up_id,
            "import_id": self.import_id,
            "webhook_id": self.webhook.key,
            "delivery_id": self.delivery.key,
        }


def test_no_read_asks_the_database_more_often_when_there_is_more_to_show(
    database: Database,
    session: Session,
    make: Make,
    signed_in: Callable[[Person], TestClient],
) -> None:
    lindborg = Municipality(session, make)
    client = signed_in(lindborg.reader)
    for _ in range(A_FEW):
        lindborg.grow()
    few = questions_of_each_read(database, client, lindborg.ids(), at_least=A_FEW)
    for _ in range(MANY - A_FEW):
        lindborg.grow()
    many = questions_of_each_read(database, client, lindborg.ids(), at_least=MANY)
    assert few == many


def questions_of_each_read(
    database: Database, client: TestClient, ids: dict[str, int], *, at_least: int
) -> dict[str, int]:
    client.get("/api/v1/me")  # Keeps that the key was used, which the others then need not.
    counted = {}
    for operation in READS:
        if operation.answer is None:
            continue
        pages = {"limit": 200} if "next" in operation.answer.model_fields else {}
        with questions(database) as asked:
            response = client.get(operation.path.format(**ids), params=pages)
        assert response.status_code == 200, (operation.path, response.text)
        if "items" in operation.answer.model_fields:
            assert len(response.json()["items"]) >= at_least, operation.path
        counted[operation.path] = len(asked)
    return counted


@contextmanager
def questions(database: Database) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile, but for those that ask whether the
    settings have changed: once a second, whoever comes first does."""
    asked: list[str] = []

    def keep(statement: str) -> None:
        if "FROM setting" not in statement:
            asked.append(statement)

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        keep(statement)

    def sent(self: rows.Rows, prepared: rows.Prepared, parameters: rows.Parameters) -> Any:
        on_postgresql = prepared.on_postgresql(parameters.get("limit"))
        keep((prepared.on_sqlite if self.is_sqlite else on_postgresql).sql)
        return run(self, prepared, parameters)

    run, rows.Rows._run = rows.Rows._run, sent
    event.listen(database.writer, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.writer, "before_cursor_execute", note)
        rows.Rows._run = run
