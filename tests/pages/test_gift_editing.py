"""A gift is written down and changed on its page, with what it still needs."""

import pytest
from sqlmodel import select

from app.gifts.models import Edition, Gift
from app.handovers.lifecycle import State
from tests.databases import ON_ONE
from tests.make import FILLED
from tests.pages.desk import form_in

pytestmark = ON_ONE

MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def giver(scene, desk_of):
    return desk_of(scene.giver)


@pytest.fixture
def new(scene):
    return f"/networks/{scene.network.key}/gifts/new"


@pytest.fixture
def gift(scene, make):
    return make.gift(network=scene.network, contact=scene.giver)


@pytest.fixture
def at(gift):
    return f"/gifts/{gift.key}/edit"


def gifts(session):
    return session.exec(select(Gift).order_by(Gift.id)).all()


def test_a_title_is_enough_and_what_is_missing_leads_to_its_field(giver, new, session):
    page = giver.done(new, new, title="Mødet", contact_id="")

    (gift,) = gifts(session)
    assert "Gaven er oprettet" in page
    for name in set(FILLED) - {"title"}:
        assert f'href="#f-gifts-{gift.key}-edit-{name}"' in page
        assert f'id="f-gifts-{gift.key}-edit-{name}"' in page
    assert 'href="#contacts"' in page


def test_a_gift_that_has_all_it_needs_can_be_handed_over_at_once(scene, giver, new, session):
    page = giver.done(new, new, **FILLED)

    (gift,) = gifts(session)
    assert "Nu kan den overrækkes." in page
    assert f"/gifts/{gift.key}/deliver" in page
    assert "Der mangler:" not in page
    assert scene.giver.name in page


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "to\nlinjer"}, "title"),
        ({"summary": "x" * 4001}, "summary"),
        ({"ask": "a\x00b"}, "ask"),
        ({"baseline": "Sagen om 010203-1234"}, "baseline"),
        ({"contact_id": "987654"}, "contact_id"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(
    scene, giver, new, session, over, field
):
    refused = giver.press(new, new, **{**FILLED, "target_group": "Unge på 17", **over})

    assert refused.status_code == 422
    assert f'id="f-networks-{scene.network.key}-gifts-new-{field}-fault"' in refused.text
    assert "Unge på 17" in refused.text
    assert gifts(session) == []


def test_pressed_twice_it_is_registered_once(giver, new, session):
    fields = giver.form(new, new).with_(**FILLED)

    answers = [giver.send(new, fields) for _ in range(2)]

    assert len(gifts(session)) == 1
    assert {answer.headers["Location"] for answer in answers} == {
        f"/gifts/{gifts(session)[0].key}/edit?done=registered"
    }


def test_a_gift_is_changed_by_those_who_give_it(scene, desk_of, new, make):
    gift = make.gift(network=scene.network, is_given=False)
    at = f"/gifts/{gift.key}/edit"
    for person in (scene.giver, scene.co_driver, scene.consultant, scene.secretary):
        desk_of(person).get(at)
        desk_of(person).get(new)
    for person in (scene.participant, make.person(role="auditor"), make.administrator()):
        desk = desk_of(person)
        desk.get(at, status=403)
        desk.get(new, status=403)
        assert desk.send(at, [("version", "1"), ("title", "Min")]).status_code == 403
    stranger = desk_of(scene.stranger)
    stranger.get(at, status=404)
    for path in ("edit", "contacts", "links", "contacts/1/removal", "materials/1/removal"):
        assert stranger.send(f"/gifts/{gift.key}/{path}", [("version", "1")]).status_code == 404
    stranger.get("/networks/987654/gifts/new", status=404)


def test_before_it_is_given_a_change_is_only_a_change(scene, giver, make, session):
    gift = make.gift(network=scene.network, is_given=False)
    at = f"/gifts/{gift.key}/edit"

    assert "Hvor meget ændrer det?" not in giver.get(at).text
    assert "Det er gemt" in giver.done(at, at, summary="")

    session.refresh(gift)
    assert (gift.summary, gift.edition) == ("", 1)


def test_once_given_one_says_how_much_it_changes(scene, giver, gift, at, session):
    handover = scene.handover(State.ACKNOWLEDGED, gift=gift)
    refused = giver.press(at, at, ask="Halvdelen af tiden")
    assert refused.status_code == 422
    assert "Vælg, om det er en lille rettelse eller en ny udgave." in refused.text
    assert "Halvdelen af tiden" in refused.text
    refused = giver.press(at, at, ask="Halvdelen af tiden", change="material")
    assert "Skriv i én sætning, hvad der er nyt." in refused.text
    assert 'value="material" checked' in refused.text

    giver.done(at, at, ask="Halvdelen", change="minor")
    session.refresh(gift)
    assert (gift.ask, gift.edition) == ("Halvdelen", 1)

    giver.done(at, at, ask="En kvart", change="material", changes="Det tager kortere tid.")
    session.refresh(gift)
    assert gift.edition == 2
    edition = session.get(Edition, (gift.key, 2))
    assert edition.changes == "Det tager kortere tid."
    session.refresh(handover)
    assert (handover.state, handover.is_new_edition) == (State.DELIVERED, True)


def test_once_given_nothing_is_emptied(giver, at, gift, session):
    refused = giver.press(at, at, baseline="", change="minor")

    assert refused.status_code == 422
    assert "så feltet kan rettes, men ikke tømmes" in refused.text
    session.refresh(gift)
    assert gift.baseline == FILLED["baseline"]


def test_who_was_slower_sees_what_the_other_did_and_keeps_what_they_wrote(
    scene, giver, desk_of, at
):
    fields = giver.form(at, at).with_(summary="Min sætning", change="minor")
    quick = desk_of(scene.secretary)
    quick.done(at, at, baseline="5 af 10", change="minor")

    refused = giver.send(at, fields)

    assert refused.status_code == 412
    assert "Sara Sekretær rettede gaven: udgangspunktet" in refused.text
    assert "Min sætning" in refused.text
    again = form_in(refused.text, at).with_(baseline="5 af 10")
    assert giver.send(at, again).status_code == 303


def test_what_people_wrote_is_only_text(giver, at):
    page = giver.done(at, at, title=MARKUP, summary=MARKUP, change="minor")

    assert MARKUP not in page
    assert page.count("&lt;script&gt;") >= 3


def test_contact_persons_are_added_and_removed_but_never_the_last(
    scene, giver, gift, at, make, session
):
    new, here = make.person(name="Nora Ny"), f"/gifts/{gift.key}/contacts"
    theirs = f"{here}/{scene.giver.key}/removal"
    last = giver.press(at, theirs)
    assert last.status_code == 409
    assert "nogen skal kunne spørges" in last.text

    page = giver.done(at, here, person_id_words="nora ny")
    assert "Nora Ny" in page
    assert giver.press(at, here).status_code == 422
    assert "Vælg, hvem man kan spørge." in giver.press(at, here).text
    giver.done(at, theirs)
    assert f"{here}/{new.key}/removal" in giver.get(at).text
    assert theirs not in giver.get(at).text
    assert giver.send(theirs, [("version", str(_version(session, gift)))]).status_code == 404


def test_an_old_version_changes_no_contact_person(scene, giver, gift, at, make):
    make.person(name="Nora Ny")
    here = f"/gifts/{gift.key}/contacts"
    fields = giver.form(at, here).with_(person_id_words="nora ny")
    giver.done(at, at, baseline="5 af 10", change="minor")

    refused = giver.send(here, fields)

    assert refused.status_code == 412
    assert "nora ny" in refused.text


def _version(session, gift):
    session.refresh(gift)
    return gift.version
