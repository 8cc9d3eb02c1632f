"""Deliveries in the line of work: one item each, by the number of the delivery."""

from app.rows import Rows
from app.work import items

KIND = "webhook.deliver"
MOST_ATTEMPTS = 20
"""Of a worker: each may end at it. When to stop because of the receiver, the handler says."""


def put_in_line(rows: Rows, delivery_id: int) -> bool:
    return items.put_in_line(
        rows, KIND, _key(delivery_id), {"delivery_id": delivery_id}, most_attempts=MOST_ATTEMPTS
    )


def hasten(rows: Rows, delivery_id: int) -> None:
    """In line at once and from the first attempt, also where it waits, or was given up."""
    if not put_in_line(rows, delivery_id):
        items.hasten(rows, KIND, _key(delivery_id))


def delivery_in(key: str) -> int:
    """The number of the delivery that an item of ours is for, by the item's key."""
    return int(key.removeprefix(_key("")))


def _key(delivery_id: int | str) -> str:
    return f"webhook:{delivery_id}"
