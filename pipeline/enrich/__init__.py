"""Decides what a text is about: its language, who and what is named in it, and its topics, with the evidence."""

from pipeline.enrich.enricher import Enricher, build, entity_names, place_names
from pipeline.enrich.identity import identity_of

__all__ = ["Enricher", "build", "entity_names", "identity_of", "place_names"]
