"""Keys and values in ``k8sgen.toml``, and in ``[tool.k8sgen]`` of ``pyproject.toml``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import NamedTuple

from k8sgen_core.config.keys import KEYS, Key
from k8sgen_core.config.kinds import FLAG, IDS, IDS_OF_PATTERNS, NAME, RULES, VERSION
from k8sgen_core.findings import SEVERITIES
from k8sgen_core.ids import registry
from k8sgen_lsp.completing.offer import Offer, Sort
from k8sgen_lsp.completing.tables import Place, place_at, table_at

_OPTION = re.compile(r"`([^`]+)`")
_OPTIONS = re.compile(r"(?:`[^`]+`(?:, )?)+\Z")
_PREFIX = ("tool", "k8sgen")
_NAMED = {each.name: each for each in KEYS.values()}
_TABLES = {each.kind: each.name for each in KEYS.values() if each.default == {}}


class Value(NamedTuple):
    """One that a key can have."""

    value: object
    what: str = ""


def is_configuration(path: PurePath) -> bool:
    """Can the file have configuration of ours?"""
    return path.name in ("k8sgen.toml", "pyproject.toml")


def offers_in(
    path: PurePath, text: str, offset: int, environments: Iterable[str]
) -> Iterator[Offer]:
    """Yield keys, tables and values, where the table is one of ours."""
    place = place_at(text, offset)
    if place is None:
        return
    above = _PREFIX if path.name == "pyproject.toml" else ()
    if place.kind == "header":
        yield from _headers(above, place)
    elif place.path[: len(above)] == above:
        within = place._replace(path=place.path[len(above) :])
        if place.kind == "key":
            yield from _keys(within, text)
        else:
            yield from _values(within, environments)


def _headers(above: tuple[str, ...], place: Place) -> Iterator[Offer]:
    tables = {each.name.rpartition(".")[0]: "" for each in KEYS.values()}
    tables |= dict.fromkeys(_TABLES.values(), "")
    tables |= {f"{_TABLES[RULES]}.{name}": what for name, what in _rules().items()}
    for table, what in sorted(tables.items()):
        name = ".".join(filter(None, (*above, table)))
        if name:
            yield _at(place, Offer(name, Sort.MODULE, what, inserted=name))


def _rules() -> Mapping[str, str]:
    """Return the rules of which something can be set."""
    return {each.id: each.summary for each in registry().values() if each.is_lint}


def _keys(place: Place, text: str) -> Iterator[Offer]:
    begin, _ = table_at(text, place.start)
    for name, what in _known(place.path):
        written = re.search(
            rf"^[ \t]*{re.escape(name)}[ \t]*=|^[ \t]*\[", text[begin:], re.MULTILINE
        )
        if written is None or written[0].endswith("["):
            data = {"key": ".".join((*place.path, name))}
            yield _at(place, Offer(name, Sort.PROPERTY, what, inserted=f"{name} = ", data=data))


def _known(path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the keys of a table, each with what is said of it."""
    dotted = ".".join((*path, ""))
    for key in KEYS.values():
        name = key.name.removeprefix(dotted)
        if key.name.startswith(dotted) and "." not in name:
            yield name, f"{key.kind.name}: {key.kind.allowed}"
    if path == (_TABLES[RULES],):
        yield from _rules().items()
    elif path[:-1] == (_TABLES[RULES],) and path[-1] in _rules():
        yield "severity", f"default: {registry()[path[-1]].severity}"
        for name, option in registry()[path[-1]].options.items():
            yield name, f"default: {_literal(option.default)}"


def _values(place: Place, environments: Iterable[str]) -> Iterator[Offer]:
    values, is_list = _possible(place.path, environments)
    seen: set[str] = set()
    for index, (value, what) in enumerate(values):
        label = value if isinstance(value, str) else _literal(value)
        if label in seen or (place.quoted and not isinstance(value, str)):
            continue
        seen.add(label)
        literal = _literal([value] if is_list and not place.in_list else value)
        inserted = label if place.quoted else literal
        yield _at(place, Offer(label, Sort.VALUE, what, f"{index:03}", inserted=inserted))


def _possible(path: tuple[str, ...], environments: Iterable[str]) -> tuple[list[Value], bool]:
    """Return what a key can be, and whether it has a list of these."""
    key = _NAMED.get(".".join(path))
    if key is not None:
        is_list = key.kind.name.startswith("list")
        return [*_defaults(key.default), *_of_kind(key, environments)], is_list
    if path[:-1] == (_TABLES[IDS_OF_PATTERNS],):
        return [Value(*each) for each in _rules().items()], True
    if path[:1] == (_TABLES[RULES],) and len(path) > 1 and path[1] in _rules():
        return _of_rule(path[1], path[2:])
    return [], False


def _of_kind(key: Key, environments: Iterable[str]) -> Iterator[Value]:
    if key.kind is IDS:
        yield from (Value(each.id, each.summary) for each in registry().values())
    elif key.kind is FLAG:
        yield from map(Value, (True, False))
    elif key.kind is NAME:
        yield from map(Value, environments)
    elif key.kind is VERSION:
        from k8sgen_core.kubernetes.bundle import VERSIONS

        yield from map(Value, reversed(VERSIONS))
    elif _OPTIONS.match(key.kind.allowed):
        yield from map(Value, _OPTION.findall(key.kind.allowed))


def _of_rule(rule: str, path: tuple[str, ...]) -> tuple[list[Value], bool]:
    """Return what a rule, its severity or one of its options can be set to."""
    found = registry()[rule]
    severities = [*_defaults(found.severity), *map(Value, SEVERITIES)]
    if not path:
        return [Value({"severity": each.value}, each.what) for each in severities], False
    if path == ("severity",):
        return severities, False
    option = found.options.get(path[0]) if len(path) == 1 else None
    if option is None:
        return [], False
    truths = map(Value, (True, False)) if isinstance(option.default, bool) else ()
    return [*_defaults(option.default), *truths], isinstance(option.default, list)


def _defaults(default: object) -> list[Value]:
    if isinstance(default, list):
        return [Value(each, "default") for each in default]
    return [] if default in (None, "") else [Value(default, "default")]


def _literal(value: object) -> str:
    """Return a value as TOML has it."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name} = {_literal(each)}' for name, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _at(place: Place, offer: Offer) -> Offer:
    """Return the offer so that it takes the place of what is written."""
    return replace(offer, start=place.start, end=place.end)
