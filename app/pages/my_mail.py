"""Mail til mig: when I want mail and how much; and the page of the link by which it stops."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from fastapi import Response

from app.errors import Message
from app.i18n import Locale
from app.notifications import choices, stop_links
from app.notifications.addresses import MINE, STOP
from app.notifications.choices_api import MailChoiceForm
from app.notifications.models import HowMuch
from app.pages.drawn import drawn, options
from app.people import queries as people
from app.people.models import Person
from app.people.page_route import for_machines, limited, pages, stands_on
from app.people.visit import Visit, see_other
from app.rest.throttle import Counted, Limit
from app.web import speak

mail_pages = pages()
HOURS = range(5, 22)
STOPS_FROM_A_PLACE = Limit("mail-stops-from-place", 600, timedelta(minutes=15))
"""A provider of mail presses for many people from few places, and nobody guesses 256 bits."""

HOW_MUCH: Mapping[HowMuch, Message] = {
    HowMuch.ALL: Message("Alt, der angår mig"),
    HowMuch.NEEDED: Message("Kun når noget venter på mig"),
    HowMuch.NONE: Message("Ingen mail"),
}


def stops(visit: Visit) -> Iterator[Counted]:
    yield STOPS_FROM_A_PLACE, visit.place


@mail_pages.get(MINE)
def show_mine(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    choice = choices.choice_of(visit.rows, me.id)
    person = people.get(visit.session, me.id)
    colon = "." if visit.locale == "da" else ":"
    return drawn(
        visit,
        "mail/mine.html",
        at=MINE,
        choice=choice,
        hours=[(hour, f"{hour}{colon}00") for hour in sorted({*HOURS, choice.hour})],
        amounts=options(visit, HOW_MUCH),
        mail=person.mail,
        language=_language_of(person),
        may_change=not me.is_auditor,
        done=visit.query.get("done", ""),
    )


@mail_pages.post(MINE)
@stands_on(show_mine)
def choose_mine(visit: Visit) -> Response:
    me = visit.changer()
    form = visit.read(MailChoiceForm, hour=_CHOOSE_HOUR, how_much=_CHOOSE_AMOUNT)
    choices.choose(
        visit.session,
        me.id,
        hour=form.hour,
        how_much=form.how_much,
        version=visit.version,
        now=visit.now,
    )
    return see_other(MINE, done="chosen")


@mail_pages.get(STOP)
def ask_to_stop(visit: Visit) -> Response:
    """Opening the link stops nothing: scanners of mail open links. Pressing the button does."""
    token = visit.query.get("token", "")
    _in_the_language_of(visit, stop_links.holder(visit.session, token))
    return visit.page("mail/stop.html", at=STOP, token=token)


@mail_pages.post(STOP)
@limited(stops)
@for_machines
def stop_it(visit: Visit) -> Response:
    """Also for programs for mail, which send no cookie and are not led on (RFC 8058): the token in
    the address says all that there is to say."""
    token = visit.query.get("token") or visit.form.get("token", "")
    _in_the_language_of(visit, choices.stop(visit.session, token, now=visit.now))
    return visit.page("mail/stopped.html", mine=MINE)


def _in_the_language_of(visit: Visit, person: Person) -> None:
    """Nobody need be signed in here; the mail came in their language."""
    speak(visit.request, _language_of(person))


def _language_of(person: Person) -> Locale:
    return "en" if person.locale == "en" else "da"


_CHOOSE_HOUR = Message("Vælg et klokkeslæt.")
_CHOOSE_AMOUNT = Message("Vælg, hvor meget du vil have.")
