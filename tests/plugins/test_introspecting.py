"""What loaded plugins offer, also where their text does not say it."""

import json
import subprocess
import sys

import pytest

from k8sgen_core.evaluation.process import evaluate_once
from k8sgen_core.evaluation.request import Request

DYNAMIC = '''
import enum
import functools
from typing import Literal

from k8s_gen import App, Plugin


class Mode(enum.Enum):
    FAST = "f"
    SLOW = "s"


def logged(function):
    @functools.wraps(function)
    def wrapper(self, *args, **kwargs):
        return function(self, *args, **kwargs)

    return wrapper


def renamed(function):
    def other(self, value: int, /, *, again=None):
        return function(self, value)

    return other


class Hostile:
    def __repr__(self):
        raise SystemExit("nothing calls this")


class Dynamic(Plugin):
    """Changed after it was written."""

    aliases = ["living"]

    def __init__(self, name, *, password="hunter2", hostile=Hostile()):
        super().__init__(name)
        self.size = 1

    def size(self, size: int = 3):
        """Set the size."""
        self.size = size
        return self

    @logged
    def mode(self, mode: Mode, level: Literal["a", "b"] | None = None):
        return self

    @renamed
    def changed(self, value):
        return self

    @property
    def shown(self):
        """What is shown."""
        return 1

    def _hidden(self):
        return self

    def generate_app(self):
        return App(self.name).image("a:1")


for colour in ("red", "green"):
    def method(self, value: bool = True):
        return self

    setattr(Dynamic, colour, method)
'''


def loaded(tmp_path, text):
    path = tmp_path / "app.py"
    outcome = evaluate_once(Request(path, tmp_path, text=text, preview=False, plugins=True))
    return outcome["plugins"]


def test_what_a_class_came_to_be(tmp_path):
    [plugin] = loaded(tmp_path, DYNAMIC)

    methods = {each["name"]: each for each in plugin["methods"]}
    assert (plugin["class"], plugin["module"]) == ("Dynamic", "__main__")
    assert plugin["documentation"] == "Changed after it was written."
    assert plugin["names"] == ["dynamic", "living"]
    assert set(methods) == {"size", "mode", "changed", "shown", "generate_app", "red", "green"}
    assert methods["size"]["documentation"] == "Set the size."
    assert methods["shown"]["kind"] == "property"
    assert methods["generate_app"]["kind"] == "generator"


def test_parameters_as_decorators_left_them(tmp_path):
    [plugin] = loaded(tmp_path, DYNAMIC)

    taken = {each["name"]: each["parameters"] for each in plugin["methods"]}
    mode, level = taken["mode"]
    assert (mode["name"], mode["annotation"]) == ("mode", "Mode")
    assert mode["choices"] == ["Mode.FAST", "Mode.SLOW"]
    assert (level["default"], level["choices"]) == ("None", ["'a'", "'b'"])
    assert [(each["name"], each["only"]) for each in taken["changed"]] == [
        ("value", "position"),
        ("again", "name"),
    ]
    assert taken["red"][0]["choices"] == ["True", "False"]
    assert taken["size"][0]["default"] == "3"


def test_an_object_that_can_be_called_is_there_too(tmp_path):
    text = DYNAMIC.replace("self.size = 1", "pass") + (
        "from functools import partial\n"
        "Dynamic.part = partial(print)\nDynamic.Part = int\nDynamic.number = 1\n"
    )

    [plugin] = loaded(tmp_path, text)

    kinds = {each["name"]: each["kind"] for each in plugin["methods"]}
    assert kinds["part"] == "property"
    assert not {"Part", "number"} & set(kinds)


def test_nothing_of_a_users_is_called_and_no_secret_is_shown(tmp_path):
    [plugin] = loaded(tmp_path, DYNAMIC)

    name, password, hostile = plugin["parameters"]
    assert (name["default"], password["default"], hostile["default"]) == (None, "'***'", "...")
    assert "hunter2" not in json.dumps(plugin)


def test_without_plugins_there_is_nothing(tmp_path):
    assert loaded(tmp_path, 'from k8s_gen import App\nApp("a").image("b:1")\n') == []


def test_nobody_is_told_who_does_not_ask(tmp_path):
    path = tmp_path / "app.py"

    assert "plugins" not in evaluate_once(Request(path, tmp_path, text=DYNAMIC))


@pytest.fixture
def show(tmp_path):
    (tmp_path / "k8sgen.toml").touch()
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins/dynamic.py").write_text(DYNAMIC, encoding="utf-8")

    def run(*arguments):
        command = [sys.executable, "-m", "k8sgen_core", "plugins", "show", *arguments]
        return subprocess.run(
            [*command, "--project", tmp_path], capture_output=True, encoding="utf-8", check=False
        )

    return run


@pytest.mark.parametrize("name", ["dynamic", "Dynamic", "living"])
def test_show_prints_data(show, name):
    done = show(name, "--json")

    [plugin] = json.loads(done.stdout)
    assert done.returncode == 0
    assert plugin["module"] == "plugins.dynamic"
    assert "red" in [each["name"] for each in plugin["methods"]]


def test_show_prints_for_people(show):
    done = show("dynamic")

    lines = done.stdout.splitlines()
    assert lines[0] == "Dynamic(name, *, password = '***', hostile = ...)"
    assert "  .size(size: int = 3)" in lines
    assert "      Set the size." in lines
    assert "  add_dynamic, add_living" in lines


def test_show_says_what_there_is(show):
    done = show("nothing")

    assert done.returncode == 3
    assert "there is no plugin 'nothing'" in done.stderr
    assert "there are dynamic" in done.stderr


def test_show_says_why_a_plugin_cannot_be_loaded(show, tmp_path):
    (tmp_path / "plugins/dynamic.py").write_text("import nothing_like_it\n", encoding="utf-8")

    done = show("dynamic")

    assert done.returncode == 3
    assert "cannot be imported" in done.stderr
