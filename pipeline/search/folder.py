"""Where an embedded index lives: opening its folder, recognising one that cannot be used, starting afresh.

A folder is made complete beside its place and then moved there, so that a crash leaves no half-made index.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

import tantivy

from pipeline.errors import SearchUnavailable
from pipeline.search.analysis import register
from pipeline.search.schema import VERSION, schema

REINDEX = "`wirewatch reindex` builds it again from the store"
DISK = "check that the folder can be written, and that the disk is not full"
HEAP = 15_000_000  # bytes; the least that tantivy takes
_MARKER = "wirewatch.json"
_PAUSE = 0.05
_DISK_ERROR = re.compile(r"os error (?:13|27|28|30|122)\b|writer was killed")  # EACCES, EFBIG, ENOSPC, EROFS, EDQUOT


def open_folder(folder: Path) -> tantivy.Index:
    """Return the index in `folder`, made now if there is none yet."""
    try:
        if not folder.is_dir() or not any(folder.iterdir()):
            _create(folder)
        version = _version(folder)
        index = tantivy.Index.open(str(folder)) if version == VERSION else None
    except OSError as error:
        raise SearchUnavailable(f"`{folder}` cannot be used: {error.strerror}", hint=DISK) from error
    except ValueError as error:
        raise SearchUnavailable(f"the search index in `{folder}` is damaged", hint=REINDEX) from error
    if index is None:
        raise SearchUnavailable(
            f"the search index in `{folder}` was made by another version of Wirewatch", hint=REINDEX
        )
    return prepared(index)


def prepared(index: tantivy.Index) -> tantivy.Index:
    """Return `index` with its analysers, reading only when told to."""
    register(index)
    index.config_reader("manual")
    return index


@contextmanager
def reading() -> Iterator[None]:
    """Say of what tantivy cannot read or write that the index or the disk is at fault."""
    try:
        yield
    except (ValueError, OSError) as error:
        hint = DISK if _DISK_ERROR.search(str(error)) else REINDEX
        raise SearchUnavailable(f"the search index cannot be used: {error}", hint=hint) from error
    except BaseException as error:
        # a panic in Rust derives from BaseException and its class cannot be imported
        if type(error).__name__ != "PanicException":
            raise
        raise SearchUnavailable("the search index is damaged", hint=REINDEX) from error


@contextmanager
def writing(index: tantivy.Index, patience: float) -> Iterator[tantivy.IndexWriter]:
    """Hold the one writer of `index`; wait up to `patience` seconds while another process has it."""
    writer = _writer(index, patience)
    try:
        yield writer
    finally:
        # this also gives the lock back, which an error's traceback could otherwise hold for long
        with suppress(ValueError):
            writer.wait_merging_threads()


def rebuild_folder(folder: Path, patience: float) -> None:
    """Put a fresh, empty index in the place of what is in `folder`, readable or not."""
    if not (folder / "meta.json").exists():
        _replace(folder)
        return
    try:
        old = tantivy.Index.open(str(folder))
    except ValueError:
        _replace(folder)
        return
    with writing(old, patience):
        _replace(folder)


def _writer(index: tantivy.Index, patience: float) -> tantivy.IndexWriter:
    for _ in range(max(1, round(patience / _PAUSE))):
        try:
            return index.writer(HEAP, 1)
        except ValueError as error:
            if "Lock" not in str(error):
                raise SearchUnavailable(f"the search index cannot be written: {error}", hint=REINDEX) from error
            time.sleep(_PAUSE)
    hint = "another Wirewatch process is at work; try again when it is done"
    raise SearchUnavailable(f"the search index was being written for more than {patience:g} seconds", hint=hint)


def _version(folder: Path) -> int | None:
    try:
        marker = json.loads((folder / _MARKER).read_bytes())
    except FileNotFoundError:
        return None
    return marker.get("schema") if isinstance(marker, dict) else None


def _create(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = _fresh(folder)
    try:
        fresh.rename(folder)
    except OSError:
        shutil.rmtree(fresh)
        if not folder.is_dir() or not any(folder.iterdir()):
            raise


def _fresh(folder: Path) -> Path:
    fresh = folder.with_name(f".{folder.name}-{token_hex(8)}")
    fresh.mkdir()
    tantivy.Index(schema(), path=str(fresh))
    (fresh / _MARKER).write_text(json.dumps({"schema": VERSION}))
    return fresh


def _replace(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = _fresh(folder)
    old = fresh.with_name(fresh.name + "-old")
    with suppress(FileNotFoundError):
        folder.rename(old)
    fresh.rename(folder)
    if old.is_dir() and not old.is_symlink():
        shutil.rmtree(old)
    else:
        with suppress(FileNotFoundError):
            old.unlink()
