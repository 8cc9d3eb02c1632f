"""The page for the secretariat says what the rules do."""

from app.notifications.ladder import ReminderKind
from tests.notifications.page import EXAMPLES, PAGE, WORDS, _steps, page


def test_the_page_of_what_is_sent_when_says_what_the_rules_do() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make reminders`"


def test_every_step_has_a_word_and_stands_in_an_example() -> None:
    assert set(WORDS) == set(ReminderKind)
    shown = {taken.kind for example in EXAMPLES for taken, _ in _steps(example)}
    assert shown == set(ReminderKind)
