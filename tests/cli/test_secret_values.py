"""Secret values are shown nowhere, wherever they were written; only files on disk have them."""

import json
import os
import stat

import pytest

PLUGIN = """\
from k8s_gen import App, Plugin


class Vault(Plugin):
    def generate_secret(self):
        metadata = {"name": "v"}
        values = {"x": "hunter3"}
        return [{"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": values}]


Vault("v")
"""
MANIFEST = "apiVersion: v1\nkind: Secret\nmetadata: {name: m}\n"


@pytest.mark.parametrize(
    ("source", "written"),
    [
        pytest.param(
            'from k8s_gen import Secret\nSecret("u").override({"stringData": {"x": "hunter3"}})\n',
            "  x: hunter3\n",
            id="an override",
        ),
        pytest.param(
            "from k8s_gen import CustomResource\n"
            'CustomResource("v1", "Secret", "v").fields({"stringData": {"x": "hunter3"}})\n',
            "  x: hunter3\n",
            id="an object as it is",
        ),
        pytest.param(
            'from k8s_gen import Manifests\nManifests("text.yaml")\n',
            '  x: "hunter3\\n"\n',
            id="a manifest with text",
        ),
        pytest.param(
            'from k8s_gen import Manifests\nManifests("data.yaml")\n',
            "  x: aHVudGVyMw==\n",
            id="a manifest with data",
        ),
        pytest.param(PLUGIN, "  x: hunter3\n", id="a plugin"),
    ],
)
def test_values_of_any_secret_are_masked_until_they_are_written(project, source, written):
    project.write("text.yaml", f"{MANIFEST}stringData:\n  x: |\n    hunter3\n")
    project.write("data.yaml", f"{MANIFEST}data: {{x: aHVudGVyMw==}}\n")
    project.write("app.py", source)

    shown = project.run("preview", "app.py")
    data = project.run("preview", "app.py", "--json")
    made = project.run("generate", "app.py")

    assert (shown.code, data.code, made.code) == (0, 0, 0), made.err
    assert "  x: '***'\n" in json.loads(data.out)["files"][0]["text"].replace('"', "'")
    for text in (*shown, *data, *made):
        assert "hunter3" not in str(text)
        assert "aHVudGVyMw" not in str(text)
    [path] = (project.folder / "k8s").glob("*-secret.yaml")
    assert written in path.read_text(encoding="utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_value_that_is_no_text_is_refused_without_it(project):
    project.write(
        "app.py",
        "from k8s_gen import CustomResource\nPIN = 8731\n"
        'CustomResource("v1", "Secret", "v").fields({"stringData": {"x": PIN}})\n',
    )

    ran = project.run("validate", "app.py")

    assert ran.code == 1
    assert "schema-violation" in ran.err + ran.out
    assert "Secret/v stringData.x" in ran.err + ran.out


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        pytest.param(
            'Secret("w").add("bad key", "hunter5")',
            '2 | Secret("w").add("bad key", ***)\n                      ^^^^^^^^^\n',
            id="a key that is refused",
        ),
        pytest.param(
            's = Secret("w"); s.add(key="k", value=b"hunter5")',
            '2 | s = Secret("w"); s.add(key="k", value=***)\n'
            "                                            ^^^\n",
            id="a value that is refused",
        ),
        pytest.param(
            'Secret("w").add("k", "hunter5").labels({"a b": "c"})',
            '2 | Secret("w").add("k", ***).labels({"a b": "c"})\n',
            id="another call on the line",
        ),
        pytest.param(
            'Secret("w").add("k", f"hunter5{1 / 0}")', '2 | Secret("w").add("k", ***)\n', id="crash"
        ),
        pytest.param(
            'Secret("w").add("k", "hunter5")).add("l", "hunter5',
            "2 | Secret(***).add(***, ***",
            id="no Python",
        ),
        pytest.param(
            'Secret("w").override({"spec": 1, "stringData": {"x": "hunter5"}})',
            '2 | Secret("w").override({"spec": 1, "stringData": {"x": ***}})\n',
            id="an override",
        ),
        pytest.param(
            'Secret("w").override({"stringData": {"x": 48731}})\n#hunter5', "", id="a number"
        ),
    ],
)
def test_excerpts_show_no_secret_values(project, text, excerpt):
    project.write("app.py", f"from k8s_gen import Secret\n{text}\n")

    ran = project.run("validate", "app.py")

    assert ran.code == 1
    assert excerpt in ran.out
    assert "hunter5" not in ran.out + ran.err
    assert "48731" not in ran.out + ran.err


def test_excerpts_of_manifests_show_no_secret_values(project):
    project.write("m.yaml", f"{MANIFEST}stringData:\n  x: 48731\n")

    ran = project.run("validate", "m.yaml")

    assert ran.code == 1
    assert "schema-violation" in ran.out
    assert "48731" not in ran.out + ran.err
