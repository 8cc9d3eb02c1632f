"""Writes docs/access.md anew, after the table has been changed."""

from tests.access.page import PAGE, page

PAGE.write_text(page(), "utf-8")
