"""The pages that every mail leads to. Pure."""

MINE = "/me/mail"
"""When I want mail, and how much."""

STOP = "/mail/stop"
"""No more of it."""
