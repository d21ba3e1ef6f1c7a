"""What Wirewatch shows in Kibana: News desk and Watched entities."""

from __future__ import annotations

from dataclasses import replace

from pipeline.search.kibana import charts
from pipeline.search.kibana.dashboards import TAG, Dashboard, Row
from pipeline.search.kibana.maps import MAPS, PLACES
from pipeline.search.kibana.objects import SavedObject
from pipeline.search.kibana.sessions import CORRECTIONS, ORIGINALS, SESSIONS, WATCHED
from pipeline.search.kibana.views import ARTICLES

_ORIGINAL = "NOT status: killed AND NOT duplicate_of: *"
_LIVE = "NOT status: killed"
_MATCHED = "watches: * AND NOT status: killed"

NEWS_DESK = Dashboard(
    id="wirewatch-news-desk",
    title="Wirewatch: News desk",
    description="What is in the news now: topics, names, places, sources. Copies are folded away where it says originals.",
    view=ARTICLES,
    controls=("topics", "language", "source.name", "people"),
    rows=(
        Row(
            6,
            (
                charts.number("wirewatch-count", "Originals", ARTICLES, charts.count(), only=_ORIGINAL),
                charts.number("wirewatch-copies", "Copies folded away", ARTICLES, charts.count(), only="duplicate_of: *"),
                charts.number("wirewatch-stories", "Stories", ARTICLES, charts.distinct("story_id", "Stories"), only=_LIVE),
                charts.number("wirewatch-flashes", "Urgent (1 to 3)", ARTICLES, charts.count(), only=f"urgency <= 3 AND {_LIVE}"),
            ),
        ),
        Row(14, (charts.timeline("wirewatch-topics", "Topics over time (originals)", ARTICLES, split="topics", only=_ORIGINAL),)),
        Row(
            16,
            (
                charts.ranking("wirewatch-people", "People (originals)", ARTICLES, "people", only=_ORIGINAL),
                charts.ranking("wirewatch-organisations", "Organisations (originals)", ARTICLES, "organisations", only=_ORIGINAL),
                charts.ranking("wirewatch-place-names", "Places (originals)", ARTICLES, "places", only=_ORIGINAL),
            ),
        ),
        Row(20, (ORIGINALS, PLACES), (3, 2)),
        Row(
            14,
            (
                charts.table(
                    "wirewatch-sources", "Sources", ARTICLES, ["source.name"], [charts.count(), charts.newest()], only=_LIVE
                ),
                charts.ranking("wirewatch-languages", "Languages", ARTICLES, "language", only=_LIVE),
                charts.table(
                    "wirewatch-largest-stories", "Most carried stories", ARTICLES, ["story_id"],
                    [charts.count(), charts.distinct("source.name", "Sources"), charts.newest()], size=15, only=_LIVE,
                ),
            ),
            (2, 1, 2),
        ),
        Row(14, (CORRECTIONS,)),
    ),
)  # fmt: skip

WATCHED_ENTITIES = Dashboard(
    id="wirewatch-watched-entities",
    title="Wirewatch: Watched entities",
    description="What the watches found. Choose a watch above to see its sources and who else is named.",
    view=ARTICLES,
    controls=("watches", "source.name", "language", "topics"),
    since="now-7d",
    rows=(
        Row(14, (charts.timeline("wirewatch-hits", "Hits over time, by watch", ARTICLES, split="watches", only=_MATCHED),)),
        Row(
            16,
            (
                charts.ranking("wirewatch-watch-sources", "Sources of the hits", ARTICLES, "source.name", only=_MATCHED),
                charts.ranking("wirewatch-watch-people", "People in the hits", ARTICLES, "people", only=_MATCHED),
                charts.ranking("wirewatch-watch-organisations", "Organisations in the hits", ARTICLES, "organisations", only=_MATCHED),
                charts.ranking("wirewatch-watch-places", "Places in the hits", ARTICLES, "places", only=_MATCHED),
            ),
        ),
        Row(18, (WATCHED,)),
    ),
)  # fmt: skip

DASHBOARDS = (NEWS_DESK, WATCHED_ENTITIES)


def saved_objects(index: str = ARTICLES.pattern) -> tuple[SavedObject, ...]:
    """Return all that belongs into a Kibana, each object once; `index` is the name under which it finds the articles."""
    shown = [content for board in DASHBOARDS for content in board.contents]
    parts = [replace(ARTICLES, pattern=index), *SESSIONS, *MAPS, *shown, *DASHBOARDS]
    return tuple({(saved.type, saved.id): saved for saved in (TAG, *(part.saved() for part in parts))}.values())
