"""The pages on networks: the list, each of them, and what the secretariat does there."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.clock import local_day
from app.handovers.lifecycle import State
from app.networks.models import Member, Network, NetworkKind, NetworkRole
from tests.conftest import NOON
from tests.house.test_lists import questions
from tests.pages.desk import form_in

TODAY = local_day(NOON)
NEW = "/networks/new"
FILLED = {
    "name": "Fra ung til voksen",
    "kind": "welfare",
    "question": "Hvordan falder ingen mellem to stole?",
    "starts_on": "2026-03-01",
}
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def secretary(scene, desk_of):
    return desk_of(scene.secretary)


def networks(session):
    return session.exec(select(Network).order_by(Network.id)).all()


def test_the_list_is_searched_by_words_kind_and_whether_it_runs(secretary, make):
    make.network(name="Hjem fra hospitalet", kind=NetworkKind.LEARNING)
    make.network(name="De første ord", ends_on=TODAY - timedelta(days=1))

    def shown(query):
        html = secretary.get(f"/networks{query}").text
        return [name for name in ("Det gode ungeliv", "hospitalet", "første ord") if name in html]

    assert shown("") == ["Det gode ungeliv", "hospitalet", "første ord"]
    assert shown("?q=HOSPITALET") == ["hospitalet"]
    assert shown("?kind=learning") == ["hospitalet"]
    assert shown("?when=ended") == ["første ord"]
    assert shown("?when=running") == ["Det gode ungeliv", "hospitalet"]


@pytest.mark.parametrize("query", ["?q=%00", f"?q={'x' * 5000}", "?kind=no-such", "?q=intet-sted"])
def test_what_fits_nothing_is_told_kindly(secretary, query):
    assert "Ingen netværk passer på det" in secretary.get(f"/networks{query}").text


def test_a_long_list_goes_on_where_it_stopped(secretary, make):
    for number in range(30):
        make.network(name=f"Nr. {number:02} i rækken")

    first = secretary.get("/networks?q=rækken").text
    href = first.split('class="more-link"><a href="')[1].split('"')[0].replace("&amp;", "&")
    rest = secretary.get(href).text

    assert (first.count("i rækken</a>"), rest.count("i rækken</a>")) == (25, 5)
    assert "more-link" not in rest


def test_the_list_asks_no_more_often_when_it_is_longer(secretary, make, database):
    def asked():
        with questions(database) as sent:
            secretary.get("/networks")
        return len(sent)

    few = asked()
    for _ in range(20):
        make.gift(network=make.network(leader=make.person()))
    assert asked() == few


def test_a_network_shows_who_is_in_it_what_it_gave_and_where_that_is(scene, desk_of, make):
    gone = make.member(scene.network, make.person(name="Tage Tidligere"))
    gone.to_on = TODAY - timedelta(days=3)
    gift = make.gift(network=scene.network, title="Mødet")
    scene.handover(State.IN_USE, gift=gift)
    scene.handover(State.DELIVERED, gift=gift, unit=make.unit(name="Skolen", leader=make.person()))
    draft = make.gift(network=scene.network, title="Endnu hemmelig", is_given=False)

    page = desk_of(scene.stranger).get(f"/networks/{scene.network.key}").text
    assert "Gry Giver" in page
    assert "Tidligere medlemmer (1)" in page
    assert "I brug i 1 af 2 enheder" in page
    assert page.count("Skolen") == 1
    assert draft.title not in page
    assert "/edit" not in page
    for person in (scene.giver, scene.secretary):
        page = desk_of(person).get(f"/networks/{scene.network.key}").text
        assert draft.title in page
        assert f"/networks/{scene.network.key}/edit" in page


def test_the_secretariat_registers_a_network_with_its_leader_at_once(secretary, session, make):
    leader = make.person(name="Signe Aaskov")

    page = secretary.done(NEW, NEW, **FILLED, leader_id_words="signe")

    assert "Netværket er oprettet" in page
    assert "Signe Aaskov" in page
    *_, network = networks(session)
    (member,) = session.exec(select(Member).where(Member.network_id == network.key)).all()
    assert (member.person_id, member.role) == (leader.key, NetworkRole.LEADER)
    assert member.from_on <= TODAY


def test_where_several_have_the_name_one_is_chosen_and_all_else_is_kept(secretary, session, make):
    make.person(name="Signe Aaskov")
    other = make.person(name="Signe Bro")
    before = len(networks(session))

    refused = secretary.press(NEW, NEW, **FILLED, leader_id_words="signe")
    assert refused.status_code == 422
    assert "Flere passer på det" in refused.text
    assert FILLED["question"] in refused.text
    assert len(networks(session)) == before

    again = form_in(refused.text, NEW).with_(leader_id=other.key)
    assert secretary.send(NEW, again).status_code == 303
    assert "Signe Bro" in secretary.get(f"/networks/{networks(session)[-1].key}").text


def test_who_was_ticked_for_other_words_is_not_chosen(secretary, session, make):
    first, second = make.person(name="Signe Aaskov"), make.person(name="Bo Bro")

    ticked = {"leader_id": first.key, "leader_id_found": "signe", "leader_id_words": "bo bro"}
    secretary.done(NEW, NEW, **FILLED, **ticked)

    (member,) = session.exec(
        select(Member).where(Member.network_id == networks(session)[-1].key)
    ).all()
    assert member.person_id == second.key


def test_people_are_found_while_one_writes_by_the_same_address(secretary, make):
    make.person(name="Signe Aaskov")

    assert "Signe Aaskov" in secretary.get(f"{NEW}?leader_id_words=aask").text
    for nobody in ("%00", "x" * 300, "ingen-sådan"):
        assert "Signe Aaskov" not in secretary.get(f"{NEW}?leader_id_words={nobody}").text


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"question": " "}, "question"),
        ({"question": "x" * 4001}, "question"),
        ({"springboard": "Sagen om 010203-1234"}, "springboard"),
        ({"kind": "no-such"}, "kind"),
        ({"starts_on": "i morgen"}, "starts_on"),
        ({"starts_on": "9999-01-01"}, "starts_on"),
        ({"ends_on": "2025-01-01"}, "ends_on"),
        ({"leader_id_words": "ingen-sådan"}, "leader_id"),
        ({"leader_id": "9" * 30, "leader_id_found": ""}, "leader_id"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(
    secretary, session, over, field
):
    before = len(networks(session))
    refused = secretary.press(NEW, NEW, **{**FILLED, "springboard": "Fem forløb", **over})

    assert refused.status_code == 422
    assert f'id="f-networks-new-{field}-fault"' in refused.text
    assert ("Fem forløb" in refused.text) is ("springboard" not in over)
    assert len(networks(session)) == before


def test_pressed_twice_it_is_registered_once(secretary, session):
    fields = secretary.form(NEW, NEW).with_(**FILLED)
    before = len(networks(session))

    answers = [secretary.send(NEW, fields) for _ in range(2)]

    assert len(networks(session)) == before + 1
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_what_people_wrote_is_only_text(secretary, session):
    secretary.done(NEW, NEW, **{**FILLED, "name": MARKUP, "springboard": MARKUP})

    key = networks(session)[-1].key
    for path in ("/networks", f"/networks/{key}", f"/networks/{key}/edit"):
        page = secretary.get(path).text
        assert MARKUP not in page
        assert "&lt;script&gt;" in page


def test_only_the_secretariat_registers_and_only_givers_change(scene, desk_of, make):
    edit = f"/networks/{scene.network.key}/edit"
    for person in (scene.stranger, scene.participant, make.person(role="auditor")):
        desk = desk_of(person)
        desk.get(NEW, status=403)
        desk.get(edit, status=403)
        for path in (NEW, edit, f"/networks/{scene.network.key}/members"):
            assert desk.send(path, [("version", "1")]).status_code == 403
    desk_of(scene.giver).get(NEW, status=403)
    desk_of(scene.giver).get(edit)
    for path in (
        "/networks/987654",
        "/networks/987654/edit",
        "/networks/x",
        f"/networks/{'9' * 40}",
    ):
        desk_of(scene.secretary).get(path, status=404)


def test_a_network_is_changed_and_its_last_day_taken_away(scene, secretary, session):
    scene.network.ends_on = TODAY
    session.flush()
    at = f"/networks/{scene.network.key}/edit"

    page = secretary.done(at, at, name="Det bedre ungeliv", ends_on="")

    assert "Det bedre ungeliv" in page
    session.refresh(scene.network)
    assert scene.network.ends_on is None


def test_who_was_slower_sees_what_the_other_did_and_keeps_what_they_wrote(scene, desk_of):
    at = f"/networks/{scene.network.key}/edit"
    slow, quick = desk_of(scene.giver), desk_of(scene.secretary)
    fields = slow.form(at, at).with_(name="Min titel")
    quick.done(at, at, springboard="Ti sager")

    refused = slow.send(at, fields)
    assert refused.status_code == 412
    assert "Sara Sekretær rettede netværket: springbrættet." in refused.text
    assert "Min titel" in refused.text

    assert slow.send(at, form_in(refused.text, at).with_(springboard="Ti sager")).status_code == 303


def test_members_come_and_go(scene, secretary, session, make):
    at = f"/networks/{scene.network.key}"
    joining = f"{at}/members"
    new = make.person(name="Nora Ny")

    page = secretary.done(f"{at}/edit", joining, person_id_words="nora", role="consultant")
    assert "Medlemmet er kommet med" in page
    twice = secretary.press(f"{at}/edit", joining, person_id_words="nora", role="consultant")
    assert twice.status_code == 409
    assert "Nora Ny har allerede den rolle i netværket." in twice.text

    (member,) = session.exec(select(Member).where(Member.person_id == new.key)).all()
    ending = f"{joining}/{member.id}/ending"
    wrong = secretary.press(f"{at}/edit", ending, to_on="2020-01-01")
    assert wrong.status_code == 422
    assert "Rollen kan ikke slutte, før den begynder." in wrong.text
    secretary.done(f"{at}/edit", ending, to_on=TODAY.isoformat())
    session.refresh(member)
    assert member.to_on == TODAY
    assert secretary.send(f"{joining}/987654/ending", []).status_code == 404


def test_a_member_without_a_name_or_a_role_is_asked_for_both(scene, secretary):
    at = f"/networks/{scene.network.key}"

    refused = secretary.press(f"{at}/edit", f"{at}/members", role="")

    assert refused.status_code == 422
    assert "Vælg, hvem det er." in refused.text
    assert "Vælg en rolle." in refused.text


def test_what_was_typed_when_the_session_had_ended_is_there_after_signing_in(
    scene, secretary, desk_of, app
):
    fields = secretary.form(NEW, NEW).with_(**{**FILLED, "springboard": "Fem forløb"})
    app.state.now = NOON + timedelta(hours=13)

    refused = secretary.send(NEW, fields)
    assert refused.status_code == 401
    assert "kept%3D1" in refused.text or "kept=1" in refused.text
    app.state.now = NOON
    page = desk_of(scene.secretary).get(f"{NEW}?kept=1").text
    assert "Fem forløb" in page
    assert "Det, du skrev, er her endnu" in page


def test_where_nothing_was_typed_signing_in_leads_to_the_page_with_the_form(scene, secretary, app):
    app.state.now = NOON + timedelta(hours=13)

    refused = secretary.send(f"/networks/{scene.network.key}/members", [])

    assert refused.status_code == 401
    assert f"%2Fnetworks%2F{scene.network.key}%2Fedit" in refused.text.replace("/", "%2F")
