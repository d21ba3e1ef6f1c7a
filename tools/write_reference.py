"""Writes `docs/settings.md` and `docs/reference.md` from what the code says of itself.

The settings come from the fields of `Settings`, the commands from their docstrings and options, the errors from their
classes. `tests/unit/test_docs.py` compares the files with what this writes. Run: `python -m tools.write_reference`
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import typer
from pydantic.fields import FieldInfo

from pipeline import errors
from pipeline.cli.app import app
from pipeline.config.models import duration_text
from pipeline.config.settings import PREFIX, SECRETS, Settings

DOCS = Path(__file__).parents[1] / "docs"
_WRITTEN = "<!-- Written by `tools/write_reference.py`; a change belongs into the code. -->"
_SETTINGS = """\
Every setting is an environment variable. One that is empty counts as not set. All that is wrong is told at once, with exit
status 2; `wirewatch doctor` examines what is set.

A secret can also lie in a file, as container platforms hand it over: `WIREWATCH_SMTP_URL_FILE=/run/secrets/smtp`. Secrets are
{secrets}.

Times are written `90s`, `10min`, `2h` or `7d`, sizes `500kB` or `10MB`.
"""
_ERRORS = """\
An error is told as `error: …` with a `hint: …` that says what to do next. Its class answers whether trying again can
help. What concerns a single feed, article or message is set aside as a problem (`wirewatch problems list`) and stops
nothing else.
"""


def main() -> None:
    """Write both files."""
    (DOCS / "settings.md").write_text(settings_page(), encoding="utf-8")
    (DOCS / "reference.md").write_text(reference_page(), encoding="utf-8")


def settings_page() -> str:
    """Return `docs/settings.md`."""
    secrets = ", ".join(f"`{_variable(name)}`" for name in Settings.model_fields if name in SECRETS)
    rows = [_setting(name, field) for name, field in Settings.model_fields.items()]
    parts = ["# Settings", _WRITTEN, _SETTINGS.format(secrets=secrets).strip(), *rows]
    return "\n\n".join(parts) + "\n"


def reference_page() -> str:
    """Return `docs/reference.md`."""
    root: Any = typer.main.get_command(app)
    commands = [_command(root, "wirewatch"), *_commands(root, "wirewatch")]
    parts = ["# The command line", _WRITTEN, *commands, "# Errors", _ERRORS.strip(), _error_table()]
    return "\n\n".join(parts) + "\n"


def command_names() -> list[str]:
    """Return every command as it is typed."""
    return [name for name, _ in _leaves(typer.main.get_command(app), "wirewatch")]


def error_classes() -> list[type[errors.WirewatchError]]:
    """Return the classes that tell one kind of error each, in the order of the tree."""
    known = [one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, errors.WirewatchError)]
    return [one for one in known if not any(one in other.__bases__ for other in known)]


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _setting(name: str, field: FieldInfo) -> str:
    facts = [f"default: {_default(field.default)}", *(f"example: `{one}`" for one in field.examples or ())]
    if name in SECRETS:
        facts.append(f"or a file: `{_variable(name)}_FILE`")
    description = field.description or ""
    return f"## `{_variable(name)}`\n\n{description[:1].upper()}{description[1:]}.\n\n" + "\n".join(
        f"- {fact}" for fact in facts
    )


def _default(value: object) -> str:
    match value:
        case None:
            return "not set"
        case timedelta():
            return f"`{duration_text(value)}`"
        case tuple():
            return f"`{','.join(map(str, value))}`"
        case _:
            return f"`{value}`"


def _commands(group: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - typer brings its own copy of click
    for name, command in _leaves(group, path):
        yield _command(command, name)


def _leaves(group: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _command(command: Any, path: str) -> str:  # noqa: ANN401
    arguments = " ".join(_placeholder(one) for one in command.params if one.param_type_name == "argument")
    usage = f"    {path} [OPTIONS] {arguments or ('COMMAND …' if hasattr(command, 'commands') else '')}".rstrip()
    rows = [_parameter(one) for one in command.params if not one.hidden]
    table = "\n".join(["| | |", "|---|---|", *rows])
    text = (inspect.getdoc(command.callback) or "").strip()
    return "\n\n".join([f"## `{path}`", usage, text, table])


def _placeholder(argument: Any) -> str:  # noqa: ANN401
    name = argument.metavar or argument.name.upper()
    return name if argument.required or name.startswith("[") else f"[{name}]"


def _parameter(one: Any) -> str:  # noqa: ANN401
    if one.param_type_name == "argument":
        name = _placeholder(one)
    else:
        name = " / ".join((*one.opts, *one.secondary_opts)) + ("" if one.is_flag else f" {one.metavar}")
    default = one.default if isinstance(one.default, int | str) and not isinstance(one.default, bool) else None
    about = (one.help or "").strip() + (f" Default: `{default}`." if default is not None else "")
    return f"| `{name}` | {about}{' Required.' if one.required else ''} |".replace("||", "| |")


def _error_table() -> str:
    rows = [
        f"| `{one.__name__}` | {'yes' if issubclass(one, errors.TemporaryError) else 'no'} | {_first_line(one)} |"
        for one in error_classes()
    ]
    return "\n".join(["| error | can trying again help? | what it says |", "|---|---|---|", *rows])


def _first_line(kind: type[errors.WirewatchError]) -> str:
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())


if __name__ == "__main__":
    main()
