"""What ``k8sgen validate`` takes for a manifest: lists, folders, and files that are none."""

import json

import pytest

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
BROKEN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndat: {}\n"
FOREIGN = [
    ("compose.yaml", "services: {web: {image: 'web:1'}}\n", "a Compose file"),
    ("ci.yml", "on: [push]\njobs: {test: {}}\n", "a GitHub workflow"),
    (
        "Chart.yaml",
        "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "the description of a Helm chart",
    ),
    ("web.yaml", "replicas: {{ .Values.replicas }}\n", "a Helm template"),
    ("kustomization.yaml", "resources: [a.yaml]\n", "a kustomization"),
    (
        "base.yaml",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
        "a kustomization",
    ),
    ("ops.yaml", "- {op: replace, path: /spec/replicas, value: 2}\n", "a kustomize patch"),
    ("del.yaml", f"{CONFIG_MAP}$patch: delete\n", "a kustomize patch"),
    (
        "kubeconfig.yaml",
        "apiVersion: v1\nkind: Config\nclusters: []\n",
        "a configuration of kubectl",
    ),
    ("play.yaml", "- {hosts: all, tasks: []}\n", "an Ansible playbook"),
    ("numbers.yaml", "a: 1\n", "no Kubernetes object"),
]


@pytest.mark.parametrize(("name", "text", "what"), FOREIGN, ids=[each[0] for each in FOREIGN])
def test_what_is_no_manifest_is_skipped_in_a_folder_and_told_if_it_was_asked_for(
    project, name, text, what
):
    project.write(f"all/{name}", text)
    project.write("all/good.yaml", CONFIG_MAP)

    found = project.run("validate", "all")
    asked = project.run("validate", f"all/{name}")

    assert (found.code, found.out) == (
        0,
        f"skipped all/{name}: {what}\n1 file: no findings; 1 skipped\n",
    )
    assert asked.code == 1
    assert f"error[invalid-manifest] all/{name}:1:" in asked.out
    assert f" this is {what}\n" in asked.out


def test_the_templates_and_values_of_a_chart_are_skipped(project):
    project.write("chart/Chart.yaml", "apiVersion: v2\nname: web\n")
    project.write("chart/values-prod.yaml", "kind: a\n")
    project.write("chart/templates/web.yaml", CONFIG_MAP.replace("name: a", "name: '{{ a }}'"))
    project.write("templates/plain.yaml", BROKEN)

    document = json.loads(project.run("validate", ".", "--output", "json").out)

    assert [each["path"] for each in document["summary"]["skipped"]] == [
        "chart/Chart.yaml",
        "chart/templates/web.yaml",
        "chart/values-prod.yaml",
    ]
    assert [each["path"] for each in document["findings"]] == ["templates/plain.yaml"]


def test_braces_alone_make_no_template(project):
    project.write("a.yaml", f"{BROKEN}data: {{a: '{{{{ x }}}}'}}\n")

    assert "unknown field 'dat'" in project.run("validate", ".").out


@pytest.mark.parametrize(
    "kustomization",
    [
        "patches: [{path: patches/a.yaml}]",
        "patchesStrategicMerge: [patches/a.yaml]",
        "patchesJson6902: [{target: {kind: A}, path: patches/a.yaml}]",
    ],
)
def test_partial_objects_that_a_kustomization_names_are_patches(project, kustomization):
    project.write("prod/kustomization.yaml", f"{kustomization}\nresources: [good.yaml]\n")
    project.write(
        "prod/patches/a.yaml", "apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: 2}\n"
    )
    project.write("prod/good.yaml", BROKEN)

    ran = project.run("validate", "prod")

    assert "skipped prod/patches/a.yaml: a kustomize patch" in ran.out
    assert ran.out.count("error[") == 1
    assert "prod/good.yaml:4:1" in ran.out


def test_json_of_other_tools_is_not_even_mentioned(project):
    project.write("package.json", '{"name": "web", "version": "1.0.0"}')
    project.write("a.json", '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}')

    assert project.run("validate", ".").out == "1 file: no findings\n"


def test_a_broken_manifest_in_a_folder_is_an_error(project):
    project.write("a.yaml", f"{CONFIG_MAP}data: [\n")

    ran = project.run("validate", ".")

    assert ran.code == 1
    assert "error[invalid-manifest] a.yaml:5:1" in ran.out


def test_other_documents_of_a_manifest_are_errors(project):
    project.write("a.yaml", f"{CONFIG_MAP}---\na: 1\n")

    assert "a.yaml:5:1 this is no Kubernetes object" in project.run("validate", ".").out


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "apiVersion: v1\nkind: List\nitems:\n- {kind: ConfigMap, apiVersion: v1,"
            " metadata: {name: a}, dat: {}}\n",
            id="list",
        ),
        pytest.param(
            "apiVersion: v1\nkind: ConfigMapList\nitems:\n- {metadata: {name: a}, dat: {}}\n",
            id="of one kind",
        ),
        pytest.param(
            '{"apiVersion": "v1", "kind": "ConfigMapList", "items":\n\n\n'
            '[{"metadata": {"name": "a"}, "dat": {}}]}',
            id="json",
        ),
    ],
)
def test_lists_are_their_items(project, text):
    ran = project.run("validate", "-", stdin=text)

    assert ran.out.startswith("error[schema-violation] <stdin>:4:")
    assert "in ConfigMap/a dat" in ran.out


def test_dsl_files_and_manifests_of_a_folder_are_judged_but_not_what_was_generated(web):
    web.run("generate", "app.py")
    web.write("more/conf.yaml", BROKEN)

    ran = web.run("validate", ".")

    assert ran.out.count("error[") == 1
    assert "more/conf.yaml:4:1 unknown field 'dat'" in ran.out
    assert "\n2 files: 1 error" in ran.out


SHOP = "microservices-demo"


def test_a_project_with_charts_and_kustomizations_has_no_wrong_error(project, shared):
    folder = shared / "judges/fixtures" / SHOP

    ran = project.run("validate", str(folder), "--ignore", "latest-tag", "--output", "json")
    document = json.loads(ran.out)

    assert [each for each in document["findings"] if each["severity"] == "error"] == []
    reasons = {each["reason"].partition(":")[0] for each in document["summary"]["skipped"]}
    assert reasons == {
        "a Helm template",
        "a kustomization",
        "a kustomize patch",
        "the description of a Helm chart",
        "values of a Helm chart",
    }
    assert {each["kind"] for each in document["summary"]["unchecked"]} == {
        "Gateway",
        "HTTPRoute",
        "ServiceEntry",
        "VirtualService",
    }


def test_the_inputs_of_another_linter_are_recognised(project, shared):
    folder = shared / "judges/fixtures/kube-linter/tests/testdata"

    document = json.loads(project.run("validate", str(folder), "--output", "json").out)

    assert not [each for each in document["findings"] if each["rule"] == "invalid-manifest"]
    assert {each["reason"].partition(":")[0] for each in document["summary"]["skipped"]} >= {
        "a Helm template",
        "a kustomization",
        "values of a Helm chart",
    }
