"""Write `.env` for docker-compose.yml: `.env.example` with a random value for each empty password, key and secret.

    python3 tools/write_environment.py

An `.env` that is there already is left alone.
"""

from __future__ import annotations

import re
import secrets
import sys
from base64 import urlsafe_b64encode
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_EMPTY = re.compile(r"^(\w+_(PASSWORD|KEY|SECRET))=$", re.MULTILINE)
_BYTES = {"PASSWORD": 32, "KEY": 32, "SECRET": 64}
"""A Fernet key is 32 bytes (https://github.com/fernet/spec); a key for HS512 is not shorter than 64 (RFC 7518, 3.2)."""


def filled(example: str) -> str:
    """Return the text of `.env.example` with every empty password, key and secret filled in."""
    return _EMPTY.sub(lambda match: f"{match[1]}={_random(_BYTES[match[2]])}", example)


def _random(length: int) -> str:
    return urlsafe_b64encode(secrets.token_bytes(length)).decode()


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
