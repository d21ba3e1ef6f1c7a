"""The sample wire service behind `wirewatch demo`: invented articles, and a server on loopback that publishes them.

It decides what the outlets print and how well their servers behave. The pipeline does not know it: to the stages the
sample wire is a list of feeds like any other.
"""

from pipeline.demo.server import SampleWire
from pipeline.demo.texts import WireArticle, WireFeed, load_wire

__all__ = ["SampleWire", "WireArticle", "WireFeed", "load_wire"]
