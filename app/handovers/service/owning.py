"""Who owns it in the unit. The history is kept."""

from datetime import datetime

from sqlmodel import Session

from app.errors import Invalid, Message
from app.eventlog.log import PersonId
from app.handovers import queries
from app.handovers.events import OwnerNamed
from app.handovers.lifecycle import Step, after
from app.handovers.models import Handover, Ownership
from app.handovers.service.deed import Asked, Deed, begin
from app.people.models import Person
from app.units.line import is_under, line_of


def name_owner(
    session: Session, asked: Asked, handover_id: int, *, owner_id: int, now: datetime
) -> Handover:
    """A new owner takes over the next date; what was due before is not theirs to carry."""
    deed = begin(session, asked, handover_id, Step.NAME_OWNER, now=now)
    handover = deed.handover
    after(handover.state, Step.NAME_OWNER)
    if handover.owner_id == owner_id:
        return handover
    former_id = handover.owner_id
    own(deed, owner_id)
    deed.lives()
    deed.record(
        OwnerNamed(
            subject_id=handover_id,
            owner_id=PersonId(owner_id),
            former_owner_id=None if former_id is None else PersonId(former_id),
        )
    )
    return handover


def own(deed: Deed, owner_id: int) -> None:
    """Makes the person owner. Invalid unless they work in the unit, or answer for it."""
    session, handover = deed.session, deed.handover
    person = session.get(Person, owner_id)
    if person is None or person.has_left:
        raise Invalid.at("/owner_id", Message("Personen findes ikke eller er stoppet."))
    if not _belongs(deed, person):
        raise Invalid.at(
            "/owner_id",
            Message("%(name)s hører ikke til i enheden. Vælg en, der gør.", name=person.name),
            code="not_in_unit",
        )
    if handover.owner_id == owner_id:
        return
    former = queries.present_ownership(session, handover.key)
    if former is not None:
        former.to_at = deed.now
    handover.owner_id = owner_id
    session.add(Ownership(handover_id=handover.key, person_id=owner_id, from_at=deed.now))


def _belongs(deed: Deed, person: Person) -> bool:
    session, unit_id = deed.session, deed.handover.unit_id
    if person.unit_id is not None and is_under(session, person.unit_id, unit_id):
        return True
    return line_of(session, unit_id, today=deed.today).kind_of(person.key) is not None
