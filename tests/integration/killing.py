"""Runs the whole chain in child processes and kills them at random; the last one is left alone.

Called as a process of its own, because it forks: everything heavy is loaded once, before the first fork.
Arguments: data folder, store URL, SMTP URL, JSON file with the feeds, first moment, kills, name of the signal, seed.
"""

import json
import os
import random
import signal
import sys
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from pipeline import runtime
from pipeline.config import Configuration, Feed, Settings
from pipeline.enrich import Enricher
from pipeline.stages import Services, run_all
from pipeline.store import Store

LEASE = timedelta(minutes=5)
LONGEST = 0.25
INTERRUPTED = 130
UNDISTURBED = 3
"""So many first kills, too early for mail, may strike the making of the store: only they find it half made."""


def main() -> None:
    data, store_url, smtp_url, feeds_file, moment, kills, by, seed = sys.argv[1:]
    settings = Settings.load({"WIREWATCH_DATA": data, "WIREWATCH_SMTP_URL": smtp_url, "WIREWATCH_NLP_MODELS": "*=none"})
    shipped = runtime.load_configuration(settings.config)
    feeds = tuple(Feed.model_validate(feed) for feed in json.loads(Path(feeds_file).read_text()))
    configuration = Configuration(feeds, shipped.topics, shipped.entities, shipped.watches)
    enricher = runtime.make_enricher(settings, configuration)
    chance = random.Random(seed)
    now = datetime.fromisoformat(moment)
    killed = killed_at_mail = 0
    while killed < int(kills):
        child = os.fork()
        if child == 0:
            _work(settings, configuration, store_url, enricher, now)
        time.sleep(chance.uniform(0.01, LONGEST))
        os.kill(child, signal.Signals[by])
        _, status = os.waitpid(child, 0)
        ended = os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == INTERRUPTED
        killed += ended
        killed_at_mail += ended and killed > UNDISTURBED and _mail_waits(store_url)
        now += LEASE + timedelta(minutes=1)
    for _ in range(3):
        child = os.fork()
        if child == 0:
            _work(settings, configuration, store_url, enricher, now)
        _, status = os.waitpid(child, 0)
        if status:
            sys.exit(f"the undisturbed run ended with {status}")
        now += LEASE + timedelta(minutes=1)
    sys.stdout.write(json.dumps({"killed": killed, "killed_at_mail": killed_at_mail}))


def _mail_waits(store_url: str) -> bool:
    store = Store(store_url)
    with store.reading() as transaction:
        waiting = transaction.ledger.outbox().get("waiting", 0)
    store.close()
    return waiting > 0


def _work(settings: Settings, configuration: Configuration, store_url: str, enricher: Enricher, now: datetime) -> None:
    status = 1
    try:
        services = Services(
            settings=settings,
            configuration=configuration,
            store=Store(store_url),
            limits=runtime.limits(settings),
            fetcher=lambda: runtime.make_fetcher(settings),
            enricher=lambda: enricher,
            index=lambda: runtime.make_index(settings),
            mailer=lambda: runtime.make_mailer(settings),
        )
        with closing(services):
            for _ in run_all(services, clock=lambda: now):
                pass
        status = 0
    except KeyboardInterrupt:
        status = INTERRUPTED
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
