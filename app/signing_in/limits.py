"""How often somebody may try to sign in, from one place and for one person."""

from collections.abc import Iterator
from datetime import timedelta

from app.people.cookies import cookie
from app.people.visit import Visit
from app.rest.throttle import Counted, Limit
from app.signing_in import trips

QUARTER = timedelta(minutes=15)
LINKS_FOR_A_PERSON = Limit("links-for-person", 5, QUARTER)
LINKS_FROM_A_PLACE = Limit("links-from-place", 200, QUARTER)
NOTICES_FROM_A_PLACE = Limit("notices-from-place", 600, QUARTER)
RETURNS_FROM_A_PLACE = Limit("returns-from-place", 600, QUARTER)
TRIES_FROM_A_PLACE = Limit("tries-from-place", 600, QUARTER)
"""A whole town hall may come from one address at eight o'clock. Nobody guesses 256 bits in the
meantime: these are there so that trying costs the service little."""


def links(visit: Visit) -> Iterator[Counted]:
    """For each address that is asked for, whether anybody has it or not."""
    yield LINKS_FROM_A_PLACE, visit.place
    yield LINKS_FOR_A_PERSON, visit.form.get("mail", "").strip().casefold()


def tries(visit: Visit) -> Iterator[Counted]:
    yield TRIES_FROM_A_PLACE, visit.place


def returns(visit: Visit) -> Iterator[Counted]:
    """Only of browsers that set out from here: any page may point at the address."""
    if cookie(visit.request, trips.cookie_name(visit.settings)) is not None:
        yield RETURNS_FROM_A_PLACE, visit.place


def notices(visit: Visit) -> Iterator[Counted]:
    """Of sessions that are over; they all come from the provider."""
    yield NOTICES_FROM_A_PLACE, visit.place
