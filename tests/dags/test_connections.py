"""What do Airflow's connections mean as settings of Wirewatch?"""

from dataclasses import dataclass, field
from typing import Any

import pytest

from pipeline.config import Settings
from wirewatch_dags.connections import connection_of, environment


@dataclass
class A:
    """A connection as Airflow hands it out."""

    conn_type: str | None = None
    host: str | None = None
    schema: str | None = None
    login: str | None = None
    password: str | None = None
    port: int | None = None
    extra_dejson: dict[str, Any] = field(default_factory=dict)


def settings(name: str, connection: A, **process: str) -> Settings:
    return Settings.load(environment({f"wirewatch_{name}": connection}, {}, process))


@pytest.mark.parametrize(
    ("connection", "url"),
    [
        (A("postgres", "db.example", "news", "desk", "p@ss/word", 5432), "postgresql+psycopg://desk:p%40ss%2Fword@db.example:5432/news"),
        (A("postgresql", "db.example", "news"), "postgresql+psycopg://db.example/news"),
        (A("postgres", "db.example", "news", extra_dejson={"sslmode": "require"}), "postgresql+psycopg://db.example/news?sslmode=require"),
        (A("sqlite", "/var/lib/wirewatch.db"), "sqlite:////var/lib/wirewatch.db"),
        (A("sqlite", schema="var/lib/wirewatch.db"), "sqlite:////var/lib/wirewatch.db"),
    ],
)  # fmt: skip
def test_a_store(connection: A, url: str) -> None:
    assert settings("store", connection).store == url


@pytest.mark.parametrize(
    ("connection", "url"),
    [
        (A("smtp", "mail.example", port=1025), "smtp://mail.example:1025"),
        (A("smtp", "mail.example", login="desk", password="a:b", port=587, extra_dejson={"disable_ssl": True}), "smtp://desk:a%3Ab@mail.example:587"),
        (A("smtp", "mail.example", port=2525, extra_dejson={"disable_ssl": False}), "smtps://mail.example:2525"),
        (A("smtp", "mail.example", port=465), "smtps://mail.example:465"),
        (A("smtps", "mail.example"), "smtps://mail.example"),
    ],
)  # fmt: skip
def test_a_mail_server(connection: A, url: str) -> None:
    found = settings("smtp", connection).smtp_url

    assert found is not None
    assert found.get_secret_value() == url


def test_the_sender_may_stand_in_the_extras_as_airflow_has_it() -> None:
    assert (
        settings("smtp", A("smtp", "m.example", extra_dejson={"from_email": "a@b.example"})).mail_from == "a@b.example"
    )


def test_a_cluster_with_user_and_password() -> None:
    found = settings("elasticsearch", A("elasticsearch", "es.example", "http", "desk", "secret", 9200))

    assert found.elasticsearch_url == ("http://es.example:9200",)
    assert (found.elasticsearch_user, found.elasticsearch_password is not None) == ("desk", True)


def test_a_cluster_with_a_key_a_certificate_and_an_index_of_its_own() -> None:
    extras = {"api_key": "a2V5", "ca": "/ca.pem", "index": "newsroom"}

    found = settings("elasticsearch", A("https", "es.example", extra_dejson=extras))

    assert found.elasticsearch_url == ("https://es.example",)
    assert (found.elasticsearch_index, str(found.elasticsearch_ca)) == ("newsroom", "/ca.pem")


def test_a_connection_takes_the_place_of_address_and_credentials_in_the_environment_and_of_nothing_else() -> None:
    process = {
        "WIREWATCH_ELASTICSEARCH_URL": "https://other.example",
        "WIREWATCH_ELASTICSEARCH_API_KEY_FILE": "/run/secrets/none",
        "WIREWATCH_ELASTICSEARCH_INDEX": "newsroom",
        "WIREWATCH_CONTACT": "desk@example.org",
    }

    found = settings("elasticsearch", A("https", "es.example", login="desk", password="secret"), **process)

    assert found.elasticsearch_url == ("https://es.example",)
    assert found.elasticsearch_api_key is None
    assert (found.elasticsearch_index, found.contact) == ("newsroom", "desk@example.org")


def test_a_variable_comes_before_the_environment_and_after_a_connection() -> None:
    process = {"WIREWATCH_ALERT_MAX_AGE": "1d", "WIREWATCH_LOG_LEVEL": "debug", "HOME": "/root"}
    values = {"alert_max_age": "12h", "store_url": "sqlite:////other.db", "operators": ["a@b.example", "c@d.example"]}

    found = Settings.load(environment({"wirewatch_store": A("sqlite", "/this.db")}, values, process))

    assert found.alert_max_age.total_seconds() == 12 * 3600
    assert (found.store, found.log_level) == ("sqlite:////this.db", "debug")
    assert found.operators == ("a@b.example", "c@d.example")


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("WIREWATCH_STORE_URL", "wirewatch_store"),
        ("WIREWATCH_ELASTICSEARCH_PASSWORD", "wirewatch_elasticsearch"),
        ("WIREWATCH_MAIL_FROM", "wirewatch_smtp"),
        ("WIREWATCH_CONTACT", None),
    ],
)
def test_a_complaint_about_a_setting_can_name_the_connection(variable: str, name: str | None) -> None:
    assert connection_of(variable) == name
