"""Decides what an article says: its full text from the page, its agency, dateline and byline from the text.

Never fetches, never reads a clock.
"""

from pipeline.read.agencies import AGENCIES, agency_named
from pipeline.read.conventions import after_dateline, read_conventions
from pipeline.read.page import Page, needs_page, read_page

__all__ = ["AGENCIES", "Page", "after_dateline", "agency_named", "needs_page", "read_conventions", "read_page"]
