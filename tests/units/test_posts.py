"""Leaders and substitutes: from a day, to a day, and who answers when the post is vacant."""

import random
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.rows import rows_of
from app.units.line import line_of
from app.units.models import Post, PostKind
from app.units.reach import reach_of

UNITS = "/api/v1/units"
ANY = {"If-Match": "*"}
TODAY = date(2026, 3, 2)


@pytest.fixture
def secretary(make, signed_in):
    return signed_in(make.secretary())


def test_a_leader_is_named_from_today_and_answers_at_once(make, session, secretary):
    unit, leader = make.unit(), make.person(mail="signe@a.example", phone="72 30 41 17")

    filled = secretary.post(
        f"{UNITS}/{unit.id}/posts", json={"person_id": leader.key, "kind": "leader"}
    )

    assert filled.status_code == 201
    post = filled.json()
    assert post == {
        "id": post["id"],
        "unit_id": unit.id,
        "person_id": leader.id,
        "kind": "leader",
        "from_on": "2026-03-02",
        "to_on": None,
    }
    assert _answering(secretary, unit) == {
        "unit_id": unit.id,
        "is_vacant": False,
        "people": [
            {
                "person_id": leader.id,
                "name": leader.name,
                "kind": "leader",
                "mail": "signe@a.example",
                "phone": "72 30 41 17",
            }
        ],
    }
    event = session.exec(select(Event).where(Event.type == "unit.post_filled")).one()
    assert event.data == {
        "person_id": leader.id,
        "kind": "leader",
        "from_on": "2026-03-02",
        "to_on": None,
    }


def test_the_leader_is_named_before_those_who_stand_in(make, secretary):
    unit, leader, substitute = make.unit(), make.person(), make.person()
    make.post(unit, substitute, kind=PostKind.SUBSTITUTE)
    make.post(unit, leader)

    people = _answering(secretary, unit)["people"]

    assert [(seat["person_id"], seat["kind"]) for seat in people] == [
        (leader.id, "leader"),
        (substitute.id, "substitute"),
    ]


@pytest.mark.parametrize(
    ("from_on", "to_on", "answers"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY - timedelta(days=1), TODAY, True),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), False),
        (TODAY + timedelta(days=1), None, False),
    ],
)
def test_who_holds_a_post_answers_from_its_first_day_to_its_last(
    make, secretary, from_on, to_on, answers
):
    unit, person = make.unit(), make.person()
    make.post(unit, person, from_on=from_on, to_on=to_on)

    seats = [seat["person_id"] for seat in _answering(secretary, unit)["people"]]

    assert seats == ([person.id] if answers else [])


def test_a_post_changes_hands_at_midnight_in_denmark(make, app, secretary):
    unit, old, new = make.unit(), make.person(), make.person()
    make.post(unit, old, to_on=date(2026, 6, 30))
    make.post(unit, new, from_on=date(2026, 7, 1))

    app.state.now = datetime.fromisoformat("2026-06-30T21:59:59+00:00")
    assert [seat["person_id"] for seat in _answering(secretary, unit)["people"]] == [old.id]
    app.state.now = datetime.fromisoformat("2026-06-30T22:00:00+00:00")
    assert [seat["person_id"] for seat in _answering(secretary, unit)["people"]] == [new.id]


def test_a_vacant_post_falls_to_the_nearest_leader_above_and_says_so(make, secretary):
    head, manager = make.person(), make.person()
    top = make.unit(leader=head)
    middle = make.unit(parent_id=top.key)
    unit = make.unit(parent_id=middle.key)

    assert _answering(secretary, unit)["unit_id"] == top.id
    assert _answering(secretary, unit)["is_vacant"] is True
    assert [seat["person_id"] for seat in _answering(secretary, unit)["people"]] == [head.id]

    make.post(middle, manager, kind=PostKind.SUBSTITUTE)
    assert _answering(secretary, unit)["unit_id"] == middle.id
    assert [seat["person_id"] for seat in _answering(secretary, unit)["people"]] == [manager.id]


