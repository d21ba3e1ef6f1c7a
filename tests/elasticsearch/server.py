"""A real Elasticsearch for tests: one node a test process, on a free port; gone with its data at the end.

`ELASTICSEARCH_URL` names another server to use instead. Without a JDK and Maven the tests are skipped, or fail where
`REQUIRE_ELASTICSEARCH` is set. A `conftest.py` makes the fixture known to its folder with
`from tests.elasticsearch.server import elasticsearch_url`.
"""

import os
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from tests.elasticsearch.build import CannotBuild, built, command

_PATIENCE = 30.0
_ROOM = 4_000_000_000


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """The address of a running server."""
    if there := os.environ.get("ELASTICSEARCH_URL"):
        yield there
        return
    try:
        jdk, folder = built(dict(os.environ))
    except CannotBuild as error:
        if os.environ.get("REQUIRE_ELASTICSEARCH"):
            pytest.fail(f"no Elasticsearch to test with: {error}", pytrace=False)
        pytest.skip(f"no Elasticsearch to test with: {error}")
    data = Path(tempfile.mkdtemp(prefix="wirewatch-elasticsearch-", dir=_quick_folder()))
    try:
        with _running(command(jdk, folder, data)) as port:
            yield f"http://127.0.0.1:{port}"
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _quick_folder() -> Path | None:
    """Return a folder in memory where there is room: an index of its own for each test means many waits for a disk."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None


@contextmanager
def _running(arguments: list[str]) -> Iterator[int]:
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, text=True) as process,
    ):
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            # the log goes to the same place, so that the line is one among others
            ready = next((line for line in process.stdout if line.startswith("READY ")), None)
            if ready is None:
                told.seek(0)
                raise RuntimeError(f"the test node did not start: {told.read().decode()[-4_000:]}")
            # a log that nobody reads would fill the pipe and stop the node
            Thread(target=deque, args=(process.stdout, 0), daemon=True).start()
            yield int(ready.split()[1])
        finally:
            process.stdin.close()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
