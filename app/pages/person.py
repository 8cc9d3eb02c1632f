"""En person: who it is, how to reach them, and what they have to do with gifts."""

from fastapi import Response

from app.handovers import reading
from app.networks import queries as networks
from app.pages.drawn import as_cards, drawn, today_of
from app.people import queries as people
from app.people.page_route import pages
from app.people.visit import Visit
from app.units import queries as units

person_pages = pages()
OPEN, MOST_POSTS, MOST_NETWORKS = 12, 50, 50


@person_pages.get("/people/{person_id}")
def show_person(visit: Visit) -> Response:
    """That somebody looked is kept, as the API does it."""
    me, today, person_id = visit.must_be_signed_in(), today_of(visit), visit.id("person_id")
    person = people.get(visit.session, person_id)
    visit.looked_at.append(person_id)
    owned = as_cards(visit, reading.open_owned_by(visit.rows, me, person_id, today=today))
    return drawn(
        visit,
        "people/person.html",
        person=person,
        is_me=person_id == me.id,
        roles=person.roles.split(),
        unit=units.get(visit.session, person.unit_id) if person.unit_id else None,
        posts=units.posts_held(visit.session, person_id, today=today, most=MOST_POSTS),
        memberships=networks.memberships(visit.session, person_id, today=today, most=MOST_NETWORKS),
        owned=owned if "all" in visit.query else owned[:OPEN],
        owned_count=len(owned),
    )
