"""
What is different between two sets of files: line by line, by fields and not by position.

Items of lists are matched so that the fewest lines differ, because the first of two items
gone is not the second one changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import yaml

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Line(NamedTuple):
    """Where a line of output is."""

    path: str
    number: int


class Change(NamedTuple):
    """A line before and after; ``None`` where there is none."""

    old: Line | None
    new: Line | None


Changes: TypeAlias = tuple[Change, ...]
# What the changes weigh and how many there are, and the changes themselves.
Found: TypeAlias = "tuple[tuple[int, int], Changes]"
Weigh: TypeAlias = Callable[[Change], int]


@dataclass(eq=False)
class Entry:
    """A field or an item: its lines, and what is in it."""

    path: str
    first: int
    text: list[str] = field(default_factory=list)
    fields: dict[str, Entry] = field(default_factory=dict)
    items: list[Entry] = field(default_factory=list)

    @property
    def is_leaf(self) -> bool:
        return not self.fields and not self.items

    def is_called(self, other: Entry, fields: tuple[str, ...]) -> bool:
        """Are these fields of two objects' metadata equal? The file's name may tell more."""
        mine, others = (entry.fields["metadata"].fields for entry in (self, other))
        return all(
            (name in mine) == (name in others)
            and (name not in mine or mine[name].text == others[name].text)
            for name in fields
        )

    @property
    def whole_text(self) -> str:
        """The text of every line."""
        inner = (*self.fields.values(), *self.items)
        return "\n".join((*self.text, *(each.whole_text for each in inner)))

    def lines(self) -> Iterator[Line]:
        """Yield every line of it, those inside included."""
        yield from (Line(self.path, self.first + n) for n in range(len(self.text)))
        for inner in (*self.fields.values(), *self.items):
            yield from inner.lines()


@lru_cache(maxsize=4096)
def parsed(path: str, text: str) -> Entry:
    """Return a file's object with the lines of its fields."""
    lines = text.splitlines()
    owners: dict[int, Entry] = {}
    root = Entry(path, 0)
    _fill(root, yaml.compose(text, Loader=Loader), owners)
    owner = root
    for number, line in enumerate(lines):
        owner = owners.get(number, owner)
        owner.text.append(re.sub(r"^[ -]*(?=\S)", "", line) if number in owners else line)
    return root


