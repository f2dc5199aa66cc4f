"""References between objects: an error where something is certainly missing, else a warning."""

import pytest

from tests.rules.objects import documents, lints, said

DEPLOYMENT = """\
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: shop}
spec:
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME, tier: web}}
    spec: {containers: [{name: NAME, image: "a:1", ports: [{name: http, containerPort: 80}]}]}
"""
SERVICE = """\
---
apiVersion: v1
kind: Service
metadata: {name: NAME, namespace: shop, labels: {app: NAME}}
spec: {selector: {SELECTOR}, ports: [{name: http, port: 80}]}
"""
OPERATED = """\
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: db, namespace: shop}
"""
HARMLESS = """\
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: db, namespace: shop}
"""


def deployment(name: str) -> str:
    return DEPLOYMENT.replace("NAME", name)


def service(name: str, selector: str) -> str:
    return SERVICE.replace("NAME", name).replace("SELECTOR", selector)


def severities(objects: str, rule: str) -> list[str]:
    return [message.partition(":")[0] for message in said(objects, rule)]


@pytest.mark.parametrize(
    ("objects", "found"),
    [
        pytest.param(deployment("a") + service("s", "app: a"), [], id="selects a pod"),
        pytest.param(deployment("a") + service("s", "app: b"), ["error"], id="another value"),
        pytest.param(service("s", "app: b"), ["warning"], id="no pods are known"),
        pytest.param(
            deployment("a") + service("s", 'vault-active: "true"'), ["warning"], id="set later"
        ),
        pytest.param(
            deployment("a") + service("s", "statefulset.kubernetes.io/pod-name: a-0"),
            [],
            id="a single pod",
        ),
        pytest.param(
            deployment("a") + service("s", "app: b") + OPERATED, ["warning"], id="an operator"
        ),
        pytest.param(
            deployment("a") + service("s", "app: b") + HARMLESS, ["error"], id="makes no pods"
        ),
        pytest.param(
            deployment("a").replace(", namespace: shop", "") + service("s", "app: a"),
            [],
            id="the namespace is unsaid",
        ),
        pytest.param(
            deployment("a").replace("shop", "other") + service("s", "app: a"),
            ["warning"],
            id="in another namespace",
        ),
    ],
)
def test_services_without_pods(objects, found):
    assert severities(objects, "dangling-service") == found


def test_a_service_of_knative_is_none():
    objects = deployment("a") + (
        "---\napiVersion: serving.knative.dev/v1\nkind: Service\n"
        "metadata: {name: s, namespace: shop}\nspec: {selector: {app: b}}\n"
    )

    assert said(objects, "dangling-service") == []


INGRESS = """\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i, namespace: shop}
spec:
  rules:
    - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: NAME, port: {PORT}}}}]}
"""


def ingress(name: str, port: str) -> str:
    return INGRESS.replace("NAME", name).replace("PORT", port)


@pytest.mark.parametrize(
    ("objects", "found"),
    [
        pytest.param(service("s", "app: a") + ingress("s", "number: 80"), [], id="by number"),
        pytest.param(service("s", "app: a") + ingress("s", "name: http"), [], id="by name"),
        pytest.param(
            service("s", "app: a") + ingress("s", "number: 8080"),
            ["error: Ingress/i leads to the port 8080 of Service/s, which has no such port"],
            id="another port",
        ),
        pytest.param(
            service("s", "app: a") + ingress("t", "number: 80"),
            ["error: Ingress/i leads to the Service 't', which is not here"],
            id="another Service",
        ),
        pytest.param(
            ingress("t", "number: 80"),
            ["warning: Ingress/i leads to the Service 't', which is not here"],
            id="no Services are known",
        ),
        pytest.param(
            service("s", "app: a") + ingress("redirect", "name: use-annotation"),
            [],
            id="an action of the AWS load balancer",
        ),
    ],
)
def test_ingresses_without_services(objects, found):
    assert said(objects, "dangling-ingress") == found


