"""Kibana's saved objects as values, and how they are written for an import.

Every version named here is old enough for all of Kibana 9: a higher one than the server knows is refused ("belongs to a
more recent version of Kibana"), a lower one is migrated. Attributes that end in `JSON` hold JSON as strings.
Source: Kibana's `check_registered_types.test.ts` and the saved objects of Elastic's own integrations.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Type = Literal["index-pattern", "lens", "search", "map", "tag", "dashboard"]

_CORE_VERSION = "8.8.0"
TYPE_VERSIONS: Mapping[Type, str] = {
    "index-pattern": "8.0.0",
    "lens": "8.9.0",
    "search": "10.5.0",
    "map": "8.4.0",
    "tag": "8.0.0",
    "dashboard": "8.9.0",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """One object points at another; `name` is how its attributes call it."""

    name: str
    type: Type
    id: str

    def document(self) -> dict[str, str]:
        """Return the reference as JSON types."""
        return {"name": self.name, "type": self.type, "id": self.id}


@dataclass(frozen=True, slots=True)
class SavedObject:
    """Something Kibana keeps: a data view, a chart, a saved search, a map, a dashboard or a tag."""

    type: Type
    id: str
    attributes: Mapping[str, Any]
    references: Sequence[Reference] = ()

    @property
    def title(self) -> str:
        """What people read."""
        return str(self.attributes.get("title") or self.attributes["name"])

    def document(self) -> dict[str, Any]:
        """Return the object as one line of an import file has it."""
        return {
            "type": self.type,
            "id": self.id,
            "attributes": dict(self.attributes),
            "references": [reference.document() for reference in self.references],
            "coreMigrationVersion": _CORE_VERSION,
            "typeMigrationVersion": TYPE_VERSIONS[self.type],
            "managed": False,
        }


def encoded(value: object) -> str:
    """Return `value` as the JSON string that Kibana wants inside an attribute."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def query(text: str) -> dict[str, str]:
    """Return a query in Kibana's own language (KQL)."""
    return {"language": "kuery", "query": text}


def ndjson(objects: Iterable[SavedObject]) -> bytes:
    """Return the import file: one object a line."""
    return "".join(encoded(one.document()) + "\n" for one in objects).encode()
