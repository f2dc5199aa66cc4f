"""``k8sgen stubs``: what three tools that read types make of plugins."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import jedi
import pytest

from k8sgen_core.plugins.stubs import stub_of
from tests.cli.project import Project

ROOT = Path(__file__).parents[2]
BLOCKS = {"database_cluster": 2, "ml_workloads": 3, "data_pipeline": 4, "iot_edge": 5}
WRONG = """
db_cluster.cluster_sise(5)
db_cluster.cluster_size("many")
app.add_databse(db_cluster)
app.add_database(ml_pipeline)
"""
NAMES = ("db_cluster", "ml_pipeline", "etl_pipeline", "edge_device")


@pytest.fixture(scope="module")
def stubbed(tmp_path_factory, shared):
    """Return a project with the plugins of the source document, their usage, and stubs."""
    folder = tmp_path_factory.mktemp("stubs")
    project = Project(folder)
    project.write("k8sgen.toml", "")
    blocks = (shared / "seed/extensions.md").read_text(encoding="utf-8").split("```python\n")
    usage = ["from k8s_gen import App", 'app = App("web").image("nginx:1.27")']
    for name, number in BLOCKS.items():
        plugin, _, used = blocks[number].partition("```")[0].partition("# Usage")
        project.write(f"plugins/{name}.py", plugin)
        kind = plugin.partition("class ")[2].partition("(")[0]
        usage += [f"from plugins.{name} import {kind}", used]
    project.write("usage.py", "\n".join(usage))
    shown = "\n".join(f"reveal_type({name})" for name in ("app", *NAMES))
    project.write(
        "shown.py", "\n".join(usage) + f"\n{shown}\nreveal_type(app.add_database(db_cluster))\n"
    )
    project.write("wrong.py", "\n".join(usage) + WRONG)
    ran = project.run("stubs")
    assert (ran.code, ran.err) == (0, "")
    return project


def told_by(project, *command):
    """Return what a type checker says, by file."""
    folders = os.pathsep.join((str(project.folder / "typings"), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-m", *command, "usage.py", "shown.py", "wrong.py"],
        cwd=project.folder,
        env={**os.environ, "MYPYPATH": folders, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    lines = done.stdout.splitlines()
    return {name: "\n".join(each for each in lines if f"{name}.py" in each) for name in FILES}


FILES = ("usage", "shown", "wrong")
KINDS = ("DatabaseCluster", "MLPipeline", "DataPipeline", "EdgeDevice")


@pytest.mark.slow
def test_mypy_knows_the_methods_of_plugins(stubbed):
    told = told_by(stubbed, "mypy", "--no-incremental", "--strict")

    assert told["usage"] == ""
    for file, kind in zip(BLOCKS, KINDS, strict=True):
        assert f'"plugins.{file}.{kind}"' in told["shown"]
    assert told["shown"].count('Revealed type is "k8s_gen.App"') == 2
    for expected in (
        'has no attribute "cluster_sise"; maybe "cluster_size"?',
        'Argument 1 to "cluster_size" of "DatabaseCluster" has incompatible type "str"',
        '"App" has no attribute "add_databse"',
        'Argument 1 to "add_database" of "App" has incompatible type "MLPipeline"',
    ):
        assert expected in told["wrong"]


@pytest.mark.slow
def test_pyright_knows_the_methods_of_plugins(stubbed):
    stubbed.write("pyrightconfig.json", '{"typeCheckingMode": "standard"}')

    told = told_by(stubbed, "basedpyright", "--pythonpath", sys.executable)

    assert " error: " not in told["usage"] + told["shown"]
    for name, kind in zip(NAMES, KINDS, strict=True):
        assert f'Type of "{name}" is "{kind}"' in told["shown"]
    assert 'Type of "app.add_database(db_cluster)" is "App"' in told["shown"]
    for expected in (
        'Cannot access attribute "cluster_sise"',
        'cannot be assigned to parameter "size" of type "int"',
        'Cannot access attribute "add_databse"',
        'cannot be assigned to parameter "plugin" of type "DatabaseCluster"',
    ):
        assert expected in told["wrong"]


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        ("db_cluster.clu", {"cluster_size"}),
        ("db_cluster.version('1').bac", {"backup_schedule"}),
        ("ml_pipeline.framework('x').gpu", {"gpu_resources", "gpu_count"}),
        ("edge_device.add_sensor('a', {}).proc", {"processing_mode"}),
        ("app.add_data", {"add_data", "add_data_pipeline", "add_database", "add_database_cluster"}),
        ("app.image('x').add_database(db_cluster).repl", {"replicas"}),
    ],
)
def test_jedi_knows_the_methods_of_plugins(stubbed, begun, expected):
    text = stubbed.read("usage.py") + f"\n{begun}"
    extra = [str(stubbed.folder / "typings"), str(ROOT)]
    project = jedi.Project(str(stubbed.folder), added_sys_path=extra)

    path = str(stubbed.folder / "usage.py")
    # Its usual environment is a process that it leaves running.
    here = jedi.InterpreterEnvironment()
    script = jedi.Script(text, path=path, project=project, environment=here)

    assert {each.name for each in script.complete()} == expected


def test_a_second_run_changes_nothing_and_leaves_stubs_of_others(stubbed):
    stubbed.write("plugins/mine.py", "from k8s_gen import Plugin\nclass Mine(Plugin): ...\n")
    stubbed.write("plugins/mine.pyi", "# by hand\n")
    first = stubbed.run("stubs")
    second = stubbed.run("stubs")

    assert "kept plugins/mine.pyi" in first.out
    assert second.out.splitlines() == ["kept plugins/mine.pyi"]
    assert stubbed.read("plugins/mine.pyi") == "# by hand\n"


def test_a_broken_plugin_is_told(tmp_path):
    project = Project(tmp_path)
    project.write("k8sgen.toml", "")
    project.write("plugins/broken.py", "class (\n")

    ran = project.run("stubs")

    assert (ran.code, ran.out) == (3, "")
    assert "plugins/broken.py:1" in ran.err


def test_a_stub_says_what_the_source_does():
    made = stub_of(
        '''
from dataclasses import dataclass
from k8s_gen import App, Plugin
from plugins.shop import Shop

LIMIT = 3
def make(name, size=1, *rest, flag: bool = False, **more) -> "Shop": ...

class Shop(Plugin):
    """A shop."""
    kind = "shop"
    def __init__(self, name):
        super().__init__(name)
        self.size = 1
        self.tags = []
        self.owner = None
    def size(self, size):
        """Set it."""
        self.size = size
        return self
    def quiet(self, *, on=True): self.on = on
    @property
    def big(self): return self.size > 3
    @staticmethod
    def known(): return []
    def generate_app(self): return App(self.name)

shop = Shop("a").size(3)
'''
    )

    assert made.splitlines()[1:] == [
        "from typing import Any, Self",
        "from dataclasses import dataclass",
        "from k8s_gen import App, Plugin",
        "LIMIT: int",
        "",
        "def make(name: Any, size: int=..., *rest: Any, flag: bool=..., **more: Any) -> 'Shop':",
        "    ...",
        "",
        "class Shop(Plugin):",
        "    'A shop.'",
        "    kind: str",
        "    tags: list[Any]",
        "    owner: Any",
        "    on: Any",
        "    def __init__(self, name: str) -> None:",
        "        ...",
        "    def size(self, size: int) -> Self:",
        "        'Set it.'",
        "    def quiet(self, *, on: bool=...) -> Self:",
        "        ...",
        "    @property",
        "    def big(self) -> Any:",
        "        ...",
        "    @staticmethod",
        "    def known() -> Any:",
        "        ...",
        "    def generate_app(self) -> Any:",
        "        ...",
        "    ...",
        "shop: Shop",
    ]


STYLES = Path(__file__).with_name("styles")
TRICKY = '''
from __future__ import annotations

import enum
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import k8s_gen as kg
from k8s_gen import App

if TYPE_CHECKING:
    from collections.abc import Sequence

try:
    import yaml
except ImportError:
    yaml = None

Kind = Literal["a", "b"]
FIRST, SECOND = 1, "x"


class Mode(enum.Enum):
    ONE = "one"
    TWO = "two"


class Base(kg.Plugin):
    """What others are derived from."""

    aliases = ("kid", "no name", "config", "")

    class Inner:
        depth = 1

    def __init__(self, name: str, mode: Mode = Mode.ONE, *numbers: int, **more) -> None:
        super().__init__(name)
        self.size: int = 3
        self.width, self.height = 1, 2
        self.mode = mode
        self.total = 0

    def size(self, size: int, hosts: Sequence[str] = ()):
        self.size = size
        return self

    def kind(self, kind: Kind):
        def inner():
            return 3

        self.kind = kind
        return self

    @cached_property
    def full(self):
        return self.name

    @staticmethod
    def known(name, size=3):
        return name

    @classmethod
    def made(cls, name):
        return cls(name).size(3)

    def generate_app(self):
        return App(self.name).image("x:1").replicas(self.size)
'''
DERIVED = """
from plugins.tricky import Base


