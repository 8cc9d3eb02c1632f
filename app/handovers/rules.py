"""The municipality's numbers, from the settings, and from what has been changed of them since."""

from functools import lru_cache

from sqlmodel import Session

from app.handovers.life import Patience, Rules
from app.handovers.lifecycle import State
from app.running import changes_in
from app.settings import Settings
from app.workdays import Workdays


def rules_of(session: Session) -> Rules:
    """The rules of the municipality whose database the session is in, as they are now. For a due
    day that is stored: asked for after the handover was locked, for only then can they not change
    before the transaction ends (docs/decisions/settings-that-change.md)."""
    return rules_by(settings_in(session))


def settings_in(session: Session) -> Settings:
    """The settings with what has been changed of them, read from the database."""
    settings = session.info["settings"]
    assert isinstance(settings, Settings)
    return changes_in(session.connection()).over(settings)


@lru_cache(maxsize=8)
def rules_by(settings: Settings) -> Rules:
    return Rules(
        patience={
            State.DELIVERED: Patience(settings.patience_delivered, is_workdays=True),
            State.ACKNOWLEDGED: Patience(settings.patience_acknowledged, is_workdays=True),
            State.ACCEPTED: Patience(settings.patience_accepted, is_workdays=True),
            State.TRIAL: Patience(settings.patience_trial),
            State.IN_USE: Patience(settings.patience_in_use),
            State.ANCHORED: Patience(settings.patience_anchored),
        },
        workdays=Workdays(settings.weeks),
        forgotten_days=settings.forgotten_days,
        anchor_days=settings.anchor_days,
        pause_days=settings.pause_days,
        early_days=settings.early_days,
        reminder_workdays=settings.reminder_workdays,
    )
