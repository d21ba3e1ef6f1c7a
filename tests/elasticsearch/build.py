"""Builds the test node: a real Elasticsearch from Maven Central's artefacts, with a little Java of our own.

What is built lies in `.cache/` of the checkout under a name that changes with the sources and the JDK, so that it
is built once. The first build downloads some 45 MB.
"""

import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from tests.elasticsearch.jdk import OLDEST, Jdk, newest_jdk

_JAVA = Path(__file__).parent / "java"
_CACHE = Path(__file__).parents[2] / ".cache" / "elasticsearch"
_ARCHIVE = "classes.jsa"


class CannotBuild(Exception):
    """The node cannot be built here; says what to install."""


def built(environment: dict[str, str]) -> tuple[Jdk, Path]:
    """Return the JDK and the folder with the node, built now if it was not yet; raises `CannotBuild`."""
    jdk = newest_jdk(environment)
    if jdk is None:
        raise CannotBuild(f"install a JDK {OLDEST} or newer (and Maven), or set ELASTICSEARCH_URL")
    folder = _CACHE / _name(jdk)
    with _alone():
        if not folder.is_dir():
            maven = shutil.which("mvn", path=environment.get("PATH"))
            if maven is None:
                raise CannotBuild("install Maven (`mvn` is not on the PATH), or set ELASTICSEARCH_URL")
            fresh = folder.with_suffix(".new")
            shutil.rmtree(fresh, ignore_errors=True)
            _build(jdk, maven, fresh, environment)
            fresh.rename(folder)
        if not (folder / _ARCHIVE).is_file():
            _archive_classes(jdk, folder)
    return jdk, folder


def command(jdk: Jdk, folder: Path, data: Path, *options: str) -> list[str]:
    """Return the command that starts the node with its data in `data`. The options spare memory and time to start."""
    return [
        jdk.tool("java"), "-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        *(options or (f"-XX:SharedArchiveFile={folder / _ARCHIVE}", "-Xshare:auto", "-Xlog:disable")),
        "--enable-native-access=ALL-UNNAMED", "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",
        f"-Des.nativelibs.path={folder}", "-cp", f"{folder / 'node.jar'}:{folder / 'lib'}/*", "wirewatch.Main", str(data),
    ]  # fmt: skip


def _name(jdk: Jdk) -> str:
    digest = sha256(str(jdk).encode())
    for source in sorted(_JAVA.rglob("*.*")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone() -> Iterator[None]:
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(jdk: Jdk, maven: str, folder: Path, environment: dict[str, str]) -> None:
    classes = folder / "classes"
    classes.mkdir(parents=True)
    download = [maven, "-q", "-B", "-f", str(_JAVA / "pom.xml"), "dependency:copy-dependencies"]
    _run([*download, "-DincludeScope=runtime", f"-DoutputDirectory={folder / 'lib'}"], environment, jdk)
    sources = sorted(map(str, _JAVA.rglob("*.java")))
    compiled = [jdk.tool("javac"), "-proc:none", "--release", str(OLDEST), "-cp", f"{folder / 'lib'}/*"]
    _run([*compiled, "-d", str(classes), *sources], environment, jdk)
    _run([jdk.tool("jar"), "cf", str(folder / "node.jar"), "-C", str(classes), "."], environment, jdk)


def _run(arguments: list[str], environment: dict[str, str], jdk: Jdk) -> None:
    done = subprocess.run(
        arguments, env=environment | {"JAVA_HOME": str(jdk.home)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotBuild(
            f"the node cannot be built: `{arguments[0]}` says {(done.stdout + done.stderr).strip()[-2_000:]}"
        )


def _archive_classes(jdk: Jdk, folder: Path) -> None:
    """Start the node once to keep what its classes look like when loaded: it starts in half the time from then on."""
    data, fresh = folder / "first-start", folder / f"{_ARCHIVE}.new"
    options = [f"-XX:ArchiveClassesAtExit={fresh}", "-Xlog:disable"]
    with subprocess.Popen(
        command(jdk, folder, data, *options), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        next((line for line in process.stdout if line.startswith(b"READY ")), None)
        process.communicate()
    if fresh.is_file():
        fresh.replace(folder / _ARCHIVE)
