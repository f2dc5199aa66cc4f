"""
The law of provenance, and how well a program keeps it.

Each call of a program is varied: left out, or with another argument. What differs then is
what the call decides, and a preview must have said so: no less (recall, presence) and no
more (precision).
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.core.law.comparing import Change, Line, Matching
from tests.core.law.programs import KEYS, Literal, Program
from tests.core.law.running import Run, Start, run
from tests.core.law.vocabulary import CALLS

SETTERS = {name for forms in CALLS.values() for form in forms for name in form.split("(")[0:1]} | {
    "path"
}
NAME_POSITION = {"CustomResource": 2}
ALTERNATIVES = 3
# Where one call's argument comes to be what another says too, a line appears or goes that is
# the other's alone: without the call it stands all the same.
OVERWRITTEN = "a line that stands the same without the call, of a key that another call gives too"
WRITTEN = ("add_json", "add_yaml")
FRAMES = (": |", ": |-", "{", "}")
TWICE = "what two equal calls say, of a builder: programs have no other one to put there"
BLOCK = "what all texts of add_json or add_yaml begin and end with, of a key given twice"
# Keys and files of them, what volumes are named after, and a number that 0 takes back.
COMMON = KEYS | {"env_file", "gpu", "other_name", "volume"}
# What tells objects apart: another is another object, of which only the lines with it are judged.
IDENTITY = frozenset(("name", "kind"))
# The program is wrong then, and a part of its output is missing for that reason alone.
CONTRADICTION = "conflicting-settings"
WRONG = frozenset(("missing-port", "invalid-override", "duplicate-port", CONTRADICTION))


class Site(NamedTuple):
    """A call in the text: where its range starts, and the bytes that leaving it out removes."""

    start: Start
    name: str
    node: ast.Call
    removal: tuple[int, int, str] | None


class Variant(NamedTuple):
    """A program's text with one thing about one call changed."""

    site: Site
    texts: dict[str, str]
    literal: Literal | None = None
    value: str = ""


class Text:
    """One file of a program: its calls, and the places of its literals."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.bytes = text.encode()
        self._lines = [0]
        for line in self.bytes.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        tree = ast.parse(text)
        self._statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        self.sites = [site for node in calls if (site := self._site(node)) is not None]

    def offset(self, line: int | None, column: int | None) -> int:
        assert line is not None
        assert column is not None
        return self._lines[line - 1] + column

    def _site(self, node: ast.Call) -> Site | None:
        end = self.offset(node.end_lineno, node.end_col_offset)
        if isinstance(node.func, ast.Attribute):
            if node.func.attr not in SETTERS:
                return None
            column = (node.func.end_col_offset or 0) - len(node.func.attr)
            start = (self.path, (node.func.end_lineno or 0) - 1, column)
            before = self.offset(node.func.value.end_lineno, node.func.value.end_col_offset)
            return Site(start, node.func.attr, node, (before, end, ""))
        assert isinstance(node.func, ast.Name)
        start = (self.path, node.lineno - 1, node.col_offset)
        name = node.func.id
        removal = None
        if id(node) in self._statements and not name.startswith("make"):
            removal = (self.offset(node.lineno, node.col_offset), end, "None")
        return Site(start, name, node, removal)

    def innermost(self, offset: int) -> Site | None:
        """Return the call that has this among its arguments."""
        inside = [
            (self.offset(node.func.end_lineno, node.func.end_col_offset), site)
            for site in self.sites
            if (node := site.node)
            and self.offset(node.func.end_lineno, node.func.end_col_offset) <= offset
            and offset < self.offset(node.end_lineno, node.end_col_offset)
        ]
        return max(inside, key=lambda found: found[0])[1] if inside else None

    def replaced(self, start: int, end: int, new: str) -> str:
        return (self.bytes[:start] + new.encode() + self.bytes[end:]).decode()


def removals(program: Program) -> Iterator[Variant]:
    """Yield the program without each of its calls that can be left out."""
    texts = program.texts()
    for path, text in texts.items():
        source = Text(path, text)
        for site in source.sites:
            if site.removal is not None:
                yield Variant(site, {**texts, path: source.replaced(*site.removal)})


def changes(program: Program) -> Iterator[Variant]:
    """Yield the program with each of its arguments changed to other valid values."""
    texts = program.texts()
    for path, tokens in program.files.items():
        source = Text(path, texts[path])
        offset = 0
        for index, token in enumerate(tokens):
            size = len((token if isinstance(token, str) else token.text).encode())
            site = None if isinstance(token, str) else source.innermost(offset)
            offset += size
            if site is None or isinstance(token, str):
                continue
            for value in token.others[:ALTERNATIVES]:
                yield Variant(site, program.texts((path, index), value), token, value)


def renamings(program: Program) -> Iterator[Variant]:
    """Yield the program with each constructor's name changed, however it is written."""
    texts = program.texts()
    for path, text in texts.items():
        source = Text(path, text)
        for site in source.sites:
            if site.name not in CALLS or site.name == "Manifests":
                continue
            argument = site.node.args[NAME_POSITION.get(site.name, 0)]
            at = source.offset(argument.lineno, argument.col_offset)
            yield Variant(site, {**texts, path: source.replaced(at, at, '"new-" + ')})


