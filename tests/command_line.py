"""The command line as tests use it: in this process, or as a process of its own where streams and signals matter."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.calling import call

ROOT = Path(__file__).parents[1]
WITHOUT_MODEL = {"WIREWATCH_NLP_MODELS": "*=none"}
"""A process needs a second to load the model of names, which has tests of its own."""
COMMAND = [sys.executable, "-c", "from pipeline.cli import main; main()"]


@dataclass(frozen=True)
class Ran:
    """What a call of the command left."""

    status: int
    out: str
    err: str

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The JSON lines on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        (document,) = self.documents
        return document


def wirewatch(capsys: pytest.CaptureFixture[str], *arguments: object) -> Ran:
    """Call the command in this process."""
    capsys.readouterr()
    status = call([str(one) for one in arguments])
    streams = capsys.readouterr()
    return Ran(status, streams.out, streams.err)


def environment(**settings: str) -> dict[str, str]:
    """The process's environment, with these settings of Wirewatch and no others; without the model, unless they say so."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WIREWATCH_")}
    return inherited | WITHOUT_MODEL | {f"WIREWATCH_{name}": value for name, value in settings.items()}


def process(*arguments: object, given: bytes = b"", settings: Mapping[str, str] | None = None) -> Ran:
    """Run the command as a process of its own, in the root of the repository."""
    command = [*COMMAND, *map(str, arguments)]
    done = subprocess.run(
        command, input=given, capture_output=True, cwd=ROOT, env=environment(**settings or {}), timeout=120, check=False
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def background(*arguments: object, settings: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start the command as a process of its own."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=environment(**settings or {})
    )
