"""What every index is made from: component templates, an index template, and a lifecycle where there is one.

The template forbids that an index comes into being by being written to, so that none has a mapping that was guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError

from pipeline.errors import SearchUnavailable
from pipeline.search.elastic.analysis import POLISH_PLUGIN
from pipeline.search.elastic.failures import REINDEX
from pipeline.search.elastic.mapping import VERSION, component_templates

_PRIORITY = 200


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the server can do: delete indices by itself, stem Polish."""

    lifecycle: bool
    polish: bool


def abilities(client: Elasticsearch) -> Abilities:
    """Ask the server what it can do."""
    return Abilities(lifecycle=_has_lifecycle(client), polish=_has_plugin(client, POLISH_PLUGIN))


def installed_version(client: Elasticsearch, name: str) -> int | None:
    """Return the version of the index template `name`; None if there is none."""
    try:
        found = client.indices.get_index_template(name=name)["index_templates"][0]["index_template"]
    except NotFoundError:
        return None
    version = (found.get("_meta") or {}).get("version")
    return version if isinstance(version, int) else 0


def check_version(version: int, what: str, *, known: int = VERSION) -> None:
    """Raise `SearchUnavailable` if `what` was made by another version of Wirewatch; `known` is that of this one."""
    if version < known:
        raise SearchUnavailable(f"{what} is older than this Wirewatch", hint=REINDEX)
    if version > known:
        hint = "update Wirewatch here, or run `wirewatch reindex` to go back"
        raise SearchUnavailable(f"{what} was made by a newer Wirewatch", hint=hint)


def check_index(client: Elasticsearch, index: str, *, known: int = VERSION) -> None:
    """Raise `SearchUnavailable` if `index` has the mapping of another version of Wirewatch."""
    meta = client.indices.get_mapping(index=index)[index]["mappings"].get("_meta", {})
    check_version(int(meta.get("version", 0)), f"the index `{index}`", known=known)


def install(client: Elasticsearch, name: str, able: Abilities, *, keep: timedelta | None) -> None:
    """Put the templates of articles in, in place of those that are there. `keep`: how old an index may become."""
    parts = component_templates(name, polish=able.polish, policy=name if able.lifecycle else None)
    install_parts(client, name, parts, able, keep=keep, version=VERSION, description="articles of Wirewatch")


def install_parts(  # noqa: PLR0913 - what an index is made from
    client: Elasticsearch,
    name: str,
    parts: Mapping[str, Mapping[str, Any]],
    able: Abilities,
    *,
    keep: timedelta | None,
    version: int,
    description: str,
) -> None:
    """Put component templates in, and the template of the indices `name` made of them; `keep` as in `install`."""
    if able.lifecycle:
        set_retention(client, name, keep=keep)
    for part, template in parts.items():
        client.cluster.put_component_template(name=part, template=template, meta={"version": version})
    client.indices.put_index_template(
        name=name,
        index_patterns=[f"{name}-0*", f"{name}-1*"],
        composed_of=list(parts),
        priority=_PRIORITY,
        allow_auto_create=False,
        meta={"version": version, "description": description},
    )


def set_retention(client: Elasticsearch, name: str, *, keep: timedelta | None) -> None:
    """Tell the server how old an index may become. It only deletes: merging would make an index read-only, and kills come late."""
    phases: dict[str, Any] = {"hot": {"actions": {}}}
    if keep:
        phases["delete"] = {"min_age": f"{max(1, keep.days)}d", "actions": {"delete": {}}}
    client.ilm.put_lifecycle(name=name, policy={"phases": phases})


def _has_lifecycle(client: Elasticsearch) -> bool:
    try:
        client.ilm.get_status()
    except ApiError as error:
        if error.status_code in (401, 502, 503, 504):
            raise
        return False
    return True


def _has_plugin(client: Elasticsearch, plugin: str) -> bool:
    try:
        nodes = client.nodes.info(metric="plugins")["nodes"].values()
    except ApiError as error:
        if error.status_code in (401, 502, 503, 504):
            raise
        return False
    return all(any(each.get("name") == plugin for each in node.get("plugins", ())) for node in nodes)
