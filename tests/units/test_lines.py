"""Who answers for many units at once is who answers for each of them."""

from datetime import timedelta

from app.clock import local_day
from app.rows import rows_of
from app.units.line import line_of
from app.units.lines import lines_of
from app.units.models import PostKind
from tests.conftest import NOON

TODAY = local_day(NOON)


def test_each_line_is_the_one_that_is_read_alone(make, session):
    top = make.unit(leader=make.person())
    vacant = make.unit(parent_id=top.key)
    led = make.unit(parent_id=vacant.key, leader=make.person())
    make.post(led, make.person(), kind=PostKind.SUBSTITUTE)
    make.post(vacant, make.person(), to_on=TODAY - timedelta(days=1))
    gone = make.unit(parent_id=top.key, leader=make.person(left_at=NOON))
    closed = make.unit(parent_id=top.key, leader=make.person(), closed_on=TODAY)
    alone = make.unit()
    ids = [unit.key for unit in (top, vacant, led, gone, closed, alone)]

    found = lines_of(rows_of(session), ids, today=TODAY)

    assert found == {unit_id: line_of(session, unit_id, today=TODAY) for unit_id in ids}
    assert found[vacant.key].answering().unit_id == top.key


def test_units_that_do_not_exist_have_no_line(session):
    assert lines_of(rows_of(session), [987654], today=TODAY) == {}
    assert lines_of(rows_of(session), [], today=TODAY) == {}
