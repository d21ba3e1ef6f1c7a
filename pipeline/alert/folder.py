"""Messages as `.eml` files in a folder, which every mail program opens. For a first look, and where no mail server is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from pipeline.alert.addresses import address
from pipeline.alert.plain import one_line
from pipeline.errors import MailUnavailable

# Date, title, digest and `data/outbox/` fit into a terminal of 80 columns, so that a path can be copied.
_LONGEST = 28


class FolderMailer:
    """Writes each message into `folder`, which is made if need be; a file is there whole or not at all.

    A file is named after the date, the subject and the Message-ID: `2026-11-03T1200-Starlink-Nordlicht-baut-3f2a….eml`.
    A message whose id already lies in the folder is left as it is, also if its date or subject differ.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, raw: bytes, *, message_id: str, recipient: str) -> None:
        """Write `raw`; see `Mailer.send`. Raises MailUnavailable if the folder cannot be written."""
        address(recipient)
        with self._writable():
            if message_file(self._folder, message_id) is None:
                digest = _digest(message_id)
                with self._draft(raw, digest) as draft:
                    draft.replace(self._folder / f"{_title(raw)}-{digest}.eml")
                self._settle()

    def check(self) -> str:
        """Write a file and take it away again; see `Mailer.check`."""
        with self._writable(), self._draft(b"Can alerts be written here?\n", "check"):
            return f"alerts are written into `{self._folder}`"

    def close(self) -> None:
        """Nothing is kept open; see `Mailer.close`."""

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            raise MailUnavailable(
                f"cannot write an alert into `{self._folder}`: {error.strerror or error}",
                hint="make the folder writable and see that the disk has room, or set a mail server",
            ) from error

    @contextmanager
    def _draft(self, raw: bytes, name: str) -> Iterator[Path]:
        draft = self._folder / f".{name}.{token_hex(4)}.tmp"
        try:
            with draft.open("xb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    def _settle(self) -> None:
        """A new name outlives a power cut only once its folder is on the disk too."""
        if os.name != "posix":
            return
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def message_file(folder: Path, message_id: str) -> Path | None:
    """Return where in `folder` the message with this id lies, or None if it does not."""
    ending = f"{_digest(message_id)}.eml"
    try:
        with os.scandir(folder) as files:
            return next((folder / file.name for file in files if file.name.endswith(ending)), None)
    except FileNotFoundError:
        return None


def _digest(message_id: str) -> str:
    return sha256(message_id.encode()).hexdigest()[:12]


def _title(raw: bytes) -> str:
    headers = BytesHeaderParser(EmailMessage, policy=SMTP).parsebytes(raw)
    subject = one_line(str(headers["Subject"] or ""), 200)
    words = "-".join("".join(sign if sign.isalnum() else " " for sign in subject).split())
    short = words.encode()[:_LONGEST].decode(errors="ignore").strip("-")
    return "-".join(filter(None, (_minute(str(headers["Date"] or "")), short)))


def _minute(date: str) -> str:
    try:
        return parsedate_to_datetime(date).strftime("%Y-%m-%dT%H%M")
    except ValueError:
        return "undated"
