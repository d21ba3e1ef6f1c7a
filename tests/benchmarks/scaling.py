"""Lets several worker processes do the same articles at once, stage by stage, as the runs of a DAG do.

Called as a process of its own, because it forks: everything heavy is loaded once, before the first fork. Each worker opens
its own services. Arguments: data folder, store URL, number of workers. Prints what each stage took and each worker reported.
"""

import json
import os
import sys
from contextlib import closing
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from time import monotonic
from typing import Any

from pydantic import SecretStr

from pipeline import runtime
from pipeline.config import Configuration, Settings, Watch
from pipeline.enrich import Enricher
from pipeline.stages import run
from tests.factories import NOON

NOW = NOON + timedelta(minutes=5)
ORDER = ("read", "dedup", "enrich", "alert", "index")
"""An alert changes what stands in the index, so that `index` comes last."""
WATCHES = (
    Watch(id="ceres", name="Ceres", to=("desk@desk.example",), query='body:"Zwergplanet Ceres"'),
    Watch(id="iss", name="ISS", to=("desk@desk.example",), entities=("iss",), languages=("pt",)),
    Watch(id="russian", name="In Russian", to=("desk@desk.example",), languages=("ru",)),
)


def main() -> None:
    data, store_url, workers = sys.argv[1:]
    # The server of the tests listens on a socket, which no setting can name.
    settings = Settings.load({"WIREWATCH_DATA": data, "WIREWATCH_NLP_MODELS": "*=none"}).model_copy(
        update={"store_url": SecretStr(store_url)}
    )
    shipped = runtime.load_configuration(settings.config)
    configuration = Configuration((), shipped.topics, shipped.entities, WATCHES)
    enricher = runtime.make_enricher(settings, configuration)
    forks = get_context("fork")
    barrier, told = forks.Barrier(int(workers)), forks.SimpleQueue()
    children = [
        forks.Process(target=_work, args=(settings, configuration, enricher, barrier, told))
        for _ in range(int(workers))
    ]
    for child in children:
        child.start()
    reports = [told.get() for _ in children]
    for child in children:
        child.join()
    sys.stdout.write(json.dumps(reports))
    sys.exit(any(child.exitcode for child in children))


def _work(
    settings: Settings, configuration: Configuration, enricher: Enricher, barrier: Barrier, told: "SimpleQueue[Any]"
) -> None:
    try:
        told.put(_stages(settings, configuration, enricher, barrier))
    except BaseException as error:
        barrier.abort()
        told.put({"failed": repr(error)})
        raise


def _stages(
    settings: Settings, configuration: Configuration, enricher: Enricher, barrier: Barrier
) -> dict[str, dict[str, Any]]:
    services = runtime.open_services(settings, configuration)
    services.__dict__["enricher"] = enricher
    reports = {}
    with closing(services):
        for name in ORDER:
            barrier.wait()
            begun, busy = monotonic(), os.times()
            report = run(name, services, limit=1_000_000, clock=lambda: NOW)
            spent = os.times()
            barrier.wait()
            cpu = spent.user + spent.system - busy.user - busy.system
            told = {"wall": monotonic() - begun, "own": report.seconds, "cpu": cpu}
            reports[name] = report.document() | told
    return reports


if __name__ == "__main__":
    main()
