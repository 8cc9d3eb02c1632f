"""What was wrong with the input, in words: pydantic's error types as sentences for people."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from app.errors import Fault, Invalid, Message

_SENTENCES: Mapping[str, Message] = {
    "missing": Message("Feltet mangler."),
    "extra_forbidden": Message(
        "Det felt findes ikke. I beskrivelsen af API'et står, hvilke der gør."
    ),
    "string_type": Message("Her skal stå tekst."),
    "string_too_long": Message("Teksten er for lang: højst %(max_length)s tegn."),
    "string_too_short": Message("Teksten er for kort: mindst %(min_length)s tegn."),
    "string_unicode": Message("Teksten har et tegn, der ikke kan læses."),
    "string_pattern_mismatch": Message("Teksten har ikke den rigtige form."),
    "empty": Message("Skriv noget her."),
    "several_lines": Message("Skriv det på én linje."),
    "unreadable_character": Message(
        "Tegn nr. %(position)s kan ikke læses eller vender skriften. Fjern det."
    ),
    "cpr_number": Message(
        "Ved tegn nr. %(position)s står noget, der ligner et CPR-nummer. "
        "Gavebordet gemmer ikke oplysninger om borgere. Skriv det uden nummeret."
    ),
    "mail_address": Message("Det er ikke en mailadresse."),
    "mail_letters": Message("Før @ kan der ikke stå æ, ø, å eller bogstaver med accent."),
    "phone_number": Message("Det er ikke et telefonnummer: brug cifre og mellemrum."),
    "int_type": Message("Her skal stå et helt tal."),
    "int_parsing": Message("Her skal stå et helt tal."),
    "int_parsing_size": Message("Tallet er for stort."),
    "int_from_float": Message("Her skal stå et helt tal."),
    "float_type": Message("Her skal stå et tal."),
    "float_parsing": Message("Her skal stå et tal."),
    "finite_number": Message("Her skal stå et tal."),
    "decimal_type": Message("Her skal stå et tal."),
    "decimal_parsing": Message("Her skal stå et tal."),
    "decimal_max_digits": Message("Tallet har for mange cifre."),
    "decimal_max_places": Message("Tallet har for mange decimaler: højst %(decimal_places)s."),
    "decimal_whole_digits": Message("Tallet har for mange cifre."),
    "greater_than_equal": Message("Tallet skal være mindst %(ge)s."),
    "less_than_equal": Message("Tallet skal være højst %(le)s."),
    "greater_than": Message("Tallet skal være over %(gt)s."),
    "bool_type": Message("Her skal stå true eller false."),
    "bool_parsing": Message("Her skal stå true eller false."),
    "enum": Message("Vælg en af: %(expected)s."),
    "literal_error": Message("Vælg en af: %(expected)s."),
    "ripple_contradicts": Message("Nævn enheder, når svaret er »units«, og kun da."),
    "date_type": Message("Skriv dagen som ÅÅÅÅ-MM-DD."),
    "day_type": Message("Skriv dagen som ÅÅÅÅ-MM-DD."),
    "date_parsing": Message("Skriv dagen som ÅÅÅÅ-MM-DD. Dagen skal findes i kalenderen."),
    "date_from_datetime_parsing": Message(
        "Skriv dagen som ÅÅÅÅ-MM-DD. Dagen skal findes i kalenderen."
    ),
    "date_from_datetime_inexact": Message("Skriv kun dagen, uden klokkeslæt."),
    "day_out_of_range": Message("Dagen skal ligge mellem år 2000 og 2100."),
    "datetime_type": Message("Skriv tidspunktet som 2026-03-02T12:00:00Z."),
    "datetime_parsing": Message("Skriv tidspunktet som 2026-03-02T12:00:00Z."),
    "datetime_from_date_parsing": Message("Skriv tidspunktet som 2026-03-02T12:00:00Z."),
    "timezone_aware": Message("Skriv tidspunktet med tidszone, fx 2026-03-02T12:00:00Z."),
    "url_type": Message("Her skal stå tekst."),
    "url_parsing": Message("Det er ikke en webadresse. Den begynder med https://."),
    "url_scheme": Message("Det er ikke en webadresse. Den begynder med https://."),
    "url_too_long": Message("Webadressen er for lang: højst %(max_length)s tegn."),
    "list_type": Message("Her skal stå en liste."),
    "too_long": Message("Listen er for lang: højst %(max_length)s."),
    "too_short": Message("Listen er for kort: mindst %(min_length)s."),
    "dict_type": Message("Her skal stå et objekt."),
    "model_type": Message("Her skal stå et objekt."),
    "model_attributes_type": Message("Her skal stå et objekt."),
    "json_invalid": Message("Det er ikke gyldig JSON."),
    "database_url": Message(
        "Det er ikke adressen på en database. Skriv sqlite:///sti/til/filen.db eller "
        "postgresql://bruger:kode@maskine/database, eller lad den være tom."
    ),
    "group_roles": Message(
        'Skriv et JSON-objekt fra grupper til roller, fx {"Gavebord-sekretariat": "secretariat"}.'
    ),
    "webhook_allowed": Message(
        "Skriv navn, net og port for hvert sted, med komma imellem stederne, fx "
        "intranet.lindborg.example 10.2.0.0/16 443."
    ),
    "week_numbers": Message("Skriv ugernes numre, 1 til 53, med komma imellem."),
    "colour": Message("Skriv farven som # og seks cifre fra 0 til f, fx #08519c."),
    "pale_on_white": Message(
        "Hvid tekst på farven har kontrasten %(ratio)s:1, og der skal være mindst %(least)s:1. "
        "Vælg en mørkere farve."
    ),
    "pale_on_wash": Message(
        "Farven på sidernes lyse felter (%(ground)s) har kontrasten %(ratio)s:1, og der skal være "
        "mindst %(least)s:1. Vælg en mørkere farve."
    ),
    "public_url": Message("Skriv den som https://navn, uden noget efter."),
    "oidc_issuer": Message(
        "Det er ikke en udbyders adresse. Skriv den, som udbyderen selv skriver sin »issuer«; den "
        "begynder med https://."
    ),
    "oidc_client_id": Message("Den mangler, når GAVEBORD_OIDC_ISSUER er sat."),
    "oidc_scopes": Message("Ordet openid skal være imellem."),
    "oidc_role_names": Message(
        "Skriv et JSON-objekt fra værdier af »claim« til roller. Rollerne er: %(expected)s."
    ),
    "too_quiet": Message("Der skal være mindst %(least)s uger tilbage med arbejdsdage."),
}
_SOMETHING = Message("Værdien kan ikke bruges her.")


def sentence(kind: str, values: Mapping[str, Any]) -> Message:
    """The sentence for a pydantic error type; `values` are the error's context."""
    known = _SENTENCES.get(kind, _SOMETHING)
    spoken = {str(name): value for name, value in values.items()}
    if "expected" in spoken:
        # Pydantic lists the choices in English: 'a', 'b' or 'c'.
        spoken["expected"] = str(spoken["expected"]).replace(" or ", ", ").replace("'", "")
    return Message(known.text, **spoken)


def invalid(errors: Iterable[Mapping[str, Any]]) -> Invalid:
    """Pydantic's errors as one refusal that names each field, and no more of them than a person
    can read."""
    return Invalid(*(_fault(error) for error in islice(errors, _MOST_FAULTS)))


_MOST_FAULTS = 100


def _fault(error: Mapping[str, Any]) -> Fault:
    place, *path = error["loc"] or ("body",)
    kind = str(error["type"])
    detail = sentence(kind, error.get("ctx") or {})
    if place == "body":
        steps: list[Any] = [] if kind == "json_invalid" else path
        return Fault(kind, detail, pointer="".join(f"/{_escaped(step)}" for step in steps))
    return Fault(kind, detail, parameter=_escaped(path[0]) if path else str(place))


def _escaped(step: object) -> str:
    """One step of a JSON pointer (RFC 6901), cut short and safe to send back."""
    plain = str(step)[:100].encode("utf-8", "replace").decode()
    return plain.replace("~", "~0").replace("/", "~1")
