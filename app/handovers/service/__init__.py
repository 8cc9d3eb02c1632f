"""The verbs of a handover, by who says them. One function per thing a person does; none commits."""

# Whoever uses a verb must also have what follows the events of gifts and units.
from app.handovers.service import moving as moving
