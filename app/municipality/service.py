"""The verbs of the settings. None commits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session

from app.db import must_be_seen
from app.eventlog import log
from app.eventlog.log import By
from app.handovers.lifecycle import State
from app.handovers.rules import rules_by, settings_in
from app.handovers.service import reckoning
from app.handovers.service.reckoning import Foreseen
from app.municipality import queries
from app.municipality.events import SettingChanged
from app.municipality.models import Setting
from app.municipality.queries import Shown, Value
from app.people.signed_in import SignedIn, may_administer, may_register
from app.running import Running
from app.settings import Settings


def read(session: Session, person: SignedIn) -> tuple[int, Sequence[Shown]]:
    """The version and every setting. NotAllowed unless the person keeps the registers."""
    may_register(person)
    return queries.every(session)


def change(
    session: Session,
    person: SignedIn,
    said: Mapping[str, Value | None],
    *,
    version: int | None,
    now: datetime,
) -> None:
    """Each setting that is named gets its value; None is back to the default. What it is already is
    no change. The due days of open handovers follow, in the same transaction.

    The values have been through SettingsChange. NotAllowed unless the person is an administrator;
    Stale unless the settings are the version that they have seen.
    """
    may_administer(person)
    _lock(session)
    present, former = queries.every(session)
    must_be_seen(present, version)
    news = [setting for setting in former if _is_news(setting, said)]
    if not news:
        return
    before = settings_in(session)
    rows = queries.stored(session)
    for setting in news:
        value = said[setting.name]
        row = rows.get(setting.name) or Setting(name=setting.name, version=0, changed_at=now)
        row.value = None if value is None else str(value)
        row.version, row.changed_at, row.changed_by_id = present + 1, now, person.id
        session.add(row)
    session.flush()
    after = settings_in(session)
    for setting in news:
        changed = SettingChanged(
            name=setting.name,
            former=str(setting.value),
            value=str(getattr(after, setting.name)),
            is_default=said[setting.name] is None,
        )
        log.record(session, changed, By(person.id), at=now)
    reckoning.reckon_anew(session, _with_another_patience(before, after), rules_by(after))
    running = session.info["running"]
    assert isinstance(running, Running)
    running.look_again()


def foresee(
    session: Session, person: SignedIn, said: Mapping[str, Value | None], *, today: date
) -> Foreseen:
    """What `change` would do to the due days of open handovers, were it done now."""
    may_administer(person)
    before, given = settings_in(session), session.info["settings"]
    values = {
        name: getattr(given, name) if value is None else value for name, value in said.items()
    }
    after = before.model_copy(update=values)
    states = _with_another_patience(before, after)
    return reckoning.foreseen(session, states, rules_by(after), today=today)


def _lock(session: Session) -> None:
    """Two who change settings at once do so one after the other; SQLite has them wait anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE setting IN EXCLUSIVE MODE"))


def _is_news(setting: Shown, said: Mapping[str, Value | None]) -> bool:
    if setting.name not in said:
        return False
    value = said[setting.name]
    return setting.is_changed if value is None else value != setting.value


def _with_another_patience(before: Settings, after: Settings) -> Collection[State]:
    """The states whose handovers may be due on another day than before."""
    was, will_be = rules_by(before), rules_by(after)
    return [
        state
        for state, patience in will_be.patience.items()
        if patience != was.patience[state]
        or (patience.is_workdays and was.workdays != will_be.workdays)
    ]
