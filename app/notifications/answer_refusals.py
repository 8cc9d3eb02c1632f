"""Why a link in a mail does not acknowledge, and what to do instead. Pure."""

from app.errors import AppError, Message


class LinkRefused(AppError):
    """The link cannot be used. `leads_to` is the page where they go on when they have signed in."""

    status = 410
    said = Message("Log ind, så finder du gaven, hvis den stadig venter på dig.")

    def __init__(self, leads_to: str = "") -> None:
        super().__init__(self.said)
        self.leads_to = leads_to


class UnknownLink(LinkRefused):
    title = Message("Linket virker ikke")


class IsAnswered(LinkRefused):
    title = Message("Der er kvitteret for gaven")
    said = Message(
        "Tak for det. Giveren har fået besked. Log ind, når I er klar til at tage imod, spørge "
        "eller sige nej tak."
    )


class TooOld(LinkRefused):
    title = Message("Linket er for gammelt")
    said = Message(
        "Man kan kvittere fra en mail i 14 dage. Gaven venter stadig: log ind, og svar der."
    )


class IsChanged(LinkRefused):
    title = Message("Der er sket noget, siden mailen blev sendt")
    said = Message("Gaven er ikke, som den var. Log ind, og se den, som den er nu.")


class NotByMail(LinkRefused):
    title = Message("Her kvitterer man ikke længere fra en mail")
    said = Message("Kommunen har slået det fra. Gaven venter stadig: log ind, og svar der.")


class NotTheirs(LinkRefused):
    title = Message("Du svarer ikke længere for enheden")
    said = Message(
        "Gaven er hos den, der gør det nu. Log ind, og se, hvad der ellers venter på dig."
    )


class HasLeft(LinkRefused):
    """Signing in is no way on for them."""

    status = 403
    title = Message("Du er ikke længere på Gavebordet")
    said = Message(
        "Gaven er hos den, der svarer for enheden nu. Er det forkert, så sig det til sekretariatet."
    )
