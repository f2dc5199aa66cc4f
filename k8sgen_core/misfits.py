"""What is wrong with a name or a call that does not fit, in the words that every front end uses."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from k8sgen_core.grammar import did_you_mean
from k8sgen_core.origin import Call

_UNEXPECTED = re.compile(r"unexpected keyword argument '(.+?)'")
_MISSING = re.compile(r"missing \d+ required .*arguments?: (.+)")


def close_to(name: str, options: Iterable[str]) -> str | None:
    """Return the hint that proposes the options nearest to a name."""
    return did_you_mean(*difflib.get_close_matches(name, sorted(options), n=2))


class Said(NamedTuple):
    """What a finding says."""

    rule: str
    message: str
    hint: str | None


def unknown_method(owner: str, name: str, options: Iterable[str]) -> Said:
    """Return what is said of a method that a builder does not have."""
    return unknown_name(owner, name, options, "method ")


def unknown_name(owner: str, name: str, options: Iterable[str], what: str = "") -> Said:
    """Return what is said of a name that its owner does not have."""
    hint = close_to(name, (each for each in options if not each.startswith("_")))
    return Said("unknown-setting", f"{owner} has no {what}{name!r}", hint)


def unknown_template(name: str, known: Iterable[str]) -> Said:
    """Return what is said of a template that nobody registered."""
    near = difflib.get_close_matches(name, names := list(known), 1)
    hint = did_you_mean(*near) or f"register it; there are: {', '.join(names)}"
    return Said("template-not-found", f"there is no template {name!r}", hint)


def unknown_plugin(name: str, known: Iterable[str]) -> Said:
    """Return what is said of a plugin that nobody knows."""
    near = difflib.get_close_matches(name, names := sorted(known), 1)
    hint = did_you_mean(*near) or f"known are: {', '.join(names) or 'none'}"
    return Said("plugin-not-found", f"there is no plugin {name!r}", hint)


def unknown_id(name: str, known: Iterable[str]) -> Said:
    """Return what is said of the id in an exception that no finding has."""
    near = difflib.get_close_matches(name, list(known), n=2)
    hint = did_you_mean(*near) or "k8sgen explain lists all ids"
    return Said("unknown-id", f"no finding has the id {name!r}, so that this ignores nothing", hint)


def self_shadowing(owner: str, name: str) -> Said:
    """Return what is said of a plugin's method that has the name of one of its values."""
    message = (
        f"{name!r} is a method of {owner} and a value: "
        "while it is configured the method, while it generates the value"
    )
    return Said("self-shadowing", message, f"call the value _{name}")


def misfit(call: Call, error: BaseException) -> Said:
    """Return what is said of arguments that a builder's method does not take."""
    takes = f"it takes {_signature(call.function)}"
    unexpected = _UNEXPECTED.search(str(error))
    if unexpected:
        name = unexpected[1]
        parameters = list(inspect.signature(call.function).parameters)[1:]
        message = f"{call.name} has no argument {name!r}"
        return Said("unknown-setting", message, close_to(name, parameters) or takes)
    message = f"{call.name} cannot be called like this"
    missing = _MISSING.search(str(error))
    if missing:
        message = f"{call.name} needs {missing[1]}"
    elif "positional argument" in str(error):
        message = f"{call.name} was given too many arguments"
    return Said("wrong-type", message, takes)


def _signature(function: Callable[..., Any]) -> str:
    plain = [
        each.replace(annotation=inspect.Parameter.empty)
        for each in list(inspect.signature(function).parameters.values())[1:]
    ]
    return str(inspect.Signature(plain))
