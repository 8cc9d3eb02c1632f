"""The municipality's numbers, from the settings."""

from functools import lru_cache

from sqlmodel import Session

from app.handovers.life import Patience, Rules
from app.handovers.lifecycle import State
from app.settings import Settings
from app.workdays import Workdays


def rules_of(session: Session) -> Rules:
    """The rules of the municipality whose database the session is in."""
    settings = session.info["settings"]
    assert isinstance(settings, Settings)
    return rules_by(settings)


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
    )
