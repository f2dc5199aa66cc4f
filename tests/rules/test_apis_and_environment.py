"""Versions of APIs, ports, and what pods need of ConfigMaps and Secrets."""

from __future__ import annotations

import pytest

from tests.rules.objects import documents, lints, said


def named(kind: str, name: str, api: str = "v1") -> str:
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: '{name}'}}\n"


@pytest.mark.parametrize(
    ("api", "kind", "version", "found"),
    [
        ("apps/v1", "Deployment", "1.37", []),
        ("autoscaling/v1", "HorizontalPodAutoscaler", "1.37", []),
        (
            "flowcontrol.apiserver.k8s.io/v1beta3",
            "FlowSchema",
            "1.31",
            [
                "warning: FlowSchema of flowcontrol.apiserver.k8s.io/v1beta3 is deprecated,"
                " and Kubernetes 1.32 does not have it"
            ],
        ),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "1.32", []),
        ("v1", "Endpoints", "1.32", []),
        ("v1", "Endpoints", "1.33", ["warning: Endpoints is deprecated since Kubernetes 1.33"]),
        ("example.com/v1beta1", "Thing", "1.37", []),
    ],
)
def test_versions_of_apis(api, kind, version, found):
    assert said(named(kind, "a", api), "deprecated-api", version) == found


POD = """\
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
    - name: web
      image: a:1
      env: [{name: A, valueFrom: {secretKeyRef: REFERENCE}}]
"""
KEEPER = """\
---
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: shop}
MORE
"""


@pytest.mark.parametrize(
    ("reference", "more", "found"),
    [
        ("{name: s, key: a}", "data: {a: YQ==}", []),
        ("{name: s, key: a}", "stringData: {a: b}", []),
        (
            "{name: s, key: b}",
            "data: {a: YQ==}",
            ["warning: Pod/web needs the key 'b' of Secret/s, which lacks it"],
        ),
        ("{name: s, key: b}", "type: Opaque", []),
        ("{name: s, key: token}", "type: kubernetes.io/service-account-token", []),
        ("{name: t, key: a}", "", ["warning: Pod/web needs the Secret 't', which is not here"]),
        ("{name: t, key: a, optional: true}", "", []),
    ],
)
def test_what_pods_need_of_secrets(reference, more, found):
    objects = POD.replace("REFERENCE", reference) + KEEPER.replace("MORE", more)

    assert said(objects, "env-value-from") == found


@pytest.mark.parametrize(
    "maker",
    [
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\n"
        "metadata: {name: x}\nspec: {target: {name: t}}\n",
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: t}\n",
        "apiVersion: cert-manager.io/v1\nkind: Certificate\n"
        "metadata: {name: x}\nspec: {secretName: t}\n",
    ],
)
def test_secrets_that_custom_resources_make_are_there(maker):
    objects = POD.replace("REFERENCE", "{name: t, key: a}")

    assert said(f"{objects}---\n{maker}", "env-value-from") == []


def test_volumes_need_them_too():
    objects = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers: [{name: web, image: "a:1", envFrom: [{configMapRef: {name: a}}]}]
  volumes:
    - {name: b, configMap: {name: b}}
    - {name: c, secret: {secretName: c}}
    - {name: d, projected: {sources: [{configMap: {name: d}}, {secret: {name: e}}]}}
    - {name: f, configMap: {name: kube-root-ca.crt}}
"""

    assert [each.split("'")[1] for each in said(objects, "env-value-from")] == list("abcde")


@pytest.mark.parametrize(
    ("ports", "found"),
    [
        ("{name: a, containerPort: 1}", ["name a", "number 1/TCP"]),
        ("{name: b, containerPort: 1}", ["number 1/TCP"]),
        ("{name: b, containerPort: 1, protocol: UDP}", []),
    ],
)
def test_ports_of_two_containers(ports, found):
    objects = f"""\
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers: [{{name: c, image: "a:1", ports: [{{name: a, containerPort: 1}}]}}]
  containers:
    - {{name: a, image: "a:1", ports: [{{name: a, containerPort: 1}}]}}
    - {{name: b, image: "a:1", ports: [{ports}]}}
"""

    said_of = [each.partition("have the ")[2] for each in said(objects, "shared-container-port")]

    assert said_of == found


def test_of_a_variable_that_is_given_again_the_one_in_vain_is_flagged():
    [pod] = documents(
        named("Pod", "web") + "spec: {containers: [{name: web, image: 'a:1', env:"
        " [{name: A, value: '1'}, {name: B}, {name: A, value: '2'}, {name: A, value: '3'}]}]}\n"
    )

    found = [lint.path for _, lint in lints([pod], select=("duplicate-env-var",))]

    assert found == [("spec", "containers", 0, "env", index, "name") for index in (0, 2)]


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        ("serviceAccount: a", "did you mean 'serviceAccountName'?"),
        (
            "serviceAccount: a, serviceAccountName: b",
            "leave it out: serviceAccountName is 'b', and wins",
        ),
    ],
)
def test_an_account_that_is_given_by_the_old_field(spec, hint):
    [pod] = documents(
        named("Pod", "web") + f"spec: {{{spec}, containers: [{{name: web, image: 'a:1'}}]}}\n"
    )

    found = lints([pod], select=("deprecated-service-account-field",))

    assert [lint.hint for _, lint in found] == [hint]
