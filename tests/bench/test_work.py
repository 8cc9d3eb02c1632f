"""What is measured of the work is what was put in line, all of it and once."""

import sys
from dataclasses import replace

import pytest

from bench import work
from bench.work import Plan, measure, rate_of, tenths_of
from bench.work_lines import NotAllDone, databases, product
from bench.work_report import Speeds, written


def test_the_short_form_takes_each_item_once_and_leaves_none(monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(work, "say", said.append)
    speeds = measure([product()], Plan(rounds=1, items=40, backlog=60, workers=(2,)))
    assert speeds.at[2]["gavebord"] > 0
    assert len(speeds.tenths) == 10
    assert len(said) == 2


def test_a_line_of_which_one_is_lost_has_no_speed(tmp_path):
    """The worker is the product's; what it notes is not."""
    forgetful = (
        "import bench.work_product as product, sys; noted = product.note;"
        "product.note = lambda taken, where: noted(taken[1:], where);"
        "product.main(*sys.argv[1:])"
    )
    one = replace(product(), words=(sys.executable, "-c", forgetful))
    with databases([one], tmp_path) as urls, pytest.raises(NotAllDone, match="20 items, taken 19"):
        one.work_off(urls[one.name], 20, workers=1, folder=tmp_path)


def test_a_rate_is_from_the_first_to_the_last():
    assert rate_of([1.0, 1.5, 2.0]) == 2.0
    slowing = [place / 10 for place in range(51)] + [5 + place / 5 for place in range(1, 50)]
    assert [round(rate) for rate in tenths_of(slowing)] == [10] * 5 + [5] * 5


def speeds(*, ours: float, last: float = 900) -> Speeds:
    made = Speeds(100_000, 2, at={1: {"gavebord": ours, "pgqueuer": 1000.0}})
    made.tenths = [1000.0] * 9 + [last]
    return made


def test_who_is_faster_and_what_slows_is_said_in_the_table():
    as_wanted = written(speeds(ours=1000), machine="a machine")
    assert "| 1 | 1,000 | 1,000 | yes |" in as_wanted
    assert as_wanted.count("| yes |") == 2
    short = written(speeds(ours=500, last=700), machine="a machine")
    assert "| 1 | 500 | 1,000 | no: pgqueuer, ten at a time 2.0 times as fast |" in short
    assert "| 700 | no |" in short
