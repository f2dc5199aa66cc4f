"""Names, labels, ports, versions of APIs, and what pods need of ConfigMaps and Secrets."""

from __future__ import annotations

import pytest

from tests.rules.objects import said


def named(kind: str, name: str, api: str = "v1") -> str:
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: '{name}'}}\n"


@pytest.mark.parametrize(
    ("objects", "version", "is_found"),
    [
        (named("ConfigMap", "a.b-c"), "1.37", False),
        (named("ConfigMap", "A"), "1.37", True),
        (named("ConfigMap", "${NAME}"), "1.37", False),
        (named("ConfigMap", "{{ .Release.Name }}"), "1.37", False),
        (named("Service", "1a"), "1.35", True),
        (named("Service", "1a"), "1.36", False),
        (named("Service", "a.b"), "1.37", True),
        (named("Namespace", "a.b"), "1.37", True),
        (named("ClusterRole", "system:node", "rbac.authorization.k8s.io/v1"), "1.37", False),
        (named("CronJob", "a" * 52, "batch/v1"), "1.37", False),
        (named("CronJob", "a" * 53, "batch/v1"), "1.37", True),
        (named("User", "kube:admin", "user.openshift.io/v1"), "1.37", False),
        (named("IPAddress", "2001:db8::1", "networking.k8s.io/v1"), "1.37", False),
    ],
)
def test_names(objects, version, is_found):
    assert bool(said(objects, "illegal-name", version)) == is_found


@pytest.mark.parametrize(
    ("label", "is_found"),
    [
        ("a: b", False),
        ("a: ''", False),
        ("example.com/a: b.c_D", False),
        ("a: b c", True),
        ("a/b/c: d", True),
        ("a: '{{ .Values.a }}'", False),
        ("a: " + "b" * 64, True),
    ],
)
def test_labels(label, is_found):
    objects = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, labels: {{{label}}}}}\n"

    assert bool(said(objects, "illegal-label")) == is_found


def test_labels_of_custom_resources_are_text():
    objects = "apiVersion: example.com/v1\nkind: A\nmetadata: {name: a, labels: {a: 1}}\n"

    assert said(objects, "illegal-label") == ["error: expected text, got 1"]


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
    ("objects", "rule", "severities"),
    [
        ("[{name: a, containerPort: 1}, {name: a, containerPort: 2}]", "same name", ["error"]),
        ("[{name: a, containerPort: 1}, {name: b, containerPort: 1}]", "same number", ["warning"]),
        (
            "[{name: a, containerPort: 1}, {name: b, containerPort: 1, protocol: UDP}]",
            "protocols",
            [],
        ),
    ],
)
def test_ports_of_one_container(objects, rule, severities):
    text = POD.replace("REFERENCE", "{name: s, key: a}").replace(
        "env:", f"ports: {objects}\n      env:"
    )

    found = said(text, "duplicate-container-port")

    assert [each.partition(":")[0] for each in found] == severities, rule
