"""Writes docs/paamindelser.md anew, after the rules have been changed."""

from tests.notifications.page import PAGE, page

PAGE.write_text(page(), "utf-8")
