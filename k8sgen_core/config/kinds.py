"""The kinds of values that keys have: how each is checked, and how it is read from one text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from k8sgen_core.findings import SEVERITIES
from k8sgen_core.grammar import ArgumentError, did_you_mean, is_number, shown, text, wrong_type
from k8sgen_core.grammar.image import REGISTRY
from k8sgen_core.grammar.image import image as image_reference
from k8sgen_core.grammar.labels import label_key
from k8sgen_core.grammar.pattern import pattern
from k8sgen_core.grammar.quantity import amount, cpu, memory, whole_number

RULE = "configuration"
LEAST_SECONDS, MOST_SECONDS = 0.1, 3600
LEAST_MEMORY, MOST_MEMORY = "128Mi", "1Ti"
MOST_OBJECTS = 1_000_000
MINOR_VERSION = r"v?1\.[0-9]{1,3}(?:\.[0-9]{1,3})?"
ID = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*"

Check = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Kind:
    """``check`` judges what a project's file says, ``read`` what a variable or option says."""

    name: str
    allowed: str
    check: Check
    read: Callable[[str], object]


def nearest(given: str, options: Iterable[str]) -> str | None:
    """Return the hint that proposes the option most like ``given``, if one is like it."""
    from difflib import get_close_matches

    return did_you_mean(*get_close_matches(given.lower(), list(options), 1))


def one_of(*options: str) -> Kind:
    """Return the kind that has just these values."""

    def check(value: object) -> str:
        return _option(value, options)

    return Kind("text", _listed(options), check, check)


def some_of(*options: str) -> Kind:
    """Return the kind that has any of these values, in no order."""

    def check(value: object) -> frozenset[str]:
        return frozenset(_items(value, lambda item: _option(item, options)))

    return Kind("list", _listed(options), check, lambda line: check(_split(line)))


def _option(value: object, options: tuple[str, ...]) -> str:
    given = text(value, "it", f"use one of {', '.join(options)}")
    if given not in options:
        message = f"{shown(given)} is none of {', '.join(options)}"
        raise ArgumentError(RULE, message, nearest(given, options) or "use one of these")
    return given


def _listed(options: tuple[str, ...]) -> str:
    return ", ".join(f"`{option}`" for option in options)


def _items(value: object, check: Callable[[object], str]) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise wrong_type(value, "it", "a list", f"write e.g. [{shown(value)}]")
    return tuple(map(check, value))


def _split(line: str) -> list[str]:
    return [item for part in line.split(",") if (item := part.strip())]


def _name(value: object) -> str:
    given = text(value, "it")
    if not given or not given.isprintable():
        raise ArgumentError(RULE, f"{shown(given)} is not a name", "write e.g. 'prod'")
    return given


def _inner_path(value: object) -> str:
    """Keep what a project says of paths inside the project, on every system."""
    given = _path(value)
    if given[0] in "/~" or re.search(r"[\\:]", given) or ".." in given.split("/"):
        message = f"{shown(given)} may lead out of the project"
        raise ArgumentError(RULE, message, "write a path below the project root, with '/'")
    return given


def _path(value: object) -> str:
    given = text(value, "it")
    if not given or not given.isprintable():
        raise ArgumentError(RULE, f"{shown(given)} is not a path", "write e.g. 'k8s'")
    return given


def _pattern(value: object) -> str:
    given = _inner_path(value)
    if given.endswith("/"):
        message = f"{shown(given)} names a folder; it must match files"
        raise ArgumentError(RULE, message, did_you_mean(f"{given}**/*"))
    return given


def _patterns(value: object) -> tuple[str, ...]:
    return _items(value, _pattern)


def _id(value: object) -> str:
    given = text(value, "it")
    if not re.fullmatch(ID, given):
        message = f"{shown(given)} is not the id of a rule: lower-case words with dashes"
        raise ArgumentError(RULE, message, "write e.g. 'latest-tag'")
    return given


def _ids(value: object) -> tuple[str, ...]:
    return _items(value, _id)


