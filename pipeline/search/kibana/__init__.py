"""Kibana as code: data views, saved sessions, charts, a map and dashboards, and how they get into a Kibana."""

from pipeline.search.kibana.desk import saved_objects
from pipeline.search.kibana.objects import SavedObject, ndjson
from pipeline.search.kibana.server import Installed, KibanaServer, Refusal

__all__ = ["Installed", "KibanaServer", "Refusal", "SavedObject", "ndjson", "saved_objects"]
