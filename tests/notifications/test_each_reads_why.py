"""One step of a silence tells several. Each reads why just they are told, and what is true for
them."""

from datetime import date, timedelta

import pytest

from app.handovers.lifecycle import State
from app.notifications.ladder import QUIET, Around, ReminderKind, concerns, told_as
from app.notifications.letters import letter_of
from app.notifications.recipients import Reason
from app.notifications.silence_words import said_to
from tests.make import Make
from tests.notifications.letters import settings

MONDAY = date(2026, 3, 2)
WEEK = timedelta(days=7)
OWNER, LEADER, SUBSTITUTE, ABOVE, SECRETARY, BOTH = 1, 2, 3, 4, 5, 6
LEFT = "Der er stille om gaven, og den har ingen tovholder."
UNLED = "og ingen svarer for enheden."


@pytest.fixture
def read(mailed):
    """What each person's mail of the day says, line by line: what, by when, and why."""

    def look(day: date) -> dict[int, list[tuple[str, str, str]]]:
        found = {}
        for who, content in mailed(day).items():
            letter = letter_of(content, "da", settings(), "", {})
            found[who] = [(one.said, one.when, one.why) for one in letter.items]
        return found

    return look


def test_where_the_owner_has_left_the_leader_reads_that_and_not_that_they_own_it(make: Make, read):
    leader, gone = make.person(), make.person(left_at=make.now)
    unit = make.unit(leader=leader)
    make.handover(
        unit=unit, state=State.ACCEPTED, owner=gone, life_due_on=MONDAY, next_on=MONDAY, days_ago=28
    )
    ownerless, because = "Gaven har ingen tovholder.", "Fordi du svarer for enheden"
    (first,) = read(MONDAY)[leader.key]
    assert (first[0], first[2]) == (ownerless, because)
    assert "ventet" not in first[1], "on the very day when a word is due"
    (again,) = read(MONDAY + WEEK)[leader.key]
    assert again == (ownerless, "Den har ventet 7 dage.", because)


def test_at_the_second_step_the_owner_is_asked_and_the_leader_hears_that_they_were(make, read):
    leader, owner, secretary = make.person(), make.person(), make.secretary()
    unit = make.unit(leader=leader)
    make.handover(
        unit=unit, state=State.ACCEPTED, owner=owner, life_due_on=MONDAY, next_on=MONDAY, days_ago=9
    )
    assert [(said, why) for said, _, why in read(MONDAY)[owner.key]] == [
        ("Hvordan går det med gaven? Fortæl det på én linje.", "Fordi du er tovholder")
    ]
    late = "Den har ventet 7 dage."
    assert read(MONDAY + WEEK) == {
        owner.key: [
            (
                "Der er stadig stille om gaven. Hvordan går det? Fortæl det på én linje.",
                late,
                "Fordi du er tovholder",
            )
        ],
        leader.key: [
            (
                "Tovholderen er blevet spurgt, og der er stadig stille.",
                late,
                "Fordi du svarer for enheden",
            )
        ],
    }
    ((said, _, why),) = read(MONDAY + 2 * WEEK)[secretary.key]
    assert said == "Der er stille om gaven, også hos lederen."
    assert why == "Fordi du er i sekretariatet"


def test_of_a_closed_unit_the_secretariat_reads_that_it_is_closed_and_that_they_are_it(make, read):
    secretary = make.secretary()
    closed = make.unit(leader=make.person(), closed_on=MONDAY)
    make.handover(unit=closed, life_due_on=MONDAY, days_ago=14, needs_unit=True)
    ((said, when, why),) = read(MONDAY)[secretary.key]
    assert said == "Enheden er lukket. Hvem skal have gaven?"
    assert "ventet" not in when
    assert why == "Fordi du er i sekretariatet"


def test_a_lift_is_because_one_is_the_next_leader(make, read):
    above = make.person()
    unit = make.unit(leader=make.person(), parent_id=make.unit(leader=above).key)
    make.handover(unit=unit, life_due_on=MONDAY, days_ago=14)
    for week in range(3):
        mails = read(MONDAY + week * WEEK)
    ((said, _, why),) = mails[above.key]
    assert said == "Ingen har svaret på gaven. Nu er den løftet til dig."
    assert why == "Fordi du er næste leder over enheden"


AROUNDS = {
    "held": Around([[LEADER], [ABOVE]], OWNER, [SECRETARY]),
    "vacant": Around([[], [SUBSTITUTE], [ABOVE]], OWNER, [SECRETARY]),
    "ownerless": Around([[LEADER], [ABOVE]], None, [SECRETARY]),
    "closed": Around([], OWNER, [SECRETARY]),
    "closed and ownerless": Around([], None, [SECRETARY]),
    "one is all": Around([[BOTH], [BOTH]], BOTH, [BOTH]),
}


@pytest.mark.parametrize("kind", ReminderKind)
@pytest.mark.parametrize("of", AROUNDS)
def test_nobody_reads_of_an_owner_or_a_leader_that_there_is_not(kind, of):
    around = AROUNDS[of]
    for person_id in (OWNER, LEADER, SUBSTITUTE, ABOVE, SECRETARY, BOTH):
        if not concerns(kind, person_id, around):
            continue
        said, reason = str(said_to(person_id, kind, around)), told_as(kind, person_id, around)
        assert (reason is Reason.OWNER) <= (person_id == around.owner_id)
        assert (reason is Reason.LEADER) <= any(person_id in held for held in around.line)
        assert (reason is Reason.SECRETARIAT) <= (person_id in around.secretariat)
        assert ("jeres svar" in said) <= (reason is Reason.LEADER)
        assert ("Hvordan går det" in said) == (reason is Reason.OWNER)
        assert ("Tovholderen er" in said) <= (around.owner_id not in (None, person_id))
        assert ("hos lederen" in said) <= any(around.line)
        assert (UNLED in said) <= (not any(around.line))
        assert (said == LEFT) <= (around.owner_id is None)
        assert ("stille" in said or "Hvordan" in said) == (kind in QUIET)