def _table(value: object, example: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise wrong_type(value, "it", "a table", f"write e.g. {example}")
    return value


def _ids_of_patterns(value: object) -> dict[str, tuple[str, ...]]:
    table = _table(value, '{"legacy/**" = ["latest-tag"]}')
    return {_pattern(name): _ids(ids) for name, ids in table.items()}


def _rules(value: object) -> dict[str, dict[str, object]]:
    table = _table(value, '{latest-tag = {severity = "error"}}')
    return {name: _rule(name, settings) for name, settings in table.items()}


def _rule(name: str, settings: object) -> dict[str, object]:
    from k8sgen_core.ids import registry  # Most projects set nothing of any rule.

    known = registry().get(name)
    if known is None or not known.is_lint:
        hint = nearest(name, registry()) or "k8sgen explain lists all ids"
        raise ArgumentError(RULE, f"there is no rule {shown(name)}", hint)
    table = _table(settings, '{severity = "error"}')
    for option, given in table.items():
        if option == "severity":
            _option(given, SEVERITIES)
        elif option not in known.options:
            names = ("severity", *known.options)
            message = f"the rule {name} has no option {shown(option)}"
            raise ArgumentError(RULE, message, nearest(option, names) or f"use {_listed(names)}")
        elif type(given) is not type(known.options[option].default):
            like = shown(known.options[option].default)
            raise wrong_type(given, f"{name}.{option}", f"like {like}", f"write e.g. {like}")
    return table


# What can stand in a path of schemas, as kubeconform names it.
VARIABLES = (
    "Group",
    "ResourceKind",
    "ResourceAPIVersion",
    "KindSuffix",
    "NormalizedKubernetesVersion",
    "StrictSuffix",
)


def _location(value: object) -> str:
    given = text(value, "it", "write e.g. 'schemas'")
    if not given or not given.isprintable() or "://" in given:
        message = f"{shown(given)} is not a folder of schemas"
        hint = "write a folder, or a path with {{.Group}}, {{.ResourceKind}} and the like"
        raise ArgumentError(RULE, message, hint)
    for inside in re.findall(r"\{\{(.*?)\}\}", given):
        if inside.strip("- ").removeprefix(".") not in VARIABLES:
            message = f"{shown(given)} has {inside.strip()!r} in braces"
            hint = f"use {', '.join(f'.{name}' for name in VARIABLES)}"
            raise ArgumentError(RULE, message, hint)
    return given


def _inner_location(value: object) -> str:
    return _inner_path(_location(value))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise wrong_type(value, "it", "true or false", "write true or false")
    return value


def _read_flag(line: str) -> bool:
    if line.lower() not in ("true", "false"):
        raise ArgumentError(RULE, f"{shown(line)} is neither true nor false", "write true or false")
    return line.lower() == "true"


def _version(value: object) -> str:
    given = text(value, "it", "put the version in quotes, e.g. '1.37'")
    if not re.fullmatch(MINOR_VERSION, given):
        message = f"{shown(given)} is not a version of Kubernetes"
        raise ArgumentError(RULE, message, "write e.g. '1.37'")
    return given


def _seconds(value: object) -> float:
    if not is_number(value) or not isinstance(value, (int, float)):
        raise wrong_type(value, "it", "a number of seconds", "write e.g. 10")
    # The order of the comparison refuses "nan" too.
    if not LEAST_SECONDS <= value <= MOST_SECONDS:
        message = f"{shown(value)} is out of range"
        raise ArgumentError(RULE, message, f"write {LEAST_SECONDS} to {MOST_SECONDS} seconds")
    return float(value)


def _bytes(value: object) -> int:
    count = amount(memory(value))
    if not amount(LEAST_MEMORY) <= count <= amount(MOST_MEMORY):
        message = f"{shown(value)} is out of range"
        raise ArgumentError(RULE, message, f"write '{LEAST_MEMORY}' to '{MOST_MEMORY}'")
    return int(count)


def _count(value: object) -> int:
    return whole_number(value, 1, MOST_OBJECTS, "it", RULE)


def _number(line: str) -> float | str:
    for kind in (int, float):
        try:
            return kind(line)
        except ValueError:
            continue
    return line


def _registry(value: object) -> str:
    given = text(value, "it", "write e.g. 'ghcr.io' or 'ghcr.io/acme'")
    host, slash, inner = given.partition("/")
    if re.fullmatch(REGISTRY, host) is None or "://" in given:
        message = f"{shown(given)} is not a registry: a host with an optional port"
        raise ArgumentError(RULE, message, "write e.g. 'ghcr.io' or 'ghcr.io/acme'")
    if slash:
        image_reference(inner)
    return given


def _registries(value: object) -> tuple[str, ...]:
    return _items(value, _registry)


def _label_keys(value: object) -> tuple[str, ...]:
    return _items(value, label_key)


def _class(value: object) -> str:
    given = text(value, "it", "write e.g. 'validators.security:SecurityValidator'")
    module, _, name = given.partition(":")
    if not all(part.isidentifier() for part in (*module.split("."), name)):
        message = f"{shown(given)} is not a class: its module, ':' and its name"
        raise ArgumentError(RULE, message, "write e.g. 'validators.security:SecurityValidator'")
    return given


def _classes(value: object) -> tuple[str, ...]:
    return _items(value, _class)


PATTERNS = Kind(
    "list of patterns",
    "paths below the project root with `/`; `*` stands for any part of a name, `**` for any "
    "number of folders",
    _patterns,
    lambda line: _patterns(_split(line)),
)
IDS = Kind("list of ids", "see `k8sgen explain`", _ids, lambda line: _ids(_split(line)))
IDS_OF_PATTERNS = Kind(
    "table of lists of ids",
    "patterns as in `files`, and ids",
    _ids_of_patterns,
    _ids_of_patterns,
)
RULES = Kind(
    "table of tables",
    "ids of rules, and for each `severity` or an option that `k8sgen explain` names",
    _rules,
    _rules,
)
LOCATIONS = Kind(
    "list of paths",
    "folders, or paths with `{{.Group}}`, `{{.ResourceKind}}`, `{{.ResourceAPIVersion}}`; in a "
    "project's file only below the project",
    lambda value: _items(value, _inner_location),
    lambda line: _items(_split(line), _location),
)
FLAG = Kind("truth value", "`true` or `false`", _flag, _read_flag)
FOLDER = Kind(
    "path", "a folder; in a project's file only one below the project", _inner_path, _path
)
FOLDERS = Kind(
    "list of paths or names",
    "folders below the project root, and names of installed plugins",
    lambda value: _items(value, _inner_path),
    lambda line: _items(_split(line), _inner_path),
)
NAME = Kind("text", "any name", _name, _name)
CLASSES = Kind(
    "list of classes",
    "`module:Class`, a subclass of `Validator` in a module of the project or an installed one",
    _classes,
    lambda line: _classes(_split(line)),
)
REGISTRIES = Kind(
    "list of registries",
    "hosts such as `ghcr.io`, or parts of one such as `ghcr.io/acme`; Docker Hub is `docker.io`",
    _registries,
    lambda line: _registries(_split(line)),
)
LABEL_KEYS = Kind(
    "list of label keys",
    "such as `team` or `example.com/team`",
    _label_keys,
    lambda line: _label_keys(_split(line)),
)
NAME_PATTERN = Kind(
    "pattern",
    "a regular expression without lookaround and references back; the whole name must match",
    pattern,
    pattern,
)
CPU = Kind("quantity", "cores, such as `2` or `500m`", cpu, cpu)
BYTES = Kind("quantity", "bytes, such as `4Gi`", memory, memory)
SECONDS = Kind(
    "number",
    f"{LEAST_SECONDS} to {MOST_SECONDS}",
    _seconds,
    lambda line: _seconds(_number(line)),
)
MEMORY = Kind("quantity", f"`{LEAST_MEMORY}` to `{MOST_MEMORY}`", _bytes, _bytes)
COUNT = Kind("number", f"1 to {MOST_OBJECTS}", _count, lambda line: _count(_number(line)))
VERSION = Kind("text", "`1.29` to `1.37`", _version, _version)
