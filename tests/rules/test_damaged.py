"""No built-in rule fails on any object: kinds without schema can have anything anywhere."""

import copy
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from k8sgen_core.judging.linting import lints_of
from k8sgen_core.rules import rules
from k8sgen_core.rules.cluster import Cluster
from tests.rules.objects import selection

# Everything that rules look at, once.
WHOLE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}, annotations: {example.com/a: b}}
spec:
  replicas: 2
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}
  selector:
    matchLabels: {app: web}
    matchExpressions: [{key: app, operator: In, values: [web]}]
  template:
    metadata:
      labels: {app: web}
      annotations: {container.apparmor.security.beta.kubernetes.io/web: runtime/default}
    spec:
      hostNetwork: false
      hostUsers: false
      os: {name: linux}
      serviceAccountName: web
      serviceAccount: web
      automountServiceAccountToken: true
      restartPolicy: Always
      priorityClassName: high
      dnsConfig: {options: [{name: ndots, value: "2"}]}
      affinity:
        nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - labelSelector: {matchLabels: {app: web}}
            topologyKey: kubernetes.io/hostname
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 1
            podAffinityTerm: {labelSelector: {matchLabels: {app: web}}, topologyKey: zone}
      topologySpreadConstraints: [{maxSkew: 1, labelSelector: {matchLabels: {app: web}}}]
      securityContext:
        runAsNonRoot: true
        runAsUser: 1
        runAsGroup: 1
        seccompProfile: {type: RuntimeDefault}
        appArmorProfile: {type: RuntimeDefault}
        seLinuxOptions: {type: container_t, user: u, role: r}
        windowsOptions: {hostProcess: false}
        sysctls: [{name: net.core.somaxconn, value: "1"}]
      volumes:
      - {name: node, hostPath: {path: /etc}}
      - {name: config, configMap: {name: web, items: [{key: a, path: a}]}}
      - {name: secret, secret: {secretName: web}}
      - {name: all, projected: {sources: [{secret: {name: web}}, {configMap: {name: web}}]}}
      initContainers: [{name: init, image: "busybox:1.36", restartPolicy: Always}]
      ephemeralContainers: [{name: debug, image: "busybox:1.36"}]
      containers:
      - name: web
        image: nginx:1.27
        imagePullPolicy: Always
        command: [web, "--password=a"]
        args: ["--password", "b"]
        ports: [{name: http, containerPort: 8080, hostPort: 1, protocol: TCP}]
        env:
        - {name: PASSWORD, value: hunter2}
        - {name: TOKEN, valueFrom: {secretKeyRef: {name: web, key: token}}}
        - {name: LEVEL, valueFrom: {configMapKeyRef: {name: web, key: level}}}
        envFrom: [{secretRef: {name: web}}, {configMapRef: {name: web}}]
        resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 2, memory: 1Gi}}
        livenessProbe: {httpGet: {host: a, port: http}}
        readinessProbe: {tcpSocket: {host: a, port: 8080}}
        startupProbe: {grpc: {port: 8080}}
        lifecycle: {preStop: {httpGet: {host: a, port: 1}}}
        volumeMounts: [{name: node, mountPath: /a, readOnly: true}]
        securityContext:
          privileged: false
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          procMount: Default
          capabilities: {add: [CHOWN], drop: [ALL]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort
  externalIPs: [192.0.2.1]
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  tls: [{hosts: [a.example.com], secretName: web}]
  defaultBackend: {service: {name: web, port: {number: 80}}}
  rules:
  - host: b.example.com
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: shop}
spec: {listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: web}]
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: web}
    matchExpressions: [{key: app, operator: In, values: [web]}]
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]
  egress: [{to: [{namespaceSelector: {}, podSelector: {}}]}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 3
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec:
  minAvailable: 50%
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector: {matchLabels: {app: web}, matchExpressions: [{key: app, operator: Exists}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: web, namespace: shop}
spec:
  schedule: 0 2 * * *
  startingDeadlineSeconds: 9
  jobTemplate:
    spec:
      ttlSecondsAfterFinished: 9
      template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web, namespace: shop}
spec:
  serviceName: web
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: "a:1"}]}}
  volumeClaimTemplates: [{metadata: {name: data, annotations: {a: b}}}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  namespaceSelector: {matchNames: [shop], any: false}
  endpoints: [{port: http, targetPort: 8080}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: web, labels: {a: b}}
aggregationRule:
  clusterRoleSelectors: [{matchLabels: {a: b}, matchExpressions: [{key: a, operator: Exists}]}]
rules:
- {apiGroups: [""], resources: [pods, secrets, pods/exec, nodes/proxy], verbs: ["*"]}
- {apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [bind], resourceNames: []}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: web}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
automountServiceAccountToken: true
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop}
data: {password: hunter2}
---
apiVersion: v1
kind: Secret
metadata: {name: web, namespace: shop}
stringData: {password: hunter2}
data: {password: aHVudGVyMg==}
"""
OBJECTS: list[Any] = list(yaml.safe_load_all(WHOLE))
JUNK = st.sampled_from(
    [
        *(None, True, False, 0, -1, 80, 1.5, 10**30, "", "a", "*", "x" * 300, "${A}", "\0"),
        *([], [None], [[]], [{}], ["a"], [1], [[1]]),
        *({}, {"a": 1}, {"a": {}}, {"name": []}, {"name": {}}, {1: 2}),
    ]
)
PICKS = st.lists(st.tuples(st.integers(0, 10_000), JUNK), min_size=1, max_size=6)


def nodes(value: Any) -> list[tuple[Any, Any]]:
    """Return every place in a value, as a container and a key or index."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += nodes(value[key])
    return found


def judge(objects: list[Any]) -> set[str]:
    """Return the rules that have something to say, for objects of which no schema is known."""
    chosen = selection(extend_select=tuple(rules()))
    cluster = Cluster("1.37", chosen.options)
    manifests = [cluster.add(each) for each in objects]
    return {lint.rule for each in manifests for lint in lints_of(each, chosen)}


def test_what_is_whole_has_findings_of_every_subject():
    found = judge(OBJECTS)

    assert found >= {"host-path", "sensitive-host-mounts", "exposed-services", "env-var-secret"}
    assert found >= {"wildcard-in-rules", "secret-in-config-map", "plain-secret"}


@given(PICKS)
def test_anything_may_be_anywhere(picks):
    objects = copy.deepcopy(OBJECTS)
    for number, junk in picks:
        places = nodes(objects)
        holder, key = places[number % len(places)]
        if holder is not objects:
            holder[key] = copy.deepcopy(junk)

    judge(objects)


@pytest.mark.parametrize("number", range(len(OBJECTS)), ids=lambda n: OBJECTS[n]["kind"])
def test_each_field_may_be_anything(number):
    for place in range(len(nodes(OBJECTS[number]))):
        for junk in (None, 1, "a", [[1]], ["a"], [{"a": []}], {"a": [{}]}):
            objects = [*OBJECTS[:number], copy.deepcopy(OBJECTS[number]), *OBJECTS[number + 1 :]]
            holder, key = nodes(objects[number])[place]
            holder[key] = junk
            judge([objects[number]])
    judge(OBJECTS)
