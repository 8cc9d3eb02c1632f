"""The examples of the API's description: what can be sent, and what the fields of answers hold.

Pure data, from the same small municipality as the demo. A test sends each through its form.
"""

from collections.abc import Mapping
from typing import Any

_READ_BACK = "Ét fast møde, før den unge fylder 18, med alle der skal hjælpe bagefter."
_FIRST_STEP = "Vi holder det første møde med to unge."
_REASON = "Vi har ikke timer til det før sommer."
_USE = "Vi har otte unge, der fylder 18 i år, og mangler ét sted at lægge planen."
_NOBODY_ELSE = {"answer": "none", "unit_ids": []}
_BETTER = "Den unge kender sin plan, før hun fylder 18."

FORMS: Mapping[str, Mapping[str, Any]] = {
    "NewPerson": {"name": "Signe Aaskov", "mail": "signe@lindborg.example", "title": "Enhedsleder"},
    "PersonChange": {"phone": "72 30 41 17"},
    "MailChoiceForm": {"hour": 8, "how_much": "needed"},
    "RolesForm": {"roles": ["secretariat"]},
    "NewUnit": {"name": "Ungeenheden", "short_name": "Unge", "external_id": "4711"},
    "UnitChange": {"parent_id": 7},
    "UnitClosing": {"successor_id": 7},
    "UnitMerger": {"unit_ids": [7, 8]},
    "NewPost": {"person_id": 7, "kind": "leader", "from_on": "2026-03-02"},
    "PostEnding": {"to_on": "2026-03-31"},
    "NewNetwork": {
        "name": "Fra ung til voksen",
        "kind": "welfare",
        "question": "Hvordan undgår vi, at unge falder mellem to stole, når de fylder 18?",
        "springboard": "Fem forløb, hvor planen blev væk.",
        "starts_on": "2026-01-05",
    },
    "NetworkChange": {"ends_on": "2026-06-30"},
    "NewMember": {"person_id": 7, "role": "participant"},
    "MemberEnding": {"to_on": "2026-03-31"},
    "NewGift": {
        "network_id": 7,
        "title": "Overgangsmødet ved 17½",
        "summary": "Ét fast møde, hvor planen lægges sammen.",
        "citizen_value": _BETTER,
        "ask": "Én mødeleder og 60 minutter pr. ung.",
        "target_group": "Unge på 17 år med to sagsbehandlere.",
        "success_criterion": "Andel unge med fælles plan ved 18 år.",
        "baseline": "2 af 10",
        "how_to_continue": "Ring til netværket, og aftal det første møde.",
    },
    "GiftChange": {
        "summary": "Ét fast møde med en dagsorden på én side.",
        "change": "material",
        "changes": "Dagsordenen er ny.",
    },
    "NewContact": {"person_id": 7},
    "NewLink": {"title": "Dagsorden", "url": "https://lindborg.example/overgangsmoedet"},
    "NewHandover": {"gift_id": 7, "unit_id": 7},
    "GiftRequest": {"unit_id": 7, "why": _USE},
    "HandoverChange": {"kind": "lead"},
    "StepForm": {},
    "Delivery": {"ripple": {"answer": "units", "unit_ids": [8]}},
    "Receipt": {},
    "AcceptanceForm": {"owner_id": 7, "next_on": "2026-04-01", "read_back": _READ_BACK},
    "Question": {"question": "Hvem leder mødet, når der er to sagsbehandlere?"},
    "Refusal": {
        "reason_kind": "no_capacity",
        "reason": _REASON,
        "counter_proposal": "Spørg os igen i august.",
    },
    "PassingOn": {"to_unit_id": 8, "reason": "Det er dem, der holder møderne."},
    "Reason": {"reason": "Netværket skriver den om først."},
    "PlanForm": {"read_back": _READ_BACK, "first_step": _FIRST_STEP, "next_on": "2026-04-01"},
    "RippleRequest": {"answer": "units", "unit_ids": [8]},
    "OwnerForm": {"owner_id": 7},
    "TrialForm": {
        "question": "Kender den unge sin plan efter mødet?",
        "from_on": "2026-04-01",
        "to_on": "2026-06-30",
        "read_back": _READ_BACK,
        "first_step": _FIRST_STEP,
    },
    "UseForm": {
        "practice": "Mødet er fast, når en ung bliver 17½.",
        "trial_result": "9 af 10 unge kunne selv fortælle planen.",
        "ripple": _NOBODY_ELSE,
    },
    "AnchoringForm": {"success": "9 af 10 har en fælles plan.", "citizen_value": _BETTER},
    "Ending": {
        "reason": "En ny lov giver alle unge den samme plan.",
        "learned": "Ét møde slår fem mails.",
        "ripple": _NOBODY_ELSE,
    },
    "PauseRequest": {"until": "2026-08-10", "reason": "Vi flytter i juni."},
    "NewNote": {"text": "Talt med netværket i telefonen. Vi mangler kun et lokale."},
    "NewFollowUp": {
        "handover_id": 7,
        "health": "going_well",
        "note": "Fire møder holdt, og de unge møder op.",
        "better": "yes",
        "measured": 4,
        "next_on": "2026-06-01",
    },
    "FollowUpChange": {"health": "wobbling"},
    "SettingsChange": {"patience_delivered": 15, "welcome": None},
    "NewWebhook": {
        "name": "Intranettet",
        "url": "https://intranet.lindborg.example/gavebordet",
        "event_types": ["handover.delivered", "handover.accepted"],
    },
    "WebhookChange": {"event_types": []},
}
"""A whole body for each form, by the name of its schema."""

