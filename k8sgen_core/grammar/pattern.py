"""
Patterns for whole names, matched in time that no pattern can blow up.

The usual notation of regular expressions, without what needs backtracking. A pattern
is a tree; of each part it is worked out once for each position where it can end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from k8sgen_core.grammar import ArgumentError, shown, text

LONGEST = 253
RULE = "invalid-value"
EXAMPLE = "write e.g. '[a-z][a-z0-9-]*'"
COUNTED = re.compile(r"\{([0-9]{1,3})(?:(,)([0-9]{1,3})?)?\}")
# One character: what \d and the like stand for, a class, or itself.
CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
ATOM = re.compile(r"\\[dDwWsS]|\\[^A-Za-z0-9]|[^\\\[\](){}*+?|^$.]|\.", re.DOTALL)
DEEPEST = 20

Ends: TypeAlias = frozenset[int]


class One(NamedTuple):
    """One character of a set."""

    fits: Callable[[str], object]


class Edge(NamedTuple):
    """The beginning or the end of the name."""

    at_end: bool


class Sequence(NamedTuple):
    """Parts, one after the other."""

    parts: tuple[Node, ...]


class Choice(NamedTuple):
    """One of several."""

    options: tuple[Node, ...]


class Repeated(NamedTuple):
    """A part several times; without ``most`` as often as one likes."""

    part: Node
    least: int
    most: int | None


Node: TypeAlias = "One | Edge | Sequence | Choice | Repeated"


class Pattern:
    """A pattern that whole names match or do not."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._tree = _Parser(source).whole()

    def matches(self, name: str) -> bool:
        """Tell whether the whole name fits; none longer than 253 characters does."""
        return len(name) <= LONGEST and len(name) in _Matcher(name).ends(self._tree, 0)


def pattern(value: object) -> str:
    """Return a pattern, e.g. ``[a-z][a-z0-9-]*``, if it can be matched here."""
    given = text(value, "the pattern", EXAMPLE)
    if not given or len(given) > LONGEST:
        raise _refused(given, f"it must have 1 to {LONGEST} characters")
    Pattern(given)
    return given


def _refused(source: str, fault: str) -> ArgumentError:
    return ArgumentError(RULE, f"{shown(source)} is not a pattern: {fault}", EXAMPLE)


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        tree = self._choice()
        if self._at < len(self._source):
            raise self._fault("a ')' without its '('")
        return tree

    def _fault(self, fault: str) -> ArgumentError:
        return _refused(self._source, f"{fault} at character {self._at + 1}")

    def _takes(self, token: str) -> bool:
        found = self._source.startswith(token, self._at)
        self._at += len(token) if found else 0
        return found

    def _choice(self) -> Node:
        options = [self._sequence()]
        while self._takes("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._at < len(self._source) and self._source[self._at] not in "|)":
            parts.append(self._counted(self._part()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _part(self) -> Node:
        if self._takes("("):
            return self._group()
        if self._takes("^") or self._takes("$"):
            return Edge(self._source[self._at - 1] == "$")
        found = CLASS.match(self._source, self._at) or ATOM.match(self._source, self._at)
        if found is None:
            raise self._fault(f"{self._source[self._at]!r} cannot stand")
        try:
            fits = re.compile(found[0], re.DOTALL).fullmatch
        except re.error as error:
            raise self._fault(str(error.msg)) from None
        self._at = found.end()
        return One(fits)

    def _group(self) -> Node:
        if self._takes("?") and not self._takes(":"):
            raise self._fault("only groups without extensions, or (?:...), can be matched; '(?'")
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._fault("groups nested too deep")
        inner = self._choice()
        self._depth -= 1
        if not self._takes(")"):
            raise self._fault("a '(' without its ')'")
        return inner

    def _counted(self, part: Node) -> Node:
        for sign, least, most in (("*", 0, None), ("+", 1, None), ("?", 0, 1)):
            if self._takes(sign):
                return self._greedy_or_not(Repeated(part, least, most))
        found = COUNTED.match(self._source, self._at)
        if found is None:
            return part
        self._at = found.end()
        least, most = int(found[1]), int(found[3]) if found[3] else None
        if not found[2]:
            most = least
        if max(least, most or 0) > LONGEST or (most is not None and most < least):
            raise self._fault(f"{found[0]} is no count that a name can have, before what stands")
        return self._greedy_or_not(Repeated(part, least, most))

    def _greedy_or_not(self, part: Node) -> Node:
        self._takes("?")
        if self._source[self._at : self._at + 1] in {"*", "+", "?", "{"}:
            raise self._fault("a second repetition")
        return part


class _Matcher:
    """Where each part can end, worked out once for each place where it begins."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._known: dict[tuple[int, int], Ends] = {}

    def ends(self, node: Node, start: int) -> Ends:
        if isinstance(node, One):
            fits = start < len(self._name) and node.fits(self._name[start])
            return frozenset((start + 1,)) if fits else frozenset()
        if isinstance(node, Edge):
            return frozenset((start,)) if start == len(self._name) * node.at_end else frozenset()
        key = (id(node), start)
        if key not in self._known:
            self._known[key] = self._composed(node, start)
        return self._known[key]

    def _composed(self, node: Sequence | Choice | Repeated, start: int) -> Ends:
        if isinstance(node, Choice):
            return frozenset().union(*(self.ends(option, start) for option in node.options))
        if isinstance(node, Repeated):
            return self._repeated(node, start)
        reached: Ends = frozenset((start,))
        for part in node.parts:
            reached = self._onwards(part, reached)
        return reached

    def _onwards(self, part: Node, starts: Ends) -> Ends:
        return frozenset().union(*(self.ends(part, start) for start in starts))

    def _repeated(self, node: Repeated, start: int) -> Ends:
        reached: Ends = frozenset((start,))
        for _ in range(node.least):
            reached = self._onwards(node.part, reached)
        more, fresh = 0, reached
        while fresh and (node.most is None or more < node.most - node.least):
            fresh = self._onwards(node.part, fresh) - reached
            reached |= fresh
            more += 1
        return reached
