"""What configures a project, who wins, and how mistakes and hostile files are answered."""

import ast
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8sgen_core import config
from k8sgen_core.config import KEYS, ConfigurationError, load, project_root
from k8sgen_core.config.discovery import imports_k8s_gen, matches
from k8sgen_core.findings import Finding, Place, Position, Range
from k8sgen_core.kubernetes.schemas import DEFAULT_VERSION, VERSIONS

ROOT = Path(__file__).parents[2]
DSL = "from k8s_gen import App\n"
DEFAULTS = {
    "files": (),
    "include": (),
    "output": "k8s",
    "kubernetes_version": "1.37",
    "environment": None,
    "fail_on": None,
    "select": (),
    "ignore": (),
    "extend_select": (),
    "per_path_ignores": {},
    "rules": {},
    "pod_security": None,
    "schema_locations": (),
    "strict_crds": False,
    "timeout": 10.0,
    "memory": 1 << 30,
    "objects": 10_000,
    "allow": frozenset(),
    "secrets": "store",
    "plugins": ("plugins",),
    "validators": (),
    "approved_registries": (),
    "naming_pattern": None,
    "required_labels": (),
    "max_cpu": None,
    "max_memory": None,
}
EVERYTHING = """\
files = ["deploy/*.py", "apps/**/main.py"]
include = ["base/**/*.yaml"]
output = "deploy/k8s"
kubernetes-version = "v1.33"
environment = "prod"
fail-on = "warning"
select = ["latest-tag"]
ignore = ["no-read-only-root-fs", "latest-tag"]
extend-select = ["privileged-container"]
per-path-ignores = {"legacy/**/*.py" = ["latest-tag"]}
rules = {latest-tag = {severity = "warning"}}
pod-security = "baseline"
schema-locations = ["schemas", "crds/{{.Group}}/{{.ResourceKind}}.json"]
strict-crds = true
secrets = "placeholder"
plugins = ["plugins", "shop/plugins", "backup"]
validators = ["validators.security:SecurityValidator"]

[policy]
approved-registries = ["ghcr.io/acme", "localhost:5000"]
naming-pattern = "[a-z]+(-[a-z]+)*"
required-labels = ["team", "example.com/cost-center"]
max-cpu = 2.5
max-memory = "4Gi"

[evaluate]
timeout = 2.5
memory = "1.5Gi"
objects = 7
allow = ["network", "process"]
"""
ALL_SET = {
    "files": ("deploy/*.py", "apps/**/main.py"),
    "include": ("base/**/*.yaml",),
    "output": "deploy/k8s",
    "kubernetes_version": "v1.33",
    "environment": "prod",
    "fail_on": "warning",
    "select": ("latest-tag",),
    "ignore": ("no-read-only-root-fs", "latest-tag"),
    "extend_select": ("privileged-container",),
    "per_path_ignores": {"legacy/**/*.py": ("latest-tag",)},
    "rules": {"latest-tag": {"severity": "warning"}},
    "pod_security": "baseline",
    "schema_locations": ("schemas", "crds/{{.Group}}/{{.ResourceKind}}.json"),
    "strict_crds": True,
    "timeout": 2.5,
    "memory": 3 << 29,
    "objects": 7,
    "allow": frozenset({"network", "process"}),
    "secrets": "placeholder",
    "plugins": ("plugins", "shop/plugins", "backup"),
    "validators": ("validators.security:SecurityValidator",),
    "approved_registries": ("ghcr.io/acme", "localhost:5000"),
    "naming_pattern": "[a-z]+(-[a-z]+)*",
    "required_labels": ("team", "example.com/cost-center"),
    "max_cpu": "2500m",
    "max_memory": "4Gi",
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def values_of(loaded: config.Config) -> dict[str, object]:
    return {name: value for name, value in asdict(loaded).items() if name in KEYS}


def error_of(root: Path, environ=(), options=()) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load(root, dict(environ), dict(options))
    return caught.value


def shown(root: Path, environ=(), options=()) -> str:
    """Return the error as ``file:line:columns message -- hint``, counted from 1."""
    finding = error_of(root, environ, options).finding
    place = ""
    if finding.place:
        start, end = finding.place.range
        assert start.line == end.line
        name = Path(finding.place.path).relative_to(root)
        place = f"{name}:{start.line + 1}:{start.character + 1}-{end.character + 1} "
    return f"{place}{finding.message} -- {finding.hint}"


def test_without_a_file_everything_is_at_its_default(tmp_path):
    assert values_of(load(tmp_path, {})) == DEFAULTS


def test_every_key_can_be_set_in_the_own_file(tmp_path):
    write(tmp_path, {"k8sgen.toml": EVERYTHING, "pyproject.toml": "[tool.other]\nx = 'k8sgen'\n"})

    assert values_of(load(tmp_path, {})) == ALL_SET


def test_every_key_can_be_set_in_pyproject(tmp_path):
    text = "[tool.k8sgen]\n" + EVERYTHING.replace("\n[", "\n[tool.k8sgen.")
    write(tmp_path, {"pyproject.toml": text.replace("\n", "\r\n")})

    assert values_of(load(tmp_path, {})) == ALL_SET


def test_the_configuration_is_frozen_and_typed_like_its_keys():
    assert KEYS.keys() == DEFAULTS.keys() == ALL_SET.keys()
    with pytest.raises(AttributeError):
        load(ROOT, {}).output = "elsewhere"


@pytest.mark.parametrize(
    ("name", "file", "variable", "option", "values"),
    [
        ("output", '"a"', "/b", "../c", ("k8s", "a", "/b", "../c")),
        ("kubernetes-version", '"1.30"', "1.31", "v1.32", ("1.37", "1.30", "1.31", "v1.32")),
        ("environment", '"a"', "b", "c", (None, "a", "b", "c")),
        ("fail-on", '"error"', "warning", "info", (None, "error", "warning", "info")),
        ("select", '["a"]', "e", "b, c-d,", ((), ("a",), ("e",), ("b", "c-d"))),
        ("ignore", '["a"]', "c", "b", ((), ("a",), ("c",), ("b",))),
        ("extend-select", '["a"]', None, "b", ((), ("a",), None, ("b",))),
        ("per-path-ignores", '{"a" = ["b"]}', None, None, ({}, {"a": ("b",)}, None, None)),
        ("rules", "{latest-tag = {}}", None, None, ({}, {"latest-tag": {}}, None, None)),
        (
            "pod-security",
            '"baseline"',
            None,
            "restricted",
            (None, "baseline", None, "restricted"),
        ),
        ("schema-locations", '["a"]', None, "/b", ((), ("a",), None, ("/b",))),
        ("strict-crds", "true", None, "true", (False, True, None, True)),
        ("evaluate.timeout", "1", "2", None, (10.0, 1.0, 2.0, None)),
        ("evaluate.memory", '"1G"', "2Gi", None, (1 << 30, 10**9, 1 << 31, None)),
        ("evaluate.objects", "1", "2", None, (10_000, 1, 2, None)),
        ("evaluate.allow", '["write"]', None, None, (frozenset(), {"write"}, None, None)),
        ("secrets", '"store"', "placeholder", None, ("store", "store", "placeholder", None)),
        ("plugins", '["a", "b/c"]', None, None, (("plugins",), ("a", "b/c"), None, None)),
        ("validators", '["a.b:C"]', None, None, ((), ("a.b:C",), None, None)),
        ("policy.approved-registries", '["a.io"]', None, None, ((), ("a.io",), None, None)),
        ("policy.naming-pattern", '"a+"', None, None, (None, "a+", None, None)),
        ("policy.required-labels", '["a"]', None, None, ((), ("a",), None, None)),
        ("policy.max-cpu", "2", None, None, (None, "2", None, None)),
        ("policy.max-memory", '"1Gi"', None, None, (None, "1Gi", None, None)),
        ("files", '["a.py"]', None, None, ((), ("a.py",), None, None)),
        ("include", '["a.yaml"]', None, None, ((), ("a.yaml",), None, None)),
    ],
)
def test_command_line_over_variable_over_file_over_default(
    tmp_path, name, file, variable, option, values
):
    [(attribute, key)] = [each for each in KEYS.items() if each[1].name == name]
    assert (key.variable is None, key.option is None) == (variable is None, option is None)
    environ = {key.variable: variable} if variable else {}
    options = {name: option} if option else {}

    found = [getattr(load(tmp_path, {}), attribute)]
    write(tmp_path, {"k8sgen.toml": f"{name} = {file}\n"})
    for can_be_set, arguments in [
        (True, ({},)),
        (variable, (environ,)),
        (option, (environ, options)),
    ]:
        found.append(getattr(load(tmp_path, *arguments), attribute) if can_be_set else None)

    assert tuple(found) == values


def test_the_table_of_precedence_above_is_about_every_key():
    [mark] = [
        mark
        for mark in test_command_line_over_variable_over_file_over_default.pytestmark
        if mark.name == "parametrize"
    ]

    assert {row[0] for row in mark.args[1]} == {key.name for key in KEYS.values()}


def test_an_empty_variable_is_not_set_and_foreign_ones_do_not_matter(tmp_path):
    environ = {"K8SGEN_OUTPUT": "", "K8SGEN_UNHEARD_OF": "x", "K8SGEN_FILES": "x"}

    assert values_of(load(tmp_path, environ)) == DEFAULTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            'fail_on = "error"',
            "1:1-8 k8sgen.toml sets 'fail_on', which is no key of the configuration"
            " -- did you mean 'fail-on'?",
            id="unknown key",
        ),
        pytest.param(
            "\n[evaluate]\n  timeot = 3",
            "3:3-9 k8sgen.toml sets 'evaluate.timeot', which is no key of the configuration"
            " -- did you mean 'evaluate.timeout'?",
            id="unknown key in a table",
        ),
        pytest.param(
            '"evaluate.timeout" = 3',
            "1:1-19 k8sgen.toml sets 'evaluate.timeout', which is no key of the configuration"
            " -- did you mean 'evaluate.timeout'?",
            id="dotted name in quotes",
        ),
        pytest.param(
            "[zzz]\nx = 1",
            "1:2-5 k8sgen.toml sets 'zzz', which is no key of the configuration -- use one of "
            + ", ".join(key.name for key in KEYS.values()),
            id="unknown table",
        ),
        pytest.param(
            "evaluate = 3",
            "1:1-9 `evaluate` in k8sgen.toml: 3 is a whole number; it must be a table"
            " -- write [evaluate]",
            id="number for a table",
        ),
        pytest.param(
            "evaluate.timeout = 'soon'",
            "1:1-17 `evaluate.timeout` in k8sgen.toml: 'soon' is text; it must be a number of"
            " seconds -- write e.g. 10",
            id="text for a number",
        ),
        pytest.param(
            "evaluate = { timeout = true }",
            "1:1-9 `evaluate.timeout` in k8sgen.toml: True is true or false; it must be a number"
            " of seconds -- write e.g. 10",
            id="boolean in an inline table",
        ),
        pytest.param(
            "[evaluate]\ntimeout = nan",
            "2:1-8 `evaluate.timeout` in k8sgen.toml: nan is out of range"
            " -- write 0.1 to 3600 seconds",
            id="no number",
        ),
        pytest.param(
            "[evaluate]\ntimeout = inf",
            "2:1-8 `evaluate.timeout` in k8sgen.toml: inf is out of range"
            " -- write 0.1 to 3600 seconds",
            id="no limit",
        ),
        pytest.param(
            "[evaluate]\nmemory = '1GB'",
            "2:1-7 `evaluate.memory` in k8sgen.toml: '1GB' is not a memory quantity: a number, "
            "then at most one suffix, without blanks -- did you mean '1G' or '1Gi'?",
            id="no quantity",
        ),
        pytest.param(
            "[evaluate]\nmemory = '1Ei'",
            "2:1-7 `evaluate.memory` in k8sgen.toml: '1Ei' is out of range"
            " -- write '128Mi' to '1Ti'",
            id="too much memory",
        ),
        pytest.param(
            "[evaluate]\nobjects = 1e3",
            "2:1-8 `evaluate.objects` in k8sgen.toml: 1000.0 is a number with a fraction; it must"
            " be a whole number -- write 1000",
            id="fraction for a count",
        ),
        pytest.param(
            "[evaluate]\nobjects = 0",
            "2:1-8 `evaluate.objects` in k8sgen.toml: 0 is out of range: it must be from 1 to"
            " 1000000 -- the nearest is 1",
            id="no objects",
        ),
        pytest.param(
            "[evaluate]\nallow = ['networks']",
            "2:1-6 `evaluate.allow` in k8sgen.toml: 'networks' is none of process, network, write"
            " -- did you mean 'network'?",
            id="unknown permission",
        ),
        pytest.param(
            "[evaluate]\nallow = 'network'",
            "2:1-6 `evaluate.allow` in k8sgen.toml: 'network' is text; it must be a list"
            " -- write e.g. ['network']",
            id="text for a list",
        ),
        pytest.param(
            "kubernetes-version = 1.30",
            "1:1-19 `kubernetes-version` in k8sgen.toml: 1.3 is a number with a fraction; it must"
            " be text -- put the version in quotes, e.g. '1.37'",
            id="version without quotes",
        ),
        pytest.param(
            "kubernetes-version = 'latest'",
            "1:1-19 `kubernetes-version` in k8sgen.toml: 'latest' is not a version of Kubernetes"
            " -- write e.g. '1.37'",
            id="no version",
        ),
        pytest.param(
            "fail-on = 'fatal'",
            "1:1-8 `fail-on` in k8sgen.toml: 'fatal' is none of error, warning, info"
            " -- use one of these",
            id="unknown level",
        ),
        pytest.param(
            "ignore = ['Latest_Tag']",
            "1:1-7 `ignore` in k8sgen.toml: 'Latest_Tag' is not the id of a rule: lower-case words"
            " with dashes -- write e.g. 'latest-tag'",
            id="no id",
        ),
        pytest.param(
            "include = ['a.yaml', 3]",
            "1:1-8 `include` in k8sgen.toml: 3 is a whole number; it must be text -- write '3'",
            id="number in a list",
        ),
        pytest.param(
            "files = ['deploy/']",
            "1:1-6 `files` in k8sgen.toml: 'deploy/' names a folder; it must match files"
            " -- did you mean 'deploy/**/*'?",
            id="folder for files",
        ),
        pytest.param(
            "environment = '\\u202e'".replace("'", '"'),
            "1:1-12 `environment` in k8sgen.toml: '\\u202e' is not a name -- write e.g. 'prod'",
            id="invisible name",
        ),
        pytest.param(
            "x = '''\nfiles = 1\n'''  # ''' \"\"\"\nfiles = 1",
            "1:1-2 k8sgen.toml sets 'x', which is no key of the configuration -- use one of "
            + ", ".join(key.name for key in KEYS.values()),
            id="key in a long text",
        ),
        pytest.param(
            "secrets = 'store'\nsecrets = 'store'",
            "2:18-18 k8sgen.toml is not valid TOML: Cannot overwrite a value"
            " -- correct what is at the place shown",
            id="key twice",
        ),
        pytest.param(
            "\noutput =",
            "2:9-9 k8sgen.toml is not valid TOML: Invalid value"
            " -- correct what is at the place shown",
            id="broken at the end",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_value_and_remedy(tmp_path, text, expected):
    write(tmp_path, {"k8sgen.toml": text})

    assert shown(tmp_path) == f"k8sgen.toml:{expected}"


@pytest.mark.parametrize("key", ["output", "files", "include"])
@pytest.mark.parametrize(
    "path", ["/etc", "~/.ssh", "../x", "a/../../x", "C:/x", "..\\\\x", "//host/share", "a/.."]
)
def test_a_project_cannot_lead_out_of_itself(tmp_path, key, path):
    value = f'"{path}"' if key == "output" else f'["{path}"]'
    write(tmp_path, {"k8sgen.toml": f"{key} = {value}"})

    assert "may lead out of the project -- write a path below the project root" in shown(tmp_path)


@pytest.mark.parametrize("path", ["", "a\\u0000b", "a\\nb"])
def test_a_path_is_printable_text(tmp_path, path):
    write(tmp_path, {"k8sgen.toml": f'output = "{path}"'})

    assert "is not a path -- write e.g. 'k8s'" in shown(tmp_path)


@pytest.mark.parametrize(
    "key",
    ["python", "interpreter", "python_path", "library_path", "path", "env", "args"],
)
def test_no_key_makes_code_run(tmp_path, key):
    write(tmp_path, {"k8sgen.toml": f'{key} = ["./evil"]'})

    assert f"k8sgen.toml sets '{key}', which is no key of the configuration" in shown(tmp_path)


@pytest.mark.parametrize(
    ("environ", "options", "expected"),
    [
        pytest.param(
            {"K8SGEN_FAIL_ON": "errors"},
            {},
            "K8SGEN_FAIL_ON: 'errors' is none of error, warning, info -- did you mean 'error'?",
            id="variable",
        ),
        pytest.param(
            {"K8SGEN_EVALUATE_TIMEOUT": "soon"},
            {},
            "K8SGEN_EVALUATE_TIMEOUT: 'soon' is text; it must be a number of seconds"
            " -- write e.g. 10",
            id="number",
        ),
        pytest.param(
            {"K8SGEN_EVALUATE_OBJECTS": "9" * 5000},
            {},
            "K8SGEN_EVALUATE_OBJECTS: inf is a number with a fraction; it must be a whole number"
            " -- write a whole number such as 1",
            id="long number",
        ),
        pytest.param(
            {},
            {"select": "A"},
            "--select: 'A' is not the id of a rule: lower-case words with dashes"
            " -- write e.g. 'latest-tag'",
            id="option",
        ),
        pytest.param(
            {"K8SGEN_OUTPUT": "\x1b[2J"},
            {"output": "k8s"},
            "K8SGEN_OUTPUT: '\\x1b[2J' is not a path -- write e.g. 'k8s'",
            id="overridden",
        ),
    ],
)
def test_a_mistake_outside_of_files_names_the_variable_or_option(
    tmp_path, environ, options, expected
):
    assert shown(tmp_path, environ, options) == expected


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        pytest.param(
            "k8sgen.toml",
            b"# fine\n\xff",
            "k8sgen.toml:2:1-1 k8sgen.toml is not UTF-8: byte 0xff -- save the file as UTF-8",
            id="not UTF-8",
        ),
        pytest.param(
            "k8sgen.toml",
            b"x = " + b"[" * 100_000,
            "k8sgen.toml:1:1-1 k8sgen.toml is not valid TOML: ",
            id="deep",
        ),
        pytest.param(
            "k8sgen.toml",
            b"x = " + b"1" * 5000,
            "k8sgen.toml:1:1-1 k8sgen.toml is not valid TOML: ",
            id="long number",
        ),
        pytest.param(
            "pyproject.toml",
            b"# k8sgen\n" + b"a." * 250_000 + b"a = 1",
            "pyproject.toml:2:1-1 pyproject.toml has a key of more than 32 parts -- remove it",
            id="long key",
        ),
        pytest.param(
            "k8sgen.toml",
            b"\n [ 'a' . " + b'"b".' * 1000 + b"c]",
            "k8sgen.toml:2:1-1 k8sgen.toml has a key of more than 32 parts -- remove it",
            id="long name of a table",
        ),
        pytest.param(
            "k8sgen.toml",
            b"#" * (1 << 20) + b"\n",
            "k8sgen.toml:1:1-1 k8sgen.toml is larger than 1048576 bytes"
            " -- keep only configuration in it",
            id="large",
        ),
        pytest.param(
            "pyproject.toml",
            b"[tool]\nk8sgen = 3\n",
            "pyproject.toml:2:1-7 `tool.k8sgen` in pyproject.toml is not a table"
            " -- write [tool.k8sgen] and the keys below it",
            id="no table",
        ),
        pytest.param(
            "pyproject.toml",
            b"[project]\nname = 'a'\n\n[tool.k8sgen.evaluate]\nobjects = -1\n",
            "pyproject.toml:5:1-8 `evaluate.objects` in pyproject.toml: -1 is out of range: it must"
            " be from 1 to 1000000 -- the nearest is 1",
            id="table of another file",
        ),
        pytest.param(
            "pyproject.toml",
            b"[tool.k8sgen\n",
            "pyproject.toml:1:13-13 pyproject.toml is not valid TOML: ",
            id="broken",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error(tmp_path, name, content, expected):
    (tmp_path / name).write_bytes(content)

    assert shown(tmp_path).startswith(expected)


def test_two_files_are_an_error(tmp_path):
    write(tmp_path, {"k8sgen.toml": "", "pyproject.toml": "\n[tool.k8sgen]\n"})

    assert error_of(tmp_path).finding == Finding(
        rule="configuration",
        message=f"both k8sgen.toml and [tool.k8sgen] in pyproject.toml configure the project in "
        f"{tmp_path}",
        place=Place(
            str(tmp_path / "pyproject.toml"),
            Range(Position(1, 1), Position(1, len("tool.k8sgen") + 1)),
        ),
        hint="keep one of them",
    )


@pytest.mark.parametrize(
    "pyproject",
    ["tool = 3", "[tool]\nother = 1", "not toml at all", "[tool.x]\nk8sgen = 1", "# k8sgen"],
)
def test_a_pyproject_that_does_not_configure_us_is_not_judged(tmp_path, pyproject):
    write(tmp_path, {"k8sgen.toml": "output = 'x'", "pyproject.toml": pyproject})

    assert load(tmp_path, {}).output == "x"


def test_a_marked_file_of_windows_is_read(tmp_path):
    write(tmp_path, {"k8sgen.toml": "\ufeffoutput = 'x'\r\n"})

    assert load(tmp_path, {}).output == "x"


def test_what_only_higher_layers_can_judge_is_reported_where_it_was_set(tmp_path):
    write(tmp_path, {"k8sgen.toml": "\nkubernetes-version = '1.20'\n"})
    path = str(tmp_path / "k8sgen.toml")

    errors = [
        load(tmp_path, {}).error("kubernetes-version", "unknown", "use 1.37"),
        load(tmp_path, {"K8SGEN_KUBERNETES_VERSION": "1.2"}).error("kubernetes-version", "x", None),
        load(tmp_path, {}).error("output", "unusable", None),
    ]

    assert [(str(each), each.finding.place) for each in errors] == [
        (
            "`kubernetes-version` in k8sgen.toml: unknown (use 1.37)",
            Place(path, Range(Position(1, 0), Position(1, 18))),
        ),
        ("K8SGEN_KUBERNETES_VERSION: x", None),
        ("`output`: unusable", None),
    ]


@pytest.mark.parametrize(
    ("files", "root"),
    [
        pytest.param({}, "a/b/c", id="nothing"),
        pytest.param({"a/b/k8sgen.toml": "", "a/.git/HEAD": ""}, "a/b", id="own file"),
        pytest.param({"a/k8sgen.toml": "", "a/b/pyproject.toml": ""}, "a", id="farther, but ours"),
        pytest.param({"a/pyproject.toml": "[tool.k8sgen]", "a/b/.git": ""}, "a", id="our table"),
        pytest.param({"a/pyproject.toml": "", "a/b/.git": "gitdir: x"}, "a/b", id="nearest mark"),
        pytest.param({"a/.git/HEAD": "", "a/b/pyproject.toml": "["}, "a/b", id="broken mark"),
        pytest.param({"a/k8sgen.toml": "", "a/b/pyproject.toml": "["}, "a", id="broken, not ours"),
        pytest.param(
            {"a/k8sgen.toml": "", "a/b/pyproject.toml": "[tool.k8sgen"}, "a/b", id="broken, ours"
        ),
        pytest.param({"a/k8sgen.toml": "]["}, "a", id="broken own file"),
        pytest.param({"a/b/k8sgen.toml/x": "", "a/.git/x": ""}, "a", id="folder of that name"),
    ],
)
def test_the_root_is_the_nearest_configuration_else_mark_else_folder(tmp_path, files, root):
    # The mark keeps what lies around the temporary folder from having a say.
    write(tmp_path, {"a/b/c/app.py": DSL, **files})

    found = [project_root(tmp_path / "a/b/c/app.py"), project_root(tmp_path / "a/b/c")]

    assert found == [tmp_path / root] * 2


def test_a_relative_path_has_an_absolute_root(tmp_path, monkeypatch):
    write(tmp_path, {"k8sgen.toml": "", "a/app.py": DSL})
    monkeypatch.chdir(tmp_path / "a")

    assert project_root(Path("../a/app.py")) == tmp_path
    assert load(Path(".."), {}).root == tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("import k8s_gen", True, id="import"),
        pytest.param("import os, k8s_gen.plugins as p", True, id="second of two"),
        pytest.param("from k8s_gen.plugins import x", True, id="from a submodule"),
        pytest.param("def f():\n    from k8s_gen import App", True, id="in a function"),
        pytest.param("x = 1; from k8s_gen \\\n import (\n App)", True, id="over two lines"),
        pytest.param("import k8s_generator", False, id="another package"),
        pytest.param("from .k8s_gen import App", False, id="relative"),
        pytest.param("from . import k8s_gen", False, id="sibling"),
        pytest.param('"""\nimport k8s_gen\n"""', False, id="text"),
        pytest.param("# import k8s_gen", False, id="comment"),
        pytest.param("from k8s_gen import App\nApp('a'", True, id="unfinished call"),
        pytest.param("import os, k8s_gen\nif", True, id="unfinished statement"),
        pytest.param("from k8s_gen import", True, id="unfinished import"),
        pytest.param("# import k8s_gen\nif", False, id="comment in a broken file"),
        pytest.param("from k8s_gen import App\0", True, id="NUL"),
        pytest.param("from k8s_gen import App\nx = " + "(" * 5000, True, id="deep"),
        pytest.param("from k8s_gen import App\nx = " + "-" * 100_000 + "1", True, id="deeper"),
        pytest.param("from k8s_gen import App\nx = '\\d'", True, id="with a warning"),
        pytest.param('"""A."""\nfrom k8s_gen import (\n App,\n)', True, id="after a text"),
        pytest.param("x = [\nimport k8s_gen\n]", True, id="in brackets, so broken"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_dsl_file_imports_k8s_gen(tmp_path, text, expected):
    assert imports_k8s_gen(text) is expected
    assert load(tmp_path, {}).is_dsl_file(tmp_path / "app.py", text) is expected


LINES = st.sampled_from(
    [
        "from k8s_gen import App",
        "import os, k8s_gen",
        "import k8s_generator",
        "    import k8s_gen",
        "from k8s_gen import (",
        ")",
        "x = (",
        '"""',
        "x = '''a",
        "'''",
        "if x:",
        "    pass",
        "else:",
        "x = 1 \\",
        '# """',
        "",
    ]
)


@given(st.lists(LINES, max_size=8))
def test_what_a_line_says_before_all_is_read_is_what_the_whole_says(lines):
    text = "\n".join(lines)
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    modules = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules.append(node.module)

    assert imports_k8s_gen(text) is ("k8s_gen" in modules)


TREE = {
    name: DSL
    for name in (
        "app.py",
        "apps/shop.py",
        "apps/plugins/deep.py",
        "plugins/mine.py",
        "validators/v.py",
        "output_formats/o.py",
        "tests/core/t.py",
        ".hidden/h.py",
        "env/lib/python3.13/site-packages/k8s_gen/x.py",
        "env/bin/activate_this.py",
        "venv/x.py",
        "web/node_modules/x/y.py",
        "build/lib/x.py",
        "dist/x.py",
        "readme.txt",
        "a-b/c.py",
        "a/z.py",
    )
} | {"helper.py": "import os\n", "env/pyvenv.cfg": "", "broken.py": "from k8s_gen import App\nif\n"}


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        pytest.param(
            [],
            ["a/z.py", "a-b/c.py", "app.py", "apps/plugins/deep.py", "apps/shop.py", "broken.py"],
            id="by default",
        ),
        pytest.param(["*.py"], ["app.py", "broken.py", "helper.py"], id="at the root"),
        pytest.param(["apps/**"], ["apps/plugins/deep.py", "apps/shop.py"], id="below a folder"),
        pytest.param(["**/shop.py", "tests/**"], ["apps/shop.py", "tests/core/t.py"], id="two"),
        pytest.param(["venv/*.py", "readme.txt"], [], id="never"),
    ],
)
def test_the_dsl_files_of_a_project(tmp_path, patterns, found):
    write(tmp_path, {**TREE, "k8sgen.toml": f"files = {patterns}"})
    loaded = load(tmp_path, {})

    assert [path.relative_to(tmp_path).as_posix() for path in loaded.dsl_files(tmp_path)] == found
    assert [
        name
        for name, text in TREE.items()
        if loaded.is_dsl_file(tmp_path / name, text) and not name.startswith("env/bin")
    ] == [name for name in TREE if name in found]


def test_a_folder_of_the_project_has_its_own_files_only(tmp_path):
    write(tmp_path, TREE)
    loaded = load(tmp_path, {})

    assert loaded.dsl_files(tmp_path / "a") == [tmp_path / "a/z.py"]
    assert loaded.dsl_files(Path("plugins")) == []
    assert not loaded.is_dsl_file(tmp_path.parent / "app.py", DSL)
    assert not loaded.is_dsl_file(Path("a/../../app.py"), DSL)


@pytest.mark.skipif(os.name != "posix", reason="links need privileges on Windows")
def test_links_and_pipes_are_not_followed(tmp_path):
    write(tmp_path, {"outside/secret.py": DSL, "project/a/app.py": DSL})
    project = tmp_path / "project"
    (project / "out").symlink_to(tmp_path / "outside")
    (project / "a/loop").symlink_to(project)
    (project / "again.py").symlink_to(project / "a/app.py")
    os.mkfifo(project / "pipe.py")

    assert load(project, {}).dsl_files(project) == [project / "a/app.py"]


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("a.py", "*.py", True),
        ("a/b.py", "*.py", False),
        ("a/b.py", "*/*.py", True),
        ("a/b/c.py", "*/*.py", False),
        ("c.py", "**/c.py", True),
        ("a/b/c.py", "**/c.py", True),
        ("a/b/c.py", "a/**/c.py", True),
        ("a/c.py", "a/**/c.py", True),
        ("b/c.py", "a/**/c.py", False),
        ("a/b/c.py", "a/**", True),
        ("a/b/c.py", "**/b/**", True),
        ("app1.py", "app[0-9].py", True),
        ("App.py", "app.py", False),
    ],
)
def test_patterns(path, pattern, expected):
    assert matches(path.split("/"), pattern) is expected


