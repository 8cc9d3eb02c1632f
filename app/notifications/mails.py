"""A mail about gifts, written out of what it is to say: as text, as HTML, and as dates for a
calendar. Links lead to pages, and no page does anything because it is opened."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

import css_inline

from app import spoken, web
from app.calendars import Day, whole_days
from app.errors import Message
from app.i18n import Locale, translate
from app.insight.task_words import asks, places
from app.insight.tasks import Verb
from app.look import look_of
from app.mail import Mail, domain_of
from app.notifications import mail_words as words
from app.notifications.addresses import MINE, STOP
from app.notifications.content import Content, Line
from app.settings import Settings

MOST_LINES = 40
"""What there is more of stands on the page."""
LONGEST_SUBJECT = 120
_WITH_AGREED_DAY = frozenset(
    {Verb.FOLLOW_UP, Verb.WRITE_READ_BACK, Verb.TAKE_EDITION, Verb.ANSWER_RIPPLE, None}
)
"""What these are about has been taken, and the day is one that somebody has agreed to."""


@dataclass(frozen=True)
class Item:
    """One thing, in the reader's language. `button` is empty where nothing is asked."""

    title: str
    unit: str
    said: str
    when: str
    why: str
    button: str
    more: str
    url: str


@dataclass(frozen=True)
class Letter:
    """All that the mail says, whether as text or as HTML."""

    subject: str
    hello: str
    items: Sequence[Item]
    rest: str
    all_of_it: str
    home_url: str
    why: str
    less: str
    less_url: str
    stop: str
    stop_url: str
    organisation: str
    questions: str
    contact_mail: str


def mail_of(
    content: Content,
    *,
    settings: Settings,
    stop_token: str,
    reasons: Mapping[str, Message],
    now: datetime,
) -> Mail:
    """The mail. The same content gives the same mail, known by the same Message-ID. `reasons` say
    why somebody is told, by the notification's reason."""
    locale: Locale = "en" if content.locale == "en" else "da"
    letter = _letter(content, locale, settings, stop_token, reasons)
    return Mail(
        content.mail,
        letter.subject,
        _as_text(letter),
        locale,
        html=_as_html(letter, locale, settings),
        key=f"digest.{content.digest_id}.{content.person_id}.{content.day:%Y%m%d}",
        headers=(*_thread(content, settings), *_way_out(letter)),
        calendar=_dates(content, locale, settings, now),
    )


def site_of(settings: Settings) -> str:
    """Where people find the product; in development it may be on this machine only."""
    return settings.public_url or f"http://127.0.0.1:{settings.port}"


def _letter(
    content: Content,
    locale: Locale,
    settings: Settings,
    stop_token: str,
    reasons: Mapping[str, Message],
) -> Letter:
    site, shown = site_of(settings), content.lines[:MOST_LINES]
    rest = len(content.lines) - len(shown)

    def say(message: Message, **values: object) -> str:
        return translate(Message(message.text, **values) if values else message, locale)

    return Letter(
        subject=_on_one_line(translate(_subject(content.lines), locale)),
        hello=say(words.HELLO, name=content.name),
        items=[_item(line, locale, site, reasons) for line in shown],
        rest=say(words.MORE, count=rest) if rest else "",
        all_of_it=say(words.ALL_OF_IT),
        home_url=f"{site}/",
        why=say(words.WHY_YOU),
        less=say(words.LESS),
        less_url=f"{site}{MINE}",
        stop=say(words.STOP),
        stop_url=f"{site}{STOP}?{urlencode({'token': stop_token})}",
        organisation=settings.organisation or "Gavebordet",
        questions=say(words.QUESTIONS) if settings.contact_mail else "",
        contact_mail=settings.contact_mail,
    )


def _subject(lines: Sequence[Line]) -> Message:
    """What is needed; where nothing is, what there is to read."""
    asking = [line for line in lines if line.verb is not None]
    if not asking:
        return _news(lines)
    things = {_thing(line) for line in asking}
    first = asking[0]
    if len(things) > 1:
        are_gifts = all(line.handover_id is not None for line in asking)
        return Message(
            (words.GIFTS_WAIT if are_gifts else words.THINGS_WAIT).text, count=len(things)
        )
    if first.verb is None or not first.gift:
        return words.ONE_THING_WAITS
    return Message(words.NEEDED[first.verb].text, gift=first.gift)


