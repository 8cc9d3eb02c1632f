"""The tables say what falls short."""

from bench.asks import ASKS
from bench.measuring import Result, Run
from bench.report import marks_of, put_into, written


def run(kind="sqlite", size=100_000, *, per_second=2000.0, p99=8.0, textbook=400.0, **others):
    result = Result(25_000, per_second, 20_000, 4.0, p99, 500, textbook)
    made = Run(kind, size, start=1.0, memory=100)
    made.results = {ask.name: result for ask in ASKS} | others
    return made


def falling_short(made):
    """What the table says no of, and why."""
    rows = [line.strip("| ").split(" | ") for line in written([made], machine="").splitlines()]
    return {row[0]: row[-1] for row in rows if row[-1].startswith("no: ")}


def test_what_is_as_wanted_is_said_so():
    assert falling_short(run()) == {}


def test_what_is_too_slow_is_named():
    slow = Result(1_700, 900, 20_000, 4.0, 8.0, 900)
    assert falling_short(run(one=slow)) == {"one": "no: too few"}


def test_half_is_enough_on_postgresql():
    slow = Result(1_700, 900, 20_000, 4.0, 8.0, 900)
    assert falling_short(run("postgresql", one=slow)) == {}


def test_slow_ones_among_quick_ones_and_a_near_textbook_count():
    slow = "no: the slowest are too slow"
    assert falling_short(run(p99=21.0)) == {"page": slow, "acknowledgement": slow}
    assert falling_short(run(textbook=600.0))["page"] == "no: too near the textbook"


def test_growth_is_told_in_bare_requests():
    table = written([run(size=10_000), run(size=1_000_000, per_second=1000.0)], machine="a machine")
    assert "| page | 2.00 | no |" in table


def test_a_late_start_and_much_memory_are_told():
    heavy = run()
    heavy.start, heavy.memory = 2.0, 130
    table = written([heavy], machine="a machine")
    assert "2.00 s after the start (no), 130 MiB after the run (no)" in table


def test_the_table_takes_the_place_of_the_one_before(tmp_path):
    document = tmp_path / "performance.md"
    (begin, end), (other, end_of_other) = marks_of("bench"), marks_of("bench-work")
    kept = f"Before.\n{other}\nkept\n{end_of_other}\n"
    document.write_text(f"{kept}{begin}\nold\n{end}\nAfter.\n")
    put_into(document, "new")
    assert document.read_text() == f"{kept}{begin}\nnew\n{end}\nAfter.\n"
