"""Decides what an article says: its full text from the page; agency, dateline, byline and notes to editors from the text.

Never fetches, never reads a clock.
"""

from pipeline.read.agencies import AGENCIES, agency_named
from pipeline.read.conventions import read_conventions, report_of
from pipeline.read.embargo import embargo_end
from pipeline.read.page import Page, needs_page, read_page

__all__ = [
    "AGENCIES",
    "Page",
    "agency_named",
    "embargo_end",
    "needs_page",
    "read_conventions",
    "read_page",
    "report_of",
]
