"""The invented people of the demo, as whom anybody may look around; nowhere but in the demo."""

from collections import defaultdict
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.people.models import Person
from app.settings import Settings

_OF_EACH_TITLE = 3


def cast(session: Session, settings: Settings) -> Sequence[Person]:
    """A few people of each title, those with roles first; nobody where this is no demo."""
    if not is_demo(settings):
        return []
    here = select(Person).where(col(Person.left_at).is_(None))
    of_title: dict[str, list[Person]] = defaultdict(list)
    for person in session.exec(here.order_by(col(Person.roles) == "", col(Person.id))):
        if person.roles or len(of_title[person.title]) < _OF_EACH_TITLE:
            of_title[person.title].append(person)
    return [person for people in of_title.values() for person in people]


def person(session: Session, settings: Settings, person_id: str) -> Person:
    """NotFound where this is no demo, or nobody has the id."""
    is_id = person_id.isascii() and person_id.isdecimal() and len(person_id) < 16
    found = session.get(Person, int(person_id)) if is_demo(settings) and is_id else None
    if found is None or found.has_left:
        raise NotFound
    return found


def is_demo(settings: Settings) -> bool:
    return settings.demo_sign_in and settings.mode == "development"
