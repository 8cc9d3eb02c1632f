"""What a mail says, when it comes to be sent."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.chores import FAN_OUT
from app.clock import noon_of
from app.eventlog.log import By
from app.eventlog.models import Event
from app.follow_ups.models import Better, FollowUp, Health
from app.handovers.lifecycle import State
from app.insight.tasks import Verb
from app.notifications.content import Waiting
from app.notifications.envelopes import envelope_of
from app.notifications.models import HowMuch, Notification
from app.rows import rows_of
from app.units import posts
from app.units.models import Post, PostKind
from tests.make import Make
from tests.notifications import letters

TODAY = date(2026, 3, 2)


@pytest.fixture
def happened(session, make: Make):
    def tell(person, handover, event_type: str, **data) -> None:
        event = Event(
            type=event_type,
            subject_id=handover.key if handover else 7,
            handover_id=handover.key if handover else None,
            actor_id=make.person(name="Gerda Giver").key,
            at=make.now - timedelta(days=1),
            data=data,
        )
        session.add(event)
        session.flush()
        make._save(
            Notification(
                person_id=person.key,
                reason="leader",
                handover_id=event.handover_id,
                event_id=event.id,
                made_at=make.now - timedelta(days=1),
            )
        )

    return tell


@pytest.fixture
def leader(make: Make):
    return make.person(name="Line Leder", locale="en")


@pytest.fixture
def unit(make: Make, leader):
    return make.unit(name="PPR", leader=leader)


def test_a_reminder_says_the_gift_the_verb_and_how_late_it_is(make, mailed, leader, unit):
    late = TODAY - timedelta(days=3)
    handover = make.handover(unit=unit, life_due_on=late, days_ago=20)
    content = mailed()[leader.key]
    assert (content.name, content.mail, content.locale) == ("Line Leder", leader.mail, "en")
    [line] = content.lines
    assert (line.verb, line.reason, line.gift) == (
        Verb.ACKNOWLEDGE,
        "leader",
        "Overgangsmødet ved 17½",
    )
    assert (line.unit, line.due_on, line.days_late) == ("PPR", late, 3)
    assert (line.handover_id, line.path) == (handover.key, f"/handovers/{handover.key}")


def test_what_asks_comes_first_and_the_longest_due_before_the_others(
    make, mailed, happened, leader, unit
):
    news = make.handover(unit=unit, state=State.IN_USE, life_due_on=TODAY + timedelta(days=30))
    happened(leader, news, "handover.acknowledged")
    happened(leader, None, "network.created", name="Netværk")
    short = make.handover(unit=unit, life_due_on=TODAY, days_ago=20)
    long = make.handover(unit=unit, life_due_on=TODAY - timedelta(days=9), days_ago=20)
    lines = mailed()[leader.key].lines
    assert [line.handover_id for line in lines] == [long.key, short.key, news.key, None]
    assert lines[2].sentence.startswith("Gerda Giver")
    assert lines[3].path == "/networks/7"


@pytest.mark.parametrize(("locale", "role"), [("da", "Deltager"), ("en", "Participant")])
def test_a_role_is_said_in_the_words_of_the_pages(make, mailed, happened, locale, role):
    person = make.person(name="Ny Mand", locale=locale)
    data = {"person_id": person.key, "role": "participant", "from_on": "2026-03-01"}
    happened(person, None, "network.member_joined", **data)
    (line,) = mailed()[person.key].lines
    assert line.sentence.startswith("Ny Mand")
    assert f"({role})" in line.sentence


def answered(handover):
    handover.state, handover.last_life_at = State.RETURNED, noon_of(TODAY)
    handover.question, handover.life_due_on = "Hvem leder mødet?", None


def paused(handover):
    until = TODAY + timedelta(days=30)
    handover.paused_until = handover.life_due_on = until
    handover.pause_reason, handover.pause_count = "Efter ferien.", 1
    handover.last_life_at = noon_of(TODAY)


def spoken_of(handover):
    handover.last_life_at = noon_of(TODAY)
    handover.life_due_on = TODAY + timedelta(days=14)


@pytest.mark.parametrize("change", [answered, paused, spoken_of])
def test_there_is_no_mail_when_it_has_been_done_meanwhile(make, mailed, unit, change):
    handover = make.handover(unit=unit, life_due_on=TODAY, days_ago=20)
    assert mailed(between=lambda: change(handover)) == {}


def test_there_is_no_mail_for_whoever_no_longer_leads(make, mailed, unit, session):
    make.handover(unit=unit, life_due_on=TODAY, days_ago=20)

    def moves():
        post = session.exec(select(Post).where(Post.unit_id == unit.key)).one()
        post.to_on = TODAY - timedelta(days=1)

    assert mailed(between=moves) == {}


def test_what_is_read_meanwhile_is_left_out(make, mailed, leader, unit, session):
    make.handover(unit=unit, life_due_on=TODAY, days_ago=20)
    kept = make.handover(unit=unit, life_due_on=TODAY, days_ago=20)

    def read():
        first = session.exec(select(Notification).order_by(Notification.id)).first()
        first.read_at = noon_of(TODAY)

    lines = mailed(between=read)[leader.key].lines
    assert [line.handover_id for line in lines] == [kept.key]


def test_a_handover_asks_once_however_much_is_told_of_it(make, mailed, happened, leader, unit):
    handover = make.handover(unit=unit, life_due_on=TODAY, days_ago=20)
    happened(leader, handover, "handover.delivered", unit_id=unit.key, edition=1)
    lines = mailed()[leader.key].lines
    assert [(line.silence is not None, line.verb) for line in lines] == [
        (True, Verb.ACKNOWLEDGE),
        (False, None),
    ]


def test_an_unanswered_gift_says_one_day_and_it_is_nobodys_agreement(
    make, mailed, happened, leader, unit
):
    handover = make.handover(unit=unit, life_due_on=TODAY + timedelta(days=11))
    happened(leader, handover, "handover.delivered", unit_id=unit.key, edition=1)
    happened(leader, handover, "handover.note_written", text="Ring endelig.", side="giver")
    lines = mailed()[leader.key].lines
    assert [(line.due_on, line.is_agreed) for line in lines] == [
        (TODAY + timedelta(days=11), False),
        (None, False),
    ]


@pytest.mark.parametrize("is_agreed", [True, False])
@pytest.mark.parametrize("is_offered", [True, False])
def test_a_day_is_agreed_on_where_people_have_chosen_one(
    make, mailed, happened, leader, unit, is_agreed, is_offered
):
    due_on = TODAY + timedelta(days=60) if is_offered else TODAY
    given = {"state": State.IN_USE, "owner": leader, "life_due_on": due_on, "days_ago": 90}
    given |= {"is_new_edition": is_offered, "read_back": "Ét møde.", "first_step": "Vi begynder."}
    given |= {"next_on": due_on} if is_agreed else {"next_on": None}
    handover = make.handover(unit=unit, **given)
    if is_offered:
        happened(leader, handover, "handover.edition_offered", edition=2)
    [line] = mailed()[leader.key].lines
    assert line.verb is (Verb.TAKE_EDITION if is_offered else Verb.FOLLOW_UP)
    assert (line.due_on, line.is_agreed) == (due_on, is_agreed)


def test_the_day_on_which_a_trial_or_a_pause_ends_is_agreed_on_too(make, mailed, leader, unit):
    given = {"unit": unit, "owner": leader, "life_due_on": TODAY, "days_ago": 20}
    make.handover(state=State.TRIAL, trial_to_on=TODAY, **given)
    make.handover(state=State.ACCEPTED, paused_until=TODAY, **given)
    assert [line.is_agreed for line in mailed()[leader.key].lines] == [True, True]


def test_the_day_on_which_an_owner_is_wanted_is_nobodys_agreement(make, mailed, leader, unit):
    gone = make.person(left_at=make.now)
    given = {"owner": gone, "next_on": TODAY, "life_due_on": TODAY, "days_ago": 20}
    make.handover(unit=unit, state=State.ACCEPTED, **given)
    [line] = mailed()[leader.key].lines
    assert (line.verb, line.is_agreed) == (Verb.NAME_OWNER, False)


@pytest.mark.parametrize("read_by", [-6, 1])
def test_a_follow_up_to_be_read_gives_way_to_what_somebody_waits_for(make, mailed, unit, read_by):
    giver, unit_leader = make.person(), make.person()
    gift = make.gift(network=make.network(leader=giver))
    given = {"gift": gift, "unit": unit, "owner": giver, "life_due_on": TODAY, "days_ago": 20}
    handover = make.handover(state=State.ACCEPTED, next_on=TODAY, **given)
    done_at = make.now + timedelta(days=read_by - 7)
    said = {"note": "Det går.", "health": Health.GOING_WELL, "better": Better.YES}
    make._save(
        FollowUp(
            handover_id=handover.key,
            author_id=unit_leader.key,
            due_on=done_at.date(),
            done_at=done_at,
            created_at=done_at,
            **said,
        )
    )
    [line] = mailed()[giver.key].lines
    assert (line.verb, str(line.silence)) == (
        Verb.FOLLOW_UP,
        "Hvordan går det med gaven? Fortæl det på én linje.",
    )


def test_of_what_has_ended_only_the_end_is_told(make, mailed, happened, leader, unit):
    gone = make.handover(unit=unit, state=State.WITHDRAWN)
    happened(leader, gone, "handover.delivered", unit_id=unit.key, edition=1)
    happened(leader, gone, "handover.withdrawn", reason="En fejl.")
    [line] = mailed()[leader.key].lines
    assert "took the gift back" in line.sentence


def test_an_event_that_only_a_newer_version_knows_is_told_without_words(
    make, mailed, happened, leader, unit
):
    handover = make.handover(unit=unit, state=State.IN_USE, life_due_on=TODAY + timedelta(days=9))
    happened(leader, handover, "handover.sung_of")
    [line] = mailed()[leader.key].lines
    assert (line.sentence, line.path) == ("", f"/handovers/{handover.key}")


def test_what_happens_to_a_unit_is_told_with_its_name_and_why(session, make, mailed, leader, unit):
    below = make.unit(name="Klubben", parent_id=unit.key)
    post = make.post(below, make.person(name="Gammel Leder"))
    make.handover(unit=below, life_due_on=TODAY + timedelta(days=9))
    yesterday = make.now - timedelta(days=1)
    posts.end_post(session, below.key, post.id, to_on=TODAY, by=By(), now=yesterday)
    while not FAN_OUT.pass_on(session, now=yesterday):
        continue
    [line] = mailed()[leader.key].lines
    assert (line.name, line.path, line.reason) == ("Klubben", f"/units/{below.key}", "vacant")
    assert line.waiting == Waiting(1, unanswered=1)
    mail = letters.mailed(line)
    assert mail.subject == "Én gave venter på svar i Klubben"
    assert "Fordi posten er ledig, og du svarer for enheden imens" in mail.text


def test_who_comes_to_a_post_is_told_of_vacant_units_below_too(session, make, mailed, unit):
    above, new = make.unit(name="Området"), make.person(locale="da")
    unit.parent_id = above.key
    vacant = make.unit(name="Klubben", parent_id=above.key)
    for one in (above, vacant, unit):
        make.handover(unit=one, life_due_on=TODAY + timedelta(days=9))
    yesterday = make.now - timedelta(days=1)
    posts.fill_post(
        session,
        above.key,
        person_id=new.key,
        kind=PostKind.LEADER,
        from_on=TODAY,
        to_on=None,
        by=By(),
        now=yesterday,
    )
    while not FAN_OUT.pass_on(session, now=yesterday):
        continue
    [line] = mailed()[new.key].lines
    assert line.waiting == Waiting(2, unanswered=2)


@pytest.mark.parametrize("how_much", HowMuch)
def test_how_much_is_as_each_has_chosen(make, mailed, happened, leader, unit, session, how_much):
    handover = make.handover(unit=unit, life_due_on=TODAY, days_ago=20)
    news = make.handover(unit=unit, state=State.IN_USE, life_due_on=TODAY + timedelta(days=30))
    happened(leader, news, "handover.acknowledged")

    def choose():
        make.mail_choice(leader, hour=8, how_much=how_much)

    content = mailed(between=choose).get(leader.key)
    ids = [line.handover_id for line in content.lines] if content else []
    assert (
        ids
        == {
            HowMuch.ALL: [handover.key, news.key],
            HowMuch.NEEDED: [handover.key],
            HowMuch.NONE: [],
        }[how_much]
    )


def test_a_digest_that_is_not_there_has_no_envelope(session):
    assert envelope_of(rows_of(session), 4711) is None


@pytest.mark.parametrize(("locale", "said"), [("da", "(Deltager)"), ("en", "(Participant)")])
def test_what_is_no_handover_is_called_by_its_name_and_its_words_are_no_codes(
    make, mailed, session, locale, said
):
    person, network = make.person(locale=locale), make.network(name="Fra ung til voksen")
    data = {"person_id": person.key, "role": "participant", "from_on": "2026-03-01"}
    told(make, session, person, "network.member_joined", network.key, data)
    [line] = mailed()[person.key].lines
    assert (line.name, line.path) == ("Fra ung til voksen", f"/networks/{network.key}")
    assert said in line.sentence


def filled(make, session, person, unit, kind="leader") -> None:
    data = {"person_id": person.key, "kind": kind, "from_on": "2026-03-01", "to_on": None}
    told(make, session, person, "unit.post_filled", unit.key, data)


def told(make, session, person, event_type, subject_id, data) -> None:
    at = make.now - timedelta(days=1)
    event = Event(type=event_type, subject_id=subject_id, at=at, data=data)
    session.add(event)
    session.flush()
    make._save(
        Notification(person_id=person.key, reason="named", event_id=event.id, made_at=event.at)
    )


@pytest.mark.parametrize(("kind", "said"), [("leader", "(Leader)"), ("substitute", "(Substitute)")])
def test_whoever_comes_to_a_post_hears_how_many_gifts_are_open_and_what_they_need(
    make, mailed, session, leader, unit, kind, said
):
    later, gone = TODAY + timedelta(days=40), make.person(left_at=make.now)
    until = TODAY + timedelta(days=9)
    for state in (State.DELIVERED, State.ACKNOWLEDGED):
        make.handover(unit=unit, state=state, life_due_on=later)
    make.handover(unit=unit, paused_until=until, life_due_on=until)
    make.handover(unit=unit, state=State.ACCEPTED, owner=gone, life_due_on=later)
    make.handover(unit=unit, state=State.IN_USE, life_due_on=TODAY - timedelta(days=5), days_ago=99)
    make.handover(unit=unit, state=State.IN_USE, life_due_on=later)
    for state in (State.DECLINED, State.DRAFT, State.WITHDRAWN):
        make.handover(unit=unit, state=state)
    filled(make, session, leader, unit, kind)
    [line] = [line for line in mailed()[leader.key].lines if line.waiting]
    assert line.waiting == Waiting(6, unanswered=2, ownerless=1, quiet=1)
    assert (line.name, line.path, line.asks) == ("PPR", f"/units/{unit.key}", True)
    assert said in line.sentence


@pytest.mark.parametrize("how_much", [HowMuch.ALL, HowMuch.NEEDED])
def test_a_new_leader_of_a_unit_where_all_goes_well_is_asked_for_nothing(
    make, mailed, session, leader, unit, how_much
):
    make.mail_choice(leader, hour=8, how_much=how_much)
    make.handover(unit=unit, state=State.IN_USE, life_due_on=TODAY + timedelta(days=40))
    filled(make, session, leader, unit)
    found = mailed().get(leader.key)
    waiting = [line.waiting for line in found.lines] if found else []
    assert waiting == ([Waiting(1)] if how_much is HowMuch.ALL else [])


def test_whoever_has_left_the_post_again_hears_of_no_gifts(make, mailed, session, leader):
    unit = make.unit()
    make.post(unit, leader, to_on=TODAY - timedelta(days=1))
    make.handover(unit=unit, life_due_on=TODAY + timedelta(days=9))
    filled(make, session, leader, unit)
    [line] = mailed()[leader.key].lines
    assert (line.waiting, line.asks) == (None, False)
