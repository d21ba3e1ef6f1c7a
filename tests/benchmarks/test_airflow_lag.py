"""How long does it take from the publication of an article to the mail, with Airflow's own scheduler polling every minute?

Everything is real: scheduler, DAG processor, API server, PostgreSQL, a mail server. `LAG_BENCHMARK` says how many articles are
published, one after the other, each at a moment drawn by lot; one takes up to two minutes, so that `make benchmark` alone measures it.
"""

import os
import random
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from statistics import median

import pytest

from tests.dags.newsroom import Newsroom, mails
from tests.dags.production import Production
from tests.mail_server import Post, a_server
from tests.newsroom import a_feed, item, rss
from tests.postgres import Postgres, postgres

__all__ = ["postgres"]

HEADLINES = (
    "Zoo zeigt junge Otter",
    "Brücke über die Trave gesperrt",
    "Chor sucht Tenöre",
    "Museum öffnet am Montag",
    "Fähre fährt nach Sommerplan",
)
ROUNDS = int(os.environ.get("LAG_BENCHMARK", "0"))


@pytest.mark.skipif(not ROUNDS, reason="takes minutes: `make benchmark` measures it, or LAG_BENCHMARK=5")
def test_a_mail_comes_within_two_minutes_of_the_publication(
    postgres: Postgres,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    post, chance = Post(), random.Random(5)
    with ExitStack() as stack:
        port = stack.enter_context(a_server(post))
        newsroom = Newsroom(tmp_path)
        newsroom.take_small("Hafen nimmt Kran in Betrieb")
        newsroom.write_feeds([a_feed((tmp_path / "feed").as_uri(), interval=timedelta(minutes=1))])
        newsroom.variables |= {
            "WIREWATCH_STORE_URL": postgres.database(),
            "WIREWATCH_SMTP_URL": f"smtp://127.0.0.1:{port}",
        }
        production = stack.enter_context(Production(tmp_path / "airflow", postgres.database(), newsroom.variables))
        production.unpause("poll_wires", "process_articles")
        production.wait_until(lambda: mails(post), "the first mail")
        lags = []
        for number in range(1, ROUNDS + 1):
            time.sleep(chance.uniform(0, 60))
            before, published = len(mails(post)), time.monotonic()
            new = item(number, headline=HEADLINES[number % len(HEADLINES)], date=format_datetime(datetime.now(UTC)))
            (tmp_path / "feed" / f"{number}.xml").write_bytes(rss(new))
            production.wait_until(lambda known=before: len(mails(post)) > known, "the next mail")  # type: ignore[misc]
            lags.append(time.monotonic() - published)
        production.wait_until(production.is_idle, "the last run is over")
        runs = [one["duration"] for one in production.runs("process_articles") if one["run_type"] == "asset_triggered"]

    with capsys.disabled():
        print(  # noqa: T201
            f"\nfrom publication to mail, {ROUNDS} articles, polled every minute: median {median(lags):.0f} s, worst {max(lags):.0f} s; "
            f"a run of process_articles over one article takes {median(runs):.0f} s"
        )
    assert len(mails(post)) == ROUNDS + 1
