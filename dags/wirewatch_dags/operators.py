"""Mail for the operators: a task failed for good, or a run took too long. Imported inside callbacks only.

One mail a task and hour: an outage that fails every run does not fill the mailbox. Without an address in the setting
`operators` the log alone tells. Airflow may call this in the process of the task or, if that one was killed, in the DAG processor.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline import runtime
from pipeline.alert import OPERATORS, domain_of, enclosed
from pipeline.config import Settings
from pipeline.errors import ConfigError
from wirewatch_dags.configuration import settings

log = logging.getLogger("wirewatch")
_SILENCE = 3600.0
_MOST_TEXT = 4000


def tell_failure(context: Mapping[str, Any]) -> None:
    """Mail what Airflow's `context` of a failure says. Raises nothing: Airflow has the failure itself in its log."""
    try:
        subject, text = _letter(context)
        chosen = settings()
        if not chosen.operators:
            log.warning("nobody is told: the setting `operators` (`WIREWATCH_OPERATORS`) names no address")
        elif _is_first(chosen.data / "told", subject):
            _send(chosen, subject, text)
    except Exception:
        log.exception("the operators could not be told")


def tell_fault(settings: Settings, fault: ConfigError) -> None:
    """Mail that the configuration is broken and the one before it goes on. Raises nothing."""
    hint = [f"Hint: {fault.hint}", ""] if fault.hint else []
    lines = ["A configuration file is broken:", "", str(fault), "", *hint]
    lines += [
        "What the files said before stays in force until they are mended; `wirewatch problems list` shows this, too."
    ]
    try:
        _send(settings, "Wirewatch: the configuration is broken", "\n".join(lines) + "\n")
    except Exception:
        log.exception("the operators could not be told")


def _send(settings: Settings, subject: str, text: str) -> None:
    """Mail a plain text to each of the operators."""
    moment = datetime.now(UTC)
    with closing(runtime.make_mailer(settings)) as mailer:
        for recipient in settings.operators:
            key = sha256(f"{subject}\0{text}\0{recipient}\0{moment.isoformat()}".encode()).hexdigest()[:32]
            name = f"<{key}@{domain_of(settings.mail_from)}>"
            raw = enclosed(
                text,
                None,
                subject=subject,
                name=name,
                series=OPERATORS,
                recipient=recipient,
                sender=settings.mail_from,
                now=moment,
            )
            mailer.send(raw, message_id=name, recipient=recipient)


def _letter(context: Mapping[str, Any]) -> tuple[str, str]:
    instance, run = context.get("ti"), context.get("dag_run")
    dag_id = getattr(instance, "dag_id", None) or getattr(run or context.get("dag"), "dag_id", "a DAG")
    task_id = getattr(instance, "task_id", None)
    timed_out = context.get("reason") == "timed_out"
    what = f"`{dag_id}` took too long" if timed_out or not task_id else f"`{dag_id}.{task_id}` failed"
    reason = (
        context.get("exception") or context.get("reason") or "Airflow names no reason; the task may have been killed"
    )
    lines = [
        f"{what}, and Airflow does not try it again within this run.",
        "",
        f"Why: {str(reason)[:_MOST_TEXT]}",
        "",
        f"Run:  {context.get('run_id') or getattr(instance, 'run_id', '')}",
        f"Try:  {getattr(instance, 'try_number', '')}",
        f"Log:  {getattr(instance, 'log_url', None) or 'in the Airflow UI'}",
        "",
        "Nothing is lost: what was not done waits in the store, and the next run takes it on. `wirewatch status` and",
        "`wirewatch doctor` tell how things stand. For an hour you get no other mail about this task.",
    ]
    return f"Wirewatch: {what}", "\n".join(lines) + "\n"


def _is_first(folder: Path, subject: str) -> bool:
    """Tell whether nobody was told of it within the hour, and remember that somebody is now."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / sha256(subject.encode()).hexdigest()[:16]
    if mark.exists() and 0 <= time.time() - mark.stat().st_mtime < _SILENCE:
        return False
    mark.write_text(f"{subject}\n", encoding="utf-8")
    return True
