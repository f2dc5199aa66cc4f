"""``k8sgen plugins new`` and ``list``."""

import json

import pytest

from k8sgen_lsp.features.completion import completions
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.cli.project import Project
from tests.lsp.marked import CATALOGUE


@pytest.fixture
def project(tmp_path):
    found = Project(tmp_path / "project")
    found.folder.mkdir()
    found.write("k8sgen.toml", "")
    return found


def test_a_new_plugin_passes_its_own_tests_and_is_completed_at_once(project):
    ran = project.run("plugins", "new", "redis-cache")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "created plugins/redis_cache.py",
        "created tests/test_redis_cache.py",
        "next: from plugins.redis_cache import RedisCache",
    ]
    tested = project.python("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert (tested.code, "3 passed" in tested.out) == (0, True), tested.out

    text = 'from plugins.redis_cache import RedisCache\nRedisCache("a").replicas(2).'
    folders = (project.folder, project.folder)
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text, folders)
    assert {"replicas", "setting", "labels"} <= {
        item.label for item in completions(catalogue, text, len(text))
    }


def test_what_a_new_plugin_describes_is_valid(project):
    project.run("plugins", "new", "RedisCache")
    project.write(
        "app.py",
        "from k8s_gen import App\nfrom plugins.redis_cache import RedisCache\n"
        'cache = RedisCache("cache").replicas(2).setting("level", "info")\n'
        'App("web").image("nginx:1.27").add_redis_cache(cache)\n',
    )

    ran = project.run("validate", "app.py")

    assert (ran.code, ran.out.splitlines()[-1:]) == (0, ["1 file: no findings"]), ran.out
    assert project.run("stubs").code == 0


@pytest.mark.parametrize(
    "name",
    [
        *("", "-", "class", "1st", "../x y", "a/b", "\u00fcber-cache", "a.b", "3d-model"),
        # What these would be called is K8s-Gen's already.
        *("app", "Plugin", "job", "secret", "config", "companion", "validator"),
    ],
)
def test_a_name_that_is_none_is_refused(project, name):
    ran = project.run("plugins", "new", "--", name)

    assert (ran.code, project.tree("plugins"), project.tree("tests")) == (2, {}, {})
    assert ran.err.startswith(f"error[usage] {name!r} cannot be the name of a plugin")


NAMES = [
    pytest.param("HTTPServer", "http_server", "HTTPServer", id="capitals"),
    pytest.param("my plugin", "my_plugin", "MyPlugin", id="blank"),
    pytest.param("v2API", "v2_api", "V2API", id="digits"),
    pytest.param("class2", "class2", "Class2", id="nearly a keyword"),
]


@pytest.mark.parametrize(("name", "module", "kind"), NAMES)
def test_every_name_gives_a_plugin_that_passes_its_tests(project, name, module, kind):
    ran = project.run("plugins", "new", name)

    assert ran.out.splitlines()[-1] == f"next: from plugins.{module} import {kind}"
    tested = project.python("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert (tested.code, "3 passed" in tested.out) == (0, True), tested.out


def test_a_plugin_that_exists_is_left_alone(project):
    path = project.write("plugins/redis_cache.py", "mine = 1\n")

    ran = project.run("plugins", "new", "redis-cache")

    assert (ran.code, path.read_text(encoding="utf-8")) == (2, "mine = 1\n")
    assert "plugins/redis_cache.py exists" in ran.err


def test_plugins_are_listed_without_being_run(project):
    project.write(
        "plugins/database.py",
        "import sys\nfrom k8s_gen import Plugin\nsys.exit(3)\n\n\nclass DatabaseCluster(Plugin):\n"
        '    """A cluster."""\n\n    aliases = ["postgres"]\n',
    )

    assert json.loads(project.run("plugins", "list", "--json").out) == [
        {
            "class": "DatabaseCluster",
            "path": "plugins/database.py",
            "summary": "A cluster.",
            "methods": ["add_database_cluster", "add_postgres", "add_database"],
        }
    ]
    assert project.run("plugins", "list").out.splitlines() == [
        "DatabaseCluster  plugins/database.py  A cluster.",
        "                 add_database_cluster, add_postgres, add_database",
    ]
