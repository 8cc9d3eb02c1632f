"""Every kind of event has one rule of who hears it, also where nobody does."""

import ast
import inspect

from app import main  # noqa: F401 - Whatever can happen is known once all of it is there.
from app.eventlog.log import CATALOG
from app.notifications import recipients
from app.notifications.models import ReminderKind
from app.notifications.recipients import RULES, Reason
from app.notifications.settling import SETTLED_BY


def test_every_event_has_exactly_one_rule() -> None:
    tree = ast.parse(inspect.getsource(recipients))
    (rules,) = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "RULES"
    )
    written = [ast.literal_eval(key) for key in rules.keys]
    assert sorted(written) == sorted(CATALOG)


def test_what_settles_and_what_is_settled_can_happen() -> None:
    reminders = {str(kind) for kind in ReminderKind}
    assert SETTLED_BY.keys() <= {*CATALOG, *reminders}
    assert reminders <= SETTLED_BY.keys()
    assert frozenset().union(*SETTLED_BY.values()) <= CATALOG.keys()


def test_what_somebody_must_be_told_to_settle_is_told_to_somebody() -> None:
    assert all(RULES[asks] for asks in SETTLED_BY if asks in CATALOG)


def test_no_reason_is_the_name_of_a_reminder() -> None:
    assert not {str(reason) for reason in Reason} & {str(kind) for kind in ReminderKind}
