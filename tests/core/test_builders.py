"""Every setting of a workload: what exactly its objects have that they would not have otherwise."""

# ruff: noqa: E501 - What is expected is a table, and reads best with one case on a line.

import pytest
import yaml

from tests.core.described import described_well

LABELS = {"app.kubernetes.io/name": "web", "app.kubernetes.io/managed-by": "k8s-gen"}
CONTAINER = yaml.safe_load("""
name: web
image: nginx:1.27
securityContext:
  allowPrivilegeEscalation: false
  seccompProfile: {type: RuntimeDefault}
""")
POD = {"automountServiceAccountToken": False}
SELECTOR = {"matchLabels": {"app.kubernetes.io/name": "web"}}
KINDS = {
    "App": ("Deployment", "apps/v1", {"selector": SELECTOR}),
    "StatefulApp": (
        "StatefulSet",
        "apps/v1",
        {"serviceName": "web-headless", "selector": SELECTOR},
    ),
    "DaemonSet": ("DaemonSet", "apps/v1", {"selector": SELECTOR}),
    "Job": ("Job", "batch/v1", {}),
    "CronJob": ("CronJob", "batch/v1", {"schedule": "@daily"}),
}
HEADLESS = yaml.safe_load("""
apiVersion: v1
kind: Service
metadata: {name: web-headless}
spec:
  clusterIP: None
  selector: {app.kubernetes.io/name: web}
""")


def over(below, above):
    """Return what two descriptions come to: mappings merge, lists of mappings item by item."""
    if isinstance(below, dict) and isinstance(above, dict):
        merged = {
            key: over(below[key], above[key]) if key in below else above[key] for key in above
        }
        return {key: value for key, value in (below | merged).items() if value != "absent"}
    return above


def expected(builder, said):
    """
    Return the objects of ``builder("web").image("nginx:1.27")`` with what a case says.

    ``container``, ``pod``, ``template`` (its metadata), ``spec`` and ``metadata`` are the
    parts of the workload's own object; ``all`` is the metadata of every object; ``and``
    lists the further objects, whose labels, and names if they are the workload's, need not
    be said.
    """
    kind, api_version, spec = KINDS[builder]
    every = said.get("all", {})
    pod = {**POD, "containers": [CONTAINER]}
    if builder in ("Job", "CronJob"):
        pod["restartPolicy"] = "Never"
    pod = over(pod, said.get("pod", {}))
    pod["containers"] = [over(CONTAINER, said.get("container", {}))]
    shared = {key: value for key, value in every.items() if key in ("labels", "annotations")}
    template = {"metadata": over(over({"labels": LABELS}, shared), said.get("template", {}))}
    template["spec"] = pod
    if builder == "CronJob":
        spec = {**spec, "jobTemplate": {"spec": {"template": template}}}
    else:
        spec = {**spec, "template": template}
    metadata = over({"name": "web", "labels": LABELS}, every)
    main = {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": over(metadata, said.get("metadata", {})),
        "spec": over(spec, said.get("spec", {})),
    }
    others = list(said.get("and", ()))
    if builder == "StatefulApp":
        others.append(over(HEADLESS, said.get("headless", {})))
    return [main, *(over({"metadata": metadata}, other) for other in others)]


def by_name(objects):
    return sorted(objects, key=lambda each: (each["kind"], each["metadata"]["name"]))


def check(builder, calls, said):
    source = f'{builder}("web").image("nginx:1.27"){calls}'
    if builder == "CronJob" and "schedule(" not in calls:
        source += '.schedule("@daily")'

    found = described_well(source).objects

    assert by_name(found) == by_name(expected(builder, yaml.safe_load(said) or {}))


def cases(*pairs):
    return pytest.mark.parametrize(
        ("calls", "said"), [pytest.param(calls, said, id=calls[:60]) for calls, said in pairs]
    )


@pytest.mark.parametrize("builder", KINDS)
def test_only_what_was_asked_is_there(builder):
    check(builder, "", "")


