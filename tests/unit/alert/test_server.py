"""Which mail server does a URL name?"""

from traceback import format_exception

import pytest

from pipeline.alert import SmtpMailer
from pipeline.alert.server import server_at
from pipeline.errors import ConfigError


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("smtp://mail.example", "mail.example:25"),
        ("smtp+starttls://mail.example", "mail.example:587"),
        ("smtps://mail.example", "mail.example:465"),
        ("smtps://desk:word@mail.example:2465/", "mail.example:2465"),
    ],
)
def test_each_scheme_has_its_port(url: str, place: str) -> None:
    assert str(server_at(url)) == place


def test_signs_in_a_password_are_written_as_in_every_url() -> None:
    server = server_at("smtps://desk%40wire:s3cret%2Fp%40ss@mail.example")

    assert (server.user, server.password) == ("desk@wire", "s3cret/p@ss")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://desk:s3cret/p@ss@mail.example",
        "smtp://desk:s3cret@mail.example:70000",
        "smtp://[::1",
        "smtp://mail.example/?s3cret",
    ],
)
def test_a_url_that_is_none_is_a_configuration_error_without_secrets(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        server_at(url)

    assert "smtps://" in str(caught.value.hint)
    assert "s3cret" not in "".join(format_exception(caught.value))


def test_neither_server_nor_mailer_shows_a_secret_when_it_is_printed() -> None:
    url = "smtps://desk:s3cret@mail.example"

    assert "s3cret" not in repr(server_at(url)) + str(server_at(url)) + repr(vars(SmtpMailer(url)))


@pytest.mark.parametrize(
    ("url", "must_be_known"),
    [
        ("smtp://mail.example", False),
        ("smtp://desk:word@mail.example", True),
        ("smtp://desk:word@localhost", False),
        ("smtp://desk:word@127.0.0.1", False),
        ("smtp+starttls://localhost", True),
        ("smtps://localhost", True),
    ],
)
def test_a_login_leaves_this_machine_only_for_a_server_that_is_known(url: str, *, must_be_known: bool) -> None:
    assert server_at(url).must_be_known is must_be_known