def _news(lines: Sequence[Line]) -> Message:
    gifts = {line.gift for line in lines if line.gift}
    match len(gifts):
        case 0:
            return words.NEWS
        case 1:
            return Message(words.NEWS_OF_ONE.text, gift=gifts.pop())
        case count:
            return Message(words.NEWS_OF_GIFTS.text, count=count)


def _item(line: Line, locale: Locale, site: str, reasons: Mapping[str, Message]) -> Item:
    said = [line.sentence] if line.sentence else []
    if line.verb is not None:
        said.append(translate(asks[line.verb], locale))
    why = reasons.get(line.reason)
    return Item(
        title=line.gift,
        unit=line.unit,
        said=" ".join(said),
        when=_when(line, locale),
        why=translate(why, locale) if why else "",
        button=translate(words.BUTTONS[line.verb], locale) if line.verb else "",
        more=translate(words.SEE_IT, locale),
        url=_url(line, site),
    )


def _when(line: Line, locale: Locale) -> str:
    if line.days_late > 0:
        late = Message(words.LATE.text, span=spoken.span(locale, line.days_late))
        return translate(late, locale) if line.verb else ""
    if line.due_on is None:
        return ""
    word = words.AGREED if line.verb in _WITH_AGREED_DAY else words.BY
    return translate(Message(word.text, day=line.due_on), locale)


def _url(line: Line, site: str) -> str:
    path = line.path
    if line.handover_id is not None and line.verb is not None and "#" not in path:
        path += places[line.verb]
    return f"{site}{path}"


def _thing(line: Line) -> object:
    return line.path if line.handover_id is None else line.handover_id


def _on_one_line(text: str) -> str:
    """Of a length that a list of mails shows, and nothing that could end a header."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return plain if len(plain) <= LONGEST_SUBJECT else f"{plain[: LONGEST_SUBJECT - 1]}…"


def _as_text(letter: Letter) -> str:
    return "\n".join(_text_lines(letter))


def _text_lines(letter: Letter) -> Iterator[str]:
    yield from (letter.hello, "")
    for item in letter.items:
        heading = ", ".join(filter(None, (item.title, item.unit)))
        yield from filter(None, (heading, f"{item.said} {item.when}".strip(), item.why))
        yield from (f"{item.button or item.more}: {item.url}", "")
    if letter.rest:
        yield from (letter.rest, f"{letter.all_of_it}: {letter.home_url}", "")
    yield from ("-- ", letter.why)
    yield f"{letter.less}: {letter.less_url}"
    yield f"{letter.stop}: {letter.stop_url}"
    if letter.questions:
        yield f"{letter.questions} {letter.contact_mail}"
    yield letter.organisation


def _as_html(letter: Letter, locale: Locale, settings: Settings) -> str:
    """The styles stand at what they are for: that is what programs for mail understand."""
    html = web.rendered("mail/digest.html", locale, letter=letter, look=look_of(settings))
    return _inliner.inline(html)


def _thread(content: Content, settings: Settings) -> Iterator[tuple[str, str]]:
    """Mails about one handover and nothing else stand together."""
    about = {_thing(line) for line in content.lines}
    first = content.lines[0].handover_id if content.lines else None
    if len(about) == 1 and first is not None:
        begun_by = f"<handover.{first}@{domain_of(settings)}>"
        yield from (("In-Reply-To", begun_by), ("References", begun_by))


def _way_out(letter: Letter) -> Iterator[tuple[str, str]]:
    """One press in the program for mail (RFC 8058)."""
    yield "List-Unsubscribe", f"<{letter.stop_url}>"
    yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _dates(content: Content, locale: Locale, settings: Settings, now: datetime) -> bytes:
    """The agreed days that are still to come; empty where there are none."""
    site, found = site_of(settings), dict[tuple[str, date], Day]()
    for line in content.lines[:MOST_LINES]:
        if line.due_on is None or line.due_on < content.day or line.days_late:
            continue
        if line.handover_id is None or line.verb not in _WITH_AGREED_DAY:
            continue
        title = translate(Message(words.CALENDAR_TITLE.text, gift=line.gift), locale)
        url = f"{site}/handovers/{line.handover_id}"
        found.setdefault((url, line.due_on), Day(line.due_on, title, line.unit, url))
    return whole_days(list(found.values()), now=now) if found else b""


_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
