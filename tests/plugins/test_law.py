"""The law of provenance, through plugins: at the level of what users call."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.core.law.comparing import Line, Matching
from tests.core.law.conftest import FIGURE
from tests.core.law.running import Run, run

CHAINS = {
    "database_cluster": (
        "DatabaseCluster",
        2,
        '"app-database"',
        [
            (".cluster_size(5)", [".cluster_size(3)", ".cluster_size(1)", ".cluster_size(7)"]),
            ('.version("13.7")', ['.version("14.1")', '.version("latest")']),
            ('.backup_schedule("0 1 * * *")', ['.backup_schedule("5 5 * * *")']),
            ('.labels(team="data")', ['.labels(team="web")']),
            ('.namespace("prod")', ['.namespace("stage")']),
        ],
    ),
    "small_cluster": (
        "DatabaseCluster",
        2,
        '"app-database"',
        [(".cluster_size(2)", [".cluster_size(4)", ".cluster_size(1)"])],
    ),
    "ml_workloads": (
        "MLPipeline",
        3,
        '"text-classification"',
        [
            ('.framework("tensorflow")', ['.framework("sklearn")', '.framework("pytorch")']),
            (".gpu_resources(2)", [".gpu_resources(4)", ".gpu_resources(0)"]),
            (
                ".distributed_training(enabled=True, workers=4)",
                [
                    ".distributed_training(enabled=False, workers=4)",
                    ".distributed_training(enabled=True, workers=2)",
                ],
            ),
            (
                '.data_source("s3", {"bucket": "training-data", "path": "/datasets/"})',
                [
                    '.data_source("gcs", {"bucket": "training-data", "path": "/datasets/"})',
                    '.data_source("s3", {"bucket": "other", "path": "/datasets/"})',
                ],
            ),
            (
                '.model_registry("https://registry.company.com")',
                ['.model_registry("https://other.company.com")'],
            ),
        ],
    ),
    "full": (
        "Full",
        None,
        '"full", replicas=2',
        [
            (".port(8080)", [".port(9090)"]),
            (".port(8081)", [".port(9091)", ".port(80)"]),
            (".tls()", [".tls(False)"]),
            ('.mode("cloud")', ['.mode("local")', '.mode("hybrid")']),
            ('.option("a", "1")', ['.option("b", "1")', '.option("a", "2")']),
            (".limits(cpu=2, memory=4)", [".limits(cpu=3, memory=4)", ".limits(cpu=2, memory=5)"]),
            ('.hosts(["a.example.com", "b.example.com"])', ['.hosts(["a.example.com"])']),
        ],
    ),
}
FULL = '''
from typing import Literal

from k8s_gen import App, ConfigMap, CronJob, Plugin


class Full(Plugin):
    """Formats, counts and chooses, in every way that loses where a value came from."""

    def __init__(self, name, replicas=1):
        super().__init__(name)
        self.replicas = replicas
        self.ports = []
        self.tls = False
        self.mode = "local"
        self.options = {}
        self.limits = {}

    def port(self, port):
        self.ports.append(port)
        return self

    def tls(self, enabled=True):
        self.tls = enabled
        return self

    def mode(self, mode: Literal["local", "cloud", "hybrid"]):
        if mode not in ("local", "cloud", "hybrid"):
            raise ValueError(mode)
        self.mode = mode
        return self

    def option(self, name, value):
        self.options[name] = value
        return self

    def limits(self, cpu, memory):
        self.limits = {"cpu": cpu, "memory": memory}
        return self

    def hosts(self, hosts):
        self.hosts = hosts
        return self

    def generate_app(self):
        app = App(self.name).image("acme/full:1").replicas(self.replicas)
        for number, port in enumerate(sorted(self.ports)):
            app.port(port, name=f"{'https' if self.tls else 'http'}-{number}")
        if self.limits:
            app.resources(cpu=f"{self.limits['cpu'] * 100}m", memory=f"{self.limits['memory']}Gi")
        app.env("HOSTS", ",".join(self.hosts or []))
        return app

    def generate_options(self):
        if self.options:
            made = ConfigMap(f"{self.name}-options")
            for name, value in self.options.items():
                made.add(name.upper(), value * 2)
            return made

    def generate_sync(self):
        if self.mode != "local":
            return CronJob(f"{self.name}-{self.mode}").image("acme/sync:1").schedule("@daily")
'''


@dataclass
class Figure:
    judged: int = 0
    missed: list[str] = field(default_factory=list)

    def judge(self, kept: bool, what: str) -> None:
        self.judged += 1
        if not kept:
            self.missed.append(what)


class Trial:
    """One program: a plugin with all its setters, each on a line of its own."""

    def __init__(self, root: Path, kind: str, name: str, module: str, calls) -> None:
        self.root = root
        self.head = [f"from plugins.{module} import {kind}", f"made = ({kind}({name})"]
        self.calls = calls
        self.figures = {each: Figure() for each in ("recall", "presence", "precision")}
        self.base = self.run([call for call, _ in calls])
        self.changed: dict[int, set[Line]] = {}

    def run(self, calls: list[str]) -> Run:
        text = "\n".join([*self.head, *(f"    {call}" for call in calls), ")"]) + "\n"
        return run({"app.py": text, "helper.py": ""}, self.root, None)

    def hold(self) -> None:
        for index, (call, others) in enumerate(self.calls):
            self._vary(index, call, "", "presence")
            for other in others:
                self._vary(index, call, other, "recall")
        self._judge_precision()

    def _vary(self, index: int, call: str, other: str, name: str) -> None:
        calls = [each for each, _ in self.calls]
        varied = self.run([*calls[:index], other, *calls[index + 1 :]])
        line = len(self.head) + index
        if "plugin-failed" in {rule for rule, _ in varied.problems}:
            # What is missing then is missing because the plugin cannot do without the call.
            return

        def missing(change) -> list[str]:
            sides = [(self.base, change.old)]
            if other:
                sides.append((varied, change.new))
            return [
                f"{call} -> {other}: {place.path}: {made.text(place)}"
                for made, place in sides
                if place is not None and not names(made, place, line)
            ]

        found = Matching(lambda change: len(missing(change))).files(self.base.files, varied.files)
        for change in found:
            if change.old is not None:
                self.changed.setdefault(line, set()).add(change.old)
            lost = missing(change)
            self.figures[name].judge(not lost, "; ".join(lost))

    def _judge_precision(self) -> None:
        for path, text in self.base.files.items():
            for number, shown in enumerate(text.splitlines()):
                place = Line(path, number)
                for _, line, _ in self.base.calls(place):
                    if line >= len(self.head):
                        kept = place in self.changed.get(line, ())
                        call = self.calls[line - len(self.head)][0]
                        self.figures["precision"].judge(kept, f"{call}: {path}: {shown}")


def names(made: Run, place: Line, line: int) -> bool:
    """Is the line of output attributed to the call on a line of the program?"""
    return any(each[1] == line for each in made.stack(place))


@pytest.fixture(params=CHAINS)
def trial(request, tmp_path, shared):
    kind, block, name, calls = CHAINS[request.param]
    text = FULL
    if block is not None:
        blocks = (shared / "seed/extensions.md").read_text(encoding="utf-8").split("```python\n")
        text = blocks[block].partition("# Usage")[0]
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / f"{request.param}.py").write_text(text, encoding="utf-8")
    found = Trial(tmp_path, kind, name, request.param, calls)
    found.hold()
    return found


def test_the_law_holds_through_plugins(trial, record_property):
    for name, figure in trial.figures.items():
        kept = 100 * (1 - len(figure.missed) / figure.judged) if figure.judged else 100
        record_property(FIGURE, f"{name:10} {kept:7.2f} % of {figure.judged:6} lines, plugins")

    assert {name: figure.missed for name, figure in trial.figures.items()} == {
        "recall": [],
        "presence": [],
        "precision": [],
    }
    assert all(figure.judged for figure in trial.figures.values())


def test_every_line_that_no_setter_made_is_of_the_call_that_made_the_plugin(trial):
    nobodys = [
        trial.base.text(Line(path, number))
        for path, text in trial.base.files.items()
        for number in range(len(text.splitlines()))
        if not trial.base.calls(Line(path, number))
    ]

    assert [line for line in nobodys if not line.endswith(":")] == []
