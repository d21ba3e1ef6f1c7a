"""Which Java can run the test node? The newest JDK there is, from version 21 on."""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

OLDEST = 21
_FOLDERS = (
    "/usr/lib/jvm/*",
    "/usr/local/lib/jvm/*",
    "/opt/*",
    "/opt/java/*",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
)


@dataclass(frozen=True, order=True)
class Jdk:
    """A JDK by its version, such as (25, 0, 3), and its folder."""

    version: tuple[int, ...]
    home: Path

    def tool(self, name: str) -> str:
        """Return the path of `java`, `javac` and the like."""
        return str(self.home / "bin" / name)


def newest_jdk(environment: Mapping[str, str]) -> Jdk | None:
    """Return the newest JDK that `JAVA_HOME`, `PATH` and the usual folders have; None if all are too old."""
    found = [jdk for home in _homes(environment) if (jdk := _jdk(home))]
    return max((jdk for jdk in found if jdk.version[0] >= OLDEST), default=None)


def _homes(environment: Mapping[str, str]) -> Iterator[Path]:
    if home := environment.get("JAVA_HOME"):
        yield Path(home)
    if javac := shutil.which("javac", path=environment.get("PATH")):
        yield Path(javac).resolve().parents[1]
    for pattern in _FOLDERS:
        path = Path(pattern).expanduser()
        wildcard = next(number for number, part in enumerate(path.parts) if "*" in part)
        yield from Path(*path.parts[:wildcard]).glob(str(Path(*path.parts[wildcard:])))


def _jdk(home: Path) -> Jdk | None:
    try:
        version = re.search(r'^JAVA_VERSION="([0-9]+(?:\.[0-9]+)*)', (home / "release").read_text(), re.MULTILINE)
    except OSError:
        return None
    if version is None or not (home / "bin" / "javac").exists():
        return None
    return Jdk(tuple(map(int, version[1].split("."))), home.resolve())
