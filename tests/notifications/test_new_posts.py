"""The mail to whoever has come to a post: one page of what awaits them."""

import pytest

from app.notifications.content import Waiting
from tests.notifications.letters import SITE, line, mailed


def post(waiting: Waiting, **over):
    fields = {"handover_id": None, "gift": "", "unit": "", "path": "/units/4", "name": "PPR"}
    return line(None, reason="named", waiting=waiting, **{**fields, **over})


@pytest.mark.parametrize(
    ("waiting", "subject", "said"),
    [
        (
            Waiting(5, unanswered=2, ownerless=1, quiet=1),
            "4 gaver venter på dig i PPR",
            "Enheden har 5 gaver i gang: 2 venter på svar, 1 mangler en tovholder, 1 er blevet"
            " stille.",
        ),
        (
            Waiting(3, unanswered=3),
            "3 gaver venter på svar i PPR",
            "Enheden har 3 gaver i gang: 3 venter på svar.",
        ),
        (
            Waiting(2, ownerless=1),
            "Én gave venter på dig i PPR",
            "Enheden har 2 gaver i gang: 1 mangler en tovholder.",
        ),
        (
            Waiting(1, unanswered=1),
            "Én gave venter på svar i PPR",
            "Enheden har én gave, og den venter på svar.",
        ),
        (
            Waiting(1, ownerless=1),
            "Én gave venter på dig i PPR",
            "Enheden har én gave, og den mangler en tovholder.",
        ),
        (
            Waiting(1, quiet=1),
            "Én gave venter på dig i PPR",
            "Enheden har én gave, og den er blevet stille.",
        ),
        (Waiting(1), "Nyt om »PPR«", "Enheden har én gave i gang."),
        (Waiting(4), "Nyt om »PPR«", "Enheden har 4 gaver i gang."),
    ],
)
def test_the_subject_says_what_is_needed_and_the_mail_how_many_gifts_need_what(
    waiting, subject, said
) -> None:
    mail = mailed(post(waiting))
    assert mail.subject == subject
    assert f"\nPPR\n{said}\nFordi du er ny på posten\n" in mail.text
    way = "Se gaverne" if waiting.needy else "Læs mere"
    assert f"{way}: {SITE}/units/4\n" in mail.text


def test_it_leads_the_mail_also_beside_reminders_and_two_are_counted() -> None:
    assert mailed(post(Waiting(2, unanswered=2)), line()).subject == "2 gaver venter på svar i PPR"
    other = post(Waiting(1, quiet=1), path="/units/5", name="Visitationen")
    assert mailed(post(Waiting(1, quiet=1)), other).subject == "2 ting venter på dig"


def test_in_english_too() -> None:
    mail = mailed(post(Waiting(3, unanswered=1, ownerless=2)), locale="en")
    assert mail.subject == "3 gifts are waiting for you in PPR"
    assert "The unit has 3 gifts" in mail.text
    assert "1 waiting for an answer, 2 without an owner." in mail.text


def test_news_of_something_else_says_what_it_is() -> None:
    network = {"handover_id": None, "gift": "", "unit": "", "path": "/networks/4"}
    mail = mailed(line(None, name="Fra ung til voksen", **network))
    assert mail.subject == "Nyt om »Fra ung til voksen«"
    assert "\nFra ung til voksen\n" in mail.text
    assert mailed(line(None, **network)).subject == "Nyt på Gavebordet"
