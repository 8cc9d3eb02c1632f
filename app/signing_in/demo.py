"""The invented people of the demo, as whom anybody may look around; nowhere but in the demo."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func
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
    """Those with roles, the first few of each title, who are the same from one day to the next, and
    everybody for whom something waits; nobody where this is no demo."""
    if not is_demo(settings):
        return []
    here = select(Person, _waiting).where(col(Person.left_at).is_(None))
    seen: Counter[str] = Counter()
    of_title: dict[str, list[Part]] = defaultdict(list)
    for person, waiting in session.exec(here.order_by(col(Person.roles) == "", col(Person.id))):
        seen[person.title] += 1
        if person.roles or waiting or seen[person.title] <= _OF_EACH_TITLE:
            of_title[person.title].append(Part(person, waiting))
    return [part for parts in of_title.values() for part in _most_waiting_first(parts)]


def _most_waiting_first(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: -part.waiting)


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