class Service(Base):
    def __init__(self, name):
        super().__init__(name)
        self.size = 9
        self.labels = {}
"""
USED = """
from k8s_gen import App
from k8s_gen import Service as Builtin
from plugins.callbacks import Service as Called
from plugins.class_attributes import Website
from plugins.data_class import Settings
from plugins.derived import Service
from plugins.getattr_made import Options
from plugins.inheritance import Cache
from plugins.nested import Database, Stack
from plugins.properties import Queue
from plugins.self_shadowing import Everything
from plugins.slots import Slim
from plugins.tricky import Base, Mode

app = App("w").image("i:1")
base = Base("x", Mode.TWO, 1, 2, extra=3).size(4, ["a"]).kind("a")
number: int = base.width + base.total + Base.Inner.depth
made: Base = Base.made("y").kind("b")
service: Service = Service("s").size(3).labels(a="b").kind("a")
app.add_base(base).add_kid(base).add_service(service).add_service(Called("c"))
app.add_config("settings")
Builtin("plain").add_port(80, name="http")
site: Website = Website("one").scaled(3).tagged("public")
site.image = "httpd"
queue = Queue("q")
queue.workers = 4
Settings("loud", level="debug", extra={"a": "1"})
cache: Cache = Cache("one").size(3).monitoring()
stack: Stack = Stack("s").part(Database("a").size(4))
Options("o").colour("red").size("xl")
slim: Slim = Slim("s").scaled(4).listening(80)
called: Called = Called("service").customise(lambda app: app.replicas(6)).hook(print)
all_of: Everything = Everything("one").count(2).doubled().flag().limits(cpu=1).limits(memory=2)
"""


@pytest.fixture(scope="module")
def styled(tmp_path_factory):
    """Return a project with plugins of every style, a use of each, and stubs."""
    project = Project(tmp_path_factory.mktemp("styles"))
    project.write("k8sgen.toml", "")
    for style in STYLES.glob("*.py"):
        if style.stem != "broken":
            project.write(f"plugins/{style.name}", style.read_text(encoding="utf-8"))
    project.write("plugins/tricky.py", TRICKY)
    project.write("plugins/derived.py", DERIVED)
    for name in FILES:
        project.write(f"{name}.py", USED if name == "usage" else "")
    ran = project.run("stubs")
    assert (ran.code, ran.err) == (0, "")
    return project


@pytest.mark.slow
@pytest.mark.parametrize("checker", ["mypy", "basedpyright"])
def test_every_style_of_plugin_is_known(styled, checker):
    styled.write("pyrightconfig.json", '{"typeCheckingMode": "standard"}')
    options = {
        "mypy": ("--no-incremental", "--strict"),
        "basedpyright": ("--pythonpath", sys.executable),
    }

    told = told_by(styled, checker, *options[checker])

    assert [line for line in told["usage"].splitlines() if "error" in line] == []


def test_stubs_can_be_read_and_leave_the_methods_of_builders_alone(styled):
    tree = ast.parse(styled.read("typings/k8s_gen/__init__.pyi"))
    [app] = [each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == "App"]
    methods = [each for each in app.body if isinstance(each, ast.FunctionDef)]
    adds = {each.name: ast.unparse(each.args) for each in methods if each.name[:4] == "add_"}

    assert len({each.name for each in methods}) == len(methods)
    assert {"add_kid", "add_base", "add_config"} <= adds.keys()
    assert "plugin" not in adds["add_config"]


def test_plugins_of_installed_packages_are_known_too(tmp_path):
    project = Project(tmp_path)
    project.write("k8sgen.toml", 'plugins = ["backup"]\n')
    project.write("site/acme.py", "from k8s_gen import Plugin\nclass Vault(Plugin): ...\n")
    project.write(
        "site/acme-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: acme\nVersion: 1\n"
    )
    project.write(
        "site/acme-1.dist-info/entry_points.txt", "[k8s_gen.plugins]\nbackup = acme:Vault\n"
    )

    path = os.pathsep.join((str(project.folder / "site"), str(ROOT)))
    ran = project.run("stubs", PYTHONPATH=path)

    stub = project.read("typings/k8s_gen/__init__.pyi")
    assert (ran.code, ran.err) == (0, "")
    assert "from acme import Vault as _acme_Vault" in stub
    assert "def add_vault(self, plugin: _acme_Vault) -> Self:" in stub
    assert "def add_backup(self, plugin: _acme_Vault) -> Self:" in stub
    assert not (project.folder / "site/acme.pyi").exists()


HOSTILE = '"""\x1b]8;;http://x\x07here \x1b[31m \u202e"""'


def test_what_others_wrote_cannot_reach_the_terminal(tmp_path):
    project = Project(tmp_path)
    project.write("k8sgen.toml", "")
    project.write(
        "plugins/shop.py", f"from k8s_gen import Plugin\nclass Shop(Plugin):\n    {HOSTILE}\n"
    )

    shown = project.run("plugins", "list").out

    assert "Shop" in shown
    assert not set("\x1b\x07\u202e") & set(shown)
