"""Do alerts lie in the outbox folder whole, once, and so that a person finds them?"""

import os
import subprocess
import sys
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from pipeline.alert import FolderMailer, SmtpMailer, message_file
from pipeline.errors import MailRefused, MailUnavailable
from tests.mail_server import READER, a_message, deliver

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("recipient", ["desk", "a@b.example\r\nRCPT TO:<x@y.example>", "dösk@b.example"])
def test_a_recipient_that_is_no_address_is_refused_for_good_by_both(recipient: str, tmp_path: Path) -> None:
    raw, identifier = a_message()

    for mailer in (SmtpMailer("smtp://127.0.0.1:1", 5), FolderMailer(tmp_path)):
        with pytest.raises(MailRefused) as caught:
            mailer.send(raw, message_id=identifier, recipient=recipient)
        assert caught.value.permanent
    assert list(tmp_path.iterdir()) == []


def test_a_file_holds_the_message_and_is_named_so_that_a_person_finds_it(tmp_path: Path) -> None:
    raw, identifier = a_message(headline="Nordlicht baut: „drei“ ../../Stationen")

    FolderMailer(tmp_path / "out" / "box").send(raw, message_id=identifier, recipient=READER)

    (file,) = (tmp_path / "out" / "box").iterdir()
    assert file.name.startswith("2026-11-03T1200-Space-Nordlicht-baut-drei-")
    assert file.suffix == ".eml"
    assert file.read_bytes() == raw
    assert message_file(tmp_path / "out" / "box", identifier) == file


@pytest.mark.parametrize("headline", ["台湾宣布建设三座新的地面站" * 30, "", "...", "\x00/\\:*?<>|" * 50, "😀" * 300])
def test_any_headline_gives_a_file(headline: str, tmp_path: Path) -> None:
    raw, identifier = a_message(headline=headline)

    FolderMailer(tmp_path).send(raw, message_id=identifier, recipient=READER)

    (file,) = tmp_path.iterdir()
    assert len(os.fsencode(file.name)) < 200
    assert message_from_bytes(file.read_bytes(), EmailMessage, policy=SMTP)["Message-ID"] == identifier


def test_a_message_that_is_sent_again_keeps_its_one_file(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path)
    first, identifier = a_message()
    later, _ = a_message(headline="Neu überschrieben")

    mailer.send(first, message_id=identifier, recipient=READER)
    mailer.send(later, message_id=identifier, recipient=READER)

    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == first


def test_messages_with_one_subject_and_minute_get_a_file_each(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path)

    for number in range(50):
        deliver(mailer, f"desk{number}@wirewatch.example")

    assert len(list(tmp_path.iterdir())) == 50


def test_two_senders_at_once_leave_whole_files_and_no_drafts(tmp_path: Path) -> None:
    def work() -> None:
        for number in range(20):
            deliver(FolderMailer(tmp_path), story_id=f"s{number}")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    files = list(tmp_path.iterdir())
    assert len(files) == 20
    assert all(file.suffix == ".eml" and file.read_bytes().endswith(b"--\r\n") for file in files)


def test_a_folder_that_cannot_be_written_is_a_refusal_that_helps(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")

    with pytest.raises(MailUnavailable, match="outbox") as caught:
        deliver(FolderMailer(tmp_path / "outbox"))

    assert "writable" in str(caught.value.hint)


@pytest.mark.skipif(os.name != "posix", reason="file size limits are a matter of POSIX")
def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    program = f"""
import resource, signal
from pathlib import Path
from pipeline.alert import FolderMailer
from pipeline.errors import MailUnavailable
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
try:
    FolderMailer(Path({str(tmp_path)!r})).send(b"x" * 5000, message_id="<a@b>", recipient="a@b.example")
except MailUnavailable:
    print("no room")
"""

    done = subprocess.run([sys.executable, "-c", program], text=True, capture_output=True, check=False, cwd=ROOT)

    assert done.stdout == "no room\n", done.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_lies_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert message_file(tmp_path / "none", "<a@b>") is None


def test_a_trial_says_where_alerts_go_and_leaves_nothing_there(tmp_path: Path) -> None:
    told = FolderMailer(tmp_path / "outbox").check()

    assert str(tmp_path / "outbox") in told
    assert list((tmp_path / "outbox").iterdir()) == []


def test_a_trial_finds_that_the_folder_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")

    with pytest.raises(MailUnavailable, match="outbox"):
        FolderMailer(tmp_path / "outbox").check()
