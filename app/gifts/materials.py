"""Links and uploaded files that lie with a gift. None commits."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from app.eventlog import log
from app.eventlog.log import By
from app.gifts import files, queries
from app.gifts.events import MaterialAdded, MaterialRemoved
from app.gifts.models import Gift, Material, MaterialKind
from app.gifts.service import to_change, touch
from app.people.signed_in import SignedIn


def add_link(
    session: Session, person: SignedIn, gift_id: int, *, title: str, url: str, now: datetime
) -> Material:
    gift = to_change(session, person, gift_id, version=None, now=now)
    material = Material(
        gift_id=gift_id,
        kind=MaterialKind.LINK,
        title=title,
        url=url,
        added_at=now,
        added_by_id=person.id,
    )
    return _added(session, gift, material, by=By(person.id), now=now)


def add_file(
    session: Session,
    person: SignedIn,
    gift_id: int,
    *,
    title: str,
    filename: str,
    data: bytes,
    folder: Path,
    now: datetime,
) -> Material:
    """The file is on disk before its row is stored: a row never points at nothing."""
    gift = to_change(session, person, gift_id, version=None, now=now)
    name = files.clean_name(filename)
    media_type = files.media_type(name, data)
    material = Material(
        gift_id=gift_id,
        kind=MaterialKind.FILE,
        title=title or name,
        filename=name,
        media_type=media_type,
        size=len(data),
        digest=files.keep(folder, data),
        added_at=now,
        added_by_id=person.id,
    )
    return _added(session, gift, material, by=By(person.id), now=now)


def remove(
    session: Session, person: SignedIn, gift_id: int, material_id: int, *, now: datetime
) -> None:
    """Takes it off the gift. The file itself stays, for the history."""
    gift = to_change(session, person, gift_id, version=None, now=now)
    material = queries.material(session, gift_id, material_id)
    material.removed_at = now
    touch(gift)
    removed = MaterialRemoved(subject_id=gift_id, material_id=material_id, title=material.title)
    log.record(session, removed, By(person.id), at=now)


def _added(session: Session, gift: Gift, material: Material, *, by: By, now: datetime) -> Material:
    session.add(material)
    touch(gift)
    session.flush()
    assert material.id is not None
    added = MaterialAdded(subject_id=gift.key, material_id=material.id, title=material.title)
    log.record(session, added, by, at=now)
    return material
