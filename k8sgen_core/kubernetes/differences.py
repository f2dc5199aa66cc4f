"""What of one object is not in another, by fields, and the calls that this belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from k8sgen_core.carriers import Dict, List, Origin, Replacing, each, origin_of, placed, plain

Path: TypeAlias = tuple[Any, ...]
Marks: TypeAlias = dict[Path, list[Origin]]


def differences(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, bool]]:
    """Yield the paths in ``old`` that ``new`` does not have, or has with another value."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            inner = (*path, str.__str__(key))
            if key in new:
                yield from differences(value, new[key], inner)
            else:
                yield inner, True
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple):
        for index, twin in enumerate(_twins(old, new)):
            if twin is None:
                yield (*path, index), True
            else:
                yield from differences(old[index], new[twin], (*path, index))
    elif old != new:
        yield path, False


def _twins(old: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """Return for each item the one that takes its place: of its name, else the nearest."""
    names, others = _names(old), _names(new)
    if names and others:
        return [others.index(name) if name in others else None for name in names]
    found: list[int | None] = [None] * len(old)
    import difflib  # Loading it costs more than all of this, and most programs need none.

    keys, other_keys = ([repr(plain(item)) for item in items] for items in (old, new))
    matcher = difflib.SequenceMatcher(None, keys, other_keys, False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind in ("equal", "replace"):
            for index, twin in zip(range(start, end), range(first, last), strict=False):
                found[index] = twin
    return found


def _names(items: Sequence[Any]) -> list[Any]:
    names = [item.get("name") if isinstance(item, dict) else None for item in items]
    return names if None not in names and len(set(names)) == len(names) else []


def mark(marks: Marks, path: Path, origin: Origin, *, gone: bool) -> None:
    """Note that what is at a path is there, or is as it is, because of a call."""
    made = origin if gone else Replacing(origin)
    here = marks.setdefault(path, [])
    if gone:
        here[:] = [known for known in here if known.call is not origin.call]
    if all(known.call is not origin.call for known in here):
        here.append(made)


def marked(value: Any, marks: Marks) -> Any:
    """Return the value with the calls of the marks in it."""
    return _marked(value, marks, ()) if marks else value


def _marked(value: Any, marks: Marks, path: Path) -> Any:
    made: Any
    if isinstance(value, dict):
        made = Dict()
        for key, inner in value.items():
            at = (*path, str.__str__(key))
            made[_with(key, _of_key(inner, marks.get(at, ())))] = _marked(inner, marks, at)
    elif isinstance(value, list | tuple):
        made = List(_marked(item, marks, (*path, index)) for index, item in enumerate(value))
    else:
        return _with(value, marks.get(path, ()))
    made.origin = _joined(value, marks.get(path, ()) if path == () or _is_item(path) else ())
    return made


def _is_item(path: Path) -> bool:
    return isinstance(path[-1], int)


def _of_key(inner: Any, marks: Sequence[Origin]) -> list[Origin]:
    """Return what a key is there for: a value that only changed leaves it where it is."""
    carries = isinstance(inner, str | int | float) or not marks
    return [origin for origin in marks if type(origin) is Origin or not carries]


def _with(value: Any, origins: Sequence[Origin]) -> Any:
    return placed(value, _joined(value, origins)) if origins else value


def _joined(value: Any, origins: Sequence[Origin]) -> Any:
    known = each(origin_of(value))
    calls = {id(origin.call) for origin in known if type(origin) is Origin}
    more = tuple(origin for origin in origins if id(origin.call) not in calls)
    return (*known, *more) if known or more else origin_of(value)
