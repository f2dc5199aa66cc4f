"""
The workspaces that language servers are raced in.

Each has files of 200 and of 2,000 lines full of chains, files of one long chain, and for every
class the names that a completion must offer. ``celestra`` uses an annotated library from PyPI;
``synth`` has forty classes of twenty methods without annotations, as people write plugins;
``ours`` is the DSL itself.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SIZES = (200, 2000)
CHAINS = (10, 80, 300)
_WORDS = [
    "image", "port", "replicas", "env", "label", "annotation", "volume", "secret", "config",
    "command", "args", "probe", "readiness", "liveness", "cpu", "memory", "storage", "schedule",
    "timeout", "retries", "backup", "version", "region", "zone", "topology", "affinity",
    "toleration", "sidecar", "network", "policy", "ingress", "host", "path", "tls", "cert",
    "account", "role", "rule", "binding", "quota", "limit", "scale", "budget", "window", "hook",
    "metric", "alert", "panel", "dashboard", "trace", "log",
]  # fmt: skip
_NAMES = [
    "App", "StatefulApp", "Job", "CronJob", "Service", "Ingress", "Secret", "ConfigMap",
    "DatabaseCluster", "MLPipeline",
    *(f"Builder{number:02d}" for number in range(30)),
]  # fmt: skip
_BASE = '''class Plugin:
    """Base of every builder."""

    def __init__(self, name):
        self._name = name
        self._spec = {}

    def label(self, key, value):
        """Add a label."""
        self._spec.setdefault("labels", {})[key] = value
        return self

    def generate(self):
        """Generate resources."""
        return [dict(self._spec, name=self._name)]
'''
_METHOD = '''    def {method}(self, value, extra=None, **options):
        """Set the {method} of this {name}.

        value: the new {method}; extra: more settings.
        """
        self._spec["{method}"] = (value, extra, options)
        return self
'''
_CELESTRA = {
    "App": (
        '.image("registry.io/team/svc{i}:1.{k}")', ".port({p})", ".replicas({k})",
        '.env("KEY_{k}", "v{k}")', '.resources(cpu="{p}m", memory="{p}Mi")',
        '.add_label("team", "t{k}")', '.environment({{"A": "1", "B": "{k}"}})',
        ".metrics_port({p})", '.service_account("sa-{i}")', '.depends_on(["db-{i}"])',
        '.add_annotation("a/b", "{k}")', ".health_port({p})",
    ),
    "StatefulApp": (
        '.image("db:{k}")', ".port({p})", ".replicas({k})", '.storage("{k}Gi")',
        '.add_label("tier", "db")', '.environment({{"ROLE": "primary"}})',
        '.resources(cpu="{p}m", memory="{k}Gi")',
    ),
    "Job": (
        '.image("job:{k}")', '.command(["python", "x.py"])', '.timeout("{k}h")',
        ".parallelism({k})", ".retry_limit({k})", '.resources(cpu="{p}m", memory="{k}Gi")',
    ),
    "CronJob": (
        '.image("cron:{k}")', '.schedule("0 {k} * * *")', '.command(["python", "x.py"])',
        '.resources(cpu="{p}m", memory="{k}Gi")',
    ),
    "Secret": ('.add("user{k}", "admin")', '.add_label("k", "{k}")'),
    "ConfigMap": ('.add("key{k}", "value")', '.add_label("k", "{k}")'),
    "Service": ('.add_port("http", {p}, {p})', '.add_label("k", "{k}")'),
}  # fmt: skip
_OURS = {
    "App": (
        '.image("registry.io/team/svc{i}:1.{k}")', ".port({p})", ".replicas({k})",
        '.env("KEY_{k}", "v{k}")', '.resources(cpu="{p}m", memory="{p}Mi")',
        '.labels(team="t{k}")', '.environment({{"A": "1", "B": "{k}"}})',
        '.depends_on("db-{i}")', '.expose("a{k}.example.com")', ".hardened()",
    ),
    "StatefulApp": (
        '.image("db:{k}")', ".port({p})", ".replicas({k})", '.storage("{k}Gi")',
        '.labels(tier="db")', '.resources(cpu="{p}m", memory="{k}Gi")',
    ),
    "Job": ('.image("job:{k}")', '.command("python", "x.py")', '.timeout("{k}h")', ".retries({k})"),
    "CronJob": ('.image("cron:{k}")', '.schedule("0 {k} * * *")', '.timezone("Europe/Berlin")'),
    "Secret": ('.add("user{k}", "admin")', '.labels(k="{k}")'),
    "ConfigMap": ('.add("key{k}", "value")', '.labels(k="{k}")'),
    "Service": (".add_port({p}, {p})", '.labels(k="{k}")'),
}  # fmt: skip
_MEMBERS = """
import importlib, inspect, json, sys
module = importlib.import_module(sys.argv[1])
print(json.dumps({name: [m for m, _ in inspect.getmembers(getattr(module, name))
                         if not m.startswith("_")] for name in sys.argv[2:]}))
