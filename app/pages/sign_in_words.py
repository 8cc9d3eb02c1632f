"""The words for signing in: how, why not, and how it ended."""

from collections.abc import Mapping

from app.errors import Message
from app.people.sessions import Ending, Way
from app.signing_in.refusals import Refusal

ways: Mapping[Way, Message] = {
    Way.PROVIDER: Message("kommunens login"),
    Way.LINK: Message("link i en mail"),
    Way.DEMO: Message("demoen"),
}
endings: Mapping[Ending, Message] = {
    Ending.SIGNED_OUT: Message("Loggede ud"),
    Ending.SIGNED_OUT_EVERYWHERE: Message("Loggede ud overalt"),
    Ending.SIGNED_IN_AGAIN: Message("Loggede ind igen i samme browser"),
    Ending.PROVIDER: Message("Afsluttet af kommunens login"),
    Ending.LEFT: Message("Afsluttet, da personen stoppede"),
    Ending.ROLES: Message("Afsluttet, da en rolle blev taget"),
    Ending.MAIL: Message("Afsluttet, da mailadressen blev ændret"),
    Ending.ADMINISTRATOR: Message("Afsluttet af en administrator"),
}
REASONS: Mapping[str, Message] = {
    Refusal.PROVIDER_DOWN: Message("kommunens login svarede ikke"),
    Refusal.PROVIDER_UNUSABLE: Message("kommunens login er sat forkert op"),
    Refusal.PROVIDER_REFUSED: Message("kommunens login sagde nej"),
    Refusal.CANCELLED: Message("det blev afbrudt"),
    Refusal.NOT_VALID: Message("svaret fra kommunens login kunne ikke bruges"),
    Refusal.CLOCKS_DISAGREE: Message("urene går ikke ens"),
    Refusal.TRIP_UNKNOWN: Message("det begyndte ikke her"),
    Refusal.TRIP_EXPIRED: Message("det varede for længe"),
    Refusal.OTHER_BROWSER: Message("det begyndte i en anden browser"),
    Refusal.PERSON_UNKNOWN: Message("personen er ikke oprettet"),
    Refusal.PERSON_LEFT: Message("personen er stoppet"),
    Refusal.MAIL_NOT_VERIFIED: Message("mailadressen er ikke bekræftet"),
    Refusal.BOUND_ELSEWHERE: Message("kontoen hører til en anden"),
    Refusal.LINK_NOT_GOOD: Message("linket gælder ikke mere"),
}
