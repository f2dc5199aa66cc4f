"""One file for each object, under a name that is safe and tells it from all others."""

import pytest

from k8sgen_core.formats.kubernetes import paths_of
from tests.core.described import described, described_well


def thing(kind, name, api_version="v1", **metadata):
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, **metadata}}


@pytest.mark.parametrize(
    ("objects", "paths"),
    [
        pytest.param([thing("Deployment", "web")], ["web-deployment.yaml"], id="usual"),
        pytest.param(
            [thing("Service", "web"), thing("Secret", "web")],
            ["web-service.yaml", "web-secret.yaml"],
            id="kinds",
        ),
        pytest.param(
            [
                thing("Service", "web", namespace="a"),
                thing("Service", "web", namespace="b"),
                thing("Service", "api"),
            ],
            ["a-web-service.yaml", "b-web-service.yaml", "api-service.yaml"],
            id="namespaces",
        ),
        pytest.param(
            [thing("Service", "web"), thing("Service", "web", "serving.knative.dev/v1")],
            ["core-web-service.yaml", "serving.knative.dev-web-service.yaml"],
            id="groups",
        ),
        pytest.param(
            [thing("ConfigMap", "a"), thing("ConfigMap", "a")],
            ["core-a-configmap.yaml", "core-a-configmap-2.yaml"],
            id="the same twice",
        ),
        pytest.param(
            [thing("ClusterRole", "system:node"), thing("Role", "../../etc/passwd")],
            None,
            id="names that are no file names",
        ),
        pytest.param([thing("ClusterRole", "con"), thing("Role", "a" * 300)], None, id="odd"),
    ],
)
def test_paths_are_safe_and_different(objects, paths):
    found = paths_of(objects)

    if paths is not None:
        assert found == paths
    assert len({path.lower() for path in found}) == len(objects)
    assert not any({"/", "\\", ":"} & set(path) or path.startswith(".") for path in found)
    assert all(len(path.encode()) <= 255 for path in found)


def test_each_file_knows_its_object_its_root_and_its_lines():
    found = described_well(
        'settings = ConfigMap("s").add("A", "1")\n'
        'AppGroup("shop").add(App("web").image("nginx:1.27").port(80).add_config(settings))'
    )

    files = list(found.built.files())

    assert [(str(file.path), file.root) for file in files] == [
        ("web-deployment.yaml", "shop"),
        ("web-service.yaml", "shop"),
        ("s-configmap.yaml", "shop"),
    ]
    for file in files:
        [written] = file.objects
        assert (written.start, written.end) == (0, file.text.count("\n"))
        assert len(file.notes) == file.text.count("\n")
        assert file.text.endswith("\n")


def test_secrets_are_masked_in_everything_that_is_shown():
    source = 'App("web").image("nginx:1.27").add_secret(Secret("s").add("A", "hunter2"))\n'
    found = described_well(source)

    texts = "".join(found.files.values()) + repr(found.built) + repr(found.built.files())

    assert "hunter2" not in texts
    assert "aHVudGVyMg" not in texts
    assert '  A: "***"\n' in found.files["s-secret.yaml"]


def test_a_wrong_secret_value_is_not_in_its_finding():
    found = described('Secret("s").add("A", ["hunter2"])\nSecret("t").add("a b", "hunter2")')

    assert len(found.findings) == 2
    assert not [f for f in found.findings if "hunter2" in f"{f.message}{f.hint}"]


def test_placeholders_stand_where_the_values_will_be():
    found = described_well('Secret("s").add("A", "x").generate_password("B")')

    [file] = found.built.files(lambda value, number: f"stand-in-{number}")

    assert "data:\n  A: stand-in-0\n  B: stand-in-1\n" in file.text
    assert [secret.encoded for secret in file.secrets] == [True, True]
