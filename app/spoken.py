"""Days, times and numbers as people write them, in Danish and in English."""

from datetime import date, datetime
from decimal import Decimal

from babel import dates, numbers

from app.clock import COPENHAGEN, local_day
from app.errors import Message
from app.i18n import Locale, translate

_BABEL = {"da": "da_DK", "en": "en_GB"}
_WEEK, _MONTH, _YEAR = 7, 30.44, 365.25


def moment(locale: Locale, at: datetime) -> str:
    """The day and the time of the clock in Denmark: `mandag den 23. november 2026 kl. 8.05`."""
    local = at.astimezone(COPENHAGEN)
    pattern = "EEEE 'den' d. MMMM y 'kl.' H.mm" if locale == "da" else "EEEE d MMMM y 'at' H:mm"
    return dates.format_datetime(local, pattern, locale=_BABEL[locale])


def day(locale: Locale, when: date | datetime) -> str:
    """`23. november 2026`."""
    return dates.format_date(_day_of(when), "long", locale=_BABEL[locale])


def short_day(locale: Locale, when: date | datetime) -> str:
    """`23. nov. 2026`."""
    pattern = "d. MMM y" if locale == "da" else "d MMM y"
    return dates.format_date(_day_of(when), pattern, locale=_BABEL[locale])


def span(locale: Locale, days: int) -> str:
    """A number of days as people say it: `4 dage`, `3 uger`, `7 måneder`."""
    if days == 1:
        return translate(Message("1 dag"), locale)
    if days < 2 * _WEEK:
        return translate(Message("%(count)s dage", count=days), locale)
    if days < 2 * _MONTH:
        return translate(Message("%(count)s uger", count=round(days / _WEEK)), locale)
    if days < 2 * _YEAR:
        return translate(Message("%(count)s måneder", count=round(days / _MONTH)), locale)
    return translate(Message("%(count)s år", count=round(days / _YEAR)), locale)


def size(locale: Locale, octets: int) -> str:
    """`1,2 MB`."""
    for unit, of in (("MB", 1_000_000), ("kB", 1_000)):
        if octets >= of:
            return f"{amount(locale, Decimal(octets) / of)}\u00a0{unit}"
    return f"{octets}\u00a0B"


def amount(locale: Locale, value: int | Decimal) -> str:
    """`12.345,6`: no more than one decimal of what is no whole number."""
    return numbers.format_decimal(value, "#,##0.#", locale=_BABEL[locale])


def _day_of(when: date | datetime) -> date:
    return local_day(when) if isinstance(when, datetime) else when
