"""One configuration file as a page: its items, where they stand, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from pipeline.config.models import Digest, Entity, Feed, Topic, Watch
from pipeline.config.tree import Misplaced, Node, parse
from pipeline.config.wording import Fault, describe, did_you_mean, listed
from pipeline.errors import ConfigError

_LARGEST = 32 * 1024 * 1024

Item = TypeVar("Item", Feed, Topic, Entity, Watch, Digest)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """What a file says. `items` is empty if anything in it is wrong; `nodes` has an entry for each all the same.

    `file` is the name of the shipped file that has such items: files that add to it are called otherwise.
    """

    path: Path
    file: str
    items: tuple[Item, ...] = ()
    nodes: tuple[Node, ...] = ()
    faults: tuple[Fault, ...] = ()
    hint: str | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids written in the file, valid or not."""
        fields = (node.value.get("id") for node in self.nodes if isinstance(node.value, dict))
        return tuple(str(field.value) for field in fields if field)


def read(path: Path, section: str, model: type[Item], *, sections: Sequence[str] = ()) -> Page[Item]:
    """Return what stands under the top-level key `section` at `path`; what is wrong is in the page's `faults`.

    `sections` are the top-level keys that the file may have, of which the first is needed; default: `section` alone.
    """
    file = f"{(sections or (section,))[0]}.yaml"
    try:
        tree = parse(_text(path))
        root = _section(tree.root, section, sections or (section,))
    except Misplaced as error:
        return Page(path, file, faults=(Fault("", error.line, error.message),))
    except ConfigError as error:
        return Page(path, file, faults=(Fault("", 0, error.message),), hint=error.hint)
    nodes = root.value if isinstance(root.value, list) else []
    items, faults = _validated(root, section, model)
    faults += [Fault("", error.line, error.message) for error in tree.duplicates]
    faults += _repeated(nodes, section, "id") + _repeated(nodes, section, "url")
    return Page(path, file, items, tuple(nodes), tuple(sorted(faults, key=lambda fault: fault.line)))


def refuse(pages: Sequence[Page[Feed] | Page[Topic] | Page[Entity] | Page[Watch] | Page[Digest]]) -> None:
    """Raise one `ConfigError` that names everything wrong with `pages`, a line each; return if nothing is."""
    # What is wrong with a file as a whole is found once for each of its sections.
    lines = list(dict.fromkeys(_sentence(page.path, fault) for page in pages for fault in page.faults))
    if not lines:
        return
    faulty = next(page for page in pages if page.faults)
    otherwise = f"the comments at the top of the `{faulty.file}` that comes with Wirewatch explain its fields"
    raise ConfigError("\n".join(lines), hint=faulty.hint or otherwise, subject=str(faulty.path))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise ConfigError("larger than 32 MB", hint="split it, or look whether it is the right file")
        content = path.read_bytes()
    except FileNotFoundError:
        hint = f"looked in `{path.parent.absolute()}`; name another folder with `--config DIR` or `WIREWATCH_CONFIG`"
        raise ConfigError("no such file", hint=hint) from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot be read: {_reason(error)}", hint="look at its permissions") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Misplaced(line, f"not UTF-8: byte 0x{content[error.start]:02x}; save the file as UTF-8") from None


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _section(root: Node | None, section: str, known: Sequence[str]) -> Node:
    first = known[0]
    if root is None or not root.value:
        raise Misplaced(1, f"the file is empty; write `{first}:` and a list below it, or `{first}: []`")
    if not isinstance(root.value, dict):
        raise Misplaced(root.line, f"begin with `{first}:` and put everything below it")
    for key, node in root.value.items():
        if key not in known:
            otherwise = f"known {'is' if len(known) == 1 else 'are'} {listed(known)}"
            raise Misplaced(node.line, f"unknown field `{key}`; {did_you_mean(key, known, otherwise)}")
    if first not in root.value:
        raise Misplaced(root.line, f"`{first}` is missing; write `{first}:` and a list below it, or `{first}: []`")
    return root.value.get(section) or Node(None, root.line, 0)


def _validated(root: Node, section: str, model: type[Item]) -> tuple[tuple[Item, ...], list[Fault]]:
    try:
        return TypeAdapter(tuple[model, ...]).validate_python(root.plain() or ()), []  # type: ignore[valid-type]
    except ValidationError as error:
        found = (describe(detail, section, model, root) for detail in error.errors(include_url=False))
        return (), [fault for fault in found if fault]


def _repeated(nodes: Sequence[Node], section: str, field: str) -> list[Fault]:
    lines: dict[object, int] = {}
    faults = []
    for number, node in enumerate(nodes):
        written = node.value.get(field) if isinstance(node.value, dict) else None
        if written is None or not isinstance(written.value, str):
            continue
        if (first := lines.setdefault(written.value, written.line)) != written.line:
            message = f"`{written.value}` stands in line {first} already; every {field} is given once"
            faults.append(Fault(f"{section}[{number}].{field}", written.line, message))
    return faults


def _sentence(path: Path, fault: Fault) -> str:
    place = f"{path}:{fault.line}" if fault.line else str(path)
    sentence = f"{place}: `{fault.field}`: {fault.message}" if fault.field else f"{place}: {fault.message}"
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in sentence)
