"""Danish working days, worked out one by one from Easter: a second opinion, without a library."""

from datetime import date, timedelta

DAY = timedelta(days=1)
QUIET_WEEKS = {28, 29, 30}


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian rule."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def is_workday(day: date) -> bool:
    if day.weekday() >= 5 or day.isocalendar().week in QUIET_WEEKS:
        return False
    if (day.month, day.day) in {(1, 1), (12, 24), (12, 25), (12, 26), (12, 31)}:
        return False
    after_easter = (day - easter(day.year)).days
    # Thursday, Friday, Sunday and Monday of Easter, Ascension, and Whitsun with its Monday.
    if after_easter in {-3, -2, 0, 1, 39, 49, 50}:
        return False
    # Store bededag, the fourth Friday after Easter, was abolished from 2024.
    return not (after_easter == 26 and day.year < 2024)


def workday_after(day: date, count: int) -> date:
    while count:
        day += DAY
        count -= is_workday(day)
    return day
