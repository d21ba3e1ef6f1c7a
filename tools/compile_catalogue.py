"""Write `pipeline/config/data/catalogue.json`: the entities that come with Wirewatch, one a line.

They stand in `tools/catalogue/*.yaml`, in the format of a user's `entities.yaml`; each file says in `source` where its entries
come from and as of when. Ministries are put together by `tools.ministries`. Run it after every change there:
`python -m tools.compile_catalogue`. What is wrong is told with file, line and field, and then nothing is written.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from pipeline.config import page
from pipeline.config.models import Entity
from pipeline.errors import ConfigError
from tools.ministries import ministries

FOLDER = Path(__file__).parent / "catalogue"
TARGET = Path(__file__).parents[1] / "pipeline/config/data/catalogue.json"


def compiled() -> str:
    """Return the content of the file; raises `ConfigError` if an entry is wrong or an id is given twice."""
    entities = [*curated(), *ministries()]
    if twice := [identifier for identifier, times in Counter(one.id for one in entities).items() if times > 1]:
        raise ConfigError(f"given twice: {', '.join(twice)}")
    return "[\n" + ",\n".join(map(_line, sorted(entities, key=lambda one: one.id))) + "\n]\n"


def curated() -> Iterator[Entity]:
    """Yield the entities of all files with their source."""
    sheets = [page.read(path, "entities", Entity, sections=("entities", "source")) for path in sorted(FOLDER.glob("*"))]
    page.refuse(sheets)
    for sheet in sheets:
        yield from _sourced(sheet.items, str(yaml.load(sheet.path.read_text("utf-8"), yaml.CSafeLoader)["source"]))


def _sourced(entities: Iterable[Entity], source: str) -> Iterator[Entity]:
    return (one if one.source else one.model_copy(update={"source": source}) for one in entities)


def _line(entity: Entity) -> str:
    return json.dumps(entity.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)


if __name__ == "__main__":
    TARGET.write_text(compiled(), "utf-8")
