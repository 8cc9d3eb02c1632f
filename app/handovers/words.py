"""The words of the log that are not names: fields, states and answers, as people say them."""

from collections.abc import Mapping
from typing import NewType

from app.errors import Message
from app.gifts.completeness import NEEDED
from app.handovers.lifecycle import STATE_WORDS
from app.networks.words import ROLES
from app.units.words import POSTS

Word = NewType("Word", str)
WORDED = frozenset({"fields", "health", "better", "former_state", "role"})
"""The fields of events that hold such words; what people wrote themselves is never exchanged."""

WORDS: Mapping[str, Message] = {
    **NEEDED,
    **{state.value: word for state, word in STATE_WORDS.items()},
    "kind": Message("hoved- eller medmodtager"),
    "unit_id": Message("modtager"),
    "read_back": Message("forstået sådan"),
    "first_step": Message("første skridt"),
    "support_until_on": Message("støtte fra netværket indtil"),
    "exit_criteria": Message("hvornår støtten kan slutte"),
    "next_on": Message("næste dato"),
    "health": Message("hvordan det går"),
    "note": Message("bemærkning"),
    "better": Message("om det er bedre for borgeren"),
    "better_how": Message("hvordan det er blevet bedre"),
    "measured": Message("måling"),
    "going_well": Message("godt på vej"),
    "wobbling": Message("slinger"),
    "stuck": Message("går i stå"),
    "yes": Message("ja"),
    "partly": Message("delvist"),
    "no": Message("nej"),
    "unknown": Message("det vides ikke endnu"),
}

CODES: Mapping[tuple[str, str], Mapping[str, Message]] = {
    ("unit", "kind"): {str(kind): word for kind, word in POSTS.items()},
    ("network", "role"): {str(role): word for role, word in ROLES.items()},
}
"""The words of one field of what an event is about, wherever it is told."""
