"""Gifts over JSON."""

from typing import Annotated

from fastapi import Query, Response

from app.gifts import queries, service
from app.gifts.forms import GiftChange, NewContact, NewGift
from app.gifts.models import Gift
from app.gifts.schemas import Editions, GiftOut, Gifts, edition_json, gift_json, summary_json
from app.people.call import Call, Changing, Posting, Reading, router
from app.rest.bodies import resource
from app.rest.matching import RequiredVersion
from app.rest.pages import AskedPage, page_response
from app.rest.paths import PathId, QueryId
from app.rest.problems import problems
from app.text import Words

gifts = router("/gifts", tag="gifts")

_CHANGE = problems(404, 409, 412, 428)


@gifts.get("", response_model=Gifts)
def list_gifts(
    call: Reading,
    page: AskedPage,
    network_id: QueryId = None,
    is_given: Annotated[
        bool | None, Query(description="True: announced or delivered to someone. False: drafts.")
    ] = None,
    q: Annotated[Words | None, Query(description="Words in title or summary.")] = None,
) -> Response:
    """Gifts by id."""
    rows = queries.page(
        call.session,
        call.person,
        today=call.today,
        after_id=page.after_id,
        limit=page.limit + 1,
        network_id=network_id,
        is_given=is_given,
        q=q,
    )
    return page_response(page, rows, key=lambda gift: (gift.key,), shown=summary_json)


@gifts.post("", status_code=201, response_model=GiftOut)
def register_gift(call: Posting, form: NewGift) -> Response:
    """Register a gift as a draft. `missing` says what it still needs to be delivered."""
    content = form.model_dump(exclude={"network_id"})
    gift = service.register(
        call.session, call.person, network_id=form.network_id, content=content, now=call.now
    )
    return _shown(call, gift, status=201, location=f"/api/v1/gifts/{gift.id}")


@gifts.get("/{gift_id}", response_model=GiftOut, responses=problems(404))
def read_gift(call: Reading, gift_id: PathId) -> Response:
    """One gift, with its contacts and materials, and what is missing before delivery."""
    return _shown(call, queries.get(call.session, call.person, gift_id, today=call.today))


@gifts.patch("/{gift_id}", response_model=GiftOut, responses=_CHANGE)
def change_gift(
    call: Changing, gift_id: PathId, form: GiftChange, version: RequiredVersion
) -> Response:
    """Change what the gift says. Once given, say whether the change is minor or material."""
    said = form.said()
    kind, changes = said.pop("change", None), said.pop("changes", "")
    gift = service.change(
        call.session,
        call.person,
        gift_id,
        said,
        kind=kind,
        changes=changes,
        version=version,
        now=call.now,
    )
    return _shown(call, gift)


@gifts.get("/{gift_id}/editions", response_model=Editions, responses=problems(404))
def list_editions(call: Reading, gift_id: PathId) -> Response:
    """Every edition in full, newest first."""
    queries.get(call.session, call.person, gift_id, today=call.today)
    editions = queries.editions(call.session, gift_id)
    return resource({"items": [edition_json(edition) for edition in editions]})


@gifts.post("/{gift_id}/contacts", status_code=201, response_model=GiftOut, responses=_CHANGE)
def add_contact(
    call: Posting, gift_id: PathId, form: NewContact, version: RequiredVersion
) -> Response:
    """Name a person who can be asked about the gift."""
    gift = service.add_contact(
        call.session, call.person, gift_id, form.person_id, version=version, now=call.now
    )
    return _shown(call, gift, status=201, location=f"/api/v1/gifts/{gift_id}")


@gifts.delete("/{gift_id}/contacts/{person_id}", response_model=GiftOut, responses=_CHANGE)
def remove_contact(
    call: Changing, gift_id: PathId, person_id: PathId, version: RequiredVersion
) -> Response:
    """A person can no longer be asked about the gift."""
    gift = service.remove_contact(
        call.session, call.person, gift_id, person_id, version=version, now=call.now
    )
    return _shown(call, gift)


def _shown(call: Call, gift: Gift, *, status: int = 200, location: str | None = None) -> Response:
    call.session.flush()
    contacts = queries.contacts(call.session, gift.key)
    materials = queries.materials(call.session, gift.key)
    return resource(gift_json(gift, contacts, materials), status=status, location=location)
