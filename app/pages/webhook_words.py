"""What a webhook listens to, and how its deliveries go, in plain words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.errors import Message
from app.webhooks.models import DeliveryState, Format, OffReason, Trouble


@dataclass(frozen=True)
class Bundle:
    """Kinds of events that people choose together, each by what happens."""

    name: Message
    events: Mapping[str, Message]


@dataclass(frozen=True)
class Heard:
    """How many of a bundle's kinds of events a webhook listens to."""

    name: Message
    chosen: int
    of: int


BUNDLES: Mapping[str, Bundle] = {
    "giving": Bundle(
        Message("En gave bliver givet"),
        {
            "handover.drafted": Message("En overrækkelse bliver gjort klar"),
            "handover.requested": Message("En enhed beder om en gave"),
            "handover.request_taken_back": Message("En enhed tager sit ønske tilbage"),
            "handover.changed": Message("En overrækkelse bliver rettet"),
            "handover.announced": Message("En gave bliver varslet"),
            "handover.delivered": Message("En gave bliver overrakt"),
            "handover.withdrawn": Message("En gave bliver trukket tilbage"),
            "handover.reopened": Message("En gave bliver overrakt igen"),
        },
    ),
    "answers": Bundle(
        Message("Enheden svarer"),
        {
            "handover.acknowledged": Message("Enheden kvitterer"),
            "handover.accepted": Message("Enheden tager imod"),
            "handover.returned": Message("Enheden spørger giveren"),
            "handover.declined": Message("Enheden siger nej tak"),
            "handover.passed_on": Message("Enheden giver gaven videre"),
            "handover.reconsidered": Message("Enheden tager sit svar tilbage"),
        },
    ),
    "use": Bundle(
        Message("Gaven bliver prøvet og brugt"),
        {
            "handover.trial_started": Message("En afprøvning begynder"),
            "handover.put_in_use": Message("Gaven kommer i brug"),
            "handover.anchoring_proposed": Message("Gaven bliver kaldt en del af hverdagen"),
            "handover.anchored": Message("Det bliver bekræftet, at den er en del af hverdagen"),
            "handover.discontinued": Message("Arbejdet med gaven stopper"),
        },
    ),
    "follow-ups": Bundle(
        Message("Plan, opfølgning og bemærkninger"),
        {
            "handover.owner_named": Message("Gaven får en tovholder"),
            "handover.planned": Message("Planen bliver skrevet"),
            "handover.ripple_answered": Message("Enheden siger, hvad gaven betyder for andre"),
            "handover.paused": Message("Gaven kommer på pause"),
            "handover.resumed": Message("Pausen slutter før tid"),
            "handover.note_written": Message("Nogen skriver en bemærkning"),
            "follow_up.recorded": Message("Tovholderen følger op"),
            "follow_up.changed": Message("En opfølgning bliver rettet"),
            "follow_up.seen": Message("Giveren har set en opfølgning"),
        },
    ),
    "editions": Bundle(
        Message("Nye udgaver af gaver"),
        {
            "gift.edition_made": Message("En gave kommer i en ny udgave"),
            "handover.edition_offered": Message("En enhed får den nye udgave tilbudt"),
            "handover.edition_taken": Message("En enhed går over til den nye udgave"),
            "handover.receipt_voided": Message("En enhed skal svare på den nye udgave"),
        },
    ),
    "gifts": Bundle(
        Message("Gaverne selv"),
        {
            "gift.registered": Message("En gave bliver oprettet"),
            "gift.changed": Message("En gave bliver rettet"),
            "gift.given": Message("En gave bliver givet for første gang"),
            "gift.contact_added": Message("En gave får en kontaktperson"),
            "gift.contact_removed": Message("En gave mister en kontaktperson"),
            "gift.material_added": Message("Noget bliver lagt ved en gave"),
            "gift.material_removed": Message("Noget bliver taget væk fra en gave"),
        },
    ),
    "units": Bundle(
        Message("Enheder og poster"),
        {
            "unit.registered": Message("En enhed bliver oprettet"),
            "unit.changed": Message("En enhed bliver rettet"),
            "unit.moved": Message("En enhed bliver flyttet"),
            "unit.closed": Message("En enhed lukker"),
            "unit.post_filled": Message("En post bliver besat"),
            "unit.post_ended": Message("En post får en sidste dag"),
            "handover.moved": Message("En overrækkelse flytter til en anden enhed"),
            "handover.lost_its_unit": Message("En overrækkelse står uden enhed"),
        },
    ),
    "networks": Bundle(
        Message("Netværk"),
        {
            "network.registered": Message("Et netværk bliver oprettet"),
            "network.changed": Message("Et netværk bliver rettet"),
            "network.member_joined": Message("Nogen kommer med i et netværk"),
            "network.member_left": Message("Nogen går ud af et netværk"),
        },
    ),
    "people": Bundle(
        Message("Personer og grupper"),
        {
            "person.registered": Message("En person bliver oprettet"),
            "person.changed": Message("En persons oplysninger bliver rettet"),
            "person.roles_changed": Message("En person får andre roller"),
            "person.left": Message("En person stopper"),
            "person.returned": Message("En person er tilbage"),
            "person.pseudonymised": Message("En persons navn bliver fjernet for altid"),
            "person.provisioned": Message("Kataloget kender en person på en ny måde"),
            "person.unprovisioned": Message("Kataloget har ikke en person mere"),
            "group.made": Message("Kataloget opretter en gruppe"),
            "group.changed": Message("Kataloget ændrer en gruppe"),
            "group.removed": Message("Kataloget fjerner en gruppe"),
        },
    ),
    "sign-ins": Bundle(
        Message("Logins, nøgler og afvisninger"),
        {
            "session.begun": Message("Nogen logger ind"),
            "session.ended": Message("Et login slutter før tid"),
            "session.refused": Message("En opdigtet cookie bliver afvist"),
            "sign_in.refused": Message("Et login bliver afvist"),
            "identity.bound": Message("En person bliver knyttet til sin konto"),
            "identity.released": Message("En persons konto bliver glemt"),
            "api_key.made": Message("En API-nøgle bliver lavet"),
            "api_key.revoked": Message("En API-nøgle bliver trukket tilbage"),
            "api_key.used": Message("En API-nøgle bliver brugt for første gang på en dag"),
            "api_key.refused": Message("En API-nøgle bliver afvist"),
            "request.refused": Message("En ændring bliver afvist"),
        },
    ),
    "running": Bundle(
        Message("Indlæste filer, indstillinger og det, der gik i stå"),
        {
            "import.received": Message("En fil bliver lagt op til indlæsning"),
            "import.applied": Message("En fil bliver indlæst"),
            "setting.changed": Message("En indstilling bliver ændret"),
            "work.retried": Message("Noget, der gik i stå, bliver sat i gang igen"),
            "work.dropped": Message("Noget, der gik i stå, bliver fjernet"),
            "webhook.made": Message("En webhook bliver lavet"),
            "webhook.changed": Message("En webhook bliver rettet"),
            "webhook.switched_on": Message("En webhook bliver slået til"),
            "webhook.switched_off": Message("En webhook bliver slået fra"),
            "webhook.deleted": Message("En webhook bliver slettet"),
        },
    ),
}
EVENTS: Mapping[str, Message] = {
    "webhook.test": Message("En prøve"),
    **{event: word for bundle in BUNDLES.values() for event, word in bundle.events.items()},
}
"""What a delivery tells of."""


