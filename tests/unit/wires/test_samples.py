"""Does each sample document give exactly what its expected JSON says?"""

import json
from pathlib import Path

import pytest

from pipeline.wires import Parsed, parse

SAMPLES = Path(__file__).parents[2] / "wires"
DOCUMENTS = sorted(path.name for path in SAMPLES.iterdir() if not path.name.endswith(".expected.json"))


def as_json(parsed: Parsed) -> dict[str, object]:
    return {
        "format": parsed.format,
        "title": parsed.title,
        "language": parsed.language,
        "hints": parsed.hints.model_dump(mode="json", exclude_defaults=True),
        "problems": list(parsed.problems),
        "truncated": parsed.truncated,
        "expired": parsed.expired,
        "entries": [entry.model_dump(mode="json", exclude_defaults=True) for entry in parsed.entries],
    }


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_sample_gives_what_is_expected(name: str) -> None:
    document, expected = SAMPLES / name, (SAMPLES / name).with_suffix(".expected.json")

    parsed = parse(document.read_bytes(), content_type=None, url=f"https://wire.example/feeds/{name}")

    found = json.loads(json.dumps(as_json(parsed)))
    hints = found["hints"]
    hints.update({key: sorted(value) for key, value in hints.items() if isinstance(value, list)})
    assert found == json.loads(expected.read_text(encoding="utf-8"))