def test_what_is_needed_makes_no_object():
    given = 'App("db").image("a:1")\nApp("web").image("b:1")'

    found = described_well(f"{given}.depends_on('db').connect_to(['db'])").objects

    assert found == described_well(given).objects


# Settings that every container has, and every workload with it.

ANYWHERE = cases(
    (".command(['a', 'b c'])", "container: {command: [a, b c]}"),
    (".command('a', 'b')", "container: {command: [a, b]}"),
    (".command('a').command('b')", "container: {command: [b]}"),
    (".args(['-v', 1, True])", "container: {args: ['-v', '1', 'true']}"),
    (".args('a').args('b', 'c')", "container: {args: [b, c]}"),
    (
        ".environment({'A': 1, 'B': True, 'C': 0.5, 'D': ''}).environment({'A': 'x', 'E': '1.10'})",
        """
        container:
          env:
          - {name: A, value: x}
          - {name: B, value: 'true'}
          - {name: C, value: '0.5'}
          - {name: D, value: ''}
          - {name: E, value: '1.10'}
        """,
    ),
    (
        ".env('A', 1).env('A', 'two').env('B', False)",
        "container: {env: [{name: A, value: two}, {name: B, value: 'false'}]}",
    ),
    (
        ".env('A', secret='store', key='k').env('B', config='settings')",
        """
        container:
          env:
          - {name: A, valueFrom: {secretKeyRef: {name: store, key: k}}}
          - {name: B, valueFrom: {configMapKeyRef: {name: settings, key: B}}}
        """,
    ),
    (
        ".resources(cpu='500m', memory='512Mi', cpu_limit=2, memory_limit='1Gi', gpu=1)",
        """
        container:
          resources:
            requests: {cpu: 500m, memory: 512Mi}
            limits: {cpu: '2', memory: 1Gi, nvidia.com/gpu: 1}
        """,
    ),
    (
        ".resources(cpu=0.5, memory=1048576).resources(cpu='1').resources(gpu=0)",
        "container: {resources: {requests: {cpu: '1', memory: '1048576'}}}",
    ),
    (".resources(gpu=0)", ""),
    (
        ".health_checks(readiness_probe=['pg_isready', '-q'], liveness_probe=8080)",
        """
        container:
          readinessProbe: {exec: {command: [pg_isready, '-q']}}
          livenessProbe: {tcpSocket: {port: 8080}}
        """,
    ),
    (
        ".health_checks(startup_probe={'path': '/up', 'port': 'admin', 'scheme': 'HTTPS',"
        " 'headers': {'Host': 'x'}, 'initial_delay': 5, 'period': '10s', 'timeout': 1,"
        " 'success_threshold': 1, 'failure_threshold': 30, 'termination_grace_period': '1m'})",
        """
        container:
          startupProbe:
            httpGet: {path: /up, port: admin, scheme: HTTPS, httpHeaders: [{name: Host, value: x}]}
            initialDelaySeconds: 5
            periodSeconds: 10
            timeoutSeconds: 1
            successThreshold: 1
            failureThreshold: 30
            terminationGracePeriodSeconds: 60
        """,
    ),
    (
        ".health_checks(liveness_probe={'grpc': 9000}).health_checks(readiness_probe=80)",
        "container: {livenessProbe: {grpc: {port: 9000}}, readinessProbe: {tcpSocket: {port: 80}}}",
    ),
    (
        ".health_checks(liveness_probe=80).health_checks(liveness_probe=81)",
        "container: {livenessProbe: {tcpSocket: {port: 81}}}",
    ),
    (
        ".lifecycle(pre_stop=['nginx', '-s', 'quit'], post_start=['touch', '/x'],"
        " termination_grace_period='1m')",
        """
        container:
          lifecycle:
            postStart: {exec: {command: [touch, /x]}}
            preStop: {exec: {command: [nginx, '-s', quit]}}
        pod: {terminationGracePeriodSeconds: 60}
        """,
    ),
    (".lifecycle(pre_stop=5)", "container: {lifecycle: {preStop: {sleep: {seconds: 5}}}}"),
    (".lifecycle(termination_grace_period=30)", "pod: {terminationGracePeriodSeconds: 30}"),
    (
        ".volumes({'/tmp/x': 'emptyDir', '/run': 'memory'}).volumes({'/old': 'claim:files'})",
        """
        container:
          volumeMounts:
          - {name: tmp-x, mountPath: /tmp/x}
          - {name: run, mountPath: /run}
          - {name: old, mountPath: /old}
        pod:
          volumes:
          - {name: tmp-x, emptyDir: {}}
          - {name: run, emptyDir: {medium: Memory}}
          - {name: old, persistentVolumeClaim: {claimName: files}}
        """,
    ),
    (
        ".volumes({'/log': {'hostPath': {'path': '/var/log'}}})",
        """
        container: {volumeMounts: [{name: log, mountPath: /log}]}
        pod: {volumes: [{name: log, hostPath: {path: /var/log}}]}
        """,
    ),
    (
        ".labels({'team': 'shop'}).labels(team='core', tier='1')",
        "all: {labels: {team: core, tier: '1'}}",
    ),
    (
        ".annotations({'a/b': 'x: y'}, c='1').annotations({'c': '2'})",
        "all: {annotations: {a/b: 'x: y', c: '2'}}",
    ),
    (".namespace('one').namespace('two')", "all: {namespace: two}"),
    (
        ".service_account('robot')",
        "pod: {serviceAccountName: robot, automountServiceAccountToken: absent}",
    ),
    (
        ".node_selector({'kubernetes.io/arch': 'arm64'}).node_selector({'disk': 'ssd'})",
        "pod: {nodeSelector: {kubernetes.io/arch: arm64, disk: ssd}}",
    ),
    (
        ".toleration('gpu', value='yes', effect='NoExecute', seconds=60).toleration('spot')"
        ".toleration().toleration('a', 'Equal', 'b', 'NoSchedule').toleration('c', 'Exists')",
        """
        pod:
          tolerations:
          - {key: gpu, operator: Equal, value: 'yes', effect: NoExecute, tolerationSeconds: 60}
          - {key: spot, operator: Exists}
          - {operator: Exists}
          - {key: a, operator: Equal, value: b, effect: NoSchedule}
          - {key: c, operator: Exists}
        """,
    ),
    (
        ".spread().spread('kubernetes.io/hostname', 2, 'DoNotSchedule')",
        """
        pod:
          topologySpreadConstraints:
          - maxSkew: 1
            topologyKey: topology.kubernetes.io/zone
            whenUnsatisfiable: ScheduleAnyway
            labelSelector: {matchLabels: {app.kubernetes.io/name: web}}
          - maxSkew: 2
            topologyKey: kubernetes.io/hostname
            whenUnsatisfiable: DoNotSchedule
            labelSelector: {matchLabels: {app.kubernetes.io/name: web}}
        """,
    ),
    (".ignore('latest-tag', 'a test')", ""),
    (
        ".override({'metadata': {'annotations': {'a': 'b'}, 'labels': {'x': 'y'}}})",
        "metadata: {annotations: {a: b}, labels: {x: y}}",
    ),
    (".from_dockerfile('web', 'Dockerfile.prod', VERSION=3)", ""),
    (
        ".add_config('settings').add_secret('store', prefix='DB_')",
        """
        container:
          envFrom:
          - configMapRef: {name: settings}
          - {prefix: DB_, secretRef: {name: store}}
        """,
    ),
    (
        ".add_config('settings', mount_path='/etc/app').add_secret('store', '/etc/store')",
        """
        container:
          volumeMounts:
          - {name: settings, mountPath: /etc/app}
          - {name: store, mountPath: /etc/store}
        pod:
          volumes:
          - {name: settings, configMap: {name: settings}}
          - {name: store, secret: {secretName: store}}
        """,
    ),
)


