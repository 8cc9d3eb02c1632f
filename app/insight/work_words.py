"""What the product does by itself, in plain words, by the kind of work; and what stopped it."""

from collections.abc import Mapping

from app.errors import Message
from app.work.items import ENDED_WITH_ITS_WORKER

KINDS: Mapping[str, Message] = {
    "events.pass_on": Message("give besked om det, der er sket"),
    "kept_forms.forget": Message("glemme det, der var skrevet, da nogen blev logget ud"),
    "mail.digest": Message("sende en mail om gaver"),
    "webhook.deliver": Message("give et andet system besked"),
    "webhooks.forget": Message("glemme, hvad andre systemer fik besked om for længe siden"),
    "answers.forget": Message("glemme svar på det, som andre systemer kan spørge om igen"),
    "imports.forget": Message("glemme filer, der blev indlæst for længe siden"),
    "answer_links.forget": Message("glemme gamle links til at kvittere fra en mail"),
    "reminders.scan": Message("finde de gaver, der er blevet stille, og minde om dem"),
    "digests.gather": Message("samle den daglige mail til hver enkelt"),
}
"""A kind of another version is shown by its name."""
STOPPED: Mapping[str, Message] = {
    ENDED_WITH_ITS_WORKER: Message("Gavebordet selv stoppede, hver gang det var i gang med det"),
}
"""By what is kept of why. The name of an error, or what a server answered, is shown as it is."""
