"""How many of a kind a hand takes at a time: more than one only of what is done sooner than it is
taken, and so never of what waits for anybody else."""

MOST = 20
QUICK = 0.002
"""Seconds that a step takes at most for the next ones to be taken together."""


class Pace:
    def __init__(self) -> None:
        self._at_a_time: dict[str, int] = {}

    def of(self, kind: str) -> int:
        return self._at_a_time.get(kind, 1)

    def took(self, kind: str, seconds: float) -> None:
        """Twice as many the next time, or one again."""
        self._at_a_time[kind] = min(2 * self.of(kind), MOST) if seconds <= QUICK else 1
