"""Custom resources on the command line: schemas from files, definitions, plugins; what has none."""

import json

import pytest

from tests.core.test_custom_kinds import DEFINITION

THING = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {sise: 1}\n"
SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}},
    }
)
DESCRIBED = """\
from k8s_gen import CustomResource
CustomResource("example.com/v1", "Thing", "a").spec({"sise": 1})
"""


def test_a_kind_without_schema_is_counted_and_shown(project):
    project.write("a.yaml", f"{THING}---\n{THING.replace('name: a', 'name: b')}")

    text = project.run("validate", "a.yaml")
    data = json.loads(project.run("validate", "a.yaml", "--output", "json").out)

    assert (text.code, text.out) == (
        0,
        "1 file: no findings; 2 objects without schema: Thing in example.com/v1\n",
    )
    assert data["summary"]["unchecked"] == [
        {"apiVersion": "example.com/v1", "kind": "Thing", "objects": 2}
    ]


def test_a_kind_without_schema_is_an_error_where_that_is_asked_for(project):
    project.write("a.yaml", THING)

    ran = project.run("validate", "a.yaml", "--strict-crds")

    assert ran.code == 1
    assert (
        "error[unknown-kind] a.yaml:2:7 there is no schema of Thing in example.com/v1,"
        " so it is not checked" in ran.out
    )


@pytest.mark.parametrize("order", [f"{DEFINITION}---\n{THING}", f"{THING}---{DEFINITION}"])
def test_a_definition_among_the_objects_is_judged_by(project, order):
    project.write("a.yaml", order)

    ran = project.run("validate", "a.yaml", "--strict-crds")

    assert "unknown field 'sise'" in ran.out
    assert "hint: did you mean 'size'?" in ran.out
    assert "unknown-kind" not in ran.out


def test_a_definition_in_another_file_counts(project):
    project.write("crd.yaml", DEFINITION)
    project.write("a.yaml", THING)

    assert "a.yaml:4:8 unknown field 'sise'" in project.run("validate", "a.yaml", "crd.yaml").out


def test_schemas_are_named_on_the_command_line(project):
    project.write("schemas/example.com/thing_v1.json", SCHEMA)
    project.write("a.yaml", THING)
    project.write("app.py", DESCRIBED)

    for given in ("a.yaml", "app.py"):
        for location in ("schemas", "schemas/{{.Group}}/{{.ResourceKind}}_v1.json"):
            ran = project.run("validate", given, "--schema-location", location)
            assert ran.code == 1
            assert "unknown field 'sise'" in ran.out


def test_schemas_are_named_in_the_configuration(project):
    project.write("k8sgen.toml", 'schema-locations = ["schemas"]\n')
    project.write("schemas/example.com/thing_v1.json", SCHEMA)
    project.write("deep/a.yaml", THING)

    assert "unknown field 'sise'" in project.run("validate", "deep/a.yaml").out


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("https://example.com/{{.Group}}", "is an address, not a folder of schemas"),
        ("nowhere", "there is no folder nowhere"),
        ("schemas/{{.Kind}}", "has '.Kind' in braces"),
    ],
)
def test_a_location_that_is_none_is_refused(project, location, message):
    project.write("a.yaml", THING)

    ran = project.run("validate", "a.yaml", "--schema-location", location)

    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_described_resources_are_judged_at_the_call(project):
    project.write("app.py", DESCRIBED)

    counted = project.run("validate", "app.py")
    strict = project.run("validate", "app.py", "--strict-crds")

    assert counted.out == "1 file: no findings; 1 object without schema: Thing in example.com/v1\n"
    assert "error[unknown-kind] app.py:2:" in strict.out


def test_definitions_in_existing_manifests_count(project):
    project.write("crds/thing.yaml", DEFINITION)
    project.write("app.py", f"from k8s_gen import Manifests\nManifests('crds')\n{DESCRIBED}")

    assert "unknown field 'sise'" in project.run("validate", "app.py").out


def test_definitions_that_a_plugin_brings_count(project):
    project.write("plugins/things/crds/thing.yaml", DEFINITION)
    project.write(
        "plugins/things/__init__.py",
        "from k8s_gen import CustomResource, Plugin\n"
        "class Things(Plugin):\n"
        "    def generate_resources(self):\n"
        "        made = CustomResource('example.com/v1', 'Thing', self.name)\n"
        "        return [made.spec({'sise': 1})]\n",
    )
    project.write("app.py", "import k8s_gen\nfrom plugins.things import Things\nThings('a')\n")

    ran = project.run("validate", "app.py")

    assert "unknown field 'sise'" in ran.out


def test_items_that_must_differ_are_found_where_they_are_written(project):
    twice = '{"size": 1, "owner": "me", "tags": ["a", "b", "a"]}'
    project.write("crds/thing.yaml", DEFINITION)
    project.write("a.yaml", THING.replace("{sise: 1}", twice))
    project.write(
        "app.py",
        "from k8s_gen import CustomResource, Manifests\nManifests('crds')\n"
        f"CustomResource('example.com/v1', 'Thing', 'b').spec({twice})\n",
    )

    found = [
        project.run("validate", *paths).out for paths in (["crds", "a.yaml"], ["crds", "app.py"])
    ]

    message = 'there is another item "a"'
    assert f"error[duplicate-item] a.yaml:4:53 {message}" in found[0]
    assert f"error[duplicate-item] app.py:3:99 {message}" in found[1]
