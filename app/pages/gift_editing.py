"""A gift is written down and changed, a little at a time, with what it still needs."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from fastapi import Response

from app.errors import Invalid, Message
from app.gifts import queries, service
from app.gifts.events import ContactAdded, ContactRemoved
from app.gifts.forms import GiftChange, NewContact, NewGiftAndContact
from app.gifts.models import Gift
from app.gifts.schemas import gift_json
from app.handovers.words import WORDS
from app.networks import queries as networks
from app.networks.service import must_give
from app.pages.drawn import drawn, today_of
from app.pages.finding import found_for, read_with
from app.pages.hearing import hear_if_chosen, hear_of_edition
from app.pages.meanwhile import done_since
from app.pages.verbs import renamed
from app.people.page_route import pages, stands_on
from app.people.visit import Visit, see_other

gift_editing = pages()
HERE = "/gifts/{gift_id}"
MIB = 1024 * 1024
_REMOVED = Message("den, du fjerner")
_SAY: Mapping[str, Message] = {
    "title": Message("Giv gaven en titel."),
    "change": Message("Vælg, om det er en lille rettelse eller en ny udgave."),
    "changes": Message("Skriv i én sætning, hvad der er nyt."),
}


@gift_editing.get("/networks/{network_id}/gifts/new")
def show_new_gift(visit: Visit) -> Response:
    me, network_id = visit.changer(), visit.id("network_id")
    network = networks.get(visit.session, network_id)
    must_give(visit.session, me, network_id, now=visit.now)
    givers = networks.givers(visit.session, network_id, today=today_of(visit))
    reachable = [person for person in givers if person.mail or person.phone]
    return drawn(
        visit,
        "gifts/new.html",
        network=network,
        contacts=[(person.key, person.name) for person in reachable],
        meanwhile=[],
        hears=hear_if_chosen(ContactAdded.type),
    )


@gift_editing.post("/networks/{network_id}/gifts/new")
@stands_on(show_new_gift)
def register_gift(visit: Visit) -> Response:
    me, network_id = visit.changer(), visit.id("network_id")
    networks.get(visit.session, network_id)
    typed = visit.typed.but(network_id=str(network_id))
    form = visit.read(NewGiftAndContact, typed, title=_SAY["title"])
    gift = service.register(
        visit.session,
        me,
        network_id=network_id,
        content=form.model_dump(exclude={"network_id", "contact_id"}),
        now=visit.now,
    )
    if form.contact_id is not None:
        with renamed(person_id="contact_id"):
            service.add_contact(
                visit.session, me, gift.key, form.contact_id, version=None, now=visit.now
            )
    return see_other(f"/gifts/{gift.key}/edit", done="registered")


@gift_editing.get(f"{HERE}/edit")
def show_editing(visit: Visit) -> Response:
    gift = gift_to_change(visit)
    contacts = queries.contacts(visit.session, gift.key)
    adding = f"/gifts/{gift.key}/contacts"
    return drawn(
        visit,
        "gifts/edit.html",
        gift=gift,
        network=networks.get(visit.session, gift.network_id),
        missing=_missing(gift, contacts),
        contacts=contacts,
        materials=queries.materials(visit.session, gift.key),
        adding=adding,
        found=found_for(visit, adding, "person_id"),
        hears={
            **hear_of_edition(visit, gift),
            **hear_if_chosen(ContactAdded.type),
            **hear_if_chosen(ContactRemoved.type, who=_REMOVED),
        },
        done=visit.query.get("done", ""),
        largest=visit.settings.max_upload_mib,
        largest_bytes=visit.settings.max_upload_mib * MIB,
        **done_since(visit, "gift", gift.key, WORDS),
    )


@gift_editing.post(f"{HERE}/edit")
@stands_on(show_editing)
def change_gift(visit: Visit) -> Response:
    me, gift_id = visit.changer(), visit.id("gift_id")
    form = visit.read(GiftChange, title=_SAY["title"])
    content: dict[str, Any] = form.said()
    kind, changes = content.pop("change", None), content.pop("changes", "")
    with _asking():
        service.change(
            visit.session,
            me,
            gift_id,
            content,
            kind=kind,
            changes=changes,
            version=visit.version,
            now=visit.now,
        )
    return done(gift_id, "changed")


@gift_editing.post(f"{HERE}/contacts")
@stands_on(show_editing)
def add_contact(visit: Visit) -> Response:
    me, gift_id = visit.changer(), visit.id("gift_id")
    form = read_with(
        visit, NewContact, "person_id", person_id=Message("Vælg, hvem man kan spørge.")
    )
    service.add_contact(
        visit.session, me, gift_id, form.person_id, version=visit.version, now=visit.now
    )
    return done(gift_id, "changed", at="#contacts")


@gift_editing.post(f"{HERE}/contacts/{{person_id}}/removal")
@stands_on(show_editing)
def remove_contact(visit: Visit) -> Response:
    me, gift_id = visit.changer(), visit.id("gift_id")
    service.remove_contact(
        visit.session, me, gift_id, visit.id("person_id"), version=visit.version, now=visit.now
    )
    return done(gift_id, "changed", at="#contacts")


def gift_to_change(visit: Visit) -> Gift:
    """NotFound where the one who is signed in does not see it, NotAllowed where it is not theirs to
    change."""
    me = visit.changer()
    gift = queries.get(visit.session, me, visit.id("gift_id"), today=today_of(visit))
    must_give(visit.session, me, gift.network_id, now=visit.now)
    return gift


def done(gift_id: int, what: str, at: str = "") -> Response:
    """On to the page again, at the place where it was done."""
    response = see_other(f"/gifts/{gift_id}/edit", done=what)
    response.headers["Location"] += at
    return response


def _missing(gift: Gift, contacts: Sequence[Any]) -> Sequence[str]:
    found: Sequence[str] = gift_json(gift, contacts, [])["missing"]
    return found


@contextmanager
def _asking() -> Iterator[None]:
    """What must be said of a change, in the words of the page."""
    try:
        yield
    except Invalid as invalid:
        raise Invalid(
            *(
                replace(fault, detail=_SAY.get((fault.pointer or "")[1:], fault.detail))
                if fault.code == "missing"
                else fault
                for fault in invalid.faults
            )
        ) from None
