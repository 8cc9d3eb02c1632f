"""The verbs of a handover, by who says them. One function per thing a person does; none commits."""