"""


@dataclass(frozen=True)
class Corpus:
    """A workspace, and what completions of its classes must offer."""

    name: str
    root: Path
    members: Mapping[str, Sequence[str]]

    def file(self, size: int) -> Path:
        """Return the file with this many lines."""
        return self.root / f"app_{size}.py"

    def chain(self, calls: int) -> Path:
        """Return the file with a chain of this many calls."""
        return self.root / f"chain_{calls}.py"


def corpora(folder: Path, python: Path) -> list[Corpus]:
    """Write the workspaces; ``python`` has the libraries that two of them use."""
    return [
        _synth(folder / "synth"),
        _library(folder / "celestra", python, "celestra", _CELESTRA),
        _library(folder / "ours", python, "k8s_gen", _OURS),
    ]


def _synth(root: Path) -> Corpus:
    chosen = random.Random(7)  # noqa: S311 - a corpus is the same each time
    package = root / "fluentlib"
    package.mkdir(parents=True, exist_ok=True)
    (package / "base.py").write_text(_BASE, encoding="utf-8")
    lines = ["from .base import Plugin"]
    members: dict[str, list[str]] = {}
    for name in _NAMES:
        methods = [*chosen.sample(_WORDS, 18), f"with_{name.lower()}", f"done_{name.lower()}"]
        if name == "App":
            others = [each for each in methods if each not in ("image", "replicas")]
            methods = ["image", "replicas", *others[:18]]
        members[name] = methods
        head = f'from .base import Plugin\n\n\nclass {name}(Plugin):\n    """{name} builder."""\n\n'
        body = "\n".join(_METHOD.format(method=each, name=name) for each in methods)
        (package / f"{name.lower()}.py").write_text(head + body, encoding="utf-8")
        lines.append(f"from .{name.lower()} import {name}")
    (package / "__init__.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    calls = {name: [f'.{each}("v{{i}}", extra={{k}})' for each in members[name]] for name in _NAMES}
    corpus = Corpus("synth", root, members)
    _write(corpus, "fluentlib", calls)
    return corpus


def _library(root: Path, python: Path, module: str, calls: Mapping[str, Sequence[str]]) -> Corpus:
    root.mkdir(parents=True, exist_ok=True)
    command = [python, "-c", _MEMBERS, module, *calls]
    asked = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    corpus = Corpus(root.name, root, json.loads(asked.stdout))
    known = {
        name: [each for each in given if each[1 : each.index("(")] in corpus.members[name]]
        for name, given in calls.items()
    }
    _write(corpus, module, known)
    return corpus


def _write(corpus: Corpus, module: str, calls: Mapping[str, Sequence[str]]) -> None:
    # Each is a project of its own: the settings of the repository around it are for nobody here.
    for name in ("pyproject.toml", "pyrefly.toml"):
        (corpus.root / name).write_text("", encoding="utf-8")
    head = f"from {module} import {', '.join(calls)}"
    for size in SIZES:
        text = "\n".join([head, "", *_program(size, calls)]) + "\n"
        corpus.file(size).write_text(text, encoding="utf-8")
    for length in CHAINS:
        chosen = random.Random(length)  # noqa: S311 - a corpus is the same each time
        steps = [f"    {_call(chosen, calls['App'], length)}" for _ in range(length)]
        text = "\n".join([head, "", 'a = (App("x")', *steps, ")"]) + "\n"
        corpus.chain(length).write_text(text, encoding="utf-8")


def _program(size: int, calls: Mapping[str, Sequence[str]]) -> Iterator[str]:
    chosen = random.Random(size)  # noqa: S311 - a corpus is the same each time
    written = number = 0
    while written < size - 4:
        name = chosen.choice(list(calls))
        lines = [f'obj_{number} = ({name}("svc-{number}")']
        for _ in range(chosen.randint(5, 14)):
            lines.append(f"    {_call(chosen, calls[name], number)}")
        yield from [*lines, ")", ""]
        written += len(lines) + 2
        number += 1


def _call(chosen: random.Random, calls: Sequence[str], number: int) -> str:
    port = chosen.randint(1000, 9000)
    return chosen.choice(calls).format(i=number, k=chosen.randint(1, 9), p=port)
