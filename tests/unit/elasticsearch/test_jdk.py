"""Which JDK runs the test node?"""

from pathlib import Path

import pytest

from tests.elasticsearch.build import CannotBuild, built
from tests.elasticsearch.jdk import newest_jdk


def a_jdk(folder: Path, version: str, *, compiler: bool = True) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "release").write_text(f'IMPLEMENTOR="Someone"\nJAVA_VERSION="{version}"\n')
    if compiler:
        (folder / "bin" / "javac").touch(mode=0o755)
    return folder


def test_java_home_is_taken_where_it_is_the_newest(tmp_path: Path) -> None:
    home = a_jdk(tmp_path / "jdk", "99.0.1")

    jdk = newest_jdk({"JAVA_HOME": str(home)})

    assert jdk is not None
    assert (jdk.version, jdk.home) == ((99, 0, 1), home)
    assert jdk.tool("java") == str(home / "bin" / "java")


def test_a_compiler_on_the_path_names_its_jdk(tmp_path: Path) -> None:
    home = a_jdk(tmp_path / "jdk", "98")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "javac").symlink_to(home / "bin" / "javac")

    jdk = newest_jdk({"PATH": str(tmp_path / "links")})

    assert jdk is not None
    assert jdk.home == home


@pytest.mark.parametrize("version", ["17.0.2", "1.8.0"])
def test_an_old_java_home_is_no_choice(tmp_path: Path, version: str) -> None:
    home = a_jdk(tmp_path / "jdk", version)

    jdk = newest_jdk({"JAVA_HOME": str(home)})

    assert jdk is None or jdk.home != home


def test_a_java_without_a_compiler_is_no_choice(tmp_path: Path) -> None:
    home = a_jdk(tmp_path / "jre", "99", compiler=False)

    jdk = newest_jdk({"JAVA_HOME": str(home)})

    assert jdk is None or jdk.home != home


def test_without_maven_it_is_said_what_to_install(tmp_path: Path) -> None:
    home = a_jdk(tmp_path / "jdk", "99.7")

    with pytest.raises(CannotBuild, match="install Maven"):
        built({"JAVA_HOME": str(home), "PATH": str(tmp_path)})
