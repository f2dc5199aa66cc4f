"""
Programs to judge the law on: written as people write them, and reproducible by their seed.

Programs take turns at the forms of the vocabulary, so that a row of them has used each;
what is said beside, in which order and layout, is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple, TypeAlias

from tests.core.law.vocabulary import CALLS, CLUSTER_WIDE, NEEDS, SAYING, STARTS, VALUES

ENVIRONMENT = "prod"
FILES = {
    "settings/a.conf": "listen 80;\nroot /srv;\n",
    "settings/b.conf": "listen 81;\n",
    "settings/c.conf": "listen 82",
    "settings/a.env": "# Settings\nexport A='1'\nF=2\n",
    "settings/b.env": "A=3\nG=4\n",
    "settings/c.env": "A=5\nF=6\nG=7\n",
    "manifests/one.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {A: x}\n",
    "manifests/more/two.yaml": """\
apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: two, labels: {team: old}}
  spec: {replicas: 1}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: three}}
- {apiVersion: v1, kind: Namespace, metadata: {name: four}}
- apiVersion: apiextensions.k8s.io/v1
  kind: CustomResourceDefinition
  metadata: {name: fives.example.com}
  spec: {group: example.com, scope: Cluster, names: {kind: Five, plural: fives}, versions: []}
- {apiVersion: example.com/v1, kind: Five, metadata: {name: five}}
""",
}
CONTAINERS = ("App", "StatefulApp", "DaemonSet", "Job", "CronJob", "Companion")
FORMS_AT_A_TIME = 5
# Within one call these must differ: as the keys of a mapping, or to be different ports.
KEYS = frozenset(("key", "config_key", "label_key", "keyword", "mount", "port"))

HELPER = """\
from k8s_gen import App


def web(name, tag, size=2):
    app = App(name).image(f"ghcr.io/acme/{name}:{tag}").port(<port>)
    return app.replicas(size)


def defaults(app, team="shop"):
    return app.labels(team=team).environment({"TIER": <text>})
