"""The seeded municipality, reckoned from the number of its handovers alone. Pure.

Ids are 1, 2, 3 … in every table, so that what is asked for can be reckoned as well. People come
in this order: one leader a unit, then four members a network, then the secretary.
"""

import hashlib
import random
from dataclasses import dataclass
from datetime import date, timedelta

from app.people import keys

FAN_OUT = 12
GIFTS_A_NETWORK = 50
UNITS_A_GIFT = 10
HANDOVERS_A_UNIT = 50
MEMBERS = 4
LONGEST_AGO = 5 * 365
"""Days since the first handover."""

# How many of a hundred handovers are in each state, after five years.
SHARES = {
    "draft": 2,
    "announced": 1,
    "delivered": 15,
    "acknowledged": 6,
    "accepted": 8,
    "trial": 8,
    "in_use": 26,
    "anchored": 18,
    "returned": 1,
    "declined": 7,
    "passed_on": 2,
    "withdrawn": 2,
    "discontinued": 4,
}
_STATES = [state for state, share in SHARES.items() for _ in range(share)]
PATIENCE = {
    "delivered": 14,
    "acknowledged": 28,
    "accepted": 42,
    "trial": 90,
    "in_use": 90,
    "anchored": 365,
}
"""In plain days; the product counts working days where these are short."""


@dataclass(frozen=True)
class World:
    """A municipality with `size` handovers, as it is on the day."""

    size: int
    today: date

    @property
    def units(self) -> int:
        return max(FAN_OUT * 2, self.size // HANDOVERS_A_UNIT)

    @property
    def gifts(self) -> int:
        return -(-self.size // UNITS_A_GIFT)

    @property
    def networks(self) -> int:
        return -(-self.gifts // GIFTS_A_NETWORK)

    @property
    def people(self) -> int:
        return self.units + self.networks * MEMBERS + 1

    @property
    def secretary_id(self) -> int:
        return self.people

    def parent_of(self, unit_id: int) -> int | None:
        return None if unit_id == 1 else (unit_id - 2) // FAN_OUT + 1

    def unit_of(self, handover_id: int) -> int:
        """A gift goes to ten units that have nothing else in common."""
        gift, place = divmod(handover_id - 1, UNITS_A_GIFT)
        return (gift * 7919 + place * (self.units // UNITS_A_GIFT)) % self.units + 1

    def gift_of(self, handover_id: int) -> int:
        return (handover_id - 1) // UNITS_A_GIFT + 1

    def network_of(self, gift_id: int) -> int:
        return (gift_id - 1) // GIFTS_A_NETWORK + 1

    def member_of(self, network_id: int, place: int) -> int:
        return self.units + (network_id - 1) * MEMBERS + place + 1

    def state_of(self, handover_id: int) -> str:
        return _STATES[handover_id * 37 % 100]

    def begun_on(self, handover_id: int) -> date:
        """Ids rise with time; what is still young in its life cannot have begun long ago."""
        ago = LONGEST_AGO * (self.size - handover_id) // self.size
        state = self.state_of(handover_id)
        if state in ("draft", "announced", "returned", "delivered", "acknowledged", "accepted"):
            ago = 3 + ago % 60
        elif state == "trial":
            ago = 90 + ago % 120
        elif state == "in_use":
            ago = 200 + ago % 700
        elif state == "anchored":
            ago = 500 + ago % 1300
        else:
            ago = 40 + ago
        return self.today - timedelta(days=ago)

    def delivered_ids(self) -> list[int]:
        return [row for row in range(1, self.size + 1) if self.state_of(row) == "delivered"]


def secret(person_id: int) -> str:
    """The person's API key: well formed, and the same in every run."""
    chosen = random.Random(f"bench {person_id}")  # noqa: S311 - a key that opens nothing
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return keys.written("".join(chosen.choice(letters) for _ in range(32)))


def digest(person_id: int) -> str:
    return hashlib.sha256(secret(person_id).encode()).hexdigest()
