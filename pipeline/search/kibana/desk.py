"""What Wirewatch shows in Kibana: News desk, Watched entities and Feed health."""

from __future__ import annotations

from pipeline.search.kibana import charts
from pipeline.search.kibana.dashboards import TAG, Dashboard, Row
from pipeline.search.kibana.maps import MAPS, PLACES
from pipeline.search.kibana.objects import SavedObject
from pipeline.search.kibana.sessions import CORRECTIONS, FAILED_POLLS, ORIGINALS, SENT, SESSIONS, WATCHED
from pipeline.search.kibana.views import ALERTS, ARTICLES, POLLS, views

_ORIGINAL = "NOT status: killed AND NOT duplicate_of: *"
_LIVE = "NOT status: killed"
_MATCHED = "watches: * AND NOT status: killed"
_FAILED = "outcome: (failed or gone)"
_LAGS = (
    charts.percentile("sent_lag_seconds", 50, "Median"),
    charts.percentile("sent_lag_seconds", 95, "95 % within"),
    charts.highest("sent_lag_seconds", "Worst"),
)

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
                charts.timeline(
                    "wirewatch-watch-alerts", "Alerts over time, by watch", ALERTS, split="watch_name", of=charts.count("Alerts")
                ),
                charts.table(
                    "wirewatch-watch-lags", "Alerts by watch, from publication to mail", ALERTS, ["watch_name"],
                    [charts.count("Alerts"), *_LAGS, charts.newest()],
                ),
            ),
        ),
        Row(16, (SENT,)),
    ),
)  # fmt: skip

FEED_HEALTH = Dashboard(
    id="wirewatch-feed-health",
    title="Wirewatch: Feed health",
    description="Do the feeds come in, how late, and what went wrong? Choose a feed above to see it alone.",
    view=POLLS,
    controls=("feeds", "source.name"),
    rows=(
        Row(
            6,
            (
                charts.number("wirewatch-polls", "Polls", POLLS, charts.count("Polls")),
                charts.number("wirewatch-arrived", "New articles", POLLS, charts.total("new", "New articles")),
                charts.number("wirewatch-failing", "Feeds that failed", POLLS, charts.distinct("feeds", "Feeds"), only=_FAILED),
                charts.number("wirewatch-problems", "Problems", POLLS, charts.total("problems", "Problems")),
            ),
        ),
        Row(
            14,
            (
                charts.timeline(
                    "wirewatch-arrivals", "Arrivals by feed", POLLS, split="feeds", size=12, of=charts.total("new", "New articles")
                ),
                charts.timeline("wirewatch-outcomes", "Polls by outcome", POLLS, split="outcome", of=charts.count("Polls")),
            ),
        ),
        Row(
            18,
            (
                charts.table(
                    "wirewatch-feeds", "Feeds: arrivals, their delay since publication, failures", POLLS, ["feeds"],
                    [
                        charts.total("new", "New articles"),
                        charts.percentile("delay_seconds", 50, "Delay, median"),
                        charts.percentile("worst_delay_seconds", 95, "Delay, 95 % of polls within"),
                        charts.count("Polls"),
                        charts.count("Failures", only=_FAILED),
                        charts.newest("Last poll"),
                    ],
                    size=500,
                ),
            ),
        ),
        Row(
            14,
            (
                charts.timeline(
                    "wirewatch-failures", "Failures by feed", POLLS, split="feeds", size=12, only=_FAILED, of=charts.count("Failures")
                ),
                charts.lines(
                    "wirewatch-delays", "From publication to arrival", POLLS,
                    [
                        charts.percentile("delay_seconds", 50, "Median"),
                        charts.percentile("worst_delay_seconds", 95, "95 % of polls within"),
                    ],
                ),
            ),
        ),
        Row(16, (FAILED_POLLS,)),
        Row(
            6,
            (
                charts.number("wirewatch-lag-median", "From publication to mail: median", ALERTS, _LAGS[0]),
                charts.number("wirewatch-lag-most", "From publication to mail: 95 % within", ALERTS, _LAGS[1]),
                charts.number("wirewatch-lag-worst", "From publication to mail: worst", ALERTS, _LAGS[2]),
                charts.number("wirewatch-unsent", "Alerts not sent yet", ALERTS, charts.count("Alerts"), only="state: waiting"),
                charts.number("wirewatch-refused", "Alerts that nobody took", ALERTS, charts.count("Alerts"), only="state: refused"),
            ),
        ),
        Row(14, (charts.lines("wirewatch-lags", "From publication to mail", ALERTS, _LAGS),)),
    ),
)  # fmt: skip

DASHBOARDS = (NEWS_DESK, WATCHED_ENTITIES, FEED_HEALTH)


def saved_objects(articles: str = ARTICLES.pattern) -> tuple[SavedObject, ...]:
    """Return all that belongs into a Kibana, each object once; `articles` is the name under which it finds them."""
    shown = [content for board in DASHBOARDS for content in board.contents]
    parts = [*views(articles), *SESSIONS, *MAPS, *shown, *DASHBOARDS]
    return tuple({(saved.type, saved.id): saved for saved in (TAG, *(part.saved() for part in parts))}.values())
