"""Keys and values in ``k8sgen.toml``, and in ``[tool.k8sgen]`` of ``pyproject.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath

from k8sgen_core.config.keys import KEYS, Key
from k8sgen_core.config.kinds import IDS
from k8sgen_core.ids import registry
from k8sgen_lsp.completing.offer import Offer, Sort

_TABLE = re.compile(r"^[ \t]*\[(?P<name>[^\[\]\n]*)\][ \t]*(?:#.*)?$", re.MULTILINE)
_ASSIGNED = re.compile(r"^[ \t]*(?P<name>[\w.-]+)[ \t]*=[ \t]*(?P<value>.*)\Z", re.DOTALL)
_OPEN_LIST = re.compile(r"^[ \t]*(?P<name>[\w.-]+)[ \t]*=[ \t]*\[[^\]]*\Z", re.MULTILINE)
_OPTION = re.compile(r"`([^`]+)`")
_OPTIONS = re.compile(r"(?:`[^`]+`(?:, )?)+\Z")
_WANTED = re.compile(r"(?:[=\[,]\s*|\"[^\"]*|^\s*)\w*\Z")
_HEADER = re.compile(r"^[ \t]*\[[\w.]*\Z")
_PREFIX = "tool.k8sgen"


def is_configuration(path: PurePath) -> bool:
    """Can the file have configuration of ours?"""
    return path.name in ("k8sgen.toml", "pyproject.toml")


def offers_in(path: PurePath, text: str, offset: int, ids: Mapping[str, str]) -> Iterator[Offer]:
    """Yield keys, tables and values, where the table is one of ours."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    if _HEADER.match(line):
        yield from _tables(path, line)
        return
    prefix = _prefix(path, text, offset)
    if prefix is None:
        return
    key = _assigned(text[:offset], line, prefix)
    if key is not None and _WANTED.search(line):
        yield from _values(key, line, ids)
    elif key is None and (
        not line.strip() or line.strip().replace("-", "").replace(".", "").isalnum()
    ):
        yield from _keys(prefix, text)


def _prefix(path: PurePath, text: str, offset: int) -> str | None:
    """Return what the names of keys begin with at a place; ``None`` if it is not ours."""
    tables = [each["name"].strip() for each in _TABLE.finditer(text, 0, offset)]
    table = tables[-1] if tables else ""
    if path.name == "pyproject.toml":
        if table != _PREFIX and not table.startswith(f"{_PREFIX}."):
            return None
        table = table.removeprefix(_PREFIX).removeprefix(".")
    return f"{table}." if table else ""


def _assigned(before: str, line: str, prefix: str) -> Key | None:
    named = {each.name: each for each in KEYS.values()}
    found = _ASSIGNED.match(line)
    if found is None:
        lists = list(_OPEN_LIST.finditer(before))
        found = lists[-1] if lists and lists[-1].end() == len(before) else None
    return named.get(prefix + found["name"]) if found else None


def _tables(path: PurePath, line: str) -> Iterator[Offer]:
    start = f"{_PREFIX}" if path.name == "pyproject.toml" else ""
    tables = {each.name.rpartition(".")[0]: "" for each in KEYS.values()}
    tables |= {f"rules.{each.id}": each.summary for each in registry().values() if each.options}
    for table, what in sorted(tables.items()):
        name = ".".join(filter(None, (start, table)))
        if name:
            inserted = name.removeprefix(_typed(line))
            yield Offer(name, Sort.MODULE, what, inserted=inserted)


def _typed(line: str) -> str:
    """Return what of a table's name editors leave alone: all up to its last dot."""
    name = line.strip().removeprefix("[")
    return name[: name.rfind(".") + 1]


def _keys(prefix: str, text: str) -> Iterator[Offer]:
    rule = registry().get(prefix.removeprefix("rules.").removesuffix("."))
    for name, option in rule.options.items() if rule else ():
        yield Offer(
            name, Sort.PROPERTY, f"default: {option.default}",
            inserted=f"{name} = ", data={"key": f"{prefix}{name}"},
        )  # fmt: skip
    for key in KEYS.values():
        name = key.name.removeprefix(prefix)
        written = re.search(rf"^[ \t]*{re.escape(name)}[ \t]*=", text, re.MULTILINE)
        if key.name.startswith(prefix) and "." not in name and not written:
            yield Offer(
                name, Sort.PROPERTY, f"{key.kind.name}: {key.kind.allowed}",
                inserted=f"{name} = ", data={"key": key.name},
            )  # fmt: skip


def _values(key: Key, line: str, ids: Mapping[str, str]) -> Iterator[Offer]:
    in_text = line.count('"') % 2 == 1
    in_list = "[" in line or "=" not in line
    allowed = key.kind.allowed if _OPTIONS.match(key.kind.allowed) else ""
    options: Mapping[str, str] = dict.fromkeys(_OPTION.findall(allowed), "")
    if key.kind is IDS:
        options = ids
    if key.default not in (None, [], ""):
        options = {str(key.default): "default", **options}
    is_list = key.kind.name.startswith("list") and not in_list
    for name, what in options.items():
        quoted = name if in_text or isinstance(key.default, int | float) else f'"{name}"'
        yield Offer(name, Sort.VALUE, what, inserted=f"[{quoted}]" if is_list else quoted)