@pytest.mark.parametrize("builder", ["App", "CronJob"])
@ANYWHERE
def test_settings_of_pods_are_the_same_for_all_workloads(builder, calls, said):
    check(builder, calls, said)


@cases(
    (
        ".security_context(run_as_user=1000, runAsNonRoot=True, fs_group=2000)",
        "pod: {securityContext: {runAsUser: 1000, runAsNonRoot: true, fsGroup: 2000}}",
    ),
    (
        ".security_context({'readOnlyRootFilesystem': True}).security_context(proc_mount='Default')",
        "container: {securityContext: {readOnlyRootFilesystem: true, procMount: Default}}",
    ),
    (
        ".hardened()",
        """
        container: {securityContext: {capabilities: {drop: [ALL]}}}
        pod: {securityContext: {runAsNonRoot: true}}
        """,
    ),
    (
        ".hardened().security_context(capabilities={'drop': ['ALL'], 'add': ['NET_BIND_SERVICE']})",
        """
        container: {securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}
        pod: {securityContext: {runAsNonRoot: true}}
        """,
    ),
    (
        ".security_context(privileged=True)",
        "container: {securityContext: {privileged: true, allowPrivilegeEscalation: absent,"
        " seccompProfile: absent}}",
    ),
    (
        ".security_context(privileged=False)",
        "container: {securityContext: {privileged: false}}",
    ),
    (
        ".security_context(capabilities={'add': ['SYS_ADMIN']})",
        "container: {securityContext: {capabilities: {add: [SYS_ADMIN]},"
        " allowPrivilegeEscalation: absent, seccompProfile: absent}}",
    ),
    (
        ".security_context(allow_privilege_escalation=True)",
        "container: {securityContext: {allowPrivilegeEscalation: true}}",
    ),
    (
        ".security_context(seccomp_profile={'type': 'Unconfined'})",
        """
        container: {securityContext: {seccompProfile: absent}}
        pod: {securityContext: {seccompProfile: {type: Unconfined}}}
        """,
    ),
)
def test_what_security_context_sets_wins_over_hardened_and_our_own_defaults(calls, said):
    check("App", calls, said)


