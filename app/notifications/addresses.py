"""The pages that every mail leads to. Pure."""

MINE = "/me/mail"
"""When I want mail, and how much."""

STOP = "/mail/stop"
"""No more of it."""

ANSWER = "/mail/answer"
"""Seen and received, where the municipality allows it by mail."""
