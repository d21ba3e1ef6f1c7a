"""Fetching decides when a feed is due, what may be asked, and how much of an answer is taken. Bytes come out, never parsed.

Politeness: at most so many requests in flight to a host, validators, robots.txt, back-off. Safety: only public addresses,
checked at the moment of connecting, and a limit on everything that the other side controls.
"""

from pipeline.feed_state import FeedState, Hints
from pipeline.fetch.exchange import FEED_ACCEPT, PAGE_ACCEPT, Limits, Request, Response
from pipeline.fetch.fetcher import Fetcher
from pipeline.fetch.folder import FolderFile, FolderReading, folder_path, read_folder
from pipeline.fetch.headers import fresh_for, retry_after
from pipeline.fetch.robots import Robots
from pipeline.fetch.schedule import after_failure, after_gone, after_not_modified, after_success, begin, current, is_due

__all__ = [
    "FEED_ACCEPT",
    "PAGE_ACCEPT",
    "FeedState",
    "Fetcher",
    "FolderFile",
    "FolderReading",
    "Hints",
    "Limits",
    "Request",
    "Response",
    "Robots",
    "after_failure",
    "after_gone",
    "after_not_modified",
    "after_success",
    "begin",
    "current",
    "folder_path",
    "fresh_for",
    "is_due",
    "read_folder",
    "retry_after",
]
