"""What a mail says, in its reader's language, before it is laid out as text and as HTML. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app import spoken
from app.errors import Message
from app.i18n import Locale, translate
from app.insight.task_words import asks, places
from app.insight.tasks import Verb
from app.notifications import mail_words as words
from app.notifications.addresses import ANSWER, MINE, STOP
from app.notifications.content import MOST_LINES, Content, Line
from app.settings import Settings

LONGEST_SUBJECT = 120
_OF_SILENCE = frozenset({Verb.ACKNOWLEDGE, Verb.ACCEPT, Verb.FOLLOW_UP, None})
"""What these ask for is what ends a silence."""


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


def site_of(settings: Settings) -> str:
    """Where people find the product; in development it may be on this machine only."""
    return settings.public_url or f"http://127.0.0.1:{settings.port}"


def letter_of(
    content: Content,
    locale: Locale,
    settings: Settings,
    stop_token: str,
    answer_tokens: Mapping[int, str],
) -> Letter:
    """`answer_tokens` are those of the handovers that are acknowledged by the mail itself."""
    site, shown = site_of(settings), content.lines[:MOST_LINES]
    rest = len(content.lines) - len(shown)

    def say(message: Message, **values: object) -> str:
        return translate(Message(message.text, **values) if values else message, locale)

    return Letter(
        subject=_on_one_line(translate(_subject(content.lines), locale)),
        hello=say(words.HELLO, name=content.name),
        items=[_item(line, locale, site, answer_tokens) for line in shown],
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
    asking = [line for line in lines if line.asks]
    if not asking:
        return _news(lines)
    new = [line for line in asking if line.waiting is not None]
    if len(new) == 1:
        return words.awaiting(new[0])
    things = {thing_of(line) for line in asking}
    first = asking[0]
    if len(things) > 1:
        are_gifts = all(line.handover_id is not None for line in asking)
        return Message(
            (words.GIFTS_WAIT if are_gifts else words.THINGS_WAIT).text, count=len(things)
        )
    if not first.gift:
        return words.ONE_THING_WAITS
    needed = words.HELP_ONE if first.verb is None else words.NEEDED[first.verb]
    return Message(needed.text, gift=first.gift)


def _news(lines: Sequence[Line]) -> Message:
    gifts = {line.gift for line in lines if line.gift}
    names = {line.name for line in lines if line.name}
    match len(gifts):
        case 0 if len(names) == 1:
            return Message(words.NEWS_OF_ONE.text, gift=names.pop())
        case 0:
            return words.NEWS
        case 1:
            return Message(words.NEWS_OF_ONE.text, gift=gifts.pop())
        case count:
            return Message(words.NEWS_OF_GIFTS.text, count=count)


def _item(line: Line, locale: Locale, site: str, answer_tokens: Mapping[int, str]) -> Item:
    about, why = _about(line), words.why(line)
    token = _answer_token(line, answer_tokens)
    reason = translate(why, locale) if why else ""
    return Item(
        title=line.gift or line.name,
        unit=line.unit,
        said=" ".join(filter(None, (line.sentence, translate(about, locale) if about else ""))),
        when=_when(line, locale),
        why=f"{reason}. {translate(words.YOURS, locale)}" if token else reason,
        button=translate(_button(line), locale) if line.asks else "",
        more=translate(words.SEE_IT, locale),
        url=f"{site}{ANSWER}?{urlencode({'token': token})}" if token else _url(line, site),
    )


def _answer_token(line: Line, answer_tokens: Mapping[int, str]) -> str | None:
    is_receipt = line.verb is Verb.ACKNOWLEDGE and line.handover_id is not None
    return answer_tokens.get(line.handover_id or 0) if is_receipt else None


def _about(line: Line) -> Message | None:
    """What is asked; a silence says it in its own words."""
    if line.waiting is not None:
        return words.waiting(line.waiting)
    if line.silence is not None and line.verb in _OF_SILENCE:
        return line.silence
    return None if line.verb is None else asks[line.verb]


def _button(line: Line) -> Message:
    if line.waiting is not None:
        return words.SEE_GIFTS
    return words.HELP if line.verb is None else words.BUTTONS[line.verb]


def _when(line: Line, locale: Locale) -> str:
    if line.days_late > 0:
        late = Message(words.LATE.text, span=spoken.span(locale, line.days_late))
        return translate(late, locale) if line.asks else ""
    if line.due_on is None:
        return ""
    word = words.AGREED if line.is_agreed else words.BY
    return translate(Message(word.text, day=line.due_on), locale)


def _url(line: Line, site: str) -> str:
    path = line.path
    if line.handover_id is not None and line.verb is not None and "#" not in path:
        path += places[line.verb]
    return f"{site}{path}"


def thing_of(line: Line) -> object:
    return line.path if line.handover_id is None else line.handover_id


def _on_one_line(text: str) -> str:
    """Of a length that a list of mails shows, and nothing that could end a header."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return plain if len(plain) <= LONGEST_SUBJECT else f"{plain[: LONGEST_SUBJECT - 1]}…"
