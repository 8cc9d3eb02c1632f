"""A webhook is made, its secret shown once and never again, and how it goes is seen and helped."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.pages.webhook_words import BUNDLES
from app.people.signed_in import Role
from app.rest.idempotency import StoredAnswer
from app.webhooks.models import DeliveryState, OffReason, Trouble, Webhook, WebhookDelivery
from app.webhooks.service import MOST_WEBHOOKS, TEST
from tests.conftest import NOON
from tests.pages.webhooks import ADDRESS, AT, NEW, attempt, delivery, webhook

AT_FIRST = {one for key in ("giving", "answers", "use") for one in BUNDLES[key].events}


@pytest.fixture
def one(session, administrator):
    return webhook(session, administrator)


def filled(desk, **over):
    return desk.form(NEW, NEW).with_(**{"name": "Intranettet", "url": ADDRESS, **over})


def stored(session):
    session.expire_all()
    return session.exec(select(Webhook)).all()


def secret_in(html):
    return html.split("<code>")[1].split("</code>")[0]


def happened(session):
    types = session.exec(select(Event.type).order_by(Event.id)).all()
    return [one for one in types if one.startswith("webhook.")]


def test_a_webhook_is_made_and_its_secret_is_shown_once(desk, session):
    made = desk.send(NEW, filled(desk))

    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    (row,) = stored(session)
    assert secret_in(made.text) == row.secret
    assert set(row.event_types.split()) == AT_FIRST
    assert (row.name, row.url, row.unit_id, row.is_on) == ("Intranettet", ADDRESS, None, True)
    for page in (AT, f"{AT}/{row.id}", f"{AT}/{row.id}/edit", "/administration/log"):
        told = desk.page(page)
        assert row.secret not in told
        assert ADDRESS not in told
    assert "https://intranet.lindborg.example/…7f3a" in desk.page(AT)


def test_pressed_twice_there_is_one_webhook_and_its_secret_is_kept_nowhere(desk, session):
    fields = filled(desk)

    first, second = desk.send(NEW, fields), desk.send(NEW, fields)

    (row,) = stored(session)
    assert secret_in(first.text) == row.secret
    assert (second.status_code, second.headers["Location"]) == (303, f"{AT}/{row.id}?done=made")
    assert "Hemmeligheden blev vist én gang" in desk.page(second.headers["Location"])
    answers = session.exec(select(StoredAnswer)).all()
    assert answers
    assert not any(row.secret.encode() in answer.body for answer in answers)


def test_it_hears_of_bundles_and_of_single_events_or_of_all(desk, make, session):
    make.unit(name="Nord")
    some = {"bundles": ["networks"], "event_types": ["unit.closed"], "unit_id": "Nord"}
    desk.send(NEW, filled(desk, **some))
    desk.send(NEW, filled(desk, hears="all", format="teams"))

    chosen, every = stored(session)
    assert set(chosen.event_types.split()) == {*BUNDLES["networks"].events, "unit.closed"}
    assert every.event_types == ""
    told = desk.page(AT)
    assert "Enheder og poster" in told
    assert "(1 af 8)" in told
    assert "alt om gaver, overrækkelser, enheder og netværk" in told
    assert "Nord" in told
    again = desk.form(f"{AT}/{chosen.id}/edit", f"{AT}/{chosen.id}/edit").fields
    assert [value for name, value in again if name in ("bundles", "event_types")] == [
        "unit.closed",
        "networks",
    ]


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"name": ""}, "Skriv, hvad webhooken skal hedde."),
        ({"name": "Bo 010203-1234"}, "ligner et CPR-nummer"),
        ({"name": "x" * 4000}, "højst 200 tegn"),
        ({"name": "a\0b"}, "Tegn nr. 2 kan ikke læses"),
        ({"url": ""}, "Skriv adressen, som Gavebordet skal sende til."),
        ({"url": "intranettet"}, "Det er ikke en webadresse. Den begynder med https://."),
        ({"url": "https://127.0.0.1/krog"}, "Dertil sender Gavebordet ikke."),
        ({"url": "https://169.254.169.254/"}, "Dertil sender Gavebordet ikke."),
        ({"format": "xml"}, "Vælg en af"),
        ({"unit_id": "<i>Nord"}, "findes ikke. Vælg den på listen."),
        ({"bundles": []}, "Sæt kryds ved det, den skal høre om, eller vælg alt."),
        ({"event_types": ["handover.stolen"]}, "Hændelsen »handover.stolen« findes ikke."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(desk, session, over, said):
    typed = {"name": "<script>x</script>", **over}
    refused = desk.send(NEW, filled(desk, **typed))

    assert refused.status_code == 422
    assert refused.text.count(said) == 2
    assert "<script>x" not in refused.text
    assert "<i>" not in refused.text
    if "name" not in over:
        assert "&lt;script&gt;x" in refused.text
    if "url" not in over:
        assert ADDRESS in refused.text
    assert stored(session) == []


def test_there_are_never_more_than_can_be_looked_through(desk, administrator, session):
    for _ in range(MOST_WEBHOOKS):
        webhook(session, administrator)

    refused = desk.send(NEW, filled(desk))

    assert refused.status_code == 409
    assert "Slet en, før du laver en ny." in refused.text
    assert ADDRESS in refused.text


def test_it_is_changed_and_an_empty_address_is_the_same_as_before(desk, make, one, session):
    unit, page = make.unit(name="Nord"), f"{AT}/{one.id}/edit"

    told = desk.done(page, page, name="Dashboardet", unit_id="nord", bundles=["gifts"])

    assert "Det er gemt" in told
    session.refresh(one)
    assert (one.name, one.url, one.unit_id) == ("Dashboardet", ADDRESS, unit.id)
    assert {"gift.given", "handover.accepted"} < set(one.event_types.split())
    log = desk.page("/administration/log?kind=webhooks")
    assert "rettede webhooken Dashboardet: hvad den hører om, navn, enhed." in log
    assert f'<a href="{AT}/{one.id}" lang="da">Dashboardet' in log
    desk.done(page, page, url="https://ny.lindborg.example/a", unit_id="")
    session.refresh(one)
    assert (one.url, one.unit_id) == ("https://ny.lindborg.example/a", None)


def test_who_comes_too_late_is_told_what_was_done_and_loses_nothing(desk, one, session):
    page = f"{AT}/{one.id}/edit"
    late = desk.form(page, page).with_(name="For sent")
    forms = {
        action: desk.form(f"{AT}/{one.id}", f"{AT}/{one.id}/{action}").fields
        for action in ("secret", "deactivation", "deletion")
    }
    desk.done(page, page, name="Dashboardet")
    version, secret = one.version, one.secret

    refused = desk.send(page, late)

    assert refused.status_code == 412
    assert "Aksel Administrator rettede webhooken Dashboardet: navn." in refused.text
    assert 'value="For sent"' in refused.text
    for action, fields in forms.items():
        refused = desk.send(f"{AT}/{one.id}/{action}", fields)
        assert refused.status_code == 412, action
        assert "Nogen var hurtigere" in refused.text
    session.refresh(one)
    assert (one.version, one.secret, one.is_on) == (version, secret, True)


def test_a_new_secret_is_shown_once_and_the_old_one_counts_for_a_day(desk, one, session):
    former, page = one.secret, f"{AT}/{one.id}"
    fields = desk.form(page, f"{page}/secret").fields

    shown, again = (desk.send(f"{page}/secret", fields) for _ in range(2))

    session.refresh(one)
    assert secret_in(shown.text) == one.secret != former
    assert former not in shown.text
    assert "Den gamle gælder også til" in shown.text
    assert one.former_until == NOON + timedelta(hours=24)
    assert (again.status_code, again.headers["Location"]) == (303, f"{page}?done=rotated")
    told = desk.page(again.headers["Location"])
    assert "Den blev vist én gang" in told
    assert one.secret not in told
    assert "Der er allerede lavet en ny" in told


def test_it_is_switched_off_and_on_and_pressed_twice_is_pressed_once(desk, one, session):
    page = f"{AT}/{one.id}"
    for verb, said in (
        ("deactivation", "Den er slået fra. Der bliver ikke sendt noget."),
        ("activation", "Den er slået til og hører om det, der sker fra nu af"),
    ):
        fields = desk.form(page, f"{page}/{verb}").fields
        answers = [desk.send(f"{page}/{verb}", fields) for _ in range(2)]
        assert {answer.headers["Location"] for answer in answers} == {
            answers[0].headers["Location"]
        }
        assert said in desk.page(answers[0].headers["Location"])
    assert happened(session) == ["webhook.switched_off", "webhook.switched_on"]


def test_deleted_it_is_gone_with_what_it_was_sent(desk, one, session):
    attempt(session, delivery(session, one))
    page = f"{AT}/{one.id}"
    fields = desk.form(page, f"{page}/deletion").fields

    answers = [desk.send(f"{page}/deletion", fields) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [f"{AT}?done=deleted"] * 2
    assert "Webhooken er slettet" in desk.page(f"{AT}?done=deleted")
    assert stored(session) == []
    assert session.exec(select(WebhookDelivery)).all() == []
    desk.get(page, 404)
    log = desk.page("/administration/log")
    assert "slettede webhooken Intranettet" in log
    assert page not in log


def test_a_test_is_sent_also_where_it_is_off_and_one_at_a_time(desk, one, session):
    one.off_at, one.off_reason = NOON, OffReason.GONE
    session.flush()
    page = f"{AT}/{one.id}"
    assert "adressen ikke findes mere (410)" in desk.page(page)

    told = desk.done(page, f"{page}/test")
    desk.done(page, f"{page}/test")

    assert "En prøve er på vej" in told
    (sent,) = session.exec(select(WebhookDelivery)).all()
    assert (sent.type, sent.state) == (TEST, DeliveryState.WAITING)
    assert "En prøve<br>" in told


def test_what_it_was_sent_is_told_newest_first_with_each_try(desk, one, session):
    delivery(session, one, type="handover.accepted")
    failed = delivery(session, one, type="handover.declined", state=DeliveryState.GIVEN_UP)
    hostile = "<script>alert(1)</script>" + "x" * 400
    attempt(session, failed, trouble=Trouble.TOO_SLOW, status=None, milliseconds=10_000)
    attempt(session, failed, status=500, milliseconds=1234, excerpt=hostile)

    told = desk.page(f"{AT}/{one.id}")

    assert told.index("Enheden siger nej tak<br>") < told.index("Enheden tager imod<br>")
    assert told.index("Svarede 500 · 1.234 ms") < told.index("svaret kom ikke i tide · 10.000 ms")
    assert "Opgivet" in told
    assert "<script>alert" not in told
    assert "&lt;script&gt;alert(1)" in told


def test_what_did_not_arrive_is_sent_again_unless_it_is_off(desk, one, session):
    failed = delivery(session, one, state=DeliveryState.GIVEN_UP)
    page = f"{AT}/{one.id}"
    action = f"{page}/deliveries/{failed.id}/redelivery"
    fields = desk.form(page, action).fields

    answers = [desk.send(action, fields) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [f"{page}?done=again"] * 2
    session.refresh(failed)
    assert failed.state == DeliveryState.WAITING
    assert action not in desk.page(page)
    assert desk.send(f"{page}/deliveries/9999/redelivery", fields[:1]).status_code == 404


def test_what_it_was_sent_comes_in_pages_and_of_many_tries_the_newest_are_shown(desk, one, session):
    many = [delivery(session, one) for _ in range(23)]
    for number in range(30):
        attempt(session, many[-1], milliseconds=number)

    page = desk.page(f"{AT}/{one.id}")
    following = page.split(">Vis flere<")[0].rpartition('href="')[2].split('"')[0]

    assert page.count("/redelivery") == 20
    assert desk.page(following).count("/redelivery") == 3
    assert page.count(" ms") == 12
    assert "Svarede 503 · 29 ms" in page
    assert "· 17 ms" not in page


def test_those_that_do_not_get_through_are_told_of_on_the_overview(desk, one, session):
    assert "når ikke frem" not in desk.page("/administration")
    one.failing_since = NOON - timedelta(days=2)
    session.flush()

    assert '<strong class="tile-n">1</strong> når ikke frem' in desk.page("/administration")
    assert "Fejler siden" in desk.page(AT)
    assert "Efter fem dage bliver webhooken slået fra, og Aksel Administrator" in desk.page(
        f"{AT}/{one.id}"
    )


def test_where_there_is_none_that_is_said_and_what_is_not_there_is_not_found(desk):
    assert "Her er ingen webhooks endnu." in desk.page(AT)
    for path in (f"{AT}/9", f"{AT}/9/edit", f"{AT}/nord", f"{AT}/{'9' * 40}"):
        desk.get(path, 404)


def test_only_administrators_keep_webhooks(make, desk_of, one, session):
    sent = delivery(session, one)
    page = f"{AT}/{one.id}"
    verbs = ("edit", "secret", "activation", "deactivation", "deletion", "test")
    again = f"{page}/deliveries/{sent.id}/redelivery"
    for role in (Role.SECRETARIAT, Role.AUDITOR, None):
        desk = desk_of(make.person(role=role))
        for path in (AT, NEW, page, f"{page}/edit"):
            desk.get(path, 403)
        for action in (NEW, *(f"{page}/{verb}" for verb in verbs), again):
            fields = [("version", "1"), ("press", "1"), ("name", "x")]
            assert desk.send(action, fields).status_code == 403, action
    assert happened(session) == []
