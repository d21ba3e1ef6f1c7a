"""Adds to a file that a user edits, without touching what stands there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from pipeline.config import page
from pipeline.config.models import Feed
from pipeline.config.tree import Node, parse
from pipeline.errors import ConfigError


def append_feed(path: Path, feed: Feed) -> None:
    """Add `feed` as the last entry of the file at `path`; see `append_feeds`."""
    append_feeds(path, [feed])


def append_feeds(path: Path, feeds: Sequence[Feed]) -> None:
    """Add `feeds` as the last entries of the file at `path`; comments and all other lines stay as they are.

    The file is checked before and after and replaced in one step: it is never half written, and either all are added or
    none. Raises `ConfigError` if the file is wrong, has a feed with one of the ids or addresses, or cannot be written.
    """
    if not feeds:
        return
    before = _sound(path)
    for feed in feeds:
        for other in before.items:
            if feed.id == other.id or feed.url == other.url:
                field = "id" if feed.id == other.id else "url"
                message = f"{path}: `{other.id}` has the {field} `{getattr(feed, field)}` already"
                raise ConfigError(message, hint=f"choose another {field}", subject=feed.id)
    _replace(path.resolve(), _extended(path.resolve(), feeds), (*before.items, *feeds))


def _sound(path: Path) -> page.Page[Feed]:
    sheet = page.read(path, "feeds", Feed)
    page.refuse([sheet])
    return sheet


def _extended(path: Path, added: Sequence[Feed]) -> str:
    text = path.read_bytes().decode("utf-8")
    root = parse(text.removeprefix("\ufeff")).root
    assert root is not None
    assert isinstance(root.value, dict)
    feeds = root.value["feeds"]
    text, column = _prepared(path, text, feeds)
    newline = "\r\n" if "\r\n" in text else "\n"
    entries = [line for feed in added for line in _entry(feed, column)]
    gap = "" if text.endswith("\n") else newline
    return text + gap + newline.join(entries) + newline


def _entry(feed: Feed, column: int) -> list[str]:
    fields = feed.written()
    # Letters stay letters, but U+0085 and its like, which YAML takes for line ends, are escaped.
    legible = all(str(value).isprintable() for value in fields.values())
    lines = yaml.safe_dump(fields, sort_keys=False, allow_unicode=legible, width=2**30).rstrip("\n").split("\n")
    return [" " * column + ("  " if number else "- ") + line for number, line in enumerate(lines)]


def _prepared(path: Path, text: str, feeds: Node) -> tuple[str, int]:
    if feeds.block and feeds.value:
        return text, feeds.column
    if feeds.value:
        hint = "write every feed on lines of its own, beginning with `- id: …`"
        raise ConfigError(f"{path}:{feeds.line}: `feeds`: a list in brackets cannot be added to", hint=hint)
    lines = text.splitlines(keepends=True)
    lines[feeds.line - 1] = lines[feeds.line - 1].replace("[]", "", 1)
    return "".join(lines), 2


def _replace(path: Path, text: str, expected: tuple[Feed, ...]) -> None:
    draft = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        draft = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if page.read(draft, "feeds", Feed).items != expected:
            hint = "add the feed by hand; something after the list of feeds is in the way"
            raise ConfigError(f"{path}: a feed cannot be added at its end", hint=hint, subject=str(path))
        shutil.copymode(path, draft)
        draft.replace(path)
    except OSError as error:
        hint = "look at the permissions of the folder and at the space left"
        raise ConfigError(f"{path}: cannot be written: {error.strerror}", hint=hint, subject=str(path)) from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
