"""Settings from an environment, and what is said about one that is wrong."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import Settings
from pipeline.errors import ConfigError


def complaint(**variables: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        Settings.load({f"WIREWATCH_{name}": value for name, value in variables.items()})
    return caught.value


def test_an_empty_environment_gives_the_embedded_defaults() -> None:
    settings = Settings.load({"PATH": "/bin", "WIREWATCH_STORE_URL": ""})

    assert settings.store == "sqlite:///data/wirewatch.db"
    assert settings.outbox == Path("data/outbox")
    assert settings.elasticsearch_url == ()
    assert not settings.has_elasticsearch
    assert settings.smtp_url is None
    assert settings.dedup_window == timedelta(days=7)
    assert {"de", "en", "uk", "zh"} <= set(settings.languages)


def test_variables_are_read_as_what_they_mean() -> None:
    settings = Settings.load(
        {
            "WIREWATCH_DATA": "/srv/wire",
            "WIREWATCH_LANGUAGES": "de, en uk",
            "WIREWATCH_FETCH_TIMEOUT": "90s",
            "WIREWATCH_FETCH_MAX_BYTES": "5MB",
            "WIREWATCH_PER_HOST": "1",
            "WIREWATCH_LOG_LEVEL": "DEBUG",
            "WIREWATCH_KIBANA_URL": "https://kibana.example/",
            "WIREWATCH_ELASTICSEARCH_URL": "https://one.example:9200/, https://two.example:9200",
            "WIREWATCH_INDEX_RETENTION": "400d",
        }
    )

    assert settings.store == "sqlite:////srv/wire/wirewatch.db"
    assert settings.languages == ("de", "en", "uk")
    assert settings.fetch_timeout == timedelta(seconds=90)
    assert settings.fetch_max_bytes == 5_000_000
    assert settings.per_host == 1
    assert settings.log_level == "debug"
    assert settings.kibana_url == "https://kibana.example"
    assert settings.elasticsearch_url == ("https://one.example:9200", "https://two.example:9200")
    assert settings.has_elasticsearch
    assert settings.index_retention == timedelta(days=400)


def test_the_variable_that_only_the_quality_suite_reads_is_no_unknown_setting() -> None:
    settings = Settings.load({"WIREWATCH_CORPORA": "/srv/corpora"})

    assert settings == Settings.load({})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_address_names_its_driver(scheme: str) -> None:
    settings = Settings.load({"WIREWATCH_STORE_URL": f"{scheme}://ada:secret@db.example/wire"})

    assert settings.store == "postgresql+psycopg://ada:secret@db.example/wire"


def test_a_postgresql_on_this_machine_may_be_reached_by_its_socket() -> None:
    settings = Settings.load({"WIREWATCH_STORE_URL": "postgresql://ada:@/wire?host=/run/postgresql"})

    assert settings.store == "postgresql+psycopg://ada:@/wire?host=/run/postgresql"


def test_a_secret_can_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "smtp").write_text("smtp://ada:secret@mail.example:587\n")

    settings = Settings.load({"WIREWATCH_SMTP_URL_FILE": str(tmp_path / "smtp")})

    assert settings.smtp_url is not None
    assert settings.smtp_url.get_secret_value() == "smtp://ada:secret@mail.example:587"


def test_a_proxy_with_its_password_can_lie_in_a_file_and_does_not_show(tmp_path: Path) -> None:
    (tmp_path / "proxy").write_text("http://ada:geheim@proxy.example:3128\n")

    settings = Settings.load({"WIREWATCH_FETCH_PROXY_FILE": str(tmp_path / "proxy")})

    assert settings.fetch_proxy is not None
    assert settings.fetch_proxy.get_secret_value() == "http://ada:geheim@proxy.example:3128"
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize(
    "proxy",
    ["proxy.example:3128", "socks5://proxy.example", "https://proxy.example", "http://", "http://a:0", "http://a/feed"],
)
def test_a_proxy_that_cannot_be_used_is_refused_with_an_example(proxy: str) -> None:
    error = complaint(FETCH_PROXY=proxy)

    assert "`WIREWATCH_FETCH_PROXY`" in error.message
    assert "`http://host:3128`" in error.message


def test_secrets_do_not_show() -> None:
    settings = Settings.load(
        {
            "WIREWATCH_SMTP_URL": "smtp://ada:geheim@mail.example",
            "WIREWATCH_STORE_URL": "postgresql://ada:geheim@db.example/wire",
            "WIREWATCH_ELASTICSEARCH_API_KEY": "geheim",
        }
    )

    assert "geheim" not in repr(settings)
    assert "geheim" not in settings.model_dump_json()


def test_a_contact_stands_in_the_user_agent() -> None:
    settings = Settings.load({"WIREWATCH_CONTACT": "desk@example.org"})

    assert settings.user_agent.startswith("Wirewatch/")
    assert settings.user_agent.endswith("(+desk@example.org)")


def test_settings_are_frozen() -> None:
    settings = Settings.load({})

    with pytest.raises(ValueError, match="frozen"):
        settings.per_host = 4  # type: ignore[misc]


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("STORE_ULR", "x", "unknown setting; did you mean `WIREWATCH_STORE_URL`?"),
        ("WEATHER", "sunny", "unknown setting; `docs/settings.md` lists all"),
        ("STORE_URL", "mysql://db.example/wire", "write `sqlite:////folder/wirewatch.db` or `postgresql://"),
        ("FETCH_TIMEOUT", "30", "write a duration such as `90s`"),
        ("FETCH_MAX_BYTES", "much", "write a size such as `500kB` or `10MB`"),
        ("FETCH_MAX_BYTES", "0", "write a number greater than 0"),
        ("FETCH_WORKERS", "many", "write a whole number"),
        ("FETCH_WORKERS", "5000", "write a number less than or equal to 256"),
        ("LANGUAGES", "de, ua", "no language has the code `ua`; did you mean `uk`?"),
        ("LANGUAGES", ",", "write at least one, such as `de,en`"),
        ("ELASTICSEARCH_URL", "localhost:9200", "write an address such as `https://"),
        ("ELASTICSEARCH_URL", "https://ada:x@es.example", "leave user and password out of the address"),
        ("ELASTICSEARCH_INDEX", "Wire Watch", "write lower-case letters"),
        ("SMTP_URL", "mail.example:587", "write `smtp://user:password@host:587` (STARTTLS) or `smtps://"),
        ("MAIL_FROM", "Wirewatch", "write an address such as `Wirewatch <alerts@example.org>`"),
        ("MAIL_FROM", "a@b.example\r\nBcc: c@d.example", "write an address such as"),
        ("CONTACT", "me)(", "write a mail address or the address of a page"),
        ("LOG_LEVEL", "loud", "write `debug`, `info`, `warning` or `error`"),
        ("ELASTICSEARCH_PASSWORD_FILE", "/nowhere/at/all", "cannot read `/nowhere/at/all`: no such file or directory"),
    ],
)
def test_a_wrong_variable_is_named_with_what_would_be_right(variable: str, value: str, expected: str) -> None:
    error = complaint(**{variable: value})

    assert error.message.startswith(f"`WIREWATCH_{variable}`: {expected}")
    assert error.hint


def test_a_secret_that_is_wrong_names_its_file_and_not_itself(tmp_path: Path) -> None:
    (tmp_path / "smtp").write_text("geheim")

    error = complaint(SMTP_URL_FILE=str(tmp_path / "smtp"))

    assert error.message.startswith(f"`WIREWATCH_SMTP_URL_FILE={tmp_path / 'smtp'}`: write `smtp://")
    assert "geheim" not in error.message


def test_an_empty_secret_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "smtp").write_text("\n")

    assert "is empty; write the secret into it" in complaint(SMTP_URL_FILE=str(tmp_path / "smtp")).message


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("one")

    error = complaint(ELASTICSEARCH_API_KEY="two", ELASTICSEARCH_API_KEY_FILE=str(tmp_path / "key"))

    assert "`WIREWATCH_ELASTICSEARCH_API_KEY` is set as well; keep one of them" in error.message


def test_settings_that_contradict_one_another_are_refused() -> None:
    error = complaint(ELASTICSEARCH_USER="ada", ELASTICSEARCH_API_KEY="key", FETCH_MAX_DECOMPRESSED="1MB")

    assert "`WIREWATCH_ELASTICSEARCH_PASSWORD`: is missing" in error.message
    assert "`WIREWATCH_ELASTICSEARCH_API_KEY`: remove it" in error.message
    assert "`WIREWATCH_FETCH_MAX_DECOMPRESSED`: write at least" in error.message


def test_all_wrong_variables_are_told_at_once() -> None:
    error = complaint(PER_HOST="x", LEASE="x", LOG_LEVL="info")

    assert len(error.message.splitlines()) == 3


@given(st.dictionaries(st.sampled_from([f"WIREWATCH_{name.upper()}" for name in Settings.model_fields]), st.text()))
def test_whatever_the_environment_says_nothing_but_a_config_error_comes_of_it(environment: dict[str, str]) -> None:
    try:
        settings = Settings.load(environment)
    except ConfigError as error:
        assert "`WIREWATCH_" in error.message  # noqa: PT017 - either outcome is fine
    else:
        assert settings.store
