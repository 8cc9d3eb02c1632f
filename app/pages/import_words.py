"""The words of imports: what can be brought in, its columns, and what became of a file."""

from collections.abc import Mapping

from app.errors import Message
from app.importing.columns import Kind
from app.importing.models import Interruption, RunState

kinds: Mapping[Kind, Message] = {
    Kind.UNITS: Message("Enheder"),
    Kind.PEOPLE: Message("Personer"),
    Kind.GIFTS: Message("Gaver"),
}
about: Mapping[Kind, Message] = {
    Kind.UNITS: Message(
        "Enheder kendes på deres id i organisationens katalog. Filen lukker ingen enhed og tager "
        "ingen leder væk. Indlæs først enhederne uden ledere, så personerne, og så en fil med "
        "lederne."
    ),
    Kind.PEOPLE: Message(
        "Personer kendes på deres arbejdsmail. De er medarbejdere, aldrig borgere."
    ),
    Kind.GIFTS: Message(
        "Gaver kendes på netværk og titel tilsammen. En gave, der er overrakt, rettes ikke af en "
        "fil: det gør du på gavens egen side."
    ),
}
columns: Mapping[tuple[Kind, str], Message] = {
    (Kind.UNITS, "external_id"): Message("enhedens id i kataloget"),
    (Kind.UNITS, "name"): Message("skal med for en ny enhed"),
    (Kind.UNITS, "short_name"): Message("når navnet er langt"),
    (Kind.UNITS, "parent"): Message("id på enheden ovenover; tom for den øverste"),
    (Kind.UNITS, "leader"): Message("arbejdsmail på en person, der er kendt; leder fra i dag"),
    (Kind.PEOPLE, "mail"): Message("arbejdsmailen"),
    (Kind.PEOPLE, "name"): Message("skal med for en ny person"),
    (Kind.PEOPLE, "phone"): Message("arbejdstelefonen"),
    (Kind.PEOPLE, "title"): Message("stillingen"),
    (Kind.PEOPLE, "unit"): Message("enhedens id, eller navnet, hvis kun én hedder sådan"),
    (Kind.GIFTS, "network"): Message("navnet på et netværk, der er kendt"),
    (Kind.GIFTS, "title"): Message("hvad gaven hedder"),
    (Kind.GIFTS, "summary"): Message("gaven i én sætning"),
    (Kind.GIFTS, "citizen_value"): Message("hvad der bliver bedre for borgeren"),
    (Kind.GIFTS, "ask"): Message("hvad modtageren bliver bedt om"),
    (Kind.GIFTS, "target_group"): Message("hvem gaven er til for"),
    (Kind.GIFTS, "success_criterion"): Message("hvad man vil kunne se"),
    (Kind.GIFTS, "baseline"): Message("hvor det står i dag"),
    (Kind.GIFTS, "how_to_continue"): Message("hvad der er næste skridt"),
    (Kind.GIFTS, "contacts"): Message("arbejdsmails på dem, man kan spørge, med komma imellem"),
}
states: Mapping[RunState, Message] = {
    RunState.READING: Message("Læses"),
    RunState.FAULTY: Message("Skal rettes"),
    RunState.READY: Message("Klar til at indlæse"),
    RunState.RUNNING: Message("Indlæses"),
    RunState.APPLIED: Message("Indlæst"),
}
ABANDONED = Message("Afbrudt")
interruptions: Mapping[Interruption, Message] = {
    Interruption.STOPPED: Message("Indlæsningen blev afbrudt, fordi Gavebordet blev genstartet."),
    Interruption.BUSY: Message("Der var kø ved databasen, så der blev ikke indlæst noget."),
    Interruption.OVERTAKEN: Message(
        "Nogen ændrede det samme imens, så der blev ikke indlæst noget."
    ),
    Interruption.FAILED: Message(
        "Indlæsningen gik i stå, og det er ikke filens skyld. Sker det igen, så sig det til dem, "
        "der driver Gavebordet."
    ),
}


def lasted(seconds: float) -> Message:
    """As people say it."""
    whole = round(seconds)
    if whole < 2:
        return Message("et øjeblik")
    if whole < 120:
        return Message("%(count)s sekunder", count=whole)
    return Message("%(count)s minutter", count=round(whole / 60))