@given(st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=40))
def test_no_pattern_is_slow_and_any_folders_is_any_path(parts):
    assert matches(parts, "/".join(["**"] * 40))
    assert not matches(parts, "/".join(["**", "a"] * 40 + ["c"]))


def test_the_manual_is_made_of_the_keys():
    assert (ROOT / "docs/configuration.md").read_text("utf-8") == config.documentation()


@pytest.mark.parametrize("name", ["k8sgen.toml", "pyproject.toml"])
def test_the_examples_of_the_manual_work(tmp_path, name):
    own, shared = [part.split("```")[0] for part in config.documentation().split("```toml\n")[1:]]
    write(tmp_path, {name: own if name == "k8sgen.toml" else shared})

    changed = {"kubernetes_version": "1.36", "timeout": 20.0}
    assert values_of(load(tmp_path, {})) == {**DEFAULTS, **changed}


def test_the_manual_names_the_versions_there_are():
    key = KEYS["kubernetes_version"]

    assert key.kind.allowed == f"`{VERSIONS[0]}` to `{VERSIONS[-1]}`"
    assert key.default == DEFAULT_VERSION


def test_importing_the_configuration_is_cheap():
    code = "import sys, k8sgen_core.config; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )

    costly = {"tomllib", "difflib", "json", "yaml", "fractions", "k8sgen_core.config.manual"}
    assert costly.isdisjoint(run.stdout.split())
