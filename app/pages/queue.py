"""Min kø: the front page, with what waits for the one who is signed in, most urgent first."""

from collections.abc import Sequence
from datetime import date

from fastapi import Response

from app.handovers.rules import rules_by
from app.handovers.schemas import summary_json
from app.insight import queue
from app.insight.queue import Task
from app.insight.tasks import SOON, Verb
from app.networks import queries as networks
from app.pages.drawn import drawn, today_of
from app.people.page_route import pages
from app.people.visit import Visit

front = pages()
SHOWN = 50
TO_ANSWER = frozenset(
    {
        Verb.ACKNOWLEDGE,
        Verb.ACCEPT,
        Verb.ANSWER_QUESTION,
        Verb.ANSWER_REQUEST,
        Verb.CONFIRM_PASSING_ON,
        Verb.CONFIRM_ANCHORING,
    }
)


@front.get("/")
def show_queue(visit: Visit) -> Response:
    me, today = visit.must_be_signed_in(), today_of(visit)
    tasks = sorted(queue.waiting_for(visit.rows, me, today=today), key=_is_only_to_be_read)
    rules = rules_by(visit.settings)
    for task in tasks:
        summary_json(task.row, today, rules)
    shown = tasks if "all" in visit.query else tasks[:SHOWN]
    return drawn(
        visit,
        "queue/queue.html",
        tasks=shown,
        rest=len(tasks) - len(shown),
        counts=_counts(tasks, today),
        soon=today + SOON,
        is_first_day=not tasks and me.keeps_registers and _is_nothing_yet(visit),
    )


def _is_nothing_yet(visit: Visit) -> bool:
    return not networks.page(visit.session, after_id=0, limit=1)


def _is_only_to_be_read(task: Task) -> bool:
    """Nobody waits for that: it comes after all that somebody does wait for."""
    return task.verb is Verb.MARK_SEEN


def _counts(tasks: Sequence[Task], today: date) -> dict[str, int]:
    """How many there are to answer, to do and to read, each counted once; and how many of them that
    somebody waits for are late."""
    to_answer = [task for task in tasks if task.verb in TO_ANSWER]
    to_read = [task for task in tasks if _is_only_to_be_read(task)]
    others = [task for task in tasks if task.verb not in {*TO_ANSWER, Verb.MARK_SEEN}]
    late = [task for task in (*to_answer, *others) if task.due_on < today]
    return {
        "to_answer": len(to_answer),
        "to_do": len(others),
        "to_read": len(to_read),
        "late": len(late),
    }
