"""What is kept of modules between sessions."""

import json
import os
import stat
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from k8sgen_lsp.static.catalogue import installed
from k8sgen_lsp.static.store import Store, cache_home
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.marked import CATALOGUE

PLUGIN = '''
from typing import Literal
from k8s_gen import App, Plugin, Secret

PASSWORD = "hunter2"
db = Secret("db").add("password", "hunter2")


class Database(Plugin):
    """A database."""

    aliases = ["postgres"]

    def __init__(self, name, *, password="hunter2", level: Literal["a", "b"] = "a"):
        super().__init__(name)
        self.password = "hunter2"
        self.app = App(name).env("PASSWORD", "hunter2")

    def size(self, size: int = 3, /, *others: int, **named: str):
        self.size = size
        return self

    def made(self):
        secret = Secret("x").add("password", f"hunter2{self}")
        return secret


def helper(n):
    return App(n).env("A", "hunter2")
'''


@pytest.fixture
def project(tmp_path):
    (tmp_path / "project/plugins").mkdir(parents=True)
    (tmp_path / "project/plugins/database.py").write_text(PLUGIN, encoding="utf-8")
    return tmp_path / "project"


def module(project, store):
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(store=store), "", (project, project))
    return catalogue.module("plugins.database")


def test_a_module_is_the_same_out_of_the_cache(project, tmp_path):
    first = Store(tmp_path / "cache")
    read = module(project, first)
    first.save()

    kept = module(project, Store(tmp_path / "cache"))

    assert kept is not read
    assert asdict(kept) == asdict(read)


def test_a_module_out_of_the_cache_is_not_read(project, tmp_path):
    store = Store(tmp_path / "cache")
    module(project, store)
    store.save()
    path = project / "plugins/database.py"
    before = path.stat()
    path.write_text(PLUGIN.replace("size", "SIZE"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert "size" in module(project, Store(tmp_path / "cache")).classes["Database"].own

    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert "SIZE" in module(project, Store(tmp_path / "cache")).classes["Database"].own


def test_the_cache_holds_no_texts_that_may_be_secret(project, tmp_path):
    store = Store(tmp_path / "cache")
    module(project, store)
    store.save()

    [file] = (tmp_path / "cache").iterdir()
    assert "hunter2" not in file.read_text(encoding="utf-8")
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda text: "", id="empty"),
        pytest.param(lambda text: text[: len(text) // 2], id="cut off"),
        pytest.param(lambda text: "[]", id="no mapping"),
        pytest.param(lambda text: "[" * 100_000, id="nested"),
        pytest.param(lambda text: text.replace('"classes"', '"glasses"'), id="other keys"),
        pytest.param(lambda text: text.replace('"own":{', '"own":3,"x":{'), id="other kinds"),
        pytest.param(lambda text: "\udc00\x00", id="no text"),
    ],
)
def test_a_damaged_cache_is_none(project, tmp_path, damage):
    store = Store(tmp_path / "cache")
    read = module(project, store)
    store.save()
    [file] = (tmp_path / "cache").iterdir()
    file.write_bytes(damage(file.read_text("utf-8")).encode("utf-8", "surrogatepass"))

    assert asdict(module(project, Store(tmp_path / "cache"))) == asdict(read)


def test_a_folder_that_cannot_be_made_is_no_fault(project, tmp_path):
    (tmp_path / "file").touch()
    store = Store(tmp_path / "file")

    assert module(project, store) is not None
    store.save()


def test_everything_that_comes_with_k8s_gen_can_be_kept(tmp_path):
    store = Store(tmp_path / "cache")
    first = installed(Modules(store=store).read)
    members = first.members(first.find("k8s_gen.App"))
    store.save()
    later = installed(Modules(store=Store(tmp_path / "cache")).read)

    assert later.members(later.find("k8s_gen.App")) == members
    assert all(json.loads(each.read_text()) for each in (tmp_path / "cache").iterdir())


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({"K8SGEN_CACHE_HOME": "/own"}, "linux", Path("/own")),
        ({"K8SGEN_CACHE_HOME": "relative", "XDG_CACHE_HOME": "/x"}, "linux", Path("/x/k8sgen")),
        ({"XDG_CACHE_HOME": "relative"}, "linux", Path.home() / ".cache/k8sgen"),
        ({}, "darwin", Path.home() / "Library/Caches/k8sgen"),
        ({}, "win32", Path.home() / "AppData/Local/k8sgen"),
    ],
)
def test_the_cache_is_the_users_own(environ, platform, expected):
    assert cache_home(environ, platform) == expected


def test_files_of_projects_that_are_gone_do_not_pile_up(tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir()
    for number in range(120):
        path = folder / f"index-{number}.json"
        path.write_text("{}", encoding="utf-8")
        os.utime(path, (number, number))
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins/database.py").write_text(PLUGIN, encoding="utf-8")
    store = Store(folder)
    module(tmp_path, store)
    store.save()

    left = {path.name for path in folder.iterdir()}
    assert len(left) == 100
    assert "index-0.json" not in left
    assert "index-119.json" in left
