"""How far back is `--since`?"""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.cli.session import since
from pipeline.errors import ConfigError
from tests.factories import NOON


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24h", NOON - timedelta(hours=24)),
        ("7d", NOON - timedelta(days=7)),
        ("2026-11-03", datetime(2026, 11, 3, tzinfo=UTC)),
        ("2026-11-03T09:30", datetime(2026, 11, 3, 9, 30, tzinfo=UTC)),
        ("2026-11-03T09:30+02:00", datetime(2026, 11, 3, 7, 30, tzinfo=UTC)),
        ("2026-11-03T09:30Z", datetime(2026, 11, 3, 9, 30, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_duration_or_a_date_is_understood(text: str | None, expected: datetime | None) -> None:
    assert since(text, NOON) == expected


@pytest.mark.parametrize("text", ["yesterday", "", "7", "0001-01-01T00:00+23:00", "2026-13-01"])
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        since(text, NOON)

    assert str(caught.value) == f"`{text}` is no time"
    assert "`24h`" in str(caught.value.hint)
