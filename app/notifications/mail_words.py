"""The words of a mail about gifts: what is needed, and why just this person is told, which Beskeder
says too. Pure."""

from collections.abc import Mapping

from app.errors import Message
from app.insight.task_words import verbs
from app.insight.tasks import Verb
from app.notifications.content import Line, Waiting
from app.notifications.recipients import Reason

BUTTONS: Mapping[Verb, Message] = {**verbs, Verb.ACKNOWLEDGE: Message("Kvittér")}
"""In a mail the receipt is what is asked for first: the page has the answers too."""

NEEDED: Mapping[Verb, Message] = {
    Verb.ACKNOWLEDGE: Message("Kvittér for »%(gift)s«"),
    Verb.ACCEPT: Message("Svar på »%(gift)s«"),
    Verb.FOLLOW_UP: Message("Følg op på »%(gift)s«"),
    Verb.NAME_OWNER: Message("Vælg tovholder for »%(gift)s«"),
    Verb.WRITE_READ_BACK: Message("Skriv, hvad I har forstået: »%(gift)s«"),
    Verb.ANSWER_RIPPLE: Message("Sig, hvem »%(gift)s« berører"),
    Verb.TAKE_EDITION: Message("Se den nye udgave af »%(gift)s«"),
    Verb.ANSWER_QUESTION: Message("Svar på et spørgsmål om »%(gift)s«"),
    Verb.ANSWER_REQUEST: Message("Svar en enhed, der beder om »%(gift)s«"),
    Verb.CONFIRM_PASSING_ON: Message("Bekræft, at »%(gift)s« gives videre"),
    Verb.CONFIRM_ANCHORING: Message("Bekræft, at »%(gift)s« er en del af hverdagen"),
    Verb.MARK_SEEN: Message("Læs opfølgningen på »%(gift)s«"),
    Verb.FIND_UNIT: Message("Find en modtager til »%(gift)s«"),
}
"""The subject of a mail about one thing."""

REASONS: Mapping[str, Message] = {
    Reason.LEADER: Message("Fordi du svarer for enheden"),
    Reason.SUBSTITUTE: Message("Fordi du er stedfortræder"),
    Reason.VACANT: Message("Fordi posten er ledig, og du svarer for enheden imens"),
    Reason.OWNER: Message("Fordi du er tovholder"),
    Reason.FORMER_OWNER: Message("Fordi du var tovholder"),
    Reason.NEXT_LEADER: Message("Fordi du er næste leder over enheden"),
    Reason.GIVER: Message("Fordi du giver gaven på netværkets vegne"),
    Reason.PARTICIPANT: Message("Fordi du er med i netværket"),
    Reason.AFFECTED: Message("Fordi det berører din enhed"),
    Reason.SECRETARIAT: Message("Fordi du er i sekretariatet"),
    Reason.NAMED: Message("Fordi det handler om dig"),
}
"""Why just this person is told."""

HELP_ONE = Message("Hjælp »%(gift)s« på vej")
HELP = Message("Hjælp den på vej")
GIFTS_WAIT = Message("%(count)s gaver venter på dig")
THINGS_WAIT = Message("%(count)s ting venter på dig")
ONE_THING_WAITS = Message("Én ting venter på dig")
NEWS_OF_ONE = Message("Nyt om »%(gift)s«")
NEWS_OF_GIFTS = Message("Nyt om %(count)s gaver")
NEWS = Message("Nyt på Gavebordet")

HELLO = Message("Hej %(name)s")
LATE = Message("Den har ventet %(span)s.")
AGREED = Message("Aftalt til %(day)s.")
BY = Message("Gerne inden %(day)s.")
SEE_IT = Message("Læs mere")
ALL_OF_IT = Message("Se det hele")
MORE = Message("Og %(count)s til, som står på Gavebordet.")
WHY_YOU = Message("Du får mailen, fordi det gælder gaver, du har del i. Højst én mail om dagen.")
YOURS = Message("Knappen kvitterer i dit navn, så send ikke mailen videre.")
LESS = Message("Vælg, hvornår og hvor meget")
STOP = Message("Stop al mail om gaver")
QUESTIONS = Message("Spørgsmål? Skriv til sekretariatet:")
CALENDAR_TITLE = Message("Gavebordet: %(gift)s")
SEE_GIFTS = Message("Se gaverne")
NEW_ON_POST = Message("Fordi du er ny på posten")


def why(line: Line) -> Message | None:
    """Why just this person is told; None for what only a newer version knows."""
    is_new = line.waiting is not None and line.reason != Reason.VACANT
    return NEW_ON_POST if is_new else REASONS.get(line.reason)


def awaiting(line: Line) -> Message:
    """The subject for whoever has come to a post: what its unit's gifts need of them."""
    assert line.waiting is not None
    found = line.waiting
    are_answers = found.unanswered == found.needy
    if found.needy == 1:
        one = Message("Én gave venter på svar i %(unit)s", unit=line.name)
        return one if are_answers else Message("Én gave venter på dig i %(unit)s", unit=line.name)
    many = {"count": found.needy, "unit": line.name}
    if are_answers:
        return Message("%(count)s gaver venter på svar i %(unit)s", **many)
    return Message("%(count)s gaver venter på dig i %(unit)s", **many)


def waiting(found: Waiting) -> Message:
    """How many are open in the unit, and what they need."""
    if found.open == 1:
        return _waiting_one(found)
    needs = [
        (found.unanswered, Message("%(count)s venter på svar", count=found.unanswered)),
        (found.ownerless, Message("%(count)s mangler en tovholder", count=found.ownerless)),
        (found.quiet, Message("%(count)s er blevet stille", count=found.quiet)),
    ]
    parts = [message for count, message in needs if count]
    if not parts:
        return Message("Enheden har %(count)s gaver i gang.", count=found.open)
    said = Message.listed(parts)
    return Message("Enheden har %(count)s gaver i gang: %(needs)s.", count=found.open, needs=said)


def _waiting_one(found: Waiting) -> Message:
    if found.unanswered:
        return Message("Enheden har én gave, og den venter på svar.")
    if found.ownerless:
        return Message("Enheden har én gave, og den mangler en tovholder.")
    if found.quiet:
        return Message("Enheden har én gave, og den er blevet stille.")
    return Message("Enheden har én gave i gang.")
