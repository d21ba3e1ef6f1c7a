"""Draw the pictures of the README from the real thing: the demo's terminal, an article's life, an alert mail.

    .venv/bin/python -m tools.draw_pictures

Runs the demo in a temporary folder. The terminal becomes SVG (rich); the mail is photographed by Chromium, which must be
installed for this script only (`chromium` or `google-chrome` on the PATH).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.terminal_theme import MONOKAI

from pipeline.alert import message_file
from pipeline.cli.demo_report import print_overview
from pipeline.config import Settings

_ROOT = Path(__file__).parents[1]
_PICTURES = _ROOT / "docs" / "pictures"
_COLUMNS = 108
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A telephone's width in points; at twice the density letters stay sharp.
_PHONE = ("--window-size=420,1320", "--force-device-scale-factor=2")


def main() -> None:
    """Run the demo and draw everything; raises `SystemExit` where something is missing."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        sys.exit(f"none of {', '.join(_BROWSERS)} is on the PATH; install one to photograph the mail")
    _PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        shown = json.loads(_wirewatch("demo", "--json"))
        _draw_terminal(shown)
        _draw_mail(shown, browser, Path(folder))


def _wirewatch(*arguments: str) -> str:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "--config", str(_ROOT / "config")]
    environment = os.environ | {"PYTHONPATH": str(_ROOT)}
    return subprocess.run([*command, *arguments], check=True, capture_output=True, text=True, env=environment).stdout  # noqa: S603 - our own command


def _draw_terminal(shown: dict[str, Any]) -> None:
    with Path(os.devnull).open("w") as nowhere:
        out = Console(record=True, width=_COLUMNS, file=nowhere, highlight=False, force_terminal=True)
        print_overview(shown, Settings.load({}), out)
        out.save_svg(str(_PICTURES / "demo.svg"), title="make run", theme=MONOKAI)


def _draw_mail(shown: dict[str, Any], browser: str, folder: Path) -> None:
    leading = shown["top_stories"][0]["id"]
    alert = next(one for one in shown["alerts"] if one["article"] == leading and one["watch"] == "putin")
    file = message_file(Settings.load({}).outbox, alert["message"])
    assert file is not None
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    html = message.get_body(("html",))
    assert html is not None
    page = folder / "mail.html"
    page.write_text(html.get_content(), encoding="utf-8")
    switches = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking")
    picture = f"--screenshot={_PICTURES / 'alert.png'}"
    command = [browser, *switches, *_PHONE, f"--user-data-dir={folder / 'browser'}", picture, page.as_uri()]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - a browser on our own page


if __name__ == "__main__":
    main()