"""


class Literal(NamedTuple):
    """An argument that can be another: what it is, how it is written, what else it may be."""

    kind: str
    text: str
    others: tuple[str, ...]


Token: TypeAlias = str | Literal


@dataclass(frozen=True)
class Program:
    """Files of tokens; ``app.py`` is run, the others are imported."""

    files: Mapping[str, tuple[Token, ...]]
    environment: str | None

    def texts(self, changed: tuple[str, int] | None = None, value: str = "") -> dict[str, str]:
        """Return the text of every file, with one literal replaced."""
        return {
            path: "".join(
                value if (path, index) == changed else written(token)
                for index, token in enumerate(tokens)
            )
            for path, tokens in self.files.items()
        }


def written(token: Token) -> str:
    return token if isinstance(token, str) else token.text


def turns() -> list[tuple[str, tuple[str, ...]]]:
    """Return every form of every builder, a few of one builder at a time."""
    random = Random(0)  # noqa: S311 - a seed is wanted
    found = []
    for builder, given in CALLS.items():
        forms = random.sample(given, len(given))
        parts = range(0, max(len(forms), 1), FORMS_AT_A_TIME)
        found += [(builder, tuple(forms[at : at + FORMS_AT_A_TIME])) for at in parts]
    random.shuffle(found)
    return found


TURNS = turns()
# So many programs, from any seed on, use every form.
ROUND = len(TURNS)


def program(seed: int) -> Program:
    """Return the program of a seed."""
    composer = Composer(Random(seed))  # noqa: S311 - a seed is wanted
    composer.statement(*TURNS[seed % ROUND])
    for _ in range(composer.random.randint(0, 2)):
        composer.statement(composer.random.choice(list(CALLS)))
    composer.gather()
    return composer.program()


@dataclass
class Composer:
    """Writes a program, statement by statement."""

    random: Random
    lines: list[list[Token]] = field(default_factory=list)
    known: dict[str, list[str]] = field(default_factory=dict)
    count: int = 0
    depth: int = 0
    environment: str | None = None

    def program(self) -> Program:
        text = ["import functools\nfrom helper import defaults, web\nfrom k8s_gen import *\n\n"]
        app = [*text, *(token for line in self.lines for token in line)]
        return Program(
            {"app.py": tuple(app), "helper.py": tuple(self.expanded(HELPER, "{name}"))},
            self.environment,
        )

    def statement(self, builder: str, forms: tuple[str, ...] | None = None) -> str:
        """Write what makes a builder, and return the variable that it is bound to."""
        self.depth += 1
        if forms is None:
            forms = self.some(builder, 4)
        forms = self.completed(builder, forms)
        variable = self.fresh("v")
        self.shape(builder)(variable, builder, forms)
        self.lines.append(["\n"])
        self.known.setdefault(builder, []).append(variable)
        self.depth -= 1
        return variable

    def gather(self) -> None:
        """Put the workloads into a group, now and then: it hands down to what they hold."""
        workloads = [each for kind in CONTAINERS[:-1] for each in self.known.get(kind, ())]
        if workloads and self.random.random() < 0.2:
            forms = (*self.some("AppGroup", 2), f"add({', '.join(workloads)})")
            self.statement("AppGroup", forms)

    def some(self, builder: str, most: int) -> tuple[str, ...]:
        """Draw forms; deep inside, only those that need no further builder."""
        usable = [form for form in CALLS[builder] if self.depth < 2 or "<$" not in form]
        return tuple(self.random.sample(usable, min(self.random.randint(1, most), len(usable))))

    def completed(self, builder: str, forms: tuple[str, ...]) -> tuple[str, ...]:
        """Add what makes it valid, most of the time: programs with problems are programs."""
        said = " ".join(forms)
        needs = list(NEEDS.get(builder, ()))
        if builder in CONTAINERS:
            needs += ["image(<image>)"]
            if any(word in said for word in ("expose", "<url_path>")):
                needs += ["port(<port>)"]
        missing = [
            need for need in needs if not re.search(rf"\b{need.partition('(')[0]}s?\(", said)
        ]
        if self.random.random() < 0.1:
            return forms
        # Some things are said twice: what that means is a part of the law.
        again = [form for form in forms if self.random.random() < 0.1]
        return (*missing, *forms, *again)

    def fresh(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def name(self, builder: str) -> Literal:
        # The longest names get shorter where they are part of a key.
        is_long = builder in ("ConfigMap", "Secret") and self.random.random() < 0.1
        name = self.fresh(f"{builder.lower() * (8 if is_long else 1)}-")
        return Literal("name", f'"{name}"', (f'"new-{name}"',))

    def expanded(self, form: str, own: str = "") -> list[Token]:
        """Return a form with its placeholders filled."""
        taken: dict[str, set[str]] = {}
        tokens: list[Token] = []
        for at, part in enumerate(re.split(r"<(\$?\w+)>", form)):
            if at % 2 == 0:
                tokens.append(part.replace("{name}", own))
            elif part.startswith("$"):
                tokens.append(self.reference(part[1:]))
            else:
                tokens.append(self.literal(part, taken.setdefault(part, set())))
        return [self.distinct(token, taken) for token in tokens]

    def literal(self, kind: str, taken: set[str]) -> Literal:
        values = VALUES[kind]
        text = self.random.choice([value for value in values if value not in taken] or values)
        taken.add(text)
        return Literal(kind, text, tuple(value for value in values if value != text))

    def distinct(self, token: Token, taken: dict[str, set[str]]) -> Token:
        if isinstance(token, str) or token.kind not in KEYS:
            return token
        rest = tuple(value for value in token.others if value not in taken[token.kind])
        return token._replace(others=rest)

    def reference(self, builder: str) -> str:
        if builder in SAYING:
            kind, said = SAYING[builder]
            return self.statement(kind, (*said, *self.some(kind, 1)))
        known = self.known.get(builder)
        if known and self.random.random() < 0.5:
            return self.random.choice(known)
        # Which namespace both are in matters where one refers to the other.
        is_said = builder not in CLUSTER_WIDE and self.random.random() < 0.5
        elsewhere = ("namespace(<namespace>)",) if is_said else ()
        return self.statement(builder, (*self.some(builder, 2), *elsewhere))

    # How a builder is made: every shape takes the variable, the builder and its forms.

    def shape(self, builder: str) -> Callable[[str, str, tuple[str, ...]], None]:
        plain = [self.chain, self.chain, self.one_line, self.calls, self.overlay, self.alias]
        if builder in STARTS:
            return self.random.choice(plain)
        shapes = [*plain, self.function, self.loop, self.decorated, self.comprehension]
        if builder == "App":
            shapes.append(self.helper)
        return self.random.choice(shapes)

    def start(self, builder: str, forms: tuple[str, ...] = ()) -> tuple[list[Token], str]:
        """Return the constructor's call and the name in it, which must stay if a form uses it."""
        name = self.name(builder)
        kept: Token = name.text if any("{name}" in form for form in forms) else name
        tokens: list[Token] = [builder]
        for part in re.split("(<name>)", STARTS.get(builder, "(<name>)")):
            tokens += [kept] if part == "<name>" else self.expanded(part)
        return tokens, name.text.strip('"')

    def dotted(self, forms: tuple[str, ...], own: str, lead: str = "") -> list[list[Token]]:
        return [[lead, ".", *self.expanded(form, own)] for form in forms]

    def chain(self, variable: str, builder: str, forms: tuple[str, ...]) -> None:
        start, own = self.start(builder, forms)
        calls = self.dotted(forms, own, "\n    ")
        self.lines.append([f"{variable} = (\n    ", *start, *flat(calls), "\n)\n"])

    def one_line(self, variable: str, builder: str, forms: tuple[str, ...]) -> None:
        start, own = self.start(builder, forms)
        calls = self.dotted(forms, own)
        self.lines.append([f"{variable} = ", *start, *flat(calls), "\n"])

    def calls(self, variable: str, builder: str, forms: tuple[str, ...]) -> None:
        start, own = self.start(builder, forms)
        calls = self.dotted(forms, own, variable)
        self.lines.append([f"{variable} = ", *start, "\n"])
        for call in calls:
            self.lines.append([*call, self.random.choice(["\n", "; "])])

    def overlay(self, variable: str, builder: str, forms: tuple[str, ...]) -> None:
        self.environment = ENVIRONMENT
        split = self.random.randint(0, len(forms))
        self.one_line(variable, builder, forms[:split])
        calls = self.dotted(tuple(form.replace("{name}", variable) for form in forms[split:]), "")
        head = f'{variable}.for_environment("{ENVIRONMENT}")'
        self.lines.append([head, *flat(calls), "\n"])

    def alias(self, variable: str, builder: str, forms: tuple[str, ...]) -> None:
        """Call methods by another name: of their own, of a partial, of a lambda."""
        ways = {
            "bound = {}.{}": "bound{}",
            "bound = functools.partial({}.{})": "bound{}",
            "bound = lambda app: app.{1}{2}": "bound({})",
        }
        simple = [f for f in forms if re.fullmatch(r"\w+\([^()]*\)", f) and "{name}" not in f]
        self.chain(variable, builder, tuple(form for form in forms if form not in simple))
        for form in simple:
            method, bracket, rest = form.partition("(")
            arguments = self.expanded(bracket + rest)
            way = self.random.choice(list(ways))
            bound = self.fresh("bound")
            if "lambda" in way:
                head = [
                    f"{bound} = lambda app: app.{method}",
                    *arguments,
                    f"\n{bound}({variable})\n",
                ]
            else:
                head = [
                    way.replace("bound", bound).format(variable, method),
                    f"\n{bound}",
                    *arguments,
                    "\n",
                ]
            self.lines.append(head)

    def function(self, variable: str, builder: str, forms: tuple[str, ...]) -> None:
        forms = without_name(forms)
        make = self.fresh("make")
        calls = self.dotted(forms, "")
        self.lines.append(
            [
                f"def {make}(name, team):\n    return {builder}(name).annotations(team=team)",
                *flat(calls),
                "\n\n",
                f"{make}(",
                self.name(builder),
                ", team=",
                self.literal("label", set()),
                ")\n",
                f"{variable} = {make}(",
                self.name(builder),
                ", ",
                self.literal("label", set()),
                ")\n",
            ]
        )

    def loop(self, variable: str, builder: str, forms: tuple[str, ...]) -> None:
        forms = without_name(forms)
        names = [self.name(builder).text for _ in range(2)]
        calls = self.dotted(forms, "", "\n        ")
        image: list[Token] = []
        if builder in CONTAINERS:
            image = ['.image(f"reg.io/{n}:', Literal("digit", "1", ("2", "3")), '")']
        self.lines.append(
            [
                f"for n in ({', '.join(names)}):\n    {variable} = (\n        {builder}(n)",
                *image,
                *flat(calls),
                "\n    )\n",
            ]
        )

    def decorated(self, variable: str, builder: str, forms: tuple[str, ...]) -> None:
        forms = without_name(forms)
        wrap, make = self.fresh("wrap"), self.fresh("make")
        calls = self.dotted(forms, "")
        outer, inner = calls[::2], calls[1::2]
        self.lines.append(
            [
                f"def {wrap}(function):\n    @functools.wraps(function)\n    def wrapper(*args):\n",
                "        return function(*args)",
                *flat(outer),
                "\n    return wrapper\n\n",
                f"@{wrap}\ndef {make}(name):\n    return {builder}(name)",
                *flat(inner),
                "\n\n",
                f"{variable} = {make}(",
                self.name(builder),
                ")\n",
            ]
        )

    def comprehension(self, variable: str, builder: str, forms: tuple[str, ...]) -> None:
        forms = without_name(forms)
        names = [self.name(builder).text for _ in range(2)]
        calls = self.dotted(forms, "")
        self.lines.append(
            [
                f"[{variable}, _] = [{builder}(n)",
                *flat(calls),
                f" for n in ({', '.join(names)})]\n",
            ]
        )

    def helper(self, variable: str, builder: str, forms: tuple[str, ...]) -> None:
        forms = without_name(forms)
        calls = self.dotted(forms, "")
        digit = Literal("digit", "7", ("8",))
        self.lines.append(
            [
                f"{variable} = web(",
                self.name(builder),
                ", ",
                digit,
                ", size=",
                self.literal("count", set()),
                ")",
                *flat(calls),
                "\n",
                f"defaults({variable}, ",
                self.literal("label", set()),
                ")\n",
            ]
        )


def flat(calls: list[list[Token]]) -> list[Token]:
    return [token for call in calls for token in call]


def without_name(forms: tuple[str, ...]) -> tuple[str, ...]:
    """Return forms for a builder whose name is not known where they are written."""
    return tuple(form.replace('"{name}"', "<other_name>") for form in forms)