def _fill(entry: Entry, node: yaml.Node, owners: dict[int, Entry]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = Entry(entry.path, key.start_mark.line)
            owners[inner.first] = inner
            entry.fields[key.value] = inner
            _fill(inner, value, owners)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            inner = Entry(entry.path, value.start_mark.line)
            if isinstance(value, yaml.ScalarNode) or not value.value:
                owners[inner.first] = inner
            entry.items.append(inner)
            _fill(inner, value, owners)


class Matching:
    """The changes between two sets of files that weigh least."""

    def __init__(self, weigh: Weigh, *, renames: bool = False) -> None:
        self.weigh = weigh
        self.renames = renames

    def files(self, old: Mapping[str, str], new: Mapping[str, str]) -> Changes:
        """Return the changes; a renamed object is in another file."""
        paths = dict.fromkeys((*old, *new))
        kinds = dict.fromkeys(path.rpartition("-")[2] for path in paths)
        found: list[Change] = []
        for kind in kinds:
            before, after = (
                {path: text for path, text in some.items() if path.rpartition("-")[2] == kind}
                for some in (old, new)
            )
            found += self._objects(before, after)
        return tuple(found)

    def _objects(self, old: Mapping[str, str], new: Mapping[str, str]) -> Changes:
        """Return the changes of the objects of one kind."""
        before = [parsed(path, text) for path, text in old.items()]
        after = [parsed(path, text) for path, text in new.items()]
        if self.renames and old.keys() != new.keys():
            return self.items(before, after)
        found: list[Change] = []
        for same in ("namespace", "name"), ("name",):
            for entry in list(before):
                twin = next((each for each in after if entry.is_called(each, same)), None)
                if twin is not None:
                    before.remove(entry)
                    after.remove(twin)
                    found += self.entry(entry, twin)
        rest = ((entry, None) for entry in before), ((None, entry) for entry in after)
        return (*found, *(change for pairs in rest for pair in pairs for change in whole(*pair)))

    def entry(self, old: Entry, new: Entry) -> Changes:
        """Return the changes of one field or item."""
        if old.is_leaf or new.is_leaf:
            return self._leaf(old, new)
        found: list[Change] = []
        for key in dict.fromkeys((*old.fields, *new.fields)):
            before, after = old.fields.get(key), new.fields.get(key)
            if before is not None and after is not None:
                found += self.entry(before, after)
            else:
                found += whole(before, after)
        return (*found, *self.items(old.items, new.items))

    def _leaf(self, old: Entry, new: Entry) -> Changes:
        if not (old.is_leaf and new.is_leaf):
            old_lines, new_lines = list(old.lines()), list(new.lines())
            head = (Change(old_lines[0], new_lines[0]),) if old.text and new.text else ()
            rest = [Change(line, None) for line in old_lines[len(head) :]]
            return (*head, *rest, *(Change(None, line) for line in new_lines[len(head) :]))
        found: list[Change] = []
        matcher = SequenceMatcher(None, old.text, new.text, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag == "equal":
                continue
            before = [Line(old.path, old.first + n) for n in range(a, b)]
            after = [Line(new.path, new.first + n) for n in range(c, d)]
            found += paired(before, after)
        return tuple(found)

    def items(self, old: Sequence[Entry], new: Sequence[Entry]) -> Changes:
        """Match the items of two lists: of mappings in any order, of texts in theirs."""
        texts, others = ([item.whole_text for item in some] for some in (old, new))
        same = {text for text in texts if texts.count(text) == others.count(text) == 1}
        before = [item for item in old if item.whole_text not in same]
        after = [item for item in new if item.whole_text not in same]
        if any(item.is_leaf for item in (*old, *new)) or len(after) > 7:
            return self._in_order(list(old), list(new))
        weight, changes = self._in_any_order(before, frozenset(after), {})
        if weight[0] and same and len(new) <= 6:
            # An item may have become what another one was.
            _, changes = self._in_any_order(list(old), frozenset(new), {})
        return changes

    def _in_any_order(
        self, old: list[Entry], new: frozenset[Entry], known: dict[Any, Found]
    ) -> Found:
        """Return the best way to match; ``new`` is what is not matched yet."""
        if not old:
            come = [c for item in sorted(new, key=lambda e: e.first) for c in whole(None, item)]
            return self._added(tuple(come), ((0, 0), ()))
        place = (len(old), new)
        if place not in known:
            entry, rest = old[0], old[1:]
            ways = [(whole(entry, None), new)]
            ways += [
                (self.entry(entry, twin), new - {twin})
                for twin in sorted(new, key=lambda each: each.first)
            ]
            known[place] = min(
                (self._added(made, self._in_any_order(rest, left, known)) for made, left in ways),
                key=lambda found: found[0],
            )
        return known[place]

    def _in_order(self, old: list[Entry], new: list[Entry]) -> Changes:
        best: dict[tuple[int, int], Found] = {}
        for i in range(len(old), -1, -1):
            for j in range(len(new), -1, -1):
                ways = []
                if i < len(old) and j < len(new):
                    ways.append((self.entry(old[i], new[j]), (i + 1, j + 1)))
                if i < len(old):
                    ways.append((whole(old[i], None), (i + 1, j)))
                if j < len(new):
                    ways.append((whole(None, new[j]), (i, j + 1)))
                best[i, j] = min(
                    (self._added(changes, best[rest]) for changes, rest in ways),
                    key=lambda found: found[0],
                    default=((0, 0), ()),
                )
        return best[0, 0][1]

    def _added(self, changes: Changes, rest: Found) -> Found:
        (weight, count), others = rest
        weight += sum(map(self.weigh, changes))
        return (weight, count + len(changes)), (*changes, *others)


def whole(old: Entry | None, new: Entry | None) -> Changes:
    """Return every line of what goes or comes."""
    gone = () if old is None else tuple(Change(line, None) for line in old.lines())
    return gone if new is None else (*gone, *(Change(None, line) for line in new.lines()))


def paired(old: list[Line], new: list[Line]) -> Iterator[Change]:
    for number in range(max(len(old), len(new))):
        before = old[number] if number < len(old) else None
        yield Change(before, new[number] if number < len(new) else None)
