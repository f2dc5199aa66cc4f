"""One server on one file: how long what people wait for takes, and whether it was right."""

from __future__ import annotations

import asyncio
import os
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client import LONGEST, Client, Clock, Document, Json
from corpus import CHAINS, Corpus

PAUSE = 0.02
KEY = 0.03
PHASE = 15_000.0
UNTOLD = 5_000.0
MARK = "zzq{}q"


@dataclass(frozen=True)
class Server:
    """How a server is started; ``options`` are for it alone."""

    name: str
    command: Sequence[str | Path]
    options: Json = field(default_factory=dict)


@dataclass
class Times:
    """What was measured, and how many of the answers were right."""

    taken: list[float] = field(default_factory=list)
    right: int = 0

    def quantile(self, part: float) -> float | None:
        """Return a quantile in milliseconds."""
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))] if ordered else None

    @property
    def share(self) -> float | None:
        """The share of right answers, in percent."""
        return 100 * self.right / len(self.taken) if self.taken else None


@dataclass
class Row:
    """What one server did on one file."""

    server: str
    initialized: float = 0
    first: float | None = None
    completion: Times = field(default_factory=Times)
    burst: Times = field(default_factory=Times)
    hover: Times = field(default_factory=Times)
    diagnostics: Times = field(default_factory=Times)
    chains: dict[int, float] = field(default_factory=dict)
    megabytes: float = 0


@dataclass(frozen=True)
class Environment:
    """The environment that the libraries of the corpora are installed in."""

    python: Path

    @property
    def variables(self) -> Mapping[str, str]:
        """What servers find in their environment."""
        home = self.python.parent.parent
        path = f"{self.python.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        # Servers in Python may keep the bytecode of what they load, as they do elsewhere.
        left_out = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
        kept = {k: v for k, v in os.environ.items() if k not in left_out}
        return {**kept, "VIRTUAL_ENV": str(home), "PATH": path}

    @property
    def settings(self) -> Json:
        """What servers are told when they ask."""
        python = str(self.python)
        return {"python": {"pythonPath": python, "defaultInterpreterPath": python}}


async def measured(
    server: Server, corpus: Corpus, size: int, place: Environment, rounds: int
) -> Row:
    """Return what a server does on the file of a size, and on the chains beside it."""
    row = Row(server.name)
    client = Client(server.command, corpus.root, place.settings)
    clock = Clock()
    await client.start(place.variables, server.options)
    row.initialized = clock.read()
    try:
        await Session(client, corpus, size, rounds, row).run(clock)
    finally:
        await client.stop()
    return row