SERVICE = """
- apiVersion: v1
  kind: Service
  spec: {{selector: {{app.kubernetes.io/name: web}}, ports: {ports}{more}}}
"""


def service(ports, more=""):
    return f"\nand:{SERVICE.format(ports=ports, more=more)}"


ONE_PORT = "[{name: http, port: 80, targetPort: http}]"
HTTP = "container: {ports: [{name: http, containerPort: 80}]}"


@cases(
    (".port(80)", f"{HTTP}\n{service(ONE_PORT)}"),
    (
        ".port(443).port(8080).port(53, protocol='UDP').port(9090, 'metrics', service_port=90)",
        """
        container:
          ports:
          - {name: https, containerPort: 443}
          - {name: port-8080, containerPort: 8080}
          - {name: port-53-udp, containerPort: 53, protocol: UDP}
          - {name: metrics, containerPort: 9090}
        and:
        - apiVersion: v1
          kind: Service
          spec:
            selector: {app.kubernetes.io/name: web}
            ports:
            - {name: https, port: 443, targetPort: https}
            - {name: port-8080, port: 8080, targetPort: port-8080}
            - {name: port-53-udp, port: 53, targetPort: port-53-udp, protocol: UDP}
            - {name: metrics, port: 90, targetPort: metrics}
        """,
    ),
    (
        ".ports([80, {'port': 81, 'name': 'admin', 'protocol': 'SCTP', 'service_port': 82}])",
        """
        container:
          ports:
          - {name: http, containerPort: 80}
          - {name: admin, containerPort: 81, protocol: SCTP}
        and:
        - apiVersion: v1
          kind: Service
          spec:
            selector: {app.kubernetes.io/name: web}
            ports:
            - {name: http, port: 80, targetPort: http}
            - {name: admin, port: 82, targetPort: admin, protocol: SCTP}
        """,
    ),
    (
        ".port(8080).expose('a.example.com', port=80).add_companion("
        "Companion('proxy').image('p:1').port(4180, service_port=80).port(9000, 'metrics'))",
        """
        container:
          ports:
          - {name: port-8080, containerPort: 8080}
        pod:
          initContainers:
          - name: proxy
            image: p:1
            restartPolicy: Always
            ports:
            - {name: port-4180, containerPort: 4180}
            - {name: metrics, containerPort: 9000}
            securityContext: {allowPrivilegeEscalation: false, seccompProfile: {type: RuntimeDefault}}
        and:
        - apiVersion: v1
          kind: Service
          spec:
            selector: {app.kubernetes.io/name: web}
            ports:
            - {name: port-8080, port: 8080, targetPort: port-8080}
            - {name: port-4180, port: 80, targetPort: 4180}
        - apiVersion: networking.k8s.io/v1
          kind: Ingress
          spec:
            rules:
            - host: a.example.com
              http:
                paths:
                - path: /
                  pathType: Prefix
                  backend: {service: {name: web, port: {number: 80}}}
        """,
    ),
    (
        ".port(80).health_checks(readiness_probe='/ready')",
        "container: {ports: [{name: http, containerPort: 80}],"
        f" readinessProbe: {{httpGet: {{path: /ready, port: http}}}}}}\n{service(ONE_PORT)}",
    ),
    (
        ".port(80).lifecycle(pre_stop='/drain')",
        "container: {ports: [{name: http, containerPort: 80}],"
        " lifecycle: {preStop: {httpGet: {path: /drain, port: http}}}}\n" + service(ONE_PORT),
    ),
    (
        ".port(80).override({'spec': {'type': 'NodePort', 'ports': [{'port': 80, 'nodePort': 30080}]}},"
        " kind='Service')",
        HTTP
        + service(
            "[{name: http, port: 80, targetPort: http, nodePort: 30080}]", ", type: NodePort"
        ),
    ),
)
def test_ports_make_one_service(calls, said):
    check("App", calls, said)


