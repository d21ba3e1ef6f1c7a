"""Decides what a text is about: its language, who and what is named in it, and its topics, with the evidence."""

from pipeline.enrich.enricher import Enricher, build, place_names

__all__ = ["Enricher", "build", "place_names"]
