"""The verbs of a handover, by who says them. One function per thing a person does; none commits."""

from app.handovers.service import moving

# What follows events of gifts and units is there as soon as any verb is.
__all__ = ["moving"]
