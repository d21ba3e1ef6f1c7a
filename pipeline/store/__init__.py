"""The system of record: feeds, articles, claims, copies, alerts, problems, journal; in SQLite or PostgreSQL.

Everything else (search index, dashboards) is a projection of it and can be rebuilt.
"""

from pipeline.store.articles import Articles, Outline, Received
from pipeline.store.clock import TOLERANCE
from pipeline.store.copies import Copies, Place, Print
from pipeline.store.digests import Digests, Progress
from pipeline.store.feeds import Feeds
from pipeline.store.journal import Journal, Record
from pipeline.store.ledger import LONGEST_DELAY, Delivery, Ledger, Outgoing, Recorded
from pipeline.store.problems import Problem, Problems
from pipeline.store.store import Store, Transaction
from pipeline.store.work import LONGEST_REST, Waiting, Work

__all__ = [
    "LONGEST_DELAY",
    "LONGEST_REST",
    "TOLERANCE",
    "Articles",
    "Copies",
    "Delivery",
    "Digests",
    "Feeds",
    "Journal",
    "Ledger",
    "Outgoing",
    "Outline",
    "Place",
    "Print",
    "Problem",
    "Problems",
    "Progress",
    "Received",
    "Record",
    "Recorded",
    "Store",
    "Transaction",
    "Waiting",
    "Work",
]
