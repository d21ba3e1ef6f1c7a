"""Does the doctor really try the mail server, and does a start with a broken watch say where it is broken?"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import runtime
from pipeline.alert import FolderMailer, SmtpMailer
from pipeline.errors import ConfigError, MailRefused, MailUnavailable
from pipeline.stages.doctor import mail
from tests.mail_server import LOGIN, Certificate, Post, a_closed_port, a_door, a_server

ROOT = Path(__file__).parents[2]
SENDER = "Wirewatch <alerts@wirewatch.example>"


def told_by_doctor(tmp_path: Path, **settings: str) -> dict[str, Any]:
    """What `wirewatch doctor` says of the mail."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WIREWATCH_")}
    chosen = {f"WIREWATCH_{name.upper()}": value for name, value in settings.items()}
    environment = kept | {"WIREWATCH_DATA": str(tmp_path)} | chosen
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "doctor", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    found: dict[str, Any] = next(one for one in map(json.loads, done.stdout.splitlines()) if one["what"] == "mail")
    assert found["sound"] is (done.returncode == 0)
    return found


def test_the_command_tries_the_server_and_sends_nothing(tmp_path: Path) -> None:
    post = Post()

    with a_server(post) as port:
        found = told_by_doctor(tmp_path, smtp_url=f"smtp://127.0.0.1:{port}", mail_from=SENDER)

    assert f"`127.0.0.1:{port}` answers" in found["told"]
    assert SENDER in found["told"]
    assert len(post.sessions) == 1
    assert post.taken == []


def test_the_command_fails_with_a_hint_where_the_server_is_away(tmp_path: Path) -> None:
    with a_closed_port() as port:
        found = told_by_doctor(tmp_path, smtp_url=f"smtp://127.0.0.1:{port}", mail_from=SENDER)

    assert not found["sound"]
    assert "Connection refused" in found["told"]
    assert found["hint"]


def test_a_login_over_tls_is_tried(tmp_path: Path) -> None:
    certificate = Certificate(tmp_path)

    with a_server(Post(), **a_door(), tls_context=certificate.shown()) as port:
        url = f"smtp+starttls://{LOGIN}@127.0.0.1:{port}"
        with SmtpMailer(url, 5, tls=certificate.trusted()) as mailer:
            told = mail(mailer, SENDER)

    assert "TLSv1.3, certificate valid; login accepted" in told
    assert "s3cret" not in told


def test_a_login_that_is_refused_is_not_sound(tmp_path: Path) -> None:
    certificate = Certificate(tmp_path)

    with a_server(Post(), **a_door(opens=False), tls_context=certificate.shown()) as port:
        url = f"smtp+starttls://{LOGIN}@127.0.0.1:{port}"
        with SmtpMailer(url, 5, tls=certificate.trusted()) as mailer, pytest.raises(MailUnavailable, match="login"):
            mail(mailer, SENDER)


def test_the_sender_that_is_set_when_none_is_set_will_not_do_for_a_server() -> None:
    with (
        a_server(Post()) as port,
        SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer,
        pytest.raises(ConfigError, match="which servers refuse") as caught,
    ):
        mail(mailer, "Wirewatch <alerts@wirewatch.invalid>")

    assert "WIREWATCH_MAIL_FROM" in str(caught.value.hint)


def test_a_sender_that_no_message_can_have_is_found() -> None:
    with (
        a_server(Post()) as port,
        SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer,
        pytest.raises(MailRefused, match="is no mail address"),
    ):
        mail(mailer, "Alärm <alärm@wirewatch.example>")


def test_without_a_server_the_outbox_is_tried(tmp_path: Path) -> None:
    assert str(tmp_path / "outbox") in mail(FolderMailer(tmp_path / "outbox"), None)


def test_a_query_that_cannot_be_understood_stops_the_start_and_is_told_with_its_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    watches = "watches:\n  - id: a\n    name: b\n    to: [a@b.example]\n    query: 'topics:(space'\n"
    (tmp_path / "config" / "watches.yaml").write_text(watches)

    with pytest.raises(
        ConfigError, match=r"watches\.yaml:5: `watches\[0\]\.query`: `\(` is never closed at character 8"
    ):
        runtime.load_configuration(tmp_path / "config")
