"""What roles allow, and whom they are given to."""

import pytest

from tests.rules.judged import fields

GROUP = "rbac.authorization.k8s.io"


def role(kind: str, rules: str) -> str:
    head = f"apiVersion: {GROUP}/v1\n"
    return f"{head}kind: {kind}\nmetadata: {{name: web}}\nrules: [{rules}]\n"


def bound(kind: str, rules: str, binding: str) -> str:
    head = f"apiVersion: {GROUP}/v1\n"
    reference = f"roleRef: {{kind: {kind}, name: web}}\nsubjects: [{{kind: User, name: jane}}]\n"
    given = f"{head}kind: {binding}\nmetadata: {{name: jane}}\n{reference}"
    return f"{role(kind, rules)}---\n{given}"


PODS = "{apiGroups: ['*'], resources: [deployments], verbs: [create]}"
AGGREGATED = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: part, labels: {part: "yes"}}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: web}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: "yes"}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: jane}
roleRef: {kind: ClusterRole, name: web}
"""


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        (
            "access-to-create-pods",
            bound("ClusterRole", PODS, "RoleBinding"),
            ["RoleBinding/jane roleRef.name"],
        ),
        (
            "access-to-create-pods",
            bound("Role", "{apiGroups: [apps], resources: [pods], verbs: ['*']}", "RoleBinding"),
            [],
        ),
        ("access-to-secrets", AGGREGATED, ["ClusterRoleBinding/jane roleRef.name"]),
        (
            "access-to-secrets",
            bound("Role", "{apiGroups: [''], resources: ['*'], verbs: ['*']}", "RoleBinding"),
            ["RoleBinding/jane roleRef.name"],
        ),
        (
            "access-to-secrets",
            bound(
                "Role",
                "{apiGroups: [''], resources: [secrets], verbs: [get], resourceNames: [a]}",
                "RoleBinding",
            ),
            [],
        ),
        (
            "access-to-exec-pods",
            bound(
                "Role",
                "{apiGroups: [''], resources: [pods, pods/exec], verbs: [create, get]}",
                "RoleBinding",
            ),
            ["Role/web rules.0.resources.1", "RoleBinding/jane roleRef.name"],
        ),
        (
            "access-to-exec-pods",
            role("Role", "{apiGroups: [''], resources: [pods/exec], verbs: [list]}"),
            [],
        ),
        (
            "escalating-verbs",
            role(
                "ClusterRole",
                f"{{apiGroups: [{GROUP}], resources: [clusterroles], verbs: [get, bind]}}",
            ),
            ["ClusterRole/web rules.0.verbs.1"],
        ),
        (
            "escalating-verbs",
            role("ClusterRole", "{apiGroups: [''], resources: [pods], verbs: [bind]}"),
            [],
        ),
        (
            "wildcard-in-rules",
            role("Role", "{apiGroups: ['*'], resources: [pods, '*'], verbs: [get]}"),
            ["Role/web rules.0.apiGroups.0", "Role/web rules.0.resources.1"],
        ),
        (
            "cluster-admin-role-binding",
            bound("Role", "", "RoleBinding").replace("name: web", "name: cluster-admin"),
            [],
        ),
        (
            "anonymous-subjects",
            bound("ClusterRole", "", "ClusterRoleBinding").replace(
                "jane}]", "'system:anonymous'}]"
            ),
            ["ClusterRoleBinding/jane subjects.0.name"],
        ),
    ],
)
def test_roles(rule, text, expected):
    assert fields(rule, text) == expected