def test_a_unit_with_nobody_all_the_way_up_says_that_nobody_answers(make, secretary):
    unit = make.unit(parent_id=make.unit().key)

    assert _answering(secretary, unit) == {"unit_id": unit.id, "is_vacant": True, "people": []}


def test_who_answers_for_vacant_units_below_is_known_both_ways(make, session):
    head, manager = make.person(), make.person()
    top = make.unit(leader=head)
    led = make.unit(parent_id=top.key, leader=manager)
    vacant = make.unit(parent_id=top.key)
    below_vacant = make.unit(parent_id=vacant.key)
    below_led = make.unit(parent_id=led.key)
    make.unit(parent_id=top.key, closed_on=TODAY)

    def led_by(person):
        return reach_of(rows_of(session), person.key, today=TODAY).led

    assert led_by(head) == {top.id, vacant.id, below_vacant.id}
    assert led_by(manager) == {led.id, below_led.id}
    for unit in (top, led, vacant, below_vacant, below_led):
        seats = line_of(session, unit.key, today=TODAY).answering().seats
        assert {seat.person_id for seat in seats} == {
            person.id for person in (head, manager) if unit.id in led_by(person)
        }


def test_one_level_up_is_above_whoever_answers(make, session):
    head, manager = make.person(), make.person()
    top = make.unit(leader=head)
    middle = make.unit(parent_id=top.key, leader=manager)
    vacant = make.unit(parent_id=middle.key)

    up = line_of(session, vacant.key, today=TODAY).next_up()

    assert (up.unit_id, [seat.person_id for seat in up.seats]) == (top.id, [head.id])
    assert line_of(session, top.key, today=TODAY).next_up().seats == []


@pytest.mark.parametrize("seed", range(5))
def test_reach_says_from_above_what_the_line_says_from_below(make, session, seed):
    chosen = random.Random(seed)
    people = [make.person() for _ in range(4)]
    units = [make.unit(leader=people[0])]
    for _ in range(15):
        leader = chosen.choice([*people, None, None, None])
        units.append(make.unit(parent_id=chosen.choice(units).key, leader=leader))

    for person in people:
        reach = reach_of(rows_of(session), person.key, today=TODAY)
        lines = {unit.key: line_of(session, unit.key, today=TODAY) for unit in units}

        assert reach.led == {key for key, line in lines.items() if line.kind_of(person.key)}
        assert reach.below == {key for key, line in lines.items() if line.is_next_up(person.key)}


def test_a_post_ends_on_the_day_that_is_said_and_today_when_none_is(make, session, secretary):
    unit, person = make.unit(), make.person()
    first, second = make.post(unit, person), make.post(unit, person)

    said = secretary.post(
        f"{UNITS}/{unit.id}/posts/{first.id}/ending", json={"to_on": "2026-03-31"}
    )
    unsaid = secretary.post(f"{UNITS}/{unit.id}/posts/{second.id}/ending", json={})

    assert (said.status_code, said.json()["to_on"]) == (200, "2026-03-31")
    assert unsaid.json()["to_on"] == "2026-03-02"
    ended = session.exec(select(Event).where(Event.type == "unit.post_ended")).all()
    assert [event.data["to_on"] for event in ended] == ["2026-03-31", "2026-03-02"]
    again = secretary.post(f"{UNITS}/{unit.id}/posts/{second.id}/ending", json={})
    assert again.json() == unsaid.json()
    assert len(session.exec(select(Event).where(Event.type == "unit.post_ended")).all()) == 2


def test_a_post_never_ends_before_it_begins(make, session, secretary):
    unit, person = make.unit(), make.person()
    post = make.post(unit, person, from_on=date(2026, 3, 1))

    ended = secretary.post(
        f"{UNITS}/{unit.id}/posts/{post.id}/ending", json={"to_on": "2026-02-28"}
    )
    filled = secretary.post(
        f"{UNITS}/{unit.id}/posts",
        json={
            "person_id": person.key,
            "kind": "substitute",
            "from_on": "2026-05-01",
            "to_on": "2026-04-30",
        },
    )

    for refused in (ended, filled):
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "#/to_on"
    assert [row.to_on for row in session.exec(select(Post))] == [None]


