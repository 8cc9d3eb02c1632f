"""A municipality in which something happens, and a worker that tells webhooks of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from app import clock
from app.chores import FAN_OUT
from app.db import Database
from app.eventlog import log
from app.eventlog.fan_out import how_many_set_aside
from app.eventlog.log import By, DomainEvent
from app.handovers.events import HandoverAcknowledged
from app.webhooks import service
from app.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery
from app.webhooks.sending import KIND, sends
from app.work.kinds import Kind
from app.work.worker import Worker
from tests.make import Make
from tests.webhooks.receiver import Receiver
from tests.work.world import make_due


@dataclass
class World:
    """`now` is what the clock says, and moves as the test moves it."""

    database: Database
    receiver: Receiver
    now: Any = field(default_factory=clock.now)

    def __post_init__(self) -> None:
        settings = self.database.info["settings"]
        more = {
            "webhook_allowed": self.receiver.setting,
            "public_url": "https://gaver.lindborg.example",
        }
        self.database.info["settings"] = settings.model_copy(update=more)
        with self.database.writing() as session:
            make = Make(session, now=self.now)
            self.admin = make.signed_in(make.administrator())
            self.area = make.unit(name="Børn og Unge").key
            self.unit = make.unit(name="Ungeenheden", parent_id=self.area).key
            self.elsewhere = make.unit(name="Vej og Park").key
            network = make.network(leader=make.person(name="Gry Giver"))
            gift = make.gift(network=network, title="Overgangsmødet")
            unit = session.get(type(make.unit()), self.unit)
            self.handover = make.handover(gift=gift, unit=unit).key
            self.gift = gift.key
        self.worker = self.one_worker()

    def one_worker(self, now: Callable[[], datetime] | None = None) -> Worker:
        sending = Kind(KIND, sends(now=now or (lambda: self.now)))
        return Worker(self.database, [sending], lease_seconds=60, threads=1)

    def webhook(self, **over: Any) -> tuple[int, str]:
        fields = {"name": "Intranettet", "url": self.receiver.url, **over}
        with self.database.writing() as session:
            webhook, secret = service.create(session, self.admin, fields, now=self.now)
            return webhook.key, secret

    def does(self, verb: Any, *ids: int, **over: Any) -> Any:
        """What an administrator does, and the row as it was then."""
        with self.database.writing() as session:
            done = verb(session, self.admin, *ids, now=self.now, **over)
            session.flush()
            return done

    def happens(self, *events: DomainEvent) -> None:
        acknowledged = HandoverAcknowledged(subject_id=self.handover)
        with self.database.writing() as session:
            for event in events or (acknowledged,):
                log.record(session, event, By(self.admin.id), at=self.now)

    def pass_on(self) -> None:
        with self.database.writing() as session:
            while not FAN_OUT.pass_on(session, now=self.now):
                continue
            assert how_many_set_aside(session) == 0

    def work(self, *, after: timedelta = timedelta()) -> None:
        """All that is in line once, `after` so long, whenever it is due."""
        self.now += after
        make_due(self.database)
        while self.worker.do_one():
            continue

    def webhook_row(self, webhook_id: int) -> Webhook:
        with self.database.reading() as session:
            return _loose(session, session.get(Webhook, webhook_id))

    def deliveries(self) -> list[WebhookDelivery]:
        with self.database.reading() as session:
            return [_loose(session, one) for one in _all(session, WebhookDelivery)]

    def attempts(self) -> list[WebhookAttempt]:
        with self.database.reading() as session:
            return [_loose(session, one) for one in _all(session, WebhookAttempt)]


def _all(session: Session, kind: Any) -> Any:
    return session.exec(select(kind).order_by(kind.id)).all()


def _loose(session: Session, row: Any) -> Any:
    session.expunge(row)
    return row
