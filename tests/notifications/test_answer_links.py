"""The link by which a gift is acknowledged from a mail: what it is bound to, and that it does so
once."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from app import mail
from app.changeable import ReceiptBy
from app.errors import AppError
from app.eventlog import log
from app.eventlog.log import By
from app.eventlog.models import Event
from app.handovers.lifecycle import State
from app.handovers.models import Handover
from app.insight.tasks import Verb
from app.notifications import answer_links, sending
from app.notifications import answer_refusals as refusals
from app.notifications.answer_links import GOOD_FOR, KNOWN_FOR, AnswerLink
from app.people.events import PersonChanged
from app.people.signed_in import Role
from app.units.models import Post, PostKind, Unit
from app.work.items import enqueue
from tests.conftest import NOON
from tests.databases import DATABASES, ON_ONE
from tests.mailbox import mailbox
from tests.make import Make
from tests.notifications.letters import content, line
from tests.work.steps import left
from tests.work.world import make_due, worker

SECRET = "only with the item that waits"


@pytest.fixture
def by_mail(session, monkeypatch):
    allow(session.info, monkeypatch)


def allow(info, monkeypatch) -> None:
    settings = info["settings"].model_copy(update={"receipt_by": ReceiptBy.MAIL})
    monkeypatch.setitem(info, "settings", settings)


@pytest.fixture
def leader(make: Make):
    return make.person(name="Signe Aaskov", mail="signe@lindborg.example")


@pytest.fixture
def handover(make: Make, leader) -> Handover:
    return make.handover(unit=make.unit(name="PPR", leader=leader))


@pytest.fixture
def token(session, handover, leader) -> str:
    return mailed(session, handover, leader)


def mailed(session, handover, person, now=NOON) -> str:
    """What stands in the link of a mail to the person."""
    about = content(line(handover_id=handover.key, version=handover.version), person_id=person.key)
    return answer_links.make(session, content=about, secret=SECRET, now=now)[handover.key]


def press(session, token, now=NOON):
    """In a transaction of its own, as a page does it."""
    with session.begin_nested():
        found = answer_links.find(session, token, is_locked=True)
        return answer_links.acknowledge(session, found, now=now)


def receipts(session):
    chosen = Event.type == "handover.acknowledged"
    return session.exec(select(Event).where(chosen).order_by(Event.id)).all()


def test_it_acknowledges_in_the_name_of_its_reader_and_says_how(
    session, by_mail, token, handover, leader
):
    assert press(session, token)["id"] == handover.key
    session.refresh(handover)
    assert (handover.state, handover.acknowledged_by_id) == (State.ACKNOWLEDGED, leader.key)
    [event] = receipts(session)
    assert (event.actor_id, event.data) == (leader.key, {"is_from_mail": True})
    assert session.exec(select(AnswerLink.used_at)).one() == NOON


def test_pressed_again_it_is_one_receipt(session, by_mail, token):
    press(session, token)
    with pytest.raises(refusals.IsAnswered) as again:
        press(session, token)
    assert again.value.leads_to.startswith("/handovers/")
    assert len(receipts(session)) == 1


@ON_ONE
def test_only_what_awaits_its_first_answer_has_a_link_and_only_its_hash_is_kept(
    session, make, leader
):
    given = [make.handover().key for _ in range(2)]
    about = content(
        line(Verb.ACKNOWLEDGE, given[0], version=1),
        line(Verb.ACCEPT, given[1], version=1),
        line(None, given[1]),
        person_id=leader.key,
    )
    made = answer_links.make(session, content=about, secret=SECRET, now=NOON)
    again = answer_links.make(session, content=about, secret=SECRET, now=NOON + timedelta(days=1))
    assert made == again
    assert list(made) == [given[0]]
    [link] = session.exec(select(AnswerLink)).all()
    assert (link.person_id, link.handover_id, link.version) == (leader.key, given[0], 1)
    assert link.expires_at == NOON + GOOD_FOR
    kept = [str(value) for value in link.model_dump().values()]
    assert made[given[0]] not in kept
    assert SECRET not in kept
    others = answer_links.make(session, content=about, secret="another", now=NOON)
    assert others[given[0]] != made[given[0]]


def used_elsewhere(session, make, handover, leader):
    handover.state, handover.acknowledged_at = State.ACKNOWLEDGED, NOON
    handover.acknowledged_by_id = make.person().key


def changed(session, make, handover, leader):
    handover.exit_criteria = "Når alle kan."


def withdrawn(session, make, handover, leader):
    handover.state, handover.ended_at = State.WITHDRAWN, NOON
    handover.reason, handover.life_due_on = "En fejl.", None


def left_the_municipality(session, make, handover, leader):
    leader.left_at = NOON


def leads_no_more(session, make, handover, leader):
    post = session.exec(select(Post).where(Post.unit_id == handover.unit_id)).one()
    post.to_on = NOON.date() - timedelta(days=1)
    make.post(session.get_one(Unit, handover.unit_id), make.person(), kind=PostKind.LEADER)


def only_reads(session, make, handover, leader):
    leader.roles = Role.AUDITOR


def not_shown_any_more(session, make, handover, leader):
    handover.state, handover.announced_at, handover.delivered_at = State.DRAFT, None, None
    handover.life_due_on = None


def switched_off(session, make, handover, leader):
    session.info["settings"] = session.info["settings"].model_copy(
        update={"receipt_by": ReceiptBy.SIGN_IN}
    )


@ON_ONE
@pytest.mark.parametrize(
    ("since", "refusal"),
    [
        (used_elsewhere, refusals.IsAnswered),
        (changed, refusals.IsChanged),
        (withdrawn, refusals.IsChanged),
        (left_the_municipality, refusals.HasLeft),
        (leads_no_more, refusals.NotTheirs),
        (only_reads, refusals.NotTheirs),
        (not_shown_any_more, refusals.NotTheirs),
        (switched_off, refusals.NotByMail),
    ],
)
def test_what_is_otherwise_since_is_said_before_and_after_the_press(
    session, make, by_mail, token, handover, leader, since, refusal
):
    since(session, make, handover, leader)
    session.flush()
    with pytest.raises(refusal):
        answer_links.offered(session, answer_links.find(session, token), now=NOON)
    with pytest.raises(refusal):
        press(session, token)
    assert receipts(session) == []
    assert session.exec(select(AnswerLink.used_at)).one() is None


@ON_ONE
def test_it_is_good_for_fourteen_days(session, by_mail, token):
    with pytest.raises(refusals.TooOld):
        press(session, token, now=NOON + timedelta(days=14))
    press(session, token, now=NOON + timedelta(days=14) - timedelta(seconds=1))


@ON_ONE
@pytest.mark.parametrize("wrong", ["", "x", "æ\x00\ud800", "x" * 4000])
def test_a_link_that_was_made_up_is_told_nothing(session, by_mail, token, wrong):
    for made_up in (wrong, token + wrong[:1] + "x", token[:-1]):
        with pytest.raises(refusals.UnknownLink):
            press(session, made_up)


@ON_ONE
def test_a_substitute_and_an_owner_may_too(session, make, by_mail, handover):
    substitute = make.person()
    make.post(session.get_one(Unit, handover.unit_id), substitute, kind=PostKind.SUBSTITUTE)
    press(session, mailed(session, handover, substitute))
    [event] = receipts(session)
    assert (event.actor_id, event.on_behalf_of_id is not None) == (substitute.key, True)


@ON_ONE
def test_what_is_old_is_forgotten_and_what_went_to_a_former_address(session, make, token, leader):
    other = make.handover()
    mailed(session, other, make.person(), now=NOON + timedelta(days=1))
    answer_links.forget_old(session, now=NOON + GOOD_FOR + KNOWN_FOR + timedelta(hours=1))
    assert session.exec(select(AnswerLink.handover_id)).all() == [other.key]

    mailed(session, other, leader)
    for field, left_over in (("phone", 2), ("mail", 1)):
        event = PersonChanged(subject_id=leader.key, fields=[field])
        log.record(session, event, By(), at=NOON)
        assert len(session.exec(select(AnswerLink.hash)).all()) == left_over


def test_two_who_press_at_once_give_one_receipt(own_database, monkeypatch):
    allow(own_database.info, monkeypatch)
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        leader = make.person()
        handover = make.handover(unit=make.unit(leader=leader))
        token = mailed(session, handover, leader)
    ready, refused = threading.Barrier(2), []

    def presses():
        ready.wait()
        try:
            with own_database.writing() as session:
                found = answer_links.find(session, token, is_locked=True)
                answer_links.acknowledge(session, found, now=NOON)
        except AppError as error:
            refused.append(type(error))

    both = [threading.Thread(target=presses) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert refused == [refusals.IsAnswered]
    with own_database.reading() as session:
        assert len(receipts(session)) == 1


@pytest.mark.parametrize("own_database", DATABASES[:1], indirect=True)
def test_a_mail_has_links_where_they_are_allowed_and_the_same_when_sent_again(
    own_database, monkeypatch
):
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        leader = make.person(mail="signe@lindborg.example")
        handover = make.handover(unit=make.unit(leader=leader))
        digest = make.digest(leader)
        whose = {"digest_id": digest.id, "person_id": leader.key}
        about = content(line(handover_id=handover.key, version=1), **whose)

    def send(payload) -> str:
        with own_database.writing() as session:
            enqueue(session, sending.KIND, "digest:1", {"digest_id": digest.id, **payload})
        with mailbox() as box:
            there = {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_security": "none"}
            given = own_database.info["settings"].model_copy(update=there)
            own_database.info["settings"] = given
            sends = sending.sends(lambda *_: about, now=lambda: NOON)
            monkeypatch.setattr(sending, "_note_sent", lambda *_: None)
            make_due(own_database)
            assert worker(own_database, sends, kind=sending.KIND).do_one()
        assert left(own_database) == []
        return mail.text_of(box.mails[0])

    plain = f"/handovers/{handover.key}"
    assert plain in send({"secret": SECRET})
    own_database.info["settings"] = own_database.info["settings"].model_copy(
        update={"receipt_by": ReceiptBy.MAIL}
    )
    assert plain in send({})
    first = send({"secret": SECRET})
    with own_database.writing() as session:
        token = mailed(session, session.get_one(Handover, handover.key), leader)
    assert f"/mail/answer?token={token}" in first
    assert "send ikke mailen videre" in first
    assert plain not in first
    assert send({"secret": SECRET}) == first


def test_every_reason_says_what_to_do():
    for refusal in refusals.LinkRefused.__subclasses__():
        assert refusal.title.text != refusals.LinkRefused.title.text
        assert refusal.said.text.endswith(".")
