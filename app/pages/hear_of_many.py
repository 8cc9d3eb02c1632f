"""Disse får besked, where what is done reaches several handovers at once."""

from sqlalchemy import select
from sqlmodel import col

from app.gifts.models import Gift
from app.handovers.models import Handover
from app.handovers.service.moving import news_of_edition
from app.notifications.several import told_of_each
from app.pages.drawn import today_of
from app.pages.will_hear import WillHear
from app.people.visit import Visit


def hear_of_edition(visit: Visit, gift: Gift) -> WillHear:
    """Those who are told when the gift gets a new edition."""
    states = select(col(Handover.id), col(Handover.state)).where(col(Handover.gift_id) == gift.key)
    happens = {
        handover_id: met.type
        for handover_id, state in visit.session.execute(states.order_by(col(Handover.id)))
        if (met := news_of_edition(state)) is not None
    }
    me = visit.must_be_signed_in()
    told = told_of_each(visit.rows, happens, today=today_of(visit), actor_id=me.id)
    return WillHear(told, [])
