"""On every example the server finds what the command line finds, to the last field."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lsp.inside import inside

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/app.py"))


def without_uri(value):
    """Return data without what only the server says: URIs."""
    if isinstance(value, dict):
        return {key: without_uri(each) for key, each in value.items() if key != "uri"}
    return [without_uri(each) for each in value] if isinstance(value, list) else value


@pytest.fixture
def example(request, tmp_path):
    folder = tmp_path / request.param
    shutil.copytree(ROOT / "examples" / request.param, folder)
    (folder / "k8sgen.toml").touch()
    return folder


def validated(folder):
    """Return what the command line finds in the file of a folder."""
    command = [sys.executable, "-m", "k8sgen_core", "validate", "--output", "json", "app.py"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return json.loads(ran.stdout)["findings"]


@pytest.mark.parametrize("example", EXAMPLES, indirect=True)
async def test_an_example(example):
    file = example / "app.py"
    expected = validated(example)

    async with inside(trusted=[str(example)]) as session:
        session.open(file.as_uri(), file.read_text(encoding="utf-8"))
        answer = await session.ask("k8sgen/preview", {"uri": file.as_uri()})

    assert expected, "the rules find something in each of them"
    assert without_uri(answer["findings"]) == expected


PLUGIN = """from k8s_gen import App, Plugin


class Cluster(Plugin):
    def size(self, size):
        '🐘'; self.size = size

    def generate_app(self):
        return App(self.name).image("a:1").replicas(self.size)
"""


async def test_a_plugin_that_shadows_itself(tmp_path):
    (tmp_path / "k8sgen.toml").write_text('select = ["latest-tag"]', encoding="utf-8")
    (tmp_path / "plugins").mkdir()
    plugin, file = tmp_path / "plugins/cluster.py", tmp_path / "app.py"
    plugin.write_text(PLUGIN, encoding="utf-8")
    use = 'from plugins.cluster import Cluster\n# k8s_gen\nCluster("c").size(3)\n'
    file.write_text(use, encoding="utf-8")
    [expected] = validated(tmp_path)

    async with inside(trusted=[str(tmp_path)]) as session:
        session.open(plugin.as_uri(), PLUGIN)
        session.open(file.as_uri(), use)
        answer = await session.ask("k8sgen/preview", {"uri": file.as_uri()})
        await session.settled()
        told = session.published(plugin.as_uri())[-1]["diagnostics"]

    assert (expected["rule"], expected["path"]) == ("self-shadowing", "plugins/cluster.py")
    assert without_uri(answer["findings"]) == [expected]
    assert [(each["code"], each["range"]) for each in told] == [
        (expected["rule"], expected["range"])
    ]


IGNORING = """from k8s_gen import App, Plugin


class Cluster(Plugin):
    def size(self, size):
        self.size = size

    def nodes(self, nodes):
        # k8sgen: ignore[self-shadowing] the name of the field
        self.nodes = nodes

    def generate_app(self):
        return App(self.name).image("a:1")


Cluster("c").size(3)
App("a").image("a:1").port(0)  # k8sgen: ignore[invalid-port] not possible
App("b").image("a:1").ignore("latst-tag", reason="x")
"""


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        pytest.param("", ["self-shadowing", "invalid-port", "unknown-id"], id="nothing"),
        pytest.param('ignore = ["self-shadowing", "invalid-port"]',
                     ["invalid-port", "unknown-id"], id="ignored"),
        pytest.param('[per-path-ignores]\n"*.py" = ["unknown-id", "invalid-port"]',
                     ["self-shadowing", "invalid-port"], id="for a path"),
        pytest.param('[per-path-ignores]\n"other/**" = ["unknown-id"]',
                     ["self-shadowing", "invalid-port", "unknown-id"], id="for another path"),
    ],
)  # fmt: skip
async def test_what_the_text_shows_is_what_the_project_wants(tmp_path, configuration, expected):
    quiet = 'select = ["latest-tag"]\n'
    (tmp_path / "k8sgen.toml").write_text(quiet + configuration, encoding="utf-8")
    file = tmp_path / "app.py"
    file.write_text(IGNORING, encoding="utf-8")
    evaluated = [each for each in validated(tmp_path) if "suppression" not in each["rule"]]

    async with inside() as session:
        session.open(file.as_uri(), IGNORING)
        await session.until(lambda _: session.published(file.as_uri()))
        told = session.published(file.as_uri())[-1]["diagnostics"]

    told.sort(key=lambda each: each["range"]["start"]["line"])
    assert [each["rule"] for each in evaluated] == expected
    assert [(each["code"], each["range"]) for each in told] == [
        (each["rule"], each["range"]) for each in evaluated
    ]


async def test_a_configuration_that_is_saved_counts(tmp_path):
    configuration = tmp_path / "k8sgen.toml"
    configuration.touch()
    file = tmp_path / "app.py"

    async with inside() as session:
        session.open(file.as_uri(), IGNORING)
        await session.until(lambda _: session.published(file.as_uri()))
        configuration.write_text('ignore = ["self-shadowing"]', encoding="utf-8")
        session.edit(file.as_uri(), IGNORING + "\n", 2)
        await session.until(lambda _: session.published(file.as_uri())[-1]["version"] == 2)
        before, *_, after = session.published(file.as_uri())

    rules = [[each["code"] for each in told["diagnostics"]] for told in (before, after)]
    assert ["self-shadowing" in each for each in rules] == [True, False]
