"""The form of a webhook: the events are chosen in bundles or one by one, the unit by its name."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from app.errors import Invalid, Message
from app.i18n import translate
from app.pages.administration.naming import with_unit
from app.pages.drawn import options
from app.pages.units_by_name import unit_names
from app.pages.webhook_words import BUNDLES, FORMATS
from app.people.typed import read_as
from app.people.visit import Visit
from app.rest.forms import Form
from app.units import queries as units
from app.webhooks.models import Webhook

HEARS, WHOLE, SINGLE = "hears", "bundles", "event_types"
"""Whether it hears of all that happens; the bundles that are ticked, and the single events."""
_AT_FIRST = frozenset(one for key in ("giving", "answers", "use") for one in BUNDLES[key].events)
Filled = TypeVar("Filled", bound=Form)


def read(visit: Visit, kind: type[Filled], webhook: Webhook | None = None) -> Filled:
    """What was typed. Invalid where no event is chosen, for to the API that would be all of them.
    An address that is left empty was not said."""
    present = None
    if webhook is not None and webhook.unit_id is not None:
        present = webhook.unit_id, _unit_name(visit, webhook)
    hears_all = visit.typed.get(HEARS) == "all"
    chosen = () if hears_all else _chosen(visit)
    typed = with_unit(visit, "unit_id", present=present).also(SINGLE, sorted(chosen))
    form = read_as(kind, typed.filled_in("unit_id", "url"), {"name": _CALLED, "url": _WHERE})
    if not hears_all and not chosen:
        raise Invalid.at(f"/{SINGLE}", _SOMETHING, code="too_short")
    return form


def fields_of(visit: Visit, webhook: Webhook | None) -> Mapping[str, Any]:
    """What the form is drawn of. Of a bundle that is chosen, the single events are not ticked."""
    types = set(webhook.event_types.split()) if webhook else _AT_FIRST
    whole = {key for key, bundle in BUNDLES.items() if bundle.events.keys() <= types}
    return {
        "webhook": webhook,
        "names": unit_names(visit).values(),
        "unit_name": _unit_name(visit, webhook) if webhook else "",
        "hears": "all" if webhook and not types else "some",
        "whole": whole,
        "single": types - {one for key in whole for one in BUNDLES[key].events},
        "bundles": {
            key: (translate(bundle.name, visit.locale), options(visit, bundle.events))
            for key, bundle in BUNDLES.items()
        },
        "formats": options(visit, FORMATS),
    }


def _chosen(visit: Visit) -> Collection[str]:
    whole = [BUNDLES[key] for key in visit.typed.all(WHOLE) if key in BUNDLES]
    return {*visit.typed.all(SINGLE), *(one for bundle in whole for one in bundle.events)}


def _unit_name(visit: Visit, webhook: Webhook) -> str:
    """As it is suggested where it is open; a closed one by its own name."""
    if webhook.unit_id is None:
        return ""
    names = unit_names(visit)
    return names.get(webhook.unit_id) or units.get(visit.session, webhook.unit_id).name


_CALLED = Message("Skriv, hvad webhooken skal hedde.")
_WHERE = Message("Skriv adressen, som Gavebordet skal sende til.")
_SOMETHING = Message("Sæt kryds ved det, den skal høre om, eller vælg alt.")
