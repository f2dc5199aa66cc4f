"""Signatures as they are written, and what Python says of arguments that do not fit."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from k8sgen_core.misfits import close_to


class Misfit(NamedTuple):
    """What is said of arguments that do not fit."""

    message: str
    hint: str | None


class Signature(NamedTuple):
    """The parameters of a method, without its receiver."""

    positional: tuple[str, ...]
    named: tuple[str, ...]
    required: frozenset[str]
    takes_rest: bool
    takes_names: bool
    only_positional: frozenset[str]

    def misfit(self, title: str, count: int, names: Sequence[str]) -> Misfit | None:
        """Return what Python says of a call, ``None`` if it fits."""
        by_name = [*self.positional, *self.named]
        for name in names:
            taken = name in self.positional[:count]
            if name not in by_name or name in self.only_positional:
                if not self.takes_names:
                    said = f"TypeError: {title}() got an unexpected keyword argument '{name}'"
                    return Misfit(said, close_to(name, by_name))
            elif taken:
                return Misfit(
                    f"TypeError: {title}() got multiple values for argument '{name}'", None
                )
        if count > len(self.positional) and not self.takes_rest:
            return self._too_many(title, count)
        given = {*names, *self.positional[:count]}
        return self._missing(title, [each for each in by_name if each in self.required - given])

    def _too_many(self, title: str, count: int) -> Misfit:
        most = len(self.positional) + 1
        least = sum(each in self.required for each in self.positional) + 1
        takes = f"from {least} to {most}" if least < most else f"{most}"
        plural = "" if most == 1 else "s"
        said = f"takes {takes} positional argument{plural} but {count + 1} were given"
        return Misfit(f"TypeError: {title}() {said}", None)

    def _missing(self, title: str, missing: Sequence[str]) -> Misfit | None:
        positional = [each for each in missing if each in self.positional]
        kind = "positional" if positional else "keyword-only"
        shown = [f"'{each}'" for each in positional or missing]
        if not shown:
            return None
        listed = shown[0] if len(shown) == 1 else " and ".join(shown)
        if len(shown) > 2:
            listed = f"{', '.join(shown[:-1])}, and {shown[-1]}"
        plural = "" if len(shown) == 1 else "s"
        said = f"missing {len(shown)} required {kind} argument{plural}: {listed}"
        return Misfit(f"TypeError: {title}() {said}", None)


def signature_of(args: ast.arguments) -> Signature:
    """Return the signature of a method."""
    positional = [each.arg for each in (*args.posonlyargs, *args.args)]
    named = [each.arg for each in args.kwonlyargs]
    optional = set(positional[len(positional) - len(args.defaults) :] if args.defaults else ())
    defaults = zip(named, args.kw_defaults, strict=True)
    optional |= {name for name, default in defaults if default is not None}
    return Signature(
        positional=tuple(positional[1:]),
        named=tuple(named),
        required=frozenset({*positional[1:], *named} - optional),
        takes_rest=args.vararg is not None,
        takes_names=args.kwarg is not None,
        only_positional=frozenset(each.arg for each in args.posonlyargs),
    )
