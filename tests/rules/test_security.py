"""Privileges, the node, exposure and accounts: what is judged besides the fixtures of others."""

import pytest
import yaml

from tests.rules.judged import container, fields, judged, pod

WEB = "Pod/web spec.containers.0"


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        pytest.param(
            "sensitive-host-mounts",
            pod(
                "{volumes: [{name: a, hostPath: {path: /etc/}}, {name: b, hostPath: {path: /sys}}],"
                " containers: [{name: c, volumeMounts: [{name: a, mountPath: /a}]},"
                " {name: d, volumeMounts: [{name: a, mountPath: /a}]}]}"
            ),
            ["Pod/web spec.volumes.0.hostPath.path"] * 2,
            id="a folder in two containers, one that nobody mounts",
        ),
        pytest.param(
            "writable-host-mount",
            pod(
                "{volumes: [{name: a, hostPath: {path: /a}}, {name: b, emptyDir: {}}],"
                " containers: [{name: c, volumeMounts: [{name: a, readOnly: true}, {name: b},"
                " {name: a}]}]}"
            ),
            [f"{WEB}.volumeMounts.2"],
            id="the mount that is not read-only",
        ),
        pytest.param(
            "docker-sock",
            pod(
                "{volumes: [{name: a, hostPath: {path: /run/containerd/containerd.sock}}],"
                " initContainers: [{name: c, volumeMounts: [{name: a}]}]}"
            ),
            ["Pod/web spec.volumes.0.hostPath.path"],
            id="another runtime, in an init container",
        ),
        pytest.param(
            "run-as-non-root",
            pod("{securityContext: {runAsUser: 0}, containers: [{name: a}]}"),
            ["Pod/web spec.securityContext.runAsUser"],
            id="root by the pod",
        ),
        pytest.param(
            "run-as-non-root",
            pod(
                "{securityContext: {runAsNonRoot: true}, containers:"
                " [{name: a}, {name: b, securityContext: {runAsNonRoot: false}}]}"
            ),
            ["Pod/web spec.containers.1.securityContext.runAsNonRoot"],
            id="the container decides",
        ),
        pytest.param(
            "run-as-non-root",
            pod("{hostUsers: false, containers: [{name: a}]}"),
            [],
            id="users of its own",
        ),
        pytest.param(
            "run-as-non-root",
            pod("{os: {name: windows}, containers: [{name: a}]}"),
            [],
            id="windows",
        ),
        pytest.param(
            "run-as-non-root", container("securityContext: {runAsUser: 1000}"), [], id="a number"
        ),
        pytest.param(
            "undropped-capabilities",
            container(
                "securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE, CHOWN]}}"
            ),
            [f"{WEB}.securityContext.capabilities.add.1"],
            id="one that is taken back",
        ),
        pytest.param(
            "drop-net-raw-capability",
            container("securityContext: {capabilities: {drop: [all]}}"),
            [],
            id="all are dropped, in another spelling",
        ),
        pytest.param(
            "automount-service-account-token",
            pod(
                "{serviceAccountName: web, containers: []}",
                "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n",
            ),
            ["Pod/web spec.serviceAccountName"],
            id="an account without a role",
        ),
        pytest.param(
            "automount-service-account-token",
            pod(
                "{serviceAccountName: web, containers: []}",
                "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n",
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\n"
                "roleRef: {kind: Role, name: web}\nsubjects: [{kind: ServiceAccount, name: web}]\n",
            ),
            [],
            id="an account with one",
        ),
        pytest.param(
            "automount-service-account-token",
            pod("{serviceAccountName: web, containers: []}"),
            [],
            id="an account that others may have described",
        ),
        pytest.param(
            "default-service-account",
            pod(
                "{containers: []}",
                "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\n"
                "automountServiceAccountToken: false\n",
            ),
            [],
            id="the default account has no token here",
        ),
        pytest.param(
            "deprecated-service-account-field",
            pod("{serviceAccount: web, serviceAccountName: web, containers: []}"),
            [],
            id="both, as the API server writes them",
        ),
        pytest.param(
            "non-isolated-pod",
            pod(
                "{containers: []}",
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: all}\n"
                "spec: {podSelector: {}}\n",
            ),
            [],
            id="a policy for the namespace",
        ),
        pytest.param(
            "non-isolated-pod",
            pod(
                "{containers: []}",
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
                "metadata: {name: all, namespace: other}\nspec: {podSelector: {}}\n",
            ),
            ["Pod/web "],
            id="a policy of another namespace",
        ),
        pytest.param(
            "non-isolated-pod",
            pod("{containers: []}", "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n"),
            [],
            id="a policy of another kind may select it",
        ),
        pytest.param(
            "restricted-volume-type",
            pod(
                "{containers: [], volumes: [{name: a, hostPath: {path: /a}}, {name: b},"
                " {name: c, nfs: {server: a, path: /}}, {name: d, image: {}}]}"
            ),
            ["Pod/web spec.volumes.2.nfs"],
            id="hostPath is a rule by itself, and a volume of no kind an emptyDir",
        ),
        pytest.param(
            "ssh-port",
            container("ports: [{containerPort: 22, protocol: UDP}, {containerPort: 22}]"),
            [f"{WEB}.ports.1.containerPort"],
            id="the port of SSH is of TCP",
        ),
        pytest.param(
            "probe-host",
            container(
                "lifecycle: {postStart: {tcpSocket: {host: a}}}, startupProbe: {tcpSocket: {}}"
            ),
            [f"{WEB}.lifecycle.postStart.tcpSocket.host"],
            id="a hook",
        ),
    ],
)
def test_pods(rule, text, expected):
    assert fields(rule, text) == expected


INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: "
GATEWAY = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: web}\nspec: "


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        (
            "ingress-without-tls",
            f"{INGRESS}{{rules: [{{host: a.example.com}}]}}",
            ["Ingress/web spec"],
        ),
        (
            "ingress-without-tls",
            f"{INGRESS}{{tls: [{{hosts: ['*.a.example.com']}}], rules: [{{host: x.a.example.com}},"
            " {host: b.example.com}]}",
            ["Ingress/web spec.rules.1.host"],
        ),
        (
            "ingress-without-tls",
            f"{INGRESS}{{tls: [{{secretName: a}}], rules: [{{host: a.b}}]}}",
            [],
        ),
        (
            "empty-ingress-host",
            f"{INGRESS}{{rules: [{{host: a.b}}, {{host: ''}}]}}",
            ["Ingress/web spec.rules.1"],
        ),
        (
            "gateway-without-tls",
            f"{GATEWAY}{{listeners: [{{protocol: HTTP}}]}}",
            ["Gateway/web spec.listeners.0.protocol"],
        ),
        (
            "gateway-without-tls",
            f"{GATEWAY}{{listeners: [{{protocol: HTTP}}, {{protocol: HTTPS}}]}}",
            [],
        ),
        (
            "gateway-without-tls",
            "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: web}\n"
            "spec: {listeners: [{protocol: HTTP}]}",
            [],
        ),
    ],
)
def test_exposure(rule, text, expected):
    assert fields(rule, text) == expected


UNMASKED = "[{name: a, securityContext: {procMount: Unmasked}}]"
TCP = "net.ipv4.tcp"
PROBED = "[{name: a, livenessProbe: {httpGet: {host: a}}}]"


@pytest.mark.parametrize(
    ("rule", "spec", "since"),
    [
        ("probe-host", f"{{containers: {PROBED}}}", 34),
        ("proc-mount-in-user-namespace", f"{{hostUsers: false, containers: {UNMASKED}}}", 35),
    ],
)
def test_what_is_forbidden_since(rule, spec, since):
    assert fields(rule, pod(spec), version=f"1.{since - 1}") == []
    assert len(fields(rule, pod(spec), version=f"1.{since}")) == 1


@pytest.mark.parametrize(
    ("rule", "spec", "since"),
    [
        ("selinux-override", "{securityContext: {seLinuxOptions: {type: container_engine_t}}}", 31),
        ("unsafe-sysctls", "{securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}}", 32),
        (
            "unsafe-sysctls",
            "{securityContext: {sysctls: [{name: net.ipv4.tcp_notsent_lowat}]}}",
            37,
        ),
        ("unsafe-proc-mount", f"{{hostUsers: false, containers: {UNMASKED}}}", 35),
        ("run-as-non-root", "{hostUsers: false, containers: [{name: a}]}", 35),
        ("root-user", "{hostUsers: false, securityContext: {runAsUser: 0}}", 35),
        ("non-root-unset", "{hostUsers: false, containers: [{name: a}]}", 35),
    ],
)
def test_what_is_allowed_since(rule, spec, since):
    assert len(fields(rule, pod(spec), version=f"1.{since - 1}")) == 1
    assert fields(rule, pod(spec), version=f"1.{since}") == []


def test_nothing_is_an_error_in_an_application_of_others(shared):
    """Images that a build fills in have no tag yet; nothing else there is an error."""
    folder = shared / "judges/fixtures/microservices-demo"
    for file in sorted(folder.rglob("*.yaml")):
        if "helm-chart" in file.parts:
            continue
        text = file.read_text("utf-8")
        objects = [each for each in yaml.safe_load_all(text) if each and "kind" in each]
        errors = {lint.rule for _, lint in judged(objects) if lint.severity == "error"}
        assert errors <= {"latest-tag"}, file