def test_a_post_is_ended_at_its_own_unit(make, secretary):
    post = make.post(make.unit(), make.person())

    missing = secretary.post(f"{UNITS}/{make.unit().id}/posts/{post.id}/ending", json={})

    assert missing.status_code == 404


def test_nobody_holds_the_same_post_twice_at_a_time(make, secretary):
    leader = make.person()
    unit = make.unit()
    make.post(unit, leader, to_on=TODAY)
    posts = f"{UNITS}/{unit.id}/posts"
    asked = {"person_id": leader.id, "kind": "leader"}
    assert secretary.post(posts, json=asked).status_code == 409
    assert secretary.post(posts, json={**asked, "from_on": "2026-03-03"}).status_code == 201
    assert secretary.post(posts, json={**asked, "kind": "substitute"}).status_code == 201


def test_a_last_day_is_not_moved_into_a_post_that_the_same_person_has_anew(make, secretary):
    unit, leader = make.unit(), make.person()
    first = make.post(unit, leader, from_on=date(2026, 1, 1), to_on=date(2026, 1, 31))
    make.post(unit, leader, from_on=date(2026, 4, 1))
    make.post(unit, make.person(), from_on=date(2026, 1, 1))
    ending = f"{UNITS}/{unit.id}/posts/{first.id}/ending"

    refused = secretary.post(ending, json={"to_on": "2026-04-01"})
    moved = secretary.post(ending, json={"to_on": "2026-03-31"})

    assert (refused.status_code, moved.status_code) == (409, 200)
    assert leader.name in refused.json()["detail"]


def test_a_closed_unit_gets_no_new_leader(make, secretary):
    unit = make.unit(name="Det gamle hus", closed_on=TODAY)

    refused = secretary.post(
        f"{UNITS}/{unit.id}/posts", json={"person_id": make.person().key, "kind": "leader"}
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "Det gamle hus" in refused.json()["detail"]


def test_what_ended_with_a_unit_or_a_person_does_not_begin_again(make, secretary):
    closed = make.unit(name="Det gamle hus", closed_on=TODAY)
    of_closed = make.post(closed, make.person(), to_on=TODAY - timedelta(days=1))
    gone, unit = make.person(name="Gerda", left_at=make.now), make.unit()
    of_gone = make.post(unit, gone, to_on=TODAY - timedelta(days=1))

    for post, name in ((of_closed, "Det gamle hus"), (of_gone, "Gerda")):
        ending = f"{UNITS}/{post.unit_id}/posts/{post.id}/ending"
        refused = secretary.post(ending, json={"to_on": "2026-03-03"})
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        assert name in refused.json()["detail"]
        earlier = secretary.post(ending, json={"to_on": "2026-01-31"})
        assert (earlier.status_code, earlier.json()["to_on"]) == (200, "2026-01-31")


def test_a_post_of_somebody_who_has_left_is_vacant_wherever_one_looks(make, session, secretary):
    head = make.person()
    top = make.unit(leader=head)
    unit = make.unit(parent_id=top.key, leader=make.person(left_at=make.now))

    vacant = secretary.get(UNITS, params={"is_vacant": "true"}).json()["items"]

    assert [row["id"] for row in vacant] == [unit.id]
    assert _answering(secretary, unit)["unit_id"] == top.id
    assert reach_of(rows_of(session), head.key, today=TODAY).led == {top.id, unit.id}


def test_the_posts_of_a_unit_are_read_newest_first_with_those_that_are_over(make, secretary):
    unit = make.unit()
    past = make.post(unit, make.person(), from_on=date(2020, 1, 1), to_on=date(2021, 1, 1))
    present = make.post(unit, make.person(), from_on=date(2021, 1, 2))
    to_come = make.post(unit, make.person(), from_on=date(2027, 1, 1))
    make.post(make.unit(), make.person())

    listed = secretary.get(f"{UNITS}/{unit.id}/posts").json()["items"]

    assert [post["id"] for post in listed] == [to_come.id, present.id, past.id]


def _answering(client, unit):
    return client.get(f"{UNITS}/{unit.id}").json()["answering"]