class Session:
    """What is done in one session, phase after phase."""

    def __init__(self, client: Client, corpus: Corpus, size: int, rounds: int, row: Row) -> None:
        path = corpus.file(size)
        self.client = client
        self.corpus = corpus
        self.rounds = rounds
        self.row = row
        self.document = Document(client, path, path.read_text("utf-8"))
        self.owners = dict(_owners(self.document.lines))
        # Each server gets the same places.
        self.chosen = random.Random(1)  # noqa: S311 - nothing is kept secret by it

    async def run(self, clock: Clock) -> None:
        """Measure everything that the server can do."""
        self.row.first = await self.first(clock)
        await self.completions()
        await self.bursts()
        if self.client.capabilities.get("hoverProvider"):
            await self.hovers()
        await self.diagnostics()
        self.row.megabytes = sum(self.client.megabytes().values())
        for calls in CHAINS:
            self.row.chains[calls] = await self.chain(calls)

    def _lines(self, rounds: int) -> Iterator[int]:
        """Yield lines of chains, until it takes too long."""
        phase = Clock()
        for _ in range(rounds):
            if phase.read() > PHASE:
                return
            yield self.chosen.choice(list(self.owners))

    async def first(self, clock: Clock) -> float | None:
        """Open the file with a dot at its end, and ask until the answer is right."""
        document = self.document
        document.lines.insert(len(document.lines) - 1, 'App("x").')
        document.open()
        line = len(document.lines) - 2
        started = clock.read()
        taken = None
        while taken is None and clock.read() - started < 30_000:
            if {"image", "replicas"} <= await complete(self.client, document, line):
                taken = clock.read()
            await asyncio.sleep(0.01)
        document.delete(line)
        return taken

    async def completions(self) -> None:
        """Begin a line in a chain, and ask what can follow."""
        times = self.row.completion
        for line in self._lines(self.rounds):
            self.document.insert(line + 1, "    .")
            clock = Clock()
            got = await complete(self.client, self.document, line + 1)
            times.taken.append(clock.read())
            times.right += _is_right(got, self.corpus.members[self.owners[line]])
            self.document.delete(line + 1)
            await asyncio.sleep(PAUSE)

    async def bursts(self) -> None:
        """Type five keys, ask at each and take back what was asked before, as editors do."""
        for line in self._lines(max(self.rounds // 10, 5)):
            self.document.insert(line + 1, "    ")
            clock, answer = await self._burst(line + 1)
            await asyncio.wait_for(answer, LONGEST)
            self.row.burst.taken.append(clock.read())
            self.document.delete(line + 1)
            await asyncio.sleep(PAUSE)

    async def _burst(self, line: int) -> tuple[Clock, asyncio.Future[Json]]:
        clock, number, answer = self._key(line, ".")
        for key in "imag":
            await asyncio.sleep(KEY)
            if not answer.done():
                self.client.tell("$/cancelRequest", {"id": number})
            clock, number, answer = self._key(line, key)
        return clock, answer

    def _key(self, line: int, key: str) -> tuple[Clock, int, asyncio.Future[Json]]:
        self.document.type(line, key)
        place = self.document.at(line, len(self.document.lines[line]))
        clock = Clock()
        asked = {**place, "context": {"triggerKind": 1}}
        return clock, *self.client.begin("textDocument/completion", asked)

    async def hovers(self) -> None:
        """Point at the names of methods."""
        times = self.row.hover
        for line in self._lines(self.rounds):
            text = self.document.lines[line]
            name = text[text.index(".") + 1 : text.index("(")]
            clock = Clock()
            place = self.document.at(line, text.index(".") + 2)
            answer = await self.client.ask("textDocument/hover", place)
            times.taken.append(clock.read())
            said = str(answer.get("contents")) if answer else ""
            times.right += name in said and len(said) > 20
            await asyncio.sleep(PAUSE / 4)

    async def diagnostics(self) -> None:
        """Write a call of a method that there is not, and wait until that is said."""
        times = self.row.diagnostics
        missed = 0
        line = len(self.document.lines) - 1
        for number in range(max(self.rounds // 8, 5)):
            if missed > 1:
                return
            self.document.insert(line, f'App("x").{MARK.format(number)}(1)')
            clock = Clock()
            if await self._told(MARK.format(number), clock):
                times.taken.append(clock.read())
            else:
                missed += 1
            self.document.delete(line)
            await asyncio.sleep(max(PAUSE * 2, 0.05))

    async def _told(self, mark: str, clock: Clock) -> bool:
        """Wait until a mark is in what the server finds; some never look at such a file."""
        if not self.client.capabilities.get("diagnosticProvider"):
            told = self.client.watch(lambda params: mark in str(params["diagnostics"]))
            done, _ = await asyncio.wait([told], timeout=UNTOLD / 1e3)
            return bool(done)
        asked = {"textDocument": {"uri": self.document.uri}}
        while clock.read() < UNTOLD:
            if mark in str(await self.client.ask("textDocument/diagnostic", asked)):
                return True
            await asyncio.sleep(0.005)
        return False

    async def chain(self, calls: int) -> float:
        """Return the share of right completions in a chain, in percent."""
        path = self.corpus.chain(calls)
        document = Document(self.client, path, path.read_text("utf-8"))
        document.open()
        lines = [line for line, _ in _owners(document.lines)]
        asked = [*lines[:: max(calls // 5, 1)], lines[-1]]
        right = 0
        for line in asked:
            document.insert(line + 1, "    .")
            got = await complete(self.client, document, line + 1)
            right += _is_right(got, self.corpus.members["App"])
            document.delete(line + 1)
        return 100 * right / len(asked)


def labels(answer: Any) -> set[str]:
    """Return the names that a completion offers, without what servers decorate them with."""
    items = answer.get("items", []) if isinstance(answer, dict) else answer or []
    return {re.split(r"[(\s=:]", (each["label"] or "").strip(" •\u200b"))[0] for each in items}


async def complete(client: Client, document: Document, line: int) -> set[str]:
    """Return what is offered at the end of a line."""
    context = {"triggerKind": 2, "triggerCharacter": "."}
    params = {**document.at(line, len(document.lines[line])), "context": context}
    return labels(await client.ask("textDocument/completion", params))


def _owners(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return the lines that are calls in a chain, each with the class that it begins with."""
    found: list[tuple[int, str]] = []
    owner = ""
    for number, line in enumerate(lines):
        made = re.match(r"\w+ = \((\w+)\(", line)
        owner = made[1] if made else owner
        if line.startswith("    ."):
            found.append((number, owner))
    return found


def _is_right(got: set[str], wanted: Sequence[str]) -> bool:
    return len(got & set(wanted)) >= 0.9 * len(wanted)
