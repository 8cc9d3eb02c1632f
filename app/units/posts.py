"""The posts of a unit: who leads it or stands in, from a day to a day. None commits."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from app.clock import local_day
from app.db import locked
from app.errors import Conflict, Invalid, Message, NotFound
from app.eventlog import log
from app.eventlog.log import By, PersonId
from app.people.events import PersonLeft, PersonPseudonymised
from app.people.models import Person
from app.spans import overlap
from app.units import queries
from app.units.events import PostEnded, PostFilled
from app.units.models import Post, PostKind, Unit


def fill_post(
    session: Session,
    unit_id: int,
    *,
    person_id: int,
    kind: PostKind,
    from_on: date,
    to_on: date | None,
    by: By,
    now: datetime,
) -> Post:
    """Makes the person leader or substitute from a day, and to a day if one is set. The unit is
    locked first, so that two at once cannot give the same post twice."""
    unit = locked(session, Unit, unit_id)
    if unit.is_closed:
        raise Conflict(Message("Enheden %(name)s er lukket.", name=unit.name))
    # Locked too: nobody leaves between the look and the post.
    person = session.get(
        Person, person_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if person is None or person.has_left:
        raise Invalid.at("/person_id", Message("Personen findes ikke eller er stoppet."))
    if to_on is not None and to_on < from_on:
        raise Invalid.at("/to_on", Message("Posten kan ikke slutte, før den begynder."))
    post = Post(
        unit_id=unit_id,
        person_id=person_id,
        kind=kind,
        from_on=from_on,
        to_on=to_on,
        created_at=now,
    )
    _must_not_overlap(session, post, person, to_on=to_on)
    session.add(post)
    session.flush()
    filled = PostFilled(
        subject_id=unit_id, person_id=PersonId(person_id), kind=kind, from_on=from_on, to_on=to_on
    )
    log.record(session, filled, by, at=now)
    return post


def end_post(
    session: Session, unit_id: int, post_id: int, *, to_on: date, by: By, now: datetime
) -> Post:
    """Sets or moves the last day of a post. Conflict past today where the unit is closed or the
    person has left: what ended with them does not begin again; and where the person has the same
    post anew by then."""
    unit = locked(session, Unit, unit_id)
    post = session.get(Post, post_id, with_for_update={"key_share": True}, populate_existing=True)
    if post is None or post.unit_id != unit_id:
        raise NotFound
    if to_on < post.from_on:
        raise Invalid.at("/to_on", Message("Posten kan ikke slutte, før den begynder."))
    if post.to_on != to_on:
        person = session.get_one(Person, post.person_id)
        if to_on > local_day(now):
            _must_go_on(unit, person)
        if post.to_on is not None and to_on > post.to_on:
            _must_not_overlap(session, post, person, to_on=to_on)
        post.to_on = to_on
        log.record(session, _ended(post, to_on), by, at=now)
    return post


def end_posts_in(session: Session, unit_id: int, *, by: By, now: datetime) -> None:
    """Nobody leads a unit that closes: yesterday was the last day of its posts."""
    for post in queries.posts(session, unit_id):
        _cut_short(session, post, by=by, now=now)


def end_posts_of(session: Session, event: PersonLeft, by: By, at: datetime) -> None:
    """Who has left, leads nothing: yesterday was the last day of the posts. They are vacant from
    today if nobody else sits."""
    held = select(Post).where(Post.person_id == event.subject_id).order_by(col(Post.id))
    for post in session.exec(held.with_for_update(key_share=True)).all():
        _cut_short(session, post, by=by, now=at)


def keep_former_leader(session: Session, event: PersonPseudonymised, by: By, at: datetime) -> None:
    """History keeps which unit it was that somebody led, and not who it was."""
    person = session.get(Person, event.subject_id)
    led = queries.last_led(session, event.subject_id)
    if person is not None and led is not None:
        person.name = f"Tidligere leder af {led.name}"


def _must_not_overlap(session: Session, post: Post, person: Person, *, to_on: date | None) -> None:
    """With another one of the same kind of the same person in the same unit."""
    for held in queries.posts(session, post.unit_id):
        is_same = (held.person_id, held.kind) == (post.person_id, post.kind)
        is_another = is_same and held.id != post.id
        if is_another and overlap(held.from_on, held.to_on, post.from_on, to_on):
            raise Conflict(Message("%(name)s har allerede den post.", name=person.name))


def _must_go_on(unit: Unit, person: Person) -> None:
    if unit.is_closed:
        raise Conflict(Message("Enheden %(name)s er lukket.", name=unit.name))
    if person.has_left:
        raise Conflict(Message("%(name)s er her ikke mere.", name=person.name))


def _cut_short(session: Session, post: Post, *, by: By, now: datetime) -> None:
    """Yesterday becomes the last day; a post that has not begun by then is gone."""
    yesterday = local_day(now) - timedelta(days=1)
    if post.to_on is not None and post.to_on <= yesterday:
        return
    if post.from_on > yesterday:
        session.delete(post)
    else:
        post.to_on = yesterday
    log.record(session, _ended(post, yesterday), by, at=now)


def _ended(post: Post, to_on: date) -> PostEnded:
    return PostEnded(
        subject_id=post.unit_id, person_id=PersonId(post.person_id), kind=post.kind, to_on=to_on
    )


log.follow(PersonLeft, end_posts_of)
log.follow(PersonPseudonymised, keep_former_leader)
