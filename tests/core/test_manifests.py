"""Existing YAML in the model: what is read, in which order, what is added, what is refused."""

import pytest

from tests.core.described import described, described_well


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def names(found):
    return [each["metadata"].get("name") for each in found.objects]


CONFIG = "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {}}}}}\n"


def test_a_folder_is_read_in_the_order_of_its_paths(tmp_path):
    write(tmp_path, "old/b.yml", CONFIG.format("b"))
    write(tmp_path, "old/a/z.yaml", CONFIG.format("z"))
    write(
        tmp_path,
        "old/c.json",
        '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}',
    )
    write(tmp_path, "old/README.md", "no manifest")

    assert names(described_well("Manifests('old')", root=tmp_path)) == ["z", "b", "c"]


def test_documents_and_lists_are_taken_apart(tmp_path):
    items = "".join(f"- {CONFIG.format(name)}" for name in ("one", "two"))
    write(
        tmp_path,
        "x.yaml",
        f"{CONFIG.format('zero')}---\nkind: List\napiVersion: v1\nitems:\n{items}",
    )

    assert names(described_well("Manifests('x.yaml')", root=tmp_path)) == ["zero", "one", "two"]


def test_empty_documents_and_files_of_comments_are_nothing(tmp_path):
    write(tmp_path, "x.yaml", f"# Nothing yet\n---\n---\n{CONFIG.format('a')}---\n# The end\n")
    write(tmp_path, "y.yaml", "# Only a comment\n")

    assert names(described_well("Manifests('x.yaml'); Manifests('y.yaml')", root=tmp_path)) == ["a"]


def test_what_is_not_overridden_is_as_it_was(tmp_path):
    write(
        tmp_path,
        "x.yaml",
        """
apiVersion: apps/v1
kind: Deployment
metadata: {name: old, labels: {app: old}, annotations: {kept: 'yes'}}
spec:
  replicas: 1
  selector: {matchLabels: {app: old}}
  template:
    metadata: {labels: {app: old}}
    spec:
      containers:
      - {name: web, image: 'httpd:2.4', env: [{name: A, value: '1.10'}]}
      - {name: log, image: 'log:1'}
""",
    )

    [found] = described_well(
        "Manifests('x.yaml').namespace('prod').labels(team='web').annotations(a='b')"
        ".override({'spec': {'replicas': 3, 'template': {'spec': {'containers':"
        " [{'name': 'log', 'image': 'log:2'}]}}}})",
        root=tmp_path,
    ).objects

    assert found == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": "old",
            "namespace": "prod",
            "labels": {"app": "old", "team": "web"},
            "annotations": {"kept": "yes", "a": "b"},
        },
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": {"app": "old"}},
            "template": {
                "metadata": {"labels": {"app": "old"}},
                "spec": {
                    "containers": [
                        {
                            "name": "web",
                            "image": "httpd:2.4",
                            "env": [{"name": "A", "value": "1.10"}],
                        },
                        {"name": "log", "image": "log:2"},
                    ]
                },
            },
        },
    }


def test_objects_of_the_whole_cluster_get_no_namespace(tmp_path):
    write(tmp_path, "x.yaml", "{apiVersion: v1, kind: Namespace, metadata: {name: prod}}")

    [found] = described_well("Manifests('x.yaml').namespace('other')", root=tmp_path).objects

    assert found["metadata"] == {"name": "prod"}


@pytest.mark.parametrize(("scope", "namespace"), [("Cluster", None), ("Namespaced", "other")])
def test_what_a_definition_beside_it_says_to_be_of_the_whole_cluster_is(tmp_path, scope, namespace):
    definition = f"""
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: things.example.com}}
spec:
  group: example.com
  scope: {scope}
  names: {{kind: Thing, plural: things}}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {{openAPIV3Schema: {{type: object}}}}
"""
    write(tmp_path, "m/0.yaml", definition)
    write(tmp_path, "m/1.yaml", "{apiVersion: example.com/v1, kind: Thing, metadata: {name: a}}\n")

    [_, found] = described_well("Manifests('m').namespace('other')", root=tmp_path).objects

    assert found["metadata"].get("namespace") == namespace


def test_members_of_a_group_get_its_namespace_and_labels(tmp_path):
    write(tmp_path, "x.yaml", CONFIG.format("a"))

    [found] = described_well(
        "AppGroup('shop').namespace('shop').labels(team='web').add(Manifests('x.yaml'))",
        root=tmp_path,
    ).objects

    assert found["metadata"] == {"name": "a", "namespace": "shop", "labels": {"team": "web"}}


def test_an_object_without_a_name_keeps_its_generated_one(tmp_path):
    write(
        tmp_path,
        "x.yaml",
        "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: run-}, data: {A: b}}",
    )

    found = described_well("Manifests('x.yaml')", root=tmp_path)

    assert found.objects[0]["metadata"] == {"generateName": "run-"}
    assert list(found.files) == ["run-configmap.yaml"]


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        pytest.param("a: [1\n", "invalid-manifest", "x.yaml:", id="broken"),
        pytest.param("a: 1\na: 2\n", "invalid-manifest", "x.yaml:2:1", id="key twice"),
        pytest.param(
            "just text\n", "invalid-manifest", "x.yaml:1 is no Kubernetes object", id="text"
        ),
        pytest.param(
            "kind: X\n", "invalid-manifest", "x.yaml:1 is no Kubernetes object", id="no name"
        ),
        pytest.param("a: \x07\n", "invalid-manifest", "x.yaml:1:4", id="control character"),
    ],
)
def test_broken_yaml_is_a_finding_at_the_path(tmp_path, text, rule, message):
    write(tmp_path, "x.yaml", text)

    found = described("Manifests('x.yaml')", root=tmp_path)

    [finding] = found.findings
    assert (finding.rule, finding.message[: len(message)]) == (rule, message)
    assert found.underlined(finding) == "'x.yaml'"


def test_what_the_schema_says_of_existing_yaml_is_at_the_call(tmp_path):
    write(tmp_path, "x.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, dat: {}}")

    found = described("Manifests('x.yaml')", root=tmp_path)

    [finding] = found.findings
    assert (finding.rule, finding.message) == ("schema-violation", "unknown field 'dat'")
    assert found.underlined(finding) == "'x.yaml'"


def test_a_removed_api_is_found_for_the_version_it_is_for(tmp_path):
    write(
        tmp_path,
        "x.yaml",
        "{apiVersion: flowcontrol.apiserver.k8s.io/v1beta3, kind: FlowSchema, metadata: {name: a}}",
    )

    newest = described("Manifests('x.yaml')", root=tmp_path)
    older = described("Manifests('x.yaml')", root=tmp_path, version="1.31")

    assert [(each.rule, each.hint) for each in newest.findings] == [
        ("removed-api", "did you mean 'flowcontrol.apiserver.k8s.io/v1'?")
    ]
    assert older.findings == []
