"""The words of the log that are not names: fields, roles and kinds, as people say them."""

from collections.abc import Mapping

from app.errors import Message
from app.gifts.completeness import NEEDED

WORDS: Mapping[str, Message] = {
    **NEEDED,
    "lead": Message("hovedmodtager"),
    "co": Message("medmodtager"),
    "kind": Message("hoved- eller medmodtager"),
    "unit_id": Message("modtager"),
    "read_back": Message("forstået sådan"),
    "first_step": Message("første skridt"),
    "next_on": Message("næste dato"),
    "none": Message("ingen"),
    "leader": Message("leder"),
    "substitute": Message("stedfortræder"),
    "going_well": Message("godt på vej"),
    "wobbling": Message("slinger"),
    "stuck": Message("går i stå"),
}