FORMATS: Mapping[Format, Message] = {
    Format.STANDARD: Message("Et program: JSON efter Standard Webhooks"),
    Format.TEAMS: Message("En kanal i Microsoft Teams: et kort"),
    Format.TEXT: Message("En anden chat: en linje tekst"),
}
STATES: Mapping[DeliveryState, Message] = {
    DeliveryState.WAITING: Message("Venter"),
    DeliveryState.DELIVERED: Message("Leveret"),
    DeliveryState.GIVEN_UP: Message("Opgivet"),
}
OFF: Mapping[OffReason, Message] = {
    OffReason.BY_HAND: Message("Den er slået fra. Der bliver ikke sendt noget."),
    OffReason.GONE: Message(
        "Modtageren svarede, at adressen ikke findes mere (410). Derfor er den slået fra."
    ),
    OffReason.FAILING: Message("Alt slog fejl i fem dage. Derfor er den slået fra."),
}
TROUBLES: Mapping[Trouble, Message] = {
    Trouble.REFUSED_ADDRESS: Message("dertil må der ikke sendes"),
    Trouble.UNKNOWN_NAME: Message("ingen kender serverens navn"),
    Trouble.NO_CONNECTION: Message("serveren var ikke til at få fat i"),
    Trouble.NO_TLS: Message("forbindelsen kunne ikke gøres sikker"),
    Trouble.TOO_SLOW: Message("svaret kom ikke i tide"),
    Trouble.TOO_LARGE: Message("svaret var for stort"),
    Trouble.NO_ANSWER: Message("der kom intet svar"),
    Trouble.STATUS: Message("serveren tog ikke imod"),
    Trouble.INTERRUPTED: Message("det blev afbrudt undervejs"),
}


def heard(events: Collection[str]) -> Sequence[Heard]:
    """The bundles that a webhook listens to something of, and to how much of each."""
    return [
        Heard(bundle.name, len(chosen), len(bundle.events))
        for bundle in BUNDLES.values()
        if (chosen := bundle.events.keys() & set(events))
    ]
