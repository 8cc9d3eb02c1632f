"""One visit of a browser to a page: who is signed in, in which language, and what was sent."""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import IO, TypeVar
from urllib.parse import urlencode

from fastapi import Response
from fastapi.responses import RedirectResponse

from app.browsers import way_headers
from app.errors import AppError, Invalid, Message, NotFound, NotSignedIn, OnWhoseBehalf
from app.i18n import Locale, translate
from app.people.asking import Asking, Result, change
from app.people.cookies import lifetimes
from app.people.credentials import Shown, Use
from app.people.noted import note_of
from app.people.sessions import Lifetimes
from app.people.signed_in import SignedIn, may_change
from app.people.typed import Typed, read_as
from app.rest import origin
from app.rest.forms import Form
from app.rest.throttle import place_of
from app.text import LARGEST_ID, digits
from app.web import language_of, page, speak

Filled = TypeVar("Filled", bound=Form)


@dataclass(frozen=True)
class SentFile:
    """A file that came with a form, and what it was called where it came from."""

    name: str
    content: IO[bytes]

    @cached_property
    def digest(self) -> str:
        """The same for the same content under the same name."""
        digest = hashlib.sha256(f"{self.name}\n".encode("utf-8", "replace"))
        while piece := self.content.read(_PIECE):
            digest.update(piece)
        self.content.seek(0)
        return digest.hexdigest()