INGRESS = """
- apiVersion: networking.k8s.io/v1
  kind: Ingress
  spec:
    rules:
    - host: shop.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}
"""


@cases(
    (".port(80).expose('shop.example.com')", HTTP + service(ONE_PORT) + INGRESS),
    (
        ".port(80).expose('shop.example.com', tls=True, ingress_class='nginx')",
        HTTP
        + service(ONE_PORT)
        + INGRESS
        + "    tls: [{hosts: [shop.example.com], secretName: web-tls}]\n"
        "    ingressClassName: nginx\n",
    ),
    (
        ".port(80).expose('shop.example.com', tls='wildcard').expose('shop.example.com', path='/api', port=80)"
        ".expose('*.example.org', tls=False, port='http')",
        HTTP
        + service(ONE_PORT)
        + """
- apiVersion: networking.k8s.io/v1
  kind: Ingress
  spec:
    rules:
    - host: shop.example.com
      http:
        paths:
        - {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}
        - {path: /api, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
    - host: '*.example.org'
      http:
        paths:
        - {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}
    tls: [{hosts: [shop.example.com], secretName: wildcard}]
""",
    ),
    (
        ".port(80, service_port=8000).expose('a.example.com', via='gateway', gateway='main')"
        ".expose('b.example.com', via='gateway', gateway='main', path='/b', port=8000)",
        HTTP
        + service("[{name: http, port: 8000, targetPort: http}]")
        + """
- apiVersion: gateway.networking.k8s.io/v1
  kind: HTTPRoute
  spec:
    parentRefs: [{name: main}]
    hostnames: [a.example.com]
    rules:
    - matches: [{path: {type: PathPrefix, value: /}}]
      backendRefs: [{name: web, port: 8000}]
- apiVersion: gateway.networking.k8s.io/v1
  kind: HTTPRoute
  metadata: {name: web-2}
  spec:
    parentRefs: [{name: main}]
    hostnames: [b.example.com]
    rules:
    - matches: [{path: {type: PathPrefix, value: /b}}]
      backendRefs: [{name: web, port: 8000}]
""",
    ),
    (".port(80).expose(via='loadbalancer')", HTTP + service(ONE_PORT, ", type: LoadBalancer")),
    (
        ".port(80).expose('shop.example.com', via='loadbalancer')",
        HTTP
        + service(ONE_PORT, ", type: LoadBalancer")
        + "  metadata: {annotations: {external-dns.alpha.kubernetes.io/hostname: shop.example.com}}\n",
    ),
)
def test_expose_has_three_ways(calls, said):
    check("App", calls, said)


