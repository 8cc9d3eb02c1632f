"""The words for the settings that are changed while the product runs."""

from collections.abc import Mapping

from app.changeable import ReceiptBy
from app.errors import Message

SETTINGS: Mapping[str, Message] = {
    "organisation": Message("Kommunens navn"),
    "contact_mail": Message("Sekretariatets mail"),
    "welcome": Message("Linje på login-siden"),
    "patience_delivered": Message("Overrakt: arbejdsdage til en kvittering"),
    "patience_acknowledged": Message("Kvitteret: arbejdsdage til et svar"),
    "patience_accepted": Message("Taget imod: arbejdsdage til første skridt"),
    "patience_trial": Message("Afprøves: dage mellem livstegn"),
    "patience_in_use": Message("I brug: dage mellem livstegn"),
    "patience_anchored": Message("En del af hverdagen: dage til det årlige kig"),
    "forgotten_days": Message("Dage uden livstegn, før en gave er glemt"),
    "anchor_days": Message("Dage i brug, før en gave kan blive en del af hverdagen"),
    "pause_days": Message("Den længste pause på én gang, i dage"),
    "early_days": Message("Dage, en opfølgning må komme for tidligt"),
    "reminder_workdays": Message("Arbejdsdage fra én påmindelse til den næste"),
    "quiet_weeks": Message("Stille uger, hvor ingen dag tæller"),
    "receipt_by": Message("Sådan kan en leder kvittere"),
}
HINTS: Mapping[str, Message] = {
    "contact_mail": Message("Står nederst på alle sider. Tom: den vises ikke."),
    "welcome": Message("En hilsen eller et råd, hvor folk logger ind."),
    "forgotten_days": Message("Så vises den som »glemt« på tavlen."),
    "reminder_workdays": Message("Også til hvert løft til næste leder. Fra 1 til 30."),
    "quiet_weeks": Message("Ugenumre med komma imellem, for eksempel 28,29,30."),
    "receipt_by": Message(
        "Fra mailen tager det ti sekunder på en telefon, uden login. Til gengæld kan den, der har "
        "mailen, se gaven kort og kvittere i lederens navn. Linket kan kun kvittere, virker én "
        "gang og i højst 14 dage. Resten kræver stadig login."
    ),
}
CHOICES: Mapping[str, Mapping[str, Message]] = {
    "receipt_by": {
        ReceiptBy.SIGN_IN: Message("Kun når lederen er logget ind"),
        ReceiptBy.MAIL: Message("Også fra mailen, uden login"),
    },
}
"""The settings that are one of a few, with what each means."""

GROUPS: Mapping[Message, tuple[str, ...]] = {
    Message("Kommunens tekster"): ("organisation", "contact_mail", "welcome"),
    Message("Tålmodighed"): (
        "patience_delivered",
        "patience_acknowledged",
        "patience_accepted",
        "patience_trial",
        "patience_in_use",
        "patience_anchored",
        "quiet_weeks",
    ),
    Message("Andre tal"): ("forgotten_days", "anchor_days", "pause_days", "early_days"),
    Message("Påmindelser og mail"): ("reminder_workdays", "receipt_by"),
}
