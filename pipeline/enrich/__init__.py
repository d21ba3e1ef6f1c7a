"""Decides what a text is about: its language, who and what is named in it, and its topics, with the evidence."""

from pipeline.enrich.enricher import Enricher, build, entity_names, place_names

__all__ = ["Enricher", "build", "entity_names", "place_names"]
