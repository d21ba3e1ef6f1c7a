"""Links into Kibana, for mails that may be read weeks later.

They name Discover's locator with the version it was written for, and Kibana brings them up to date: the addresses of its pages
change from release to release, the locator's parameters do not.
Source: Kibana's `share/common/url_service/locators`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

ARTICLES_VIEW = "wirewatch-articles"
DEFAULT_SPACE = "default"
_LOCATOR, _VERSION = "DISCOVER_APP_LOCATOR", "9.0.0"
_ARTICLE_COLUMNS = ("source.name", "headline", "topics", "people", "url")
_STORY_COLUMNS = ("source.name", "agency", "headline", "copies", "url")
_BEFORE = timedelta(days=7)
"""A story may have begun so long before the article that raised the alert."""


@dataclass(frozen=True, slots=True)
class KibanaLinks:
    """Links into the Kibana at `url`. The articles are looked for from a week before `at`, the time of the one in the mail, to now."""

    url: str
    space: str = DEFAULT_SPACE

    def article(self, article_id: str, *, at: datetime) -> str:
        """Return where one article is shown."""
        return self._link(f"id:{_quoted(article_id)}", _ARTICLE_COLUMNS, at)

    def story(self, story_id: str, article_id: str, *, at: datetime) -> str:
        """Return where a story is shown; of one that has joined another since, the article, which leads on to that."""
        return self._link(f"story_id:{_quoted(story_id)} or id:{_quoted(article_id)}", _STORY_COLUMNS, at)

    def _link(self, query: str, columns: Sequence[str], at: datetime) -> str:
        since = (at - _BEFORE if at.year > 1 else at).astimezone(UTC)
        parameters = {
            "dataViewId": ARTICLES_VIEW,
            "query": {"language": "kuery", "query": query},
            "timeRange": {"from": f"{since.replace(tzinfo=None).isoformat(timespec='seconds')}Z", "to": "now"},
            "columns": list(columns),
            "sort": [["@timestamp", "desc"]],
        }
        place = "" if self.space == DEFAULT_SPACE else f"/s/{quote(self.space, safe='')}"
        # Brackets and quotes are written in percent as well: mail programs end a link at them.
        told = quote(json.dumps(parameters, ensure_ascii=False, separators=(",", ":")), safe="")
        return f"{self.url.rstrip('/')}{place}/app/r?l={_LOCATOR}&v={_VERSION}&p={told}"


def _quoted(text: str) -> str:
    """Return `text` as one value in Kibana's query language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
