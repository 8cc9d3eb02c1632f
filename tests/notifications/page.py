"""docs/paamindelser.md, made of page.md and the rules: `python -m tests.notifications` writes it.

Each table is what the ladder does with an example, day by day, when somebody looks every morning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from babel.dates import format_date

from app.chores import SCHEDULES
from app.handovers.life import Rules
from app.handovers.lifecycle import STATE_WORDS, State
from app.notifications import ladder
from app.notifications.choices import UNCHOSEN
from app.notifications.ladder import Around, Call, ReminderKind, Silence, Taken, call_for, step_on
from app.work.schedules import Daily, Every

PAGE = Path(__file__).resolve().parents[2] / "docs" / "paamindelser.md"
TEMPLATE = Path(__file__).with_suffix(".md")
RULES = Rules()
PEOPLE = {
    1: "lederen af børnehaven",
    2: "områdelederen",
    3: "direktøren",
    4: "tovholderen",
    5: "sekretariatet",
}
LEADER, AREA, TOP, OWNER, SECRETARIAT = PEOPLE
VACANT: Sequence[int] = ()
HELD = Around([[LEADER], [AREA], [TOP]], OWNER, [SECRETARIAT])
WORDS = {
    ReminderKind.UNANSWERED: "påmindelse",
    ReminderKind.UNANSWERED_AGAIN: "påmindelse én gang til",
    ReminderKind.LIFT: "løft til næste leder",
    ReminderKind.QUIET_OWNER: "påmindelse om opfølgning",
    ReminderKind.QUIET_LEADER: "påmindelse, hvor lederen er med",
    ReminderKind.QUIET_SECRETARIAT: "besked til sekretariatet",
}
_STATES = (State.DELIVERED, State.ACKNOWLEDGED, State.ACCEPTED, State.TRIAL, State.IN_USE)


@dataclass(frozen=True)
class Example:
    title: str
    before: str
    state: State
    due_on: date
    is_agreed: bool = False
    around: Around = HELD


EXAMPLES = (
    Example(
        "En gave, ingen har svaret på",
        "Gaven er overrakt til børnehaven og skulle være besvaret {day}. Det er det samme for en"
        " gave, der er kvitteret for, og hvor svaret mangler.",
        State.DELIVERED,
        date(2026, 3, 2),
    ),
    Example(
        "En gave, hvor en post er ledig",
        "Det samme, men børnehaven har ingen leder. Så er det den nærmeste leder over den, der"
        " svarer, og løftet går til den næste.",
        State.DELIVERED,
        date(2026, 3, 2),
        around=replace(HELD, line=[VACANT, [AREA], [TOP]]),
    ),
    Example(
        "En aftalt dato, der er gået",
        "Børnehaven har taget imod og aftalt at følge op {day}, og der er ikke kommet et livstegn.",
        State.ACCEPTED,
        date(2026, 3, 4),
        is_agreed=True,
    ),
    Example(
        "En gave i brug, hvor ingen dato er aftalt",
        "Så er det tålmodigheden, der er brugt op: {day}. Er ingen dato aftalt, går den slags"
        " kun ud om mandagen. I eksemplet er anden påskedag en mandag, og den springes over.",
        State.IN_USE,
        date(2026, 3, 18),
    ),
    Example(
        "En gave, hvis tovholder er stoppet",
        "Den første påmindelse går til lederen, som kan vælge en ny tovholder.",
        State.IN_USE,
        date(2026, 3, 2),
        is_agreed=True,
        around=replace(HELD, owner_id=None),
    ),
)


def page() -> str:
    ticks = {schedule.name: schedule.ticks for schedule in SCHEDULES}
    look, often = ticks["reminders"], ticks["digests"]
    assert isinstance(look, Daily)
    assert isinstance(often, Every)
    nothing = sorted(STATE_WORDS[state].text for state in State if not ladder.track_of(state))
    return TEMPLATE.read_text("utf-8").format(
        hour=UNCHOSEN.hour,
        look=f"{look.at.hour}.{look.at:%M}",
        minutes=int(often.pause.total_seconds() // 60),
        patience=_patience(),
        weeks=_weeks(),
        between=RULES.reminder_workdays,
        most=_number(ladder.MOST_FOR_ONE),
        examples="\n".join(_example(example) for example in EXAMPLES),
        alone=_told(ReminderKind.UNANSWERED, replace(HELD, line=[VACANT])),
        nothing=", ".join(word.lower() for word in nothing),
    )


def _example(example: Example) -> str:
    rows = [
        [_spoken(taken.made_on), WORDS[taken.kind], _people(call)]
        for taken, call in _steps(example)
    ]
    before = example.before.format(day=_spoken(example.due_on))
    return f"### {example.title}\n\n{before}\n\n{_table(['dag', 'hvad', 'hvem'], rows)}"


def _steps(example: Example) -> Iterator[tuple[Taken, Call]]:
    """What the ladder does with the example, where somebody looks every day for half a year."""
    told: dict[int, int] = {}
    silence = Silence(
        example.state, example.due_on - timedelta(days=30), example.due_on, example.is_agreed
    )
    for number in range(180):
        today = example.due_on + timedelta(days=number)
        step = step_on(silence, today, RULES)
        call = step and call_for(step.kind, replace(example.around, told=told), silence.last)
        if step and call:
            taken = Taken(step.kind, step.due_on, today, call.level)
            silence = replace(silence, taken=[*silence.taken, taken])
            for person_id in call.person_ids:
                told[person_id] = told.get(person_id, 0) + 1
            yield taken, call


def _told(kind: ReminderKind, around: Around) -> str:
    call = call_for(kind, around, None)
    assert call is not None
    return _people(call)


def _people(call: Call) -> str:
    return " og ".join(PEOPLE[person_id] for person_id in call.person_ids)


def _patience() -> str:
    rows = []
    for state in (*_STATES, State.ANCHORED):
        patience = RULES.patience[state]
        unit = "arbejdsdage" if patience.is_workdays else "dage"
        rows.append([STATE_WORDS[state].text, f"{patience.days} {unit}"])
    return _table(["tilstand", "tålmodighed"], rows)


def _weeks() -> str:
    weeks = [str(week) for week in sorted(RULES.workdays.quiet_weeks)]
    return f"ugerne {', '.join(weeks[:-1])} og {weeks[-1]}"


def _number(count: int) -> str:
    return {1: "én", 2: "to", 3: "tre"}.get(count, str(count))


def _spoken(day: date) -> str:
    return format_date(day, "EEEE 'den' d. MMMM", locale="da_DK")


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