@cases(
    (".replicas(3).replicas(2)", "spec: {replicas: 2}"),
    (".replicas(0)", "spec: {replicas: 0}"),
    (
        ".replicas(3).scale(2, 8).scale(1, 4, cpu=70, memory=80)",
        """
        and:
        - apiVersion: autoscaling/v2
          kind: HorizontalPodAutoscaler
          spec:
            scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
            minReplicas: 1
            maxReplicas: 4
            metrics:
            - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}
            - {type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 80}}}
        """,
    ),
    (
        ".disruption_budget(max_unavailable=1).disruption_budget(min_available='50%')",
        """
        and:
        - apiVersion: policy/v1
          kind: PodDisruptionBudget
          spec:
            minAvailable: 50%
            selector: {matchLabels: {app.kubernetes.io/name: web}}
        """,
    ),
    (
        ".storage('1Gi').storage('10Gi', 'fast', ['ReadWriteMany'], '/srv')",
        """
        container: {volumeMounts: [{name: data, mountPath: /srv}]}
        pod: {volumes: [{name: data, persistentVolumeClaim: {claimName: web-data}}]}
        and:
        - apiVersion: v1
          kind: PersistentVolumeClaim
          metadata: {name: web-data}
          spec:
            accessModes: [ReadWriteMany]
            storageClassName: fast
            resources: {requests: {storage: 10Gi}}
        """,
    ),
)
def test_apps_scale_and_keep_data(calls, said):
    check("App", calls, said)


@cases(
    (
        ".port(5432, 'postgres')",
        """
        container: {ports: [{name: postgres, containerPort: 5432}]}
        headless: {spec: {ports: [{name: postgres, port: 5432, targetPort: postgres}]}}
        and:
        - apiVersion: v1
          kind: Service
          spec:
            selector: {app.kubernetes.io/name: web}
            ports: [{name: postgres, port: 5432, targetPort: postgres}]
        """,
    ),
    (
        ".storage('10Gi', storage_class='fast', mount_path='/srv').replicas(3)",
        """
        container: {volumeMounts: [{name: data, mountPath: /srv}]}
        spec:
          replicas: 3
          volumeClaimTemplates:
          - metadata: {name: data}
            spec:
              accessModes: [ReadWriteOnce]
              storageClassName: fast
              resources: {requests: {storage: 10Gi}}
        """,
    ),
    (
        ".scale(1, 3)",
        """
        and:
        - apiVersion: autoscaling/v2
          kind: HorizontalPodAutoscaler
          spec:
            scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: web}
            minReplicas: 1
            maxReplicas: 3
        """,
    ),
)
def test_stateful_apps_have_a_headless_service_and_claims_of_their_own(calls, said):
    check("StatefulApp", calls, said)


@cases(
    (
        ".timeout('1h30m').retries(0).parallelism(2).completions(4).ttl('1d').suspend()",
        "spec: {activeDeadlineSeconds: 5400, backoffLimit: 0, parallelism: 2, completions: 4,"
        " ttlSecondsAfterFinished: 86400, suspend: true}",
    ),
    (
        ".timeout(60).timeout('2m').suspend().suspend(False)",
        "spec: {activeDeadlineSeconds: 120, suspend: false}",
    ),
)
def test_jobs_end(calls, said):
    check("Job", calls, said)


@cases(
    (
        ".schedule('@hourly').schedule('0 2 * * *').timezone('Europe/Zurich')"
        ".concurrency_policy('Forbid').suspend().timeout(60).retries(1).ttl(5)",
        """
        spec:
          schedule: 0 2 * * *
          timeZone: Europe/Zurich
          concurrencyPolicy: Forbid
          suspend: true
          jobTemplate: {spec: {activeDeadlineSeconds: 60, backoffLimit: 1, ttlSecondsAfterFinished: 5}}
        """,
    ),
)
def test_cron_jobs_say_when(calls, said):
    check("CronJob", calls, said)
