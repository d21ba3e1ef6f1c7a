"""The figures as tables, and as the record that a later run is compared with.

`figures.json` holds, for the project's own articles and for each public corpus, the figures and the date of the run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tests.quality.scoring import LABELS

RECORD = Path(__file__).parent / "figures.json"
OWN = "own articles"
TOLERANCE = 0.01
_FEWEST = 100
_OVERALL = (
    "linking accuracy", "linking recall", "topics precision", "topics recall", "language", "agency", "place", "date", "byline",
)  # fmt: skip

Measured = dict[str, dict[str, float]]
"""By corpus, by name."""


def main_figures(figures: Mapping[str, float]) -> dict[str, float]:
    """Return what may not fall: the F of the names of every language and corpus, and all else over all articles.

    Where there are fewer than a hundred names, one of them is more than a point, and chance would speak.
    """
    return {name: share for name, share in figures.items() if _is_main(name, figures)}


def _is_main(name: str, figures: Mapping[str, float]) -> bool:
    group, _, measure = name.partition(": ")
    if measure == "names F":
        language = group == "all, test" or not group.endswith(", test")
        return language and figures.get(f"{group}: names number", _FEWEST) >= _FEWEST
    return group in {"all", "all, test"} and measure in _OVERALL


def fallen(recorded: Measured, measured: Measured) -> list[str]:
    """Return a line for every main figure that is more than a point lower than it was, or has gone."""
    lines = []
    for corpus in recorded.keys() & measured.keys():
        for name, before in main_figures(recorded[corpus]).items():
            now = measured[corpus].get(name)
            if now is None or now < before - TOLERANCE - 1e-9:
                lines.append(f"{corpus}, {name}: {before:.3f} before, {'nothing' if now is None else f'{now:.3f}'} now")
    return sorted(lines)


def load(path: Path = RECORD) -> tuple[Measured, dict[str, str]]:
    """Return the recorded figures and the date of each set's run; both are empty if nothing is recorded."""
    if not path.exists():
        return {}, {}
    record: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return {name: one["figures"] for name, one in record.items()}, {name: one["date"] for name, one in record.items()}


def save(measured: Measured, today: date, path: Path = RECORD) -> None:
    """Record what was measured today; what was not measured stays as it is."""
    figures, dates = load(path)
    figures |= {name: {key: round(share, 4) for key, share in one.items()} for name, one in measured.items()}
    dates |= dict.fromkeys(measured, today.isoformat())
    record = {name: {"date": dates[name], "figures": figures[name]} for name in sorted(figures)}
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def table(measured: Measured, missing: Sequence[str]) -> str:
    """Return all figures for people to read, in hundredths."""
    lines = ["", f"{'names: precision, recall, F':32}" + "".join(f"{label:>19}" for label in ("all", *LABELS))]
    for figures in measured.values():
        lines += [_row(group, figures, ("names", *LABELS)) for group in _groups(figures)]
    own = measured.get(OWN, {})
    if own:
        lines += ["", f"{'own articles':14}" + "".join(f"{name:>18}" for name in _OVERALL)]
        lines += [
            f"{group:14}" + "".join(f"{100 * own[f'{group}: {name}']:18.1f}" for name in _OVERALL)
            for group in _groups(own)
        ]
    if missing:
        lines += ["", "not measured, for want of their files: " + ", ".join(missing)]
    return "\n".join([*lines, ""])


def _row(group: str, figures: Mapping[str, float], labels: Sequence[str]) -> str:
    cells = (
        f"{100 * figures[f'{group}: {label} precision']:7.1f}{100 * figures[f'{group}: {label} recall']:6.1f}"
        f"{100 * figures[f'{group}: {label} F']:6.1f}"
        for label in labels
    )
    return f"{group:26}{int(figures[f'{group}: names number']):6}" + "".join(cells)


def _groups(figures: Mapping[str, float]) -> list[str]:
    return list(dict.fromkeys(name.partition(": ")[0] for name in figures))
