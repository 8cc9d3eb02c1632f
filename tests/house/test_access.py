"""The table of who may do what has every route, and the page shows what the table says."""

from tests.access.page import PAGE, page
from tests.access.table import BY_ROUTE, OBJECTS, ROUTES, RULES
from tests.house.operations import OPERATIONS

ANSWERS = {"ok", "out", "401", "403", "404", "409", "422"}


def test_every_route_is_in_the_table() -> None:
    told = {(route.split(" ")[0], f"/api/v1{route.split(' ')[1]}") for route in BY_ROUTE}
    assert told == OPERATIONS.keys()
    assert len(BY_ROUTE) == sum(len(routes) for routes in ROUTES.values())


def test_every_rule_and_object_of_the_table_is_told_of_and_used() -> None:
    used = [item for objects in BY_ROUTE.values() for item in objects.items()]
    assert {rule for _, rule in used} == RULES.keys()
    assert {what for what, _ in used} == OBJECTS.keys()
    assert {answer for rule in RULES.values() for answer in rule.answers.values()} == ANSWERS


def test_nobody_who_only_reads_changes_anything_and_strangers_get_nothing() -> None:
    for route, objects in BY_ROUTE.items():
        for rule in objects.values():
            answers = RULES[rule].answers
            assert {answers[who] for who in ("nobody", "revoked", "left")} == {"401"}
            if not route.startswith("GET "):
                assert (answers["read-key"], answers["auditor"]) == ("403", "403"), route


def test_the_page_shows_what_the_table_says() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make access`"
