"""Gavekataloget: the gifts that have been given, to look through and to search."""

from collections.abc import Sequence

from fastapi import Response

from app.errors import NotFound
from app.gifts.catalogue import catalogue
from app.handovers.progress import progress_of
from app.networks import queries as networks
from app.networks.models import NetworkKind
from app.pages import words
from app.pages.drawn import drawn, options, today_of
from app.pages.searching import search_of
from app.people.page_route import pages
from app.people.visit import Visit
from app.rest.pages import next_page, page_at
from app.text import in_danish_order

the_catalogue = pages()
A_PAGE, MOST_NETWORKS = 24, 400


@the_catalogue.get("/catalogue")
def show_catalogue(visit: Visit) -> Response:
    me, search = visit.must_be_signed_in(), search_of(visit)
    kind, network_id = _kind(visit), visit.asked("network_id")
    page = page_at(visit.request.url, visit.query.get("cursor"), limit=A_PAGE)
    found = (
        []
        if search.fault
        else catalogue(
            visit.session,
            before_id=page.after_id or None,
            limit=A_PAGE + 1,
            kind=kind,
            network_id=network_id,
            q=search.q,
        )
    )
    shown = found[:A_PAGE]
    progress = progress_of(visit.rows, me, [gift.key for gift, _ in shown], today=today_of(visit))
    return drawn(
        visit,
        "catalogue/catalogue.html",
        status=422 if search.fault else 200,
        search=search,
        kind=kind or "",
        network_id=network_id or "",
        kinds=options(visit, words.network_kinds),
        networks=_networks(visit, network_id),
        gifts=[(gift, network, progress[gift.key]) for gift, network in shown],
        after=next_page(page, found, key=lambda pair: (pair[0].key,)),
        is_first=page.after is None,
        is_narrowed=bool(search.typed or kind or network_id),
    )


def _kind(visit: Visit) -> NetworkKind | None:
    asked = visit.query.get("kind", "")
    if asked and asked not in words.network_kinds:
        raise NotFound
    return NetworkKind(asked) if asked else None


def _networks(visit: Visit, chosen: int | None) -> Sequence[tuple[int, str]]:
    found = networks.page(visit.session, after_id=0, limit=MOST_NETWORKS)
    choices = {network.key: network.name for network in found}
    if chosen is not None and chosen not in choices:
        choices[chosen] = networks.get(visit.session, chosen).name
    return sorted(choices.items(), key=lambda choice: in_danish_order(choice[1]))
