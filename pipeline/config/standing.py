"""The configuration that was sound last, so that a file that is broken while Wirewatch runs stops nothing.

Kept as one file of JSON, the texts by their names, which is replaced as a whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from pipeline.config.files import Configuration
from pipeline.errors import ConfigError


def load_standing(
    folder: Path, kept: Path, load: Callable[[Path], Configuration]
) -> tuple[Configuration, ConfigError | None]:
    """Return what the files in `folder` say; if they are broken, what they said last, and what is wrong with them now.

    `kept` is the file that remembers; where it cannot be written, nothing is remembered. Raises the `ConfigError` if there is
    nothing to fall back to.
    """
    before = _texts(folder)
    try:
        found = load(folder)
    except ConfigError as error:
        if (last := _last(kept, load)) is None:
            raise
        return last, error
    if before == _texts(folder):  # else somebody is writing, and what was read may be neither
        with suppress(OSError):
            _keep(kept, before)
    return found, None


def marks(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what is different when somebody has written to a file of the configuration: names, times, sizes."""
    found = []
    for path in _files(folder):
        with suppress(OSError):
            about = path.stat()
            found.append((str(path), about.st_mtime_ns, about.st_size))
    return tuple(found)


def _files(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.yaml"), *folder.glob("entities.d/*.yaml")])


def _texts(folder: Path) -> dict[str, str]:
    texts = {}
    for path in _files(folder):
        with suppress(OSError, UnicodeDecodeError):
            texts[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
    return texts


def _keep(kept: Path, texts: dict[str, str]) -> None:
    document = json.dumps(texts, sort_keys=True)
    if kept.exists() and kept.read_text(encoding="utf-8") == document:
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=kept.parent, prefix=f".{kept.name}.", delete=False) as fresh:
        fresh.write(document)
    os.replace(fresh.name, kept)  # noqa: PTH105 - in one step


def _last(kept: Path, load: Callable[[Path], Configuration]) -> Configuration | None:
    with suppress(OSError, TypeError, ValueError, ConfigError), TemporaryDirectory() as folder:
        for name, text in dict(json.loads(kept.read_text(encoding="utf-8"))).items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load(Path(folder))
    return None
