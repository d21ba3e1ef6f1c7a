"""The documentation says what the code does: every command, setting and error has its line."""

from pathlib import Path

import pytest

from pipeline.config import Settings
from tools import write_reference

DOCS = Path(__file__).parents[2] / "docs"
HINT = "run `python -m tools.write_reference`"


@pytest.fixture(scope="module")
def reference() -> str:
    return (DOCS / "reference.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def settings() -> str:
    return (DOCS / "settings.md").read_text(encoding="utf-8")


def test_the_reference_is_up_to_date(reference: str) -> None:
    assert write_reference.reference_page() == reference, HINT


def test_the_settings_are_up_to_date(settings: str) -> None:
    assert write_reference.settings_page() == settings, HINT


def test_neither_depends_on_the_terminal(reference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("FORCE_COLOR", "1")

    assert write_reference.reference_page() == reference


@pytest.mark.parametrize("name", write_reference.command_names())
def test_every_command_has_its_place(name: str, reference: str) -> None:
    assert f"\n## `{name}`\n" in reference


@pytest.mark.parametrize("kind", write_reference.error_classes(), ids=lambda kind: kind.__name__)
def test_every_error_has_its_line(kind: type[Exception], reference: str) -> None:
    assert f"\n| `{kind.__name__}` |" in reference


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_explained_by_an_example_that_works(name: str, settings: str) -> None:
    described = Settings.model_fields[name]
    variable = f"WIREWATCH_{name.upper()}"
    together = {"elasticsearch_user": "PASSWORD", "elasticsearch_password": "USER"}
    others = {f"WIREWATCH_ELASTICSEARCH_{together[name]}": "x"} if name in together else {}

    assert f"\n## `{variable}`\n" in settings
    assert described.description
    assert described.examples
    for example in described.examples:
        assert getattr(Settings.load({variable: str(example)} | others), name) is not None


def test_no_option_is_without_a_word(reference: str) -> None:
    assert " |  |" not in reference
    assert "`None`" not in reference
