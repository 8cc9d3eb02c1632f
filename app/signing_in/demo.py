"""The invented people of the demo, as whom anybody may look around; nowhere but in the demo."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import desc, func
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.handovers.lifecycle import State
from app.handovers.models import Handover
from app.people.models import Person
from app.settings import Settings
from app.text import digits
from app.units.models import Post

_OF_EACH_TITLE = 3


@dataclass(frozen=True)
class Part:
    """Somebody of the cast, and how many gifts wait for their answer."""

    person: Person
    waiting: int


def cast(session: Session, settings: Settings) -> Sequence[Part]:
    """A few people of each title: those with roles first, and then those for whom most waits;
    nobody where this is no demo."""
    if not is_demo(settings):
        return []
    here = select(Person, _waiting).where(col(Person.left_at).is_(None))
    of_title: dict[str, list[Part]] = defaultdict(list)
    ordered = here.order_by(col(Person.roles) == "", desc("waiting"), col(Person.id))
    for person, waiting in session.exec(ordered):
        if person.roles or waiting or len(of_title[person.title]) < _OF_EACH_TITLE:
            of_title[person.title].append(Part(person, waiting))
    return [part for parts in of_title.values() for part in parts]


_waiting = (
    select(func.count())
    .select_from(Handover)
    .join(Post, col(Post.unit_id) == Handover.unit_id)
    .where(
        col(Post.person_id) == Person.id,
        col(Post.to_on).is_(None),
        col(Handover.state) == State.DELIVERED,
    )
    .correlate(Person)
    .scalar_subquery()
    .label("waiting")
)


def person(session: Session, settings: Settings, person_id: str) -> Person:
    """NotFound where this is no demo, or nobody has the id."""
    wanted = digits(person_id)
    found = session.get(Person, wanted) if is_demo(settings) and wanted is not None else None
    if found is None or found.has_left:
        raise NotFound
    return found


def is_demo(settings: Settings) -> bool:
    return settings.demo_sign_in and settings.mode == "development"
