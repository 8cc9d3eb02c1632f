"""The words of imports: what can be brought in, its columns, and what became of a file."""

from collections.abc import Mapping

from app.errors import Message
from app.importing.columns import SheetKind
from app.importing.models import Interruption, RunState

kinds: Mapping[SheetKind, Message] = {
    SheetKind.UNITS: Message("Enheder"),
    SheetKind.PEOPLE: Message("Personer"),
    SheetKind.GIFTS: Message("Gaver"),
}
about: Mapping[SheetKind, Message] = {
    SheetKind.UNITS: Message(
        "Enheder kendes på deres id i organisationens katalog. Filen lukker ingen enhed og tager "
        "ingen leder væk. Indlæs først enhederne uden ledere, så personerne, og så en fil med "
        "lederne."
    ),
    SheetKind.PEOPLE: Message(
        "Personer kendes på deres arbejdsmail. De er medarbejdere, aldrig borgere."
    ),
    SheetKind.GIFTS: Message(
        "Gaver kendes på netværk og titel tilsammen. En gave, der er overrakt, rettes ikke af en "
        "fil: det gør du på gavens egen side."
    ),
}
columns: Mapping[tuple[SheetKind, str], Message] = {
    (SheetKind.UNITS, "external_id"): Message("enhedens id i kataloget"),
    (SheetKind.UNITS, "name"): Message("skal med for en ny enhed"),
    (SheetKind.UNITS, "short_name"): Message("når navnet er langt"),
    (SheetKind.UNITS, "parent"): Message("id på enheden ovenover; tom for den øverste"),
    (SheetKind.UNITS, "leader"): Message("arbejdsmail på en person, der er kendt; leder fra i dag"),
    (SheetKind.PEOPLE, "mail"): Message("arbejdsmailen"),
    (SheetKind.PEOPLE, "name"): Message("skal med for en ny person"),
    (SheetKind.PEOPLE, "phone"): Message("arbejdstelefonen"),
    (SheetKind.PEOPLE, "title"): Message("stillingen"),
    (SheetKind.PEOPLE, "unit"): Message("enhedens id, eller navnet, hvis kun én hedder sådan"),
    (SheetKind.GIFTS, "network"): Message("navnet på et netværk, der er kendt"),
    (SheetKind.GIFTS, "title"): Message("hvad gaven hedder"),
    (SheetKind.GIFTS, "summary"): Message("gaven i én sætning"),
    (SheetKind.GIFTS, "citizen_value"): Message("hvad der bliver bedre for borgeren"),
    (SheetKind.GIFTS, "ask"): Message("hvad modtageren bliver bedt om"),
    (SheetKind.GIFTS, "target_group"): Message("hvem gaven er til"),
    (SheetKind.GIFTS, "success_criterion"): Message("hvad man vil kunne se"),
    (SheetKind.GIFTS, "baseline"): Message("hvor det står i dag"),
    (SheetKind.GIFTS, "how_to_continue"): Message("hvad der er næste skridt"),
    (SheetKind.GIFTS, "contacts"): Message(
        "arbejdsmails på dem, man kan spørge, med komma imellem"
    ),
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
