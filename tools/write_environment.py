"""Write `.env` for docker-compose.yml: `.env.example` with a random password for each empty one.

    python3 tools/write_environment.py

An `.env` that is there already is left alone.
"""

from __future__ import annotations

import re
import secrets
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_EMPTY_SECRET = re.compile(r"^(\w+_(?:PASSWORD|KEY))=$", re.MULTILINE)


def filled(example: str) -> str:
    """Return the text of `.env.example` with every empty password and key filled in."""
    return _EMPTY_SECRET.sub(lambda match: f"{match[1]}={secrets.token_urlsafe(32)}", example)


def main() -> None:
    """Write the file, readable by its owner only."""
    target = _ROOT / ".env"
    try:
        target.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        sys.stderr.write(f"{target} is there already; remove it to make a new one\n")
        return
    target.write_text(filled((_ROOT / ".env.example").read_text(encoding="utf-8")), encoding="utf-8")
    sys.stderr.write(f"wrote {target}; `docker compose up -d` starts everything\n")


if __name__ == "__main__":
    main()
