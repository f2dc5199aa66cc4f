"""Rules of practice: probes, resources, replicas, disruption, jobs: the cases that need care."""

from __future__ import annotations

import pytest

from tests.rules.objects import said

WORKLOAD = """\
---
apiVersion: API
kind: KIND
metadata: {name: web}
spec:
  MORE
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      POD
      containers:
        - {name: web, image: "a:1", CONTAINER}
"""


def workload(kind: str = "Deployment", container: str = "", pod: str = "", more: str = "") -> str:
    api = "batch/v1" if kind == "Job" else "apps/v1"
    text = WORKLOAD.replace("API", api).replace("KIND", kind).replace("CONTAINER", container)
    return text.replace("POD", pod or "hostname: web").replace("MORE", more or "paused: false")


def hpa(least: int, most: int = 9) -> str:
    return (
        "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\n"
        f"spec: {{minReplicas: {least}, maxReplicas: {most},"
        " scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}\n"
    )


def budget(limit: str) -> str:
    return (
        "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n"
        f"spec: {{{limit}, selector: {{matchLabels: {{app: web}}}}}}\n"
    )


SERVICE = """\
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""


@pytest.mark.parametrize("rule", ["no-readiness-probe", "no-liveness-probe"])
def test_only_what_keeps_running_needs_probes(rule):
    assert len(said(workload(), rule)) == 1
    assert len(said(workload("DaemonSet"), rule)) == 1
    assert said(workload("Job", pod="restartPolicy: Never"), rule) == []
    with_init = workload(pod='initContainers: [{name: a, image: "a:1"}]')
    assert len(said(with_init, rule)) == 1


@pytest.mark.parametrize(
    ("ports", "probe", "found"),
    [
        ("[{name: http, containerPort: 80}]", "{httpGet: {port: http}}", []),
        ("[{name: http, containerPort: 80}]", "{httpGet: {port: 80}}", []),
        ("[{name: http, containerPort: 80}]", "{httpGet: {port: web}}", ["error"]),
        ("[{name: http, containerPort: 80}]", "{httpGet: {port: 81}}", ["warning"]),
        ("[]", "{grpc: {port: 81}}", ["warning"]),
        ("[]", "{tcpSocket: {port: 81, host: example.com}}", []),
        ("[]", "{exec: {command: [a]}}", []),
        (
            "[{name: dns, containerPort: 53, protocol: UDP}]",
            "{tcpSocket: {port: dns}}",
            ["warning"],
        ),
        (
            "[{name: dns, containerPort: 53, protocol: UDP}, {name: tcp, containerPort: 53}]",
            "{tcpSocket: {port: 53}}",
            [],
        ),
    ],
)
def test_ports_of_probes(ports, probe, found):
    text = workload(container=f"ports: {ports}, livenessProbe: {probe}")

    assert [each.partition(":")[0] for each in said(text, "liveness-port")] == found


@pytest.mark.parametrize(
    ("ready", "alive", "is_found"),
    [
        ("{httpGet: {port: 80}}", "{httpGet: {port: 80}}", True),
        ("{httpGet: {port: 80}}", "{httpGet: {port: 80}, periodSeconds: 10}", True),
        ("{httpGet: {port: 80}}", "{httpGet: {port: 80}, failureThreshold: 9}", False),
        ("{httpGet: {port: 80}}", "{httpGet: {port: 80, path: /live}}", False),
    ],
)
def test_identical_probes(ready, alive, is_found):
    text = workload(container=f"readinessProbe: {ready}, livenessProbe: {alive}")

    assert bool(said(text, "identical-probes")) == is_found


@pytest.mark.parametrize(
    ("container", "pod", "found"),
    [
        ("", "", ["unset-cpu-requirements", "no-memory-request", "unset-memory-requirements"]),
        ('resources: {requests: {cpu: 1, memory: "1"}}', "", ["unset-memory-requirements"]),
        ("resources: {limits: {cpu: 1, memory: 1Gi}}", "", []),
        ("", "resources: {limits: {cpu: 1, memory: 1Gi}}", []),
        ("resources: {requests: {cpu: 0, memory: 1Gi}, limits: {memory: 1Gi}}", "",
         ["unset-cpu-requirements"]),
    ],
)  # fmt: skip
def test_what_counts_as_asked_for(container, pod, found):
    text = workload(container=container, pod=pod)
    rules = ("unset-cpu-requirements", "no-memory-request", "unset-memory-requirements")

    assert [rule for rule in rules if said(text, rule)] == found


def test_a_limit_range_of_the_namespace_counts():
    limits = "---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: a}\n"

    assert said(workload() + limits, "unset-memory-requirements") == []


@pytest.mark.parametrize(
    ("objects", "is_found"),
    [
        pytest.param(workload(), False, id="nothing calls it"),
        pytest.param(workload() + SERVICE, True, id="a Service"),
        pytest.param(workload(more="replicas: 2") + SERVICE, False, id="two"),
        pytest.param(workload(more="replicas: 0") + SERVICE, False, id="switched off"),
        pytest.param(workload() + SERVICE + hpa(2), False, id="an autoscaler"),
    ],
)
def test_single_replicas(objects, is_found):
    assert bool(said(objects, "single-replica")) == is_found


@pytest.mark.parametrize(
    ("objects", "found"),
    [
        pytest.param(workload(more="replicas: 3") + budget("minAvailable: 2"), 0, id="one may go"),
        pytest.param(workload(more="replicas: 2") + budget("minAvailable: 2"), 1, id="none may"),
        pytest.param(
            workload(more="replicas: 2") + budget("minAvailable: 60%"), 1, id="rounded up"
        ),
        pytest.param(workload(more="replicas: 2") + budget("minAvailable: 50%"), 0, id="half"),
        pytest.param(workload(more="replicas: 0") + budget("minAvailable: 1"), 0, id="off"),
        pytest.param(workload() + hpa(2) + budget("minAvailable: 2"), 1, id="autoscaler, low"),
        pytest.param(workload() + hpa(3) + budget("minAvailable: 2"), 0, id="autoscaler, high"),
        pytest.param(budget("minAvailable: 100%"), 1, id="all"),
    ],
)
def test_budgets_that_let_none_go(objects, found):
    assert len(said(objects, "pdb-min-available")) == found


@pytest.mark.parametrize(
    ("limit", "found"),
    [("maxUnavailable: 0", 1), ("maxUnavailable: 0%", 1), ("maxUnavailable: 1", 0)],
)
def test_budgets_of_zero(limit, found):
    assert len(said(budget(limit), "pdb-max-unavailable")) == found


SPREAD = "topologySpreadConstraints: [{topologyKey: kubernetes.io/hostname, labelSelector: LABELS}]"
APART = (
    "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
    " [{topologyKey: KEY, labelSelector: {matchLabels: {app: APP}}}]}}"
)


@pytest.mark.parametrize(
    ("pod", "is_found"),
    [
        ("", True),
        (SPREAD.replace("LABELS", "{matchLabels: {app: web}}"), False),
        (SPREAD.replace("LABELS", "{matchLabels: {app: other}}"), True),
        (APART.replace("KEY", "kubernetes.io/hostname").replace("APP", "web"), False),
        (APART.replace("KEY", "topology.kubernetes.io/zone").replace("APP", "web"), False),
        (APART.replace("KEY", "example.com/rack").replace("APP", "web"), True),
        (APART.replace("KEY", "kubernetes.io/hostname").replace("APP", "other"), True),
    ],
)
def test_pods_on_one_node(pod, is_found):
    assert bool(said(workload(pod=pod, more="replicas: 2"), "no-anti-affinity")) == is_found
    assert said(workload(pod=pod), "no-anti-affinity") == []


def test_pods_with_a_claim_may_be_recreated():
    more = "strategy: {type: Recreate}"
    claim = "volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]"

    assert len(said(workload(more=more), "no-rolling-update-strategy")) == 1
    assert said(workload(more=more, pod=claim), "no-rolling-update-strategy") == []


def test_hooks_are_removed_by_the_tools_that_run_them():
    job = workload("Job", pod="restartPolicy: Never")
    hook = job.replace("{name: web}", '{name: web, annotations: {"helm.sh/hook": pre-install}}', 1)

    assert len(said(job, "job-ttl-seconds-after-finished")) == 1
    assert said(hook, "job-ttl-seconds-after-finished") == []


@pytest.mark.parametrize(
    ("image", "policy", "is_found"),
    [
        ("a:1", "Always", False),
        ("a:1", "IfNotPresent", False),
        ("a", "IfNotPresent", True),
        ("a:latest", "Never", True),
        ("a:latest", "Always", False),
        (f"a@sha256:{'0' * 64}", "Always", True),
        (f"a@sha256:{'0' * 64}", "IfNotPresent", False),
    ],
)
def test_pull_policies(image, policy, is_found):
    text = workload(container=f"imagePullPolicy: {policy}").replace("a:1", image)

    assert bool(said(text, "contradicting-pull-policy")) == is_found


def test_a_bare_image_with_the_name_of_its_object_is_filled_in_later():
    assert said(workload().replace("a:1", "web"), "latest-tag") == [
        "warning: the image 'web' has no tag"
    ]
    assert said(workload().replace("a:1", "nginx"), "latest-tag") == [
        "error: the image 'nginx' has no tag"
    ]