@dataclass
class Figure:
    """How many of the lines judged are as the law wants them."""

    judged: int = 0
    missed: list[str] = field(default_factory=list)
    excepted: Counter[str] = field(default_factory=Counter)

    def judge(self, kept: bool, what: str, exception: str | None = None) -> None:
        """Count a line; one that an exception explains is neither kept nor missed."""
        if kept or exception is None:
            self.judged += 1
        if not kept and exception is None:
            self.missed.append(what)
        if not kept and exception is not None:
            self.excepted[exception] += 1

    @property
    def percent(self) -> float:
        return 100 * (1 - len(self.missed) / self.judged) if self.judged else 100.0


@dataclass
class Verdict:
    """The three figures."""

    recall: Figure = field(default_factory=Figure)
    presence: Figure = field(default_factory=Figure)
    precision: Figure = field(default_factory=Figure)
    variants: Counter[str] = field(default_factory=Counter)
    is_further: bool = False


class Trial:
    """One program before the law."""

    def __init__(self, program: Program, root: Path, verdict: Verdict) -> None:
        self.program = program
        self.root = root
        self.verdict = verdict
        self.base = run(program.texts(), root, program.environment)
        self.proven: set[tuple[Line, Start]] = set()
        self.varied: dict[Start, str] = {}
        self._owing: dict[tuple[Run, Start], set[Line | None]] = {}

    def hold(self) -> None:
        """Judge everything about the program."""
        if self.base.refused or CONTRADICTION in {rule for rule, _ in self.base.problems}:
            self._skipped()
            return
        for variant in removals(self.program):
            if varied := self._run(variant):
                self._judge_presence(variant, varied)
        for variant in changes(self.program):
            if varied := self._run(variant):
                self._judge_recall(variant, varied)
        for variant in renamings(self.program):
            if varied := self._run(variant):
                self._changes(variant, varied, lambda change: 0)
        self._judge_precision()

    def _run(self, variant: Variant) -> Run | None:
        varied = run(variant.texts, self.root, self.program.environment)
        wrong = {rule for rule, _ in varied.problems - self.base.problems} & WRONG
        if not varied.refused and wrong:
            # What is missing now shows what the call was for, but is not the call's own.
            self._changes(variant, varied, lambda change: 0)
            return self._skipped()
        if varied.refused:
            return self._skipped()
        self.verdict.variants["judged"] += 1
        return varied

    def _skipped(self) -> None:
        self.verdict.variants["not valid"] += 1

    def _changes(self, variant, varied, weigh) -> tuple[Change, ...]:
        literal = variant.literal
        # Each further HTTPRoute has a number in its name; an alias may be of any method.
        renames = variant.site.name.startswith(("expose", "bound")) or (
            variant.site.name in CALLS if literal is None else literal.kind == "name"
        )
        found = Matching(weigh, renames=renames).files(self.base.files, varied.files)
        start = variant.site.start
        self.varied[start] = variant.site.name
        self.proven.update((change.old, start) for change in found if change.old is not None)
        return found

    def _judge_presence(self, variant: Variant, varied: Run) -> None:
        start = variant.site.start

        def named(line: Line) -> bool:
            return start in self.base.stack(line)

        def weigh(change: Change) -> int:
            return int(change.old is not None and not named(change.old))

        found = self._changes(variant, varied, weigh)
        for change in found:
            if change.old is not None:
                text = self.base.text(change.old)
                what = f"{variant.site.name} removed: {change.old.path}:{text}"
                self.verdict.presence.judge(named(change.old), what)

    def _judge_recall(self, variant: Variant, varied: Run) -> None:
        literal = variant.literal
        assert literal is not None
        start = variant.site.start

        def concerns(made: Run, line: Line, value: str) -> bool:
            return literal.kind not in IDENTITY or value.strip('"') in made.text(line)

        def missing(change: Change) -> list[tuple[Run, Line]]:
            sides = (self.base, change.old, literal.text), (varied, change.new, variant.value)
            return [
                (made, line)
                for made, line, value in sides
                if line and concerns(made, line, value) and start not in made.stack(line)
            ]

        found = self._changes(variant, varied, lambda change: len(missing(change)))
        for change in found:
            lost = missing(change)
            lines = [f"{line.path}:{made.text(line)}" for made, line in lost]
            what = f"{variant.site.name} {literal.kind} {literal.text} -> {variant.value}: {lines}"
            exception = self._exception(variant, lost) if lost else None
            self.verdict.recall.judge(not lost, what, exception)

    def _exception(self, variant: Variant, lost: list[tuple[Run, Line]]) -> str | None:
        """Return why no attribution can name the lines, if there is a reason."""
        literal = variant.literal
        if literal is None or variant.site.removal is None:
            return None
        if literal.kind not in COMMON:
            return None
        stand = all(line not in self._owed(made, variant.site) for made, line in lost)
        return OVERWRITTEN if stand else None

    def _owed(self, made: Run, site: Site) -> set[Line | None]:
        """Return the lines that a run without the call has not."""
        if (made, site.start) not in self._owing:
            path = site.start[0]
            # The call with its changed argument is not there either, so this one run does for both.
            text = Text(path, self.base.texts[path]).replaced(*site.removal or (0, 0, ""))
            without = run({**self.base.texts, path: text}, self.root, self.program.environment)
            gone = Matching(lambda _: 0).files(made.files, without.files)
            self._owing[made, site.start] = {change.old for change in gone}
        return self._owing[made, site.start]

    def _told_twice(self) -> set[Start]:
        """Return the calls that stand twice in the text, with a variable as an argument."""
        sites = [site for path, text in self.base.texts.items() for site in Text(path, text).sites]
        said = Counter(f"{site.name} {list(map(ast.dump, site.node.args))}" for site in sites)
        return {
            site.start
            for site in sites
            if any(isinstance(argument, ast.Name) for argument in site.node.args)
            and said[f"{site.name} {list(map(ast.dump, site.node.args))}"] > 1
        }

    def _judge_precision(self) -> None:
        twice = self._told_twice()
        for path, text in self.base.files.items():
            for number in range(len(text.splitlines())):
                line = Line(path, number)
                for start in self.base.calls(line):
                    if start in self.varied:
                        what = f"{self.varied[start]} owns {path}:{self.base.text(line)}"
                        kept = (line, start) in self.proven
                        block = self.varied[start] in WRITTEN and what.endswith(FRAMES)
                        exception = BLOCK if block else TWICE if start in twice else None
                        self.verdict.precision.judge(kept, what, exception)
