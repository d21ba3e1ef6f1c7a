"""What Wirewatch shows in Kibana: News desk, Watched entities, Feed health."""

from __future__ import annotations

from pipeline.search.kibana import charts
from pipeline.search.kibana.dashboards import TAG, Dashboard, Row
from pipeline.search.kibana.maps import MAPS, PLACES
from pipeline.search.kibana.objects import SavedObject
from pipeline.search.kibana.sessions import CORRECTIONS, FAILED_POLLS, ORIGINALS, SENT, SESSIONS, WATCHED
from pipeline.search.kibana.views import ALERTS, ARTICLES, POLLS, VIEWS

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
        Row(
            14,
            (
                charts.table(
                    "wirewatch-watch-alerts", "Alerts by watch", ALERTS, ["watch"],
                    [
                        charts.count("Alerts"),
                        charts.percentile("lag_seconds", 50, "Median lag"),
                        charts.percentile("lag_seconds", 95, "95 % within"),
                        charts.newest(),
                    ],
                ),
                SENT,
            ),
            (2, 3),
        ),
    ),
)  # fmt: skip

FEED_HEALTH = Dashboard(
    id="wirewatch-feed-health",
    title="Wirewatch: Feed health",
    description="Do the feeds come in, how late, and what went wrong?",
    view=POLLS,
    controls=("feed", "outcome"),
    rows=(
        Row(
            6,
            (
                charts.number("wirewatch-polls", "Polls", POLLS, charts.count("Polls")),
                charts.number("wirewatch-arrived", "New articles", POLLS, charts.total("new", "New articles")),
                charts.number("wirewatch-failing", "Feeds that failed", POLLS, charts.distinct("feed", "Feeds"), only="outcome: (failed OR retired)"),
                charts.number("wirewatch-problems", "Problems", POLLS, charts.total("problems", "Problems")),
            ),
        ),
        Row(
            14,
            (
                charts.timeline("wirewatch-outcomes", "Polls by outcome", POLLS, split="outcome", of=charts.count("Polls")),
                charts.timeline("wirewatch-arrivals", "Arrivals by feed", POLLS, split="feed", size=12, of=charts.total("new", "New articles")),
            ),
        ),
        Row(
            16,
            (
                charts.table(
                    "wirewatch-feeds", "Feeds", POLLS, ["feed"],
                    [
                        charts.total("new", "New articles"),
                        charts.count("Polls"),
                        charts.count("Failures", only="outcome: (failed OR retired)"),
                        charts.total("problems", "Problems"),
                        charts.percentile("delay_seconds", 50, "Median delay"),
                        charts.newest("Last poll"),
                    ],
                    size=200,
                ),
            ),
        ),
        Row(
            14,
            (
                charts.lines(
                    "wirewatch-delays", "From publication to arrival", POLLS,
                    [charts.percentile("delay_seconds", 50, "Median"), charts.percentile("delay_seconds", 95, "95 % within")],
                ),
                charts.lines(
                    "wirewatch-lags", "From publication to alert", ALERTS,
                    [charts.percentile("lag_seconds", 50, "Median"), charts.percentile("lag_seconds", 95, "95 % within")],
                ),
            ),
        ),
        Row(14, (FAILED_POLLS,)),
    ),
)  # fmt: skip

DASHBOARDS = (NEWS_DESK, WATCHED_ENTITIES, FEED_HEALTH)


def saved_objects() -> tuple[SavedObject, ...]:
    """Return all that belongs into a Kibana: what is pointed at stands before what points at it; each once."""
    shown = [content for board in DASHBOARDS for content in board.contents]
    parts = [*VIEWS, *SESSIONS, *MAPS, *shown, *DASHBOARDS]
    return tuple({(saved.type, saved.id): saved for saved in (TAG, *(part.saved() for part in parts))}.values())
