"""What a mail of a test says, and who sends it."""

from datetime import date
from pathlib import Path

from app.insight.tasks import Verb
from app.notifications.content import Content, Line
from app.notifications.mails import mail_of
from app.settings import Settings
from tests.conftest import NOON

TODAY = date(2026, 3, 2)
TITLE = "Overgangsmødet ved 17½"
SITE = "https://gavebordet.lindborg.example"


def settings(**more) -> Settings:
    settled = {"public_url": SITE, "mail_from": "gavebordet@lindborg.example", **more}
    return Settings(_env_file=None, data_dir=Path("data"), **settled)


def line(verb: Verb | None = Verb.ACKNOWLEDGE, handover_id: int | None = 7, **over) -> Line:
    fields = {
        "notification_id": handover_id or 1,
        "reason": "leader",
        "path": f"/handovers/{handover_id}",
        "gift": TITLE,
        "unit": "Ungeenheden",
        **over,
    }
    return Line(verb=verb, handover_id=handover_id, **fields)


def content(*lines: Line, **over) -> Content:
    fields = {
        "digest_id": 5,
        "person_id": 3,
        "name": "Signe Aaskov",
        "mail": "signe@lindborg.example",
        "locale": "da",
        "day": TODAY,
        **over,
    }
    return Content(lines=lines, **fields)


def mailed(*lines: Line, now=NOON, given=None, **over):
    return mail_of(
        content(*lines, **over),
        settings=given or settings(),
        stop_token="3.good",
        now=now,
    )
