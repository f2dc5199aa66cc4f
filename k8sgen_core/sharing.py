"""
What several calls give: whose it is.

What would be there by either of two calls alone belongs to neither. What takes the place
of an earlier value belongs to its call for what it says, but not for being there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from k8sgen_core.carriers import (
    NOBODY,
    Cause,
    Dict,
    List,
    Origin,
    Origins,
    Placed,
    Replacing,
    caused,
    each,
    in_all,
    like,
    origin_of,
    origins_of,
    placed,
    standing,
)

T = TypeVar("T")


def common(one: T, other: T) -> T:
    """Return the first of two: what in it would be there by either alone belongs to neither."""
    shared: Origins = None
    if origin_of(one) is not None or origin_of(other) is not None:
        shared = in_all(origin_of(one), origin_of(other))
    made: Any
    if isinstance(one, dict) and isinstance(other, dict):
        twins = {key: key for key in other}
        made = Dict()
        for key, value in one.items():
            known = key in twins
            made[common(key, twins[key]) if known else key] = (
                common(value, other[key]) if known else value
            )
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        made = List(map(common, one, other))
    else:
        return placed(one, shared) if one == other else one
    made.origin = shared
    return cast(T, made)


def merged(old: Mapping[Any, Any] | None, new: Mapping[Any, Any]) -> dict[Any, Any]:
    """
    Return both mappings; the later one wins.

    A key that two calls give is there without either, so it belongs to none of them.
    """
    if not old:
        return dict(new)
    if old.keys().isdisjoint(new):
        return {**old, **new}
    given = {key: key for key in new}
    result = {
        common(key, given[key]) if key in given else key: new.get(key, value)
        for key, value in old.items()
    }
    result.update((key, value) for key, value in new.items() if key not in old)
    return result


def laid_over(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return both mappings; what the later one says takes the place of the earlier one's."""
    return merged(old, {key: instead(old.get(key), value) for key, value in new.items()})


def instead(old: Any, new: Any) -> Any:
    """Return a value that takes the place of another, and does not forget that it does."""
    if old is None:
        return new
    made: Any
    given = origin_of(new)
    if isinstance(new, dict) and isinstance(old, dict):
        twins = {key: key for key in old}
        made = {
            common(twins[key], key) if key in twins else key: instead(
                old.get(key), caused(given, value)
            )
            for key, value in new.items()
        }
    elif isinstance(new, list | tuple) and isinstance(old, list | tuple):
        items = [caused(given, value) for value in new]
        made = [*map(instead, old, items), *items[len(old) :]]
    else:
        return placed(new, _again(old, new))
    return tuple(made) if isinstance(new, tuple) else standing(made) if old else like(new, made)


def _again(old: object, new: object) -> Origins:
    """Return the origins of a scalar that takes the place of another."""
    given = origin_of(new)
    if old != new:
        return replacing(given)
    # What a call says without an argument, it does not change by saying it again.
    shared = tuple(origin for origin in in_all(origin_of(old), given) if origin.argument is None)
    told = tuple(origin for origin in each(given) if origin.argument is not None)
    return (*shared, *each(replacing(told)))


def replacing(origins: Origins) -> Origins:
    """Return the same origins of a value that replaces another."""
    return tuple(Replacing(origin) for origin in each(origins))


def deciding(*values: object) -> Placed:
    """Return the calls of values by which it is decided whether there is something at all."""
    origins = origins_of(values)
    return NOBODY if origins is None else Cause(tuple([Origin(origin) for origin in each(origins)]))


def besides(cause: Placed, other: Placed) -> Placed:
    """Return a cause without the calls of another."""
    places = {origin.call.place for origin in each(other.origin)}
    rest = (origin for origin in each(cause.origin) if origin.call.place not in places)
    return Cause(tuple(rest))