_FIELDS: Mapping[str, Any] = {
    "address": "https://intranet.lindborg.example/…rdet",
    "agent": "Chrome, Windows",
    "ask": "Én mødeleder og 60 minutter pr. ung.",
    "attempts": 12,
    "author_name": "Signe Aaskov",
    "baseline": "2 af 10",
    "better_how": "Den unge ringer selv.",
    "by": "Signe Aaskov",
    "after": "Enhedsleder",
    "before": "Teamleder",
    "changes": "Dagsordenen er ny.",
    "citizen_value": _BETTER,
    "citizen_value_now": _BETTER,
    "column": "Titel",
    "counter_proposal": "Spørg os igen i august.",
    "data": {"unit_id": 7, "edition": 1},
    "done": 120,
    "default": 10,
    "dust_days": 0,
    "edition": 1,
    "exit_criteria": "Tre møder er holdt uden os.",
    "event_types": ["handover.delivered", "handover.accepted"],
    "excerpt": "OK",
    "external_id": "4711",
    "failing_since": None,
    "filename": "dagsorden.pdf",
    "first_step": _FIRST_STEP,
    "gift_title": "Overgangsmødet ved 17½",
    "hour": 8,
    "how_to_continue": "Ring til netværket, og aftal det første møde.",
    "in_use": 3,
    "last_error": "ConnectionRefusedError",
    "learned": "Ét møde slår fem mails.",
    "locale": "da",
    "lookers": {"secretariat": 2, "employee": 1},
    "mail": "signe@lindborg.example",
    "measured": "4",
    "message_id": "msg_0f5a3b1f2f110b5e1f1c6d2f4c869a3e",
    "milliseconds": 84,
    "media_type": "application/pdf",
    "missing": ["baseline", "contacts"],
    "name": "Signe Aaskov",
    "network_name": "Fra ung til voksen",
    "newest_edition": 1,
    "next": None,
    "request": _USE,
    "resume": "Xq3vC0yHk1bZWzQyXQ",
    "note": "Fire møder holdt, og de unge møder op.",
    "number": 1,
    "on_behalf_of": None,
    "owner_name": "Signe Aaskov",
    "pause_count": 0,
    "pause_reason": "Vi flytter i juni.",
    "phone": "72 30 41 17",
    "problem": "Ingen har mailadressen mette@lindborg.example.",
    "problem_count": 1,
    "practice": "Mødet er fast, når en ung bliver 17½.",
    "question": "Hvordan undgår vi, at unge falder mellem to stole, når de fylder 18?",
    "read_back": _READ_BACK,
    "reason": _REASON,
    "row": 3,
    "rows_changed": 12,
    "rows_new": 108,
    "rows_unchanged": 40,
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",  # an example  # nosec B105
    "secret_note": "The secret was in the first answer and is not shown again.",
    "short_name": "Unge",
    "size": 48213,
    "springboard": "Fem forløb, hvor planen blev væk.",
    "started_by": "Signe Aaskov",
    "status": "ready",
    "status_code": 204,
    "success": "9 af 10 har en fælles plan.",
    "success_criterion": "Andel unge med fælles plan ved 18 år.",
    "summary": "Ét fast møde, hvor planen lægges sammen.",
    "target_group": "Unge på 17 år med to sagsbehandlere.",
    "text": "Signe Aaskov kvitterede: set og modtaget.",
    "title": "Overgangsmødet ved 17½",
    "total": 120,
    "trial_question": "Kender den unge sin plan efter mødet?",
    "trial_result": "9 af 10 unge kunne selv fortælle planen.",
    "type": "handover.delivered",
    "event_type": "handover.acknowledged",
    "units": 5,
    "unit_name": "Ungeenheden",
    "uploaded_by": "Signe Aaskov",
    "url": "https://lindborg.example/overgangsmoedet",
    "value": 15,
    "version": 3,
    "way": "provider",
    "work_key": "imports:2026-03-02T02:20:00Z",
    "work_kind": "imports.forget",
}
_ENDINGS: Mapping[str, Any] = {
    "_at": "2026-03-02T12:00:00Z",
    "_on": "2026-04-01",
    "_until": "2026-04-01",
    "_ids": [7, 8],
    "_id": 7,
}


def of_field(name: str) -> tuple[Any, ...]:
    """The examples of an answer's field; none where its schema already says all there is."""
    if name in _FIELDS:
        return (_FIELDS[name],)
    if name in {"id", "at"}:
        name = f"_{name}"
    if name.startswith(("is_", "needs_")):
        return (False,)
    return tuple(value for ending, value in _ENDINGS.items() if name.endswith(ending))
