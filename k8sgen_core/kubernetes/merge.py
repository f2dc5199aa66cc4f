"""
Merging a patch into an object: by the schema's merge keys, or as plain JSON.

Values and keys keep knowing where they were written. What target and patch both give
would be there without the patch as well, so its key belongs to neither of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from k8sgen_core.carriers import caused, like, origin_of
from k8sgen_core.kubernetes.fields import Field
from k8sgen_core.kubernetes.schemas import field
from k8sgen_core.sharing import common, instead

Object: TypeAlias = Mapping[str, Any]


class Unmergeable(ValueError):
    """Raised for a part of a patch that cannot be merged."""

    def __init__(self, message: str, part: object, hint: str) -> None:
        super().__init__(message)
        self.part = part
        self.hint = hint


_DELETE_PREFIX = "$deleteFromPrimitiveList/"
_ORDER_PREFIX = "$setElementOrder/"


def strategic_merge(
    target: dict[str, Any], patch: Object, *, api_version: str, kind: str, version: str
) -> dict[str, Any]:
    """
    Return ``target`` with a strategic merge patch applied, as ``kubectl patch`` would.

    ``null`` deletes a field; lists with a merge key merge by it, other lists are replaced;
    ``$patch``, ``$retainKeys`` and ``$deleteFromPrimitiveList`` are understood.
    """
    root = field(api_version, kind, (), version)
    if root is None:
        raise ValueError(
            f"Kubernetes {version} has no schema for {api_version} {kind}, so nobody knows"
            " how its lists merge: use json_merge"
        )
    return _merge_mapping(root, target, patch, kind)


def json_merge(target: dict[str, Any], patch: Object) -> dict[str, Any]:
    """Return ``target`` with a JSON merge patch (RFC 7386) applied: every list is replaced."""

    def merge(_: str, old: object, new: object) -> object:
        if not isinstance(new, Mapping):
            return new
        return json_merge(old if isinstance(old, dict) else like(new, {}), new)

    return _overlaid(target, patch, merge)


def _overlaid(
    target: Object, changes: Object, merge: Callable[[str, object, object], object]
) -> dict[str, Any]:
    given = {key: key for key in changes}
    result: dict[str, Any] = {}
    for key, old in target.items():
        if key not in changes:
            result[key] = old
        elif (new := changes[key]) is not None:
            merged = merge(key, old, new)
            result[common(key, given[key])] = instead(old, new) if merged is new else merged
    for key, new in changes.items():
        if key not in target and new is not None:
            result[key] = merge(key, None, new)
    return like(target, result)


def _merge(place: Field | None, old: object, new: object, where: str) -> object:
    if isinstance(new, Mapping):
        replaces = place is not None and "replace" in place.strategies
        known = isinstance(old, dict) and not replaces
        return _merge_mapping(place, old if known else like(new, {}), new, where)
    if isinstance(new, list) and place is not None and "merge" in place.strategies:
        return _merge_list(place, old if isinstance(old, list) else like(new, []), new, where)
    return new


def _merge_mapping(place: Field | None, target: Any, patch: Object, where: str) -> dict[str, Any]:
    directive = _directive(patch, where)
    if directive == "delete":
        return like(patch, {})
    if directive == "replace":
        target = like(patch, {})
    target = _reduced(target, patch)

    def merge(name: str, old: object, new: object) -> object:
        return _merge(place and place.child(name), old, new, f"{where}.{name}")

    return _overlaid(target, _changes(patch, where), merge)


def _directive(patch: Object, where: str) -> str:
    directive = patch.get("$patch", "merge")
    if directive not in {"merge", "replace", "delete"}:
        message = f"{where}: '$patch' is merge, replace or delete, not {directive!r}"
        raise Unmergeable(message, patch, "without '$patch' it is merged")
    return str(directive)


def _changes(patch: Object, where: str) -> Object:
    if ordered := next((key for key in patch if key.startswith(_ORDER_PREFIX)), None):
        message = f"{where}: {ordered!r} is not supported"
        hint = "leave it out: items keep the order of the target, and new ones come last"
        raise Unmergeable(message, patch, hint)
    directives = {"$patch", "$retainKeys"}
    return {
        key: value
        for key, value in patch.items()
        if key not in directives and not key.startswith(_DELETE_PREFIX)
    }


def _reduced(target: Object, patch: Object) -> Object:
    """Take away what ``$retainKeys`` and ``$deleteFromPrimitiveList`` name."""
    kept = {
        key: _without(value, patch.get(f"{_DELETE_PREFIX}{key}", ()))
        for key, value in target.items()
        if key in patch.get("$retainKeys", target)
    }
    return like(target, kept)


def _without(value: Any, unwanted: Any) -> Any:
    if not unwanted:
        return value
    return like(value, [item for item in value if item not in unwanted])


def _merge_list(place: Field, target: list[Any], patch: list[Any], where: str) -> list[Any]:
    key = place.merge_key
    if key is None:
        twins = [
            common(item, patch[patch.index(item)]) if item in patch else item for item in target
        ]
        return like(target, [*twins, *(item for item in patch if item not in target)])
    changes = [_item(change, key, f"{where}[{index}]") for index, change in enumerate(patch)]
    if any(directive == "replace" for directive, _, _ in changes):
        target = like(patch, [])
    result = list(target)
    for directive, change, at in changes:
        if directive == "delete":
            result = [item for item in result if not _same(item, change, key)]
        elif directive == "merge":
            _merge_item(place, result, change, at)
    return like(target, result)


def _item(change: object, key: str, where: str) -> tuple[str, Object, str]:
    if isinstance(change, Mapping):
        directive = _directive(change, where)
        if key in change or directive == "replace":
            return directive, change, where
    message = f"{where}: the items of this list merge by {key!r}, which is missing here"
    raise Unmergeable(message, change, f"say which one it is, with its {key!r}")


def _same(item: object, change: Object, key: str) -> bool:
    return isinstance(item, Mapping) and item.get(key) == change[key]


def _is_told(change: Object, name: str) -> bool:
    """Does a patch give the field a value that has no parts?"""
    return name in change and not isinstance(change[name], dict | list)


def _merge_item(place: Field, result: list[Any], change: Object, where: str) -> None:
    """Merge an item in place, or append it; ``$patch`` was heeded by the list."""
    key = str(place.merge_key)
    change = {name: value for name, value in change.items() if name != "$patch"}
    index = next((i for i, item in enumerate(result) if _same(item, change, key)), None)
    if index is None:
        result.append(_merge_mapping(place, like(change, {}), change, where))
    else:
        # The item is there by this key already: its line comes from neither alone, and what
        # asked for the item is only why there is the rest of it.
        whole = result[index]
        old = {
            n: v if _is_told(change, n) else caused(origin_of(whole), v) for n, v in whole.items()
        }
        change = {name: common(old[key], v) if name == key else v for name, v in change.items()}
        result[index] = _merge_mapping(place, old, change, where)
