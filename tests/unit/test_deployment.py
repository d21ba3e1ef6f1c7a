"""Is docker-compose.yml sound? Checked without Docker: against the Compose specification, and file against file."""

import json
import re
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.search import names
from tools.write_environment import filled

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "docker-compose.yml", ROOT / "docker-compose.scale.yml"]
TEXT = "".join(file.read_text(encoding="utf-8") for file in FILES)
COMPOSE, SCALE = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SECRETS: dict[str, dict[str, str]] = COMPOSE["secrets"] | SCALE["secrets"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
ONE_SHOT = {"certificates", "security", "setup", "airflow-setup"}
VARIABLE = re.compile(r"\$\{(\w+)(?::?[-?][^}]*)?\}")


def variables_of_example() -> dict[str, str]:
    lines = [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def bind_mounts() -> list[str]:
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", ())]
    return [mount.split(":")[0] for mount in mounts if mount.startswith(".")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_file_follows_the_compose_specification(file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]

    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_variable_stands_in_the_example_and_every_one_there_is_used() -> None:
    used = set(VARIABLE.findall(re.sub(r"\$\$\{\w+\}", "", TEXT) + EXAMPLE)) | {
        secret["environment"] for secret in SECRETS.values()
    }

    assert used - {"WIREWATCH_VERSION"} == set(variables_of_example()) - {"COMPOSE_PROFILES"}


def test_the_example_asks_for_one_of_the_profiles() -> None:
    profiles = {profile for service in SERVICES.values() for profile in service.get("profiles", ())}

    assert variables_of_example()["COMPOSE_PROFILES"] in profiles == {"standard", "small"}


@pytest.mark.parametrize("name", SERVICES)
def test_images_have_a_version_and_memory_has_a_limit(name: str) -> None:
    image = SERVICES[name]["image"]

    assert re.search(r":(\$\{\w+[^}]*\}|v?\d+\.\d+[\w.-]*)$", image), image
    assert SERVICES[name]["mem_limit"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONE_SHOT))
def test_what_keeps_running_tells_whether_it_is_well_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_on_loopback_only(name: str) -> None:
    for port in SERVICES[name].get("ports", ()):
        assert port.startswith("127.0.0.1:")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_services_that_exist_and_say_when_they_are_ready(name: str) -> None:
    for other, condition in SERVICES[name].get("depends_on", {}).items():
        wanted = condition["condition"]
        assert wanted == ("service_completed_successfully" if other in ONE_SHOT else "service_healthy")
        assert condition.get("required", True) or SERVICES[other]["profiles"]


def test_what_is_mounted_exists() -> None:
    assert bind_mounts()
    for path in bind_mounts():
        assert (ROOT / path).exists(), path


def test_named_volumes_are_declared_and_used() -> None:
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", ())]

    assert {mount.split(":")[0] for mount in mounts if not mount.startswith(".")} == set(COMPOSE["volumes"])


def test_passwords_are_long_and_differ_each_time() -> None:
    first, second = filled(EXAMPLE), filled(EXAMPLE)

    secrets = re.findall(r"^\w+_(?:PASSWORD|KEY|SECRET)=(.*)$", first, re.MULTILINE)
    assert len(set(secrets)) == len(secrets) == 12
    assert all(len(secret) >= 32 for secret in secrets)
    assert first != second


@pytest.mark.parametrize("role", ["indexer", "reader"])
def test_roles_reach_only_our_own_indices(role: str) -> None:
    granted = json.loads((ROOT / "deploy" / "roles" / f"{role}.json").read_text(encoding="utf-8"))

    assert [names for index in granted["indices"] for names in index["names"]] == ["wirewatch-*"]
    assert "all" not in granted.get("cluster", [])


@pytest.mark.parametrize("role", ["indexer", "reader"])
def test_roles_reach_articles_polls_and_alerts_under_the_names_that_the_pipeline_gives_them(role: str) -> None:
    granted = json.loads((ROOT / "deploy" / "roles" / f"{role}.json").read_text(encoding="utf-8"))
    articles = SERVICES["wirewatch"]["environment"].get("WIREWATCH_ELASTICSEARCH_INDEX", names.ARTICLES)

    (patterns,) = [index["names"] for index in granted["indices"]]
    for name in (articles, *(names.beside(articles, kind) for kind in names.KINDS)):
        assert any(fnmatchcase(f"{name}-000001-2026.11", pattern) for pattern in patterns)
        assert any(fnmatchcase(name, pattern) for pattern in patterns)


def test_the_reader_cannot_write() -> None:
    granted = json.loads((ROOT / "deploy" / "roles" / "reader.json").read_text(encoding="utf-8"))

    assert {privilege for index in granted["indices"] for privilege in index["privileges"]} == {
        "read",
        "view_index_metadata",
    }


@pytest.mark.parametrize("script", sorted((ROOT / "deploy").rglob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_valid_bash(script: Path) -> None:
    checked = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_a_secret_that_is_read_from_a_file_is_given_to_the_service(name: str) -> None:
    given = set(SERVICES[name].get("secrets", ()))
    read = set(re.findall(r"/run/secrets/(\w+)", yaml.safe_dump(SERVICES[name].get("environment", {}))))

    assert read <= given <= set(SECRETS)


@pytest.mark.parametrize("name", sorted(set(SCALE["services"]) - {"redis"}))
def test_with_several_workers_every_part_of_airflow_knows_the_queue(name: str) -> None:
    service = SCALE["services"][name]

    assert service["environment"]["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert set(service["secrets"]) == set(SCALE["secrets"])


def test_the_queue_is_made_known_to_all_that_keep_running_of_airflow() -> None:
    kept = {name for name in SERVICES if name.startswith("airflow-")} - ONE_SHOT

    assert set(SCALE["services"]) == kept | {"redis", "airflow-worker"}


def test_airflow_does_not_wait_for_the_search_cluster() -> None:
    waited = {other for name in SERVICES if name.startswith("airflow-") for other in SERVICES[name]["depends_on"]}

    assert waited == {"postgres", "airflow-setup"}


def test_the_key_of_airflow_is_one() -> None:
    fernet = pytest.importorskip("cryptography.fernet")

    (key,) = re.findall(r"^AIRFLOW_FERNET_KEY=(.*)$", filled(EXAMPLE), re.MULTILINE)

    fernet.Fernet(key)


def test_image_and_chart_are_of_the_airflow_that_is_tested() -> None:
    lock = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    chart = yaml.safe_load((ROOT / "deploy" / "helm" / "values.yaml").read_text(encoding="utf-8"))
    (tested,) = re.findall(r"^apache-airflow==(\S+)", lock, re.MULTILINE)

    assert re.findall(r"AIRFLOW=slim-([\d.]+)-python3\.\d+", DOCKERFILE) == [tested]
    assert chart["airflowVersion"] == tested


def test_what_is_tested_is_what_the_image_installs() -> None:
    pins = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
    tested, installed = (
        dict(pins.findall((ROOT / "requirements" / name).read_text(encoding="utf-8")))
        for name in ("dev.txt", "image.txt")
    )

    assert {
        name: (version, tested[name]) for name, version in installed.items() if tested.get(name, version) != version
    } == {}


def test_pools_are_those_that_tasks_ask_for() -> None:
    made = json.loads((ROOT / "deploy" / "airflow" / "pools.json").read_text(encoding="utf-8"))
    asked = re.findall(r'_POOL = "(\w+)"', (ROOT / "dags/wirewatch_dags/conventions.py").read_text(encoding="utf-8"))

    assert set(made) == set(asked)


def test_the_image_copies_what_exists_and_what_the_build_can_see() -> None:
    seen = [line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"]

    for line in DOCKERFILE.splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            *sources, _ = [word for word in line.split()[1:] if not word.startswith("--")]
            for source in sources:
                assert (ROOT / source).exists(), source
                assert any(f"{source}/".startswith(f"{one}/") for one in seen), f"`.dockerignore` hides `{source}`"


def test_the_image_installs_files_that_the_build_can_see() -> None:
    for name in re.findall(r"-r (requirements/\S+)", DOCKERFILE):
        assert (ROOT / name).exists(), name
