"""Units over JSON. Everyone signed in may read; the register has its keepers."""

from typing import Annotated

from fastapi import Query, Response

from app.people.call import Changing, Posting, Reading, router
from app.people.signed_in import may_register
from app.rest.bodies import resource
from app.rest.matching import RequiredVersion
from app.rest.pages import AskedPage, page_response
from app.rest.paths import PathId, QueryId
from app.rest.problems import problems
from app.text import Words
from app.units import posts, queries, service
from app.units.forms import NewPost, NewUnit, PostEnding, UnitChange, UnitClosing, UnitMerger
from app.units.line import line_of
from app.units.models import Unit
from app.units.schemas import (
    PostOut,
    Posts,
    UnitOut,
    Units,
    UnitWithLeaders,
    answering_json,
    post_json,
    unit_json,
)

units = router("/units", tag="units")

_CHANGE = problems(404, 409, 412, 428)


@units.get("", response_model=Units)
def list_units(
    call: Reading,
    page: AskedPage,
    parent_id: QueryId = None,
    under_id: Annotated[QueryId, Query(description="This unit and everything under it.")] = None,
    is_closed: bool | None = None,
    is_vacant: Annotated[
        bool, Query(description="Only open units where nobody leads or stands in today.")
    ] = False,
    q: Annotated[Words | None, Query(description="Part of the name.")] = None,
) -> Response:
    """Units by id."""
    rows = queries.page(
        call.session,
        after_id=page.after_id,
        limit=page.limit + 1,
        parent_id=parent_id,
        under_id=under_id,
        is_closed=is_closed,
        is_vacant_on=call.today if is_vacant else None,
        q=q,
    )
    return page_response(page, rows, key=lambda unit: (unit.key,), shown=unit_json)


@units.post("", status_code=201, response_model=UnitOut)
def register_unit(call: Posting, form: NewUnit) -> Response:
    """Register a unit, at the top or under another."""
    may_register(call.person)
    unit = service.register(call.session, form.model_dump(), by=call.by, now=call.now)
    return resource(unit_json(unit), status=201, location=f"/api/v1/units/{unit.id}")


@units.get("/{unit_id}", response_model=UnitWithLeaders, responses=problems(404))
def read_unit(call: Reading, unit_id: PathId) -> Response:
    """The unit, and who answers for it today."""
    unit = queries.get(call.session, unit_id)
    answering = line_of(call.session, unit_id, today=call.today).answering()
    return resource({**unit_json(unit), "answering": answering_json(answering)})


@units.patch("/{unit_id}", response_model=UnitOut, responses=_CHANGE)
def change_unit(
    call: Changing, unit_id: PathId, form: UnitChange, version: RequiredVersion
) -> Response:
    """Change the fields that are sent; a new `parent_id` moves the unit."""
    may_register(call.person)
    unit = service.change(
        call.session, unit_id, form.said(), version=version, by=call.by, now=call.now
    )
    return _stored(call, unit)


@units.post("/{unit_id}/closing", response_model=UnitOut, responses=_CHANGE)
def close_unit(
    call: Posting, unit_id: PathId, form: UnitClosing, version: RequiredVersion
) -> Response:
    """Close the unit today, with or without a successor."""
    may_register(call.person)
    unit = service.close(
        call.session,
        unit_id,
        successor_id=form.successor_id,
        version=version,
        by=call.by,
        now=call.now,
    )
    return _stored(call, unit)


@units.post("/{unit_id}/merger", response_model=UnitOut, responses=_CHANGE)
def merge_units(
    call: Posting, unit_id: PathId, form: UnitMerger, version: RequiredVersion
) -> Response:
    """Close other units into this one."""
    may_register(call.person)
    unit = service.merge(
        call.session, unit_id, form.unit_ids, version=version, by=call.by, now=call.now
    )
    return _stored(call, unit)


@units.get("/{unit_id}/posts", response_model=Posts, responses=problems(404))
def list_posts(call: Reading, unit_id: PathId) -> Response:
    """Leaders and substitutes, past, present and to come, newest first."""
    queries.get(call.session, unit_id)
    return resource({"items": [post_json(post) for post in queries.posts(call.session, unit_id)]})


@units.post(
    "/{unit_id}/posts", status_code=201, response_model=PostOut, responses=problems(404, 409)
)
def fill_post(call: Posting, unit_id: PathId, form: NewPost) -> Response:
    """Make a person leader or substitute."""
    may_register(call.person)
    post = posts.fill_post(
        call.session,
        unit_id,
        person_id=form.person_id,
        kind=form.kind,
        from_on=form.from_on or call.today,
        to_on=form.to_on,
        by=call.by,
        now=call.now,
    )
    location = f"/api/v1/units/{unit_id}/posts"
    return resource(post_json(post), status=201, location=location)


@units.post("/{unit_id}/posts/{post_id}/ending", response_model=PostOut, responses=problems(404))
def end_post(call: Posting, unit_id: PathId, post_id: PathId, form: PostEnding) -> Response:
    """Set the last day of a post."""
    may_register(call.person)
    post = posts.end_post(
        call.session,
        unit_id,
        post_id,
        to_on=form.to_on or call.today,
        by=call.by,
        now=call.now,
    )
    return resource(post_json(post))


def _stored(call: Reading, unit: Unit) -> Response:
    call.session.flush()
    return resource(unit_json(unit))
