"""Wirewatch: watches wires and news feeds, folds the copies, mails an alert once per story."""

__version__ = "0.1.0"