@dataclass
class Visit(Asking):
    """`person` is None where nobody is signed in, and is known within a hop. `typed` is what was
    sent to `acted`, and `refusal` why it was not taken, where the page that the form stands on is
    drawn again: `stands_on`. `is_kept` says that it was sent before somebody had to sign in again.
    `query` is what stands in the address, `told` are the headers that the answer gets, `looked_at`
    the people whose data the page shows for their own sake. `is_drawn` says that the form that was
    sent is on the page."""

    typed: Typed
    secret: str | None
    person: SignedIn | None = None
    refusal: AppError | None = None
    acted: str = ""
    stands_on: str = "/"
    is_kept: bool = False
    told: dict[str, str] = field(default_factory=dict)
    file: SentFile | None = None
    looked_at: list[int] = field(default_factory=list)
    is_drawn: bool = False

    async def hop(self, work: Callable[["Visit"], Result]) -> Result:
        """Does the work in one transaction, where changes are made."""
        done: Result = await self.state.places.change(partial(change, self, sign_in, work))
        return done

    @property
    def form(self) -> Mapping[str, str]:
        """What was sent, field by field; where one is sent twice, the last one counts."""
        return self.typed.last

    def read(self, kind: type[Filled], typed: Typed | None = None, /, **say: Message) -> Filled:
        """What was sent, or what of it was `typed`, as the form it is. Invalid where it is none;
        `say` is what a field asks for that is left empty."""
        return read_as(kind, typed or self.typed, say)

    def said(self, action: str, name: str, otherwise: object = "") -> str:
        """What stands in the field of the form that is sent to `action`."""
        if self.acted == action:
            self.is_drawn = True
            return self.typed.get(name)
        return "" if otherwise is None else str(otherwise)

    def all_said(self, action: str, name: str, otherwise: Collection[object] = ()) -> set[str]:
        """What is chosen of a list in the form that is sent to `action`."""
        self.is_drawn |= self.acted == action
        chosen = self.typed.all(name) if self.acted == action else otherwise
        return {str(one) for one in chosen}

    def faults(self, action: str) -> Mapping[str, str]:
        """What is wrong in the form that is sent to `action`, by field; what belongs to no field is
        under an empty name."""
        if self.acted != action or self.refusal is None:
            return {}
        if not isinstance(self.refusal, Invalid):
            name = "on_behalf_of_id" if isinstance(self.refusal, OnWhoseBehalf) else ""
            return {name: translate(self.refusal.detail or self.refusal.title, self.locale)}
        faults: dict[str, str] = {}
        for fault in self.refusal.faults:
            name = re.sub(r"\.[0-9]+$", "", (fault.pointer or "").strip("/").replace("/", "."))
            faults.setdefault(name, translate(fault.detail, self.locale))
        return faults

    @property
    def left_over(self) -> Sequence[str]:
        """What was written in a form that is not on the page any more, once all else is drawn."""
        is_sent = self.is_kept or self.request.method not in origin.SAFE
        return self.typed.prose if self.acted and is_sent and not self.is_drawn else []

    def id(self, name: str) -> int:
        """A number in the address. NotFound where it is none."""
        return _number(str(self.request.path_params[name]))

    def asked(self, name: str) -> int | None:
        """A number in the query; None where it is left empty. NotFound where it is no number."""
        text = self.query.get(name, "").strip()
        return _number(text) if text else None

    @property
    def version(self) -> int:
        """Of what the form is about, as it was when the page was drawn. NotFound where it is made
        up."""
        return _number(self.typed.get("version"))

    @property
    def seen(self) -> int | None:
        """The newest event that the page had told of when its form was drawn, which is refused."""
        return digits(self.typed.get("seen")) if self.refusal else None

    @property
    def locale(self) -> Locale:
        return language_of(self.request)

    @property
    def lifetimes(self) -> Lifetimes:
        return lifetimes(self.settings)

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    @property
    def path(self) -> str:
        path: str = self.request.url.path
        return path

    @property
    def here(self) -> str:
        """Where a form that changes only how the page looks leads back to."""
        if self.request.method not in origin.SAFE:
            return self.stands_on
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    @property
    def agent(self) -> str:
        """What the browser calls itself."""
        return self.request.headers.get("user-agent", "")

    @property
    def place(self) -> str:
        """Where the browser is, as far as limits go."""
        return place_of(self._host)

    @property
    def _host(self) -> str:
        """Its address, as far as the proxies that are believed tell."""
        client = self.request.client
        return client.host if client else ""

    @property
    def is_local(self) -> bool:
        """Whether the browser is on the machine itself, and no proxy stands between."""
        headers = self.request.headers
        is_passed_on = any(name in headers for name in ("forwarded", "x-forwarded-for", "via"))
        return self._host in _THIS_MACHINE and not is_passed_on

    @property
    def csrf(self) -> str:
        """What a form carries for browsers that do not say where it comes from."""
        return origin.token_of(self.secret) if self.secret else ""

    def page(self, template: str, *, status: int = 200, **context: object) -> Response:
        """The page. Where something that was sent is refused, it is said on it."""
        targets: tuple[str, ...] = self.state.form_targets
        return page(
            self.settings,
            template,
            locale=self.locale,
            status=self.refusal.status if self.refusal else status,
            form_targets=targets,
            visit=self,
            here=self.here,
            **context,
        )

    def must_be_signed_in(self) -> SignedIn:
        if self.person is None:
            raise NotSignedIn
        return self.person

    def changer(self) -> SignedIn:
        """Who is signed in, and is no auditor, who only reads."""
        me = self.must_be_signed_in()
        may_change(me)
        return me


def sign_in(visit: Visit) -> Use | None:
    """A cookie that is no good any more is as none: the page says what it asks for."""
    visit.person = None
    if visit.secret is None:
        return None
    try:
        shown = Shown(visit.secret, True, visit.lifetimes)
        visit.person, use = shown.opens(visit.rows, now=visit.now)
    except NotSignedIn as ended:
        visit.request.state.refused_cookie = ended if note_of(ended) else None
        return None
    visit.request.state.person_id = visit.person.id
    speak(visit.request, use.locale)
    return use


def see_other(path: str, **query: str) -> RedirectResponse:
    """On to a page of ours after something was done, so that going back does not do it again."""
    where = f"{path}?{urlencode(query)}" if query else path
    return elsewhere(where)


def elsewhere(where: str) -> RedirectResponse:
    """On to any address: whoever calls has seen whose it is."""
    return RedirectResponse(where, 303, headers=way_headers())


def _number(text: str) -> int:
    number = digits(text)
    if number is None or number > LARGEST_ID:
        raise NotFound
    return number


_PIECE = 256 * 1024
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "testclient"})