ROUTE = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec: {rules: [{backendRefs: [BACKEND]}]}
"""


@pytest.mark.parametrize(
    ("backend", "found"),
    [
        ("{name: s, port: 80}", []),
        ("{name: s, port: 81}", ["error"]),
        ("{name: t, port: 80}", ["error"]),
        ("{name: t, namespace: other, port: 80}", ["warning"]),
        ("{name: t, kind: Bucket, group: example.com}", []),
    ],
)
def test_routes_without_services(backend, found):
    objects = service("s", "app: a") + ROUTE.replace("BACKEND", backend)

    assert severities(objects, "dangling-route") == found


AUTOSCALERS = {
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "ScaledObject": "keda.sh/v1alpha1",
}


@pytest.mark.parametrize("kind", AUTOSCALERS)
@pytest.mark.parametrize(
    ("target", "found"),
    [("{kind: Deployment, name: a}", []), ("{kind: Deployment, name: b}", ["error"])],
)
def test_autoscalers_of_nothing(kind, target, found):
    objects = deployment("a") + (
        f"---\napiVersion: {AUTOSCALERS[kind]}\nkind: {kind}\n"
        "metadata: {name: a, namespace: shop}\n"
        f"spec: {{maxReplicas: 3, scaleTargetRef: {target}}}\n"
    )

    assert severities(objects, "dangling-horizontalpodautoscaler") == found


STATEFUL = """\
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "a:1"}]}
"""


@pytest.mark.parametrize(
    ("objects", "found"),
    [
        pytest.param("", ["warning"], id="not here"),
        pytest.param(service("db", "app: db"), ["warning"], id="not headless"),
        pytest.param(
            service("db", "app: db").replace("ports:", "clusterIP: None, ports:"), [], id="fine"
        ),
        pytest.param(
            service("db-nodes", "app: db").replace("ports:", "clusterIP: None, ports:"),
            ["error"],
            id="another one is meant",
        ),
    ],
)
def test_stateful_sets_without_a_headless_service(objects, found):
    assert severities(STATEFUL + objects, "missing-headless-service") == found


MONITOR = """\
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: m, namespace: shop}
spec: {selector: {matchLabels: {app: APP}}, endpoints: [{port: PORT}]}
"""


@pytest.mark.parametrize(
    ("app", "port", "found"),
    [
        ("s", "http", []),
        ("s", "metrics", ["error: Service/s has no port named 'metrics'"]),
        ("t", "http", ["error: ServiceMonitor/m finds no Service here"]),
    ],
)
def test_monitors_of_nothing(app, port, found):
    objects = service("s", "app: a") + MONITOR.replace("APP", app).replace("PORT", port)

    assert said(objects, "dangling-servicemonitor") == found


POLICY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  podSelector: {matchLabels: {app: a}}
  ingress: [{ports: [INGRESS]}]
  egress: [{to: [PEER], ports: [EGRESS]}]
"""
PODS = "podSelector: {matchLabels: {app: a}}"


@pytest.mark.parametrize(
    ("ingress", "peer", "egress", "found"),
    [
        pytest.param("{port: http}, {port: 80}", f"{{{PODS}}}", "{port: 80}, {port: http}", [],
                     id="ports of the pods"),
        pytest.param("{port: 9}", f"{{{PODS}}}", "{port: 9}, {protocol: UDP}", [],
                     id="what they need not declare"),
        pytest.param("{port: htp}", f"{{{PODS}}}", "{port: http, protocol: UDP}",
                     ["warning: Deployment/a, which NetworkPolicy/p is about, has no port named"
                      " 'htp'", "warning: the port 'http' of Deployment/a speaks TCP, not UDP"],
                     id="unknown"),
        pytest.param("{port: 80, protocol: SCTP}, {port: 70, endPort: 90, protocol: UDP}",
                     f"{{{PODS}, namespaceSelector: {{}}}}", "{port: htp}",
                     ["warning: the port 80 of Deployment/a speaks TCP, not SCTP"],
                     id="pods elsewhere"),
        pytest.param("{port: 80, protocol: TCP}, {port: 80, protocol: UDP}", f"{{{PODS}}}",
                     "{port: http}, {port: http, protocol: UDP}", [],
                     id="both protocols, of which the pods declare one"),
    ],
)  # fmt: skip
def test_policies_of_unknown_ports(ingress, peer, egress, found):
    text = POLICY.replace("INGRESS", ingress).replace("PEER", peer).replace("EGRESS", egress)

    assert said(deployment("a") + text, "unknown-target-port") == found


def hints(objects: str, rule: str) -> list[str | None]:
    return [lint.hint for _, lint in lints(documents(objects), select=(rule,))]


NEAR = service("shop", "app: a") + service("cart", "app: a")


@pytest.mark.parametrize(
    ("objects", "rule", "hint"),
    [
        pytest.param(ingress("shp", "number: 80"), "dangling-ingress", "did you mean 'shop'?",
                     id="a Service"),
        pytest.param(ingress("other", "number: 80"), "dangling-ingress",
                     "correct the name, or add the Service", id="none like it"),
        pytest.param(ingress("cart", "name: htpp"), "dangling-ingress", "did you mean 'http'?",
                     id="a port"),
        pytest.param(ingress("cart", "number: 81"), "dangling-ingress", "use http",
                     id="a number is like none"),
        pytest.param(ROUTE.replace("BACKEND", "{name: shops, port: 80}"), "dangling-route",
                     "did you mean 'shop'?", id="of a route"),
        pytest.param(ROUTE.replace("BACKEND", "{name: shops, namespace: other, port: 80}"),
                     "dangling-route", "correct the name, or add the Service",
                     id="in another namespace"),
        pytest.param(MONITOR.replace("APP", "shop").replace("PORT", "htp"),
                     "dangling-servicemonitor", "did you mean 'http'?", id="of a monitor"),
    ],
)  # fmt: skip
def test_what_was_meant_is_proposed(objects, rule, hint):
    assert hints(NEAR + objects, rule) == [hint]


def test_the_headless_service_of_the_pods_is_proposed():
    objects = service("nodes", "app: db").replace("ports:", "clusterIP: None, ports:")

    assert hints(STATEFUL + objects, "missing-headless-service") == ["did you mean 'nodes'?"]


def test_what_can_be_scaled_is_proposed():
    scaler = (
        "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n"
        "metadata: {name: a, namespace: shop}\n"
        "spec: {maxReplicas: 3, scaleTargetRef: {kind: Deployment, name: wbe}}\n"
    )
    objects = deployment("web") + service("wbee", "app: web") + scaler

    assert hints(objects, "dangling-horizontalpodautoscaler") == ["did you mean 'web'?"]
