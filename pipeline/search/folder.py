"""Where an embedded index lives: opening its folder, recognising one that cannot be used, replacing it.

A folder is made complete beside its place and then moved there, so that a crash leaves no half-made index.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from secrets import token_hex

import tantivy

from pipeline.errors import IndexDamaged, SearchUnavailable
from pipeline.search.analysis import register
from pipeline.search.schema import VERSION, schema

if sys.platform != "win32":
    import fcntl

REINDEX = "`wirewatch reindex` builds it again from the store"
DISK = "check that the folder can be written, and that the disk is not full"
BUSY = "another Wirewatch process is at work; try again when it is done"
HEAP = 15_000_000  # bytes; the least that tantivy takes
_MARKER = "wirewatch.json"
_BESIDE = "-beside-"
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
        raise IndexDamaged(f"the search index in `{folder}` is damaged", hint=REINDEX) from error
    if index is None:
        raise _foreign(folder, version)
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
        if _DISK_ERROR.search(str(error)):
            raise SearchUnavailable(f"the search index cannot be used: {error}", hint=DISK) from error
        raise IndexDamaged(f"the search index cannot be used: {error}", hint=REINDEX) from error
    except BaseException as error:
        # a panic in Rust derives from BaseException and its class cannot be imported
        if type(error).__name__ != "PanicException":
            raise
        raise IndexDamaged("the search index is damaged", hint=REINDEX) from error


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


@contextmanager
def replacing(folder: Path, patience: float) -> Iterator[Path]:
    """Give out the folder of a fresh, empty index to take the place of `folder`: `put_in_place(fresh, folder)`.

    Until the end of the block nobody else writes into `folder` or replaces it. What was not put in place is removed.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder.parent, patience), _held(folder, patience):
            for left_behind in folder.parent.glob(f".{folder.name}{_BESIDE}*"):
                shutil.rmtree(left_behind, ignore_errors=True)
            fresh = _fresh(folder, _BESIDE)
            try:
                yield fresh
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise SearchUnavailable(f"`{folder}` cannot be replaced: {error.strerror}", hint=DISK) from error


def put_in_place(fresh: Path, folder: Path) -> None:
    """Move `fresh` to `folder`, in the place of what is there, readable or not."""
    old = fresh.with_name(fresh.name + "-old")
    with suppress(FileNotFoundError):
        folder.rename(old)
    fresh.rename(folder)
    if old.is_dir() and not old.is_symlink():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.unlink(missing_ok=True)


@contextmanager
def _alone(parent: Path, patience: float) -> Iterator[None]:
    """Let nobody else replace an index in `parent`: an index that is damaged cannot be locked itself."""
    if sys.platform == "win32":  # it has no such locks; two that rebuild at a time do it one after the other there
        yield
        return
    lock = os.open(parent, os.O_RDONLY)
    try:
        for _ in _tries(patience):
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(_PAUSE)
        else:
            raise SearchUnavailable("the search index is being built again", hint=BUSY)
        yield
    finally:
        os.close(lock)


@contextmanager
def _held(folder: Path, patience: float) -> Iterator[None]:
    """Keep others from writing into `folder`; into one that cannot be opened nobody can write."""
    try:
        old = tantivy.Index.open(str(folder)) if (folder / "meta.json").exists() else None
    except ValueError:
        old = None
    if old is None:
        yield
        return
    with ExitStack() as stack:
        with suppress(IndexDamaged):
            stack.enter_context(writing(old, patience))
        yield


def _writer(index: tantivy.Index, patience: float) -> tantivy.IndexWriter:
    for _ in _tries(patience):
        try:
            return index.writer(HEAP, 1)
        except ValueError as error:
            if "Lock" not in str(error):
                kind, hint = (SearchUnavailable, DISK) if _DISK_ERROR.search(str(error)) else (IndexDamaged, REINDEX)
                raise kind(f"the search index cannot be written: {error}", hint=hint) from error
            time.sleep(_PAUSE)
    raise SearchUnavailable(f"the search index was being written for more than {patience:g} seconds", hint=BUSY)


def _tries(patience: float) -> range:
    return range(max(1, round(patience / _PAUSE)))


def _foreign(folder: Path, version: int | None) -> SearchUnavailable:
    """Return what to tell of an index that is not of this version, or of a folder that holds something else."""
    told = f"the search index in `{folder}` was made by another version of Wirewatch"
    if version is not None and version > VERSION:
        return SearchUnavailable(told, hint=f"install that version; or {REINDEX}")
    if version is None and not (folder / "meta.json").exists():
        hint = f"move it away, or choose another data folder with `WIREWATCH_DATA`; {REINDEX}"
        return SearchUnavailable(f"the folder `{folder}` is no search index", hint=hint)
    return IndexDamaged(told, hint=REINDEX)


def _version(folder: Path) -> int | None:
    try:
        marker = json.loads((folder / _MARKER).read_bytes())
    except FileNotFoundError:
        return None
    version = marker.get("schema") if isinstance(marker, dict) else None
    if not isinstance(version, int):
        raise ValueError("the marker says no version")  # noqa: TRY004 - as JSON that is none
    return version


def _create(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = _fresh(folder)
    try:
        fresh.rename(folder)
    except OSError:
        shutil.rmtree(fresh)
        if not folder.is_dir() or not any(folder.iterdir()):
            raise


def _fresh(folder: Path, mark: str = "-") -> Path:
    fresh = folder.with_name(f".{folder.name}{mark}{token_hex(8)}")
    fresh.mkdir()
    tantivy.Index(schema(), path=str(fresh))
    (fresh / _MARKER).write_text(json.dumps({"schema": VERSION}))
    return fresh
