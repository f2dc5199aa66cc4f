"""Every builder that is no workload: its whole object; and what resources have of each other."""

# ruff: noqa: E501 - What is expected is a table, and reads best with one case on a line.

from textwrap import dedent

import pytest
import yaml

from tests.core.described import described_well


def objects_of(source):
    return described_well(source).objects


def expected(text):
    """Return objects whose labels are only written where they are not the usual ones."""
    found = [each for each in yaml.safe_load_all(dedent(text)) if each]
    for each in found:
        name = each["metadata"]["name"]
        usual = {"app.kubernetes.io/name": name, "app.kubernetes.io/managed-by": "k8s-gen"}
        each["metadata"]["labels"] = usual | each["metadata"].get("labels", {})
    return found


def cases(*pairs):
    return pytest.mark.parametrize(
        ("source", "text"), [pytest.param(source, text, id=source[:70]) for source, text in pairs]
    )


@cases(
    ("ConfigMap('a')", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"),
    (
        "ConfigMap('a').add('A', 1).add('B', True).add('A', 'x').add('c.txt', 'one\\ntwo\\n')",
        r"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data: {A: x, B: 'true', c.txt: "one\ntwo\n"}
        """,
    ),
    (
        "ConfigMap('a').add_json('app.json', {'debug': False, 'é': [1, None]})"
        ".add_yaml('app.yaml', {'debug': False, 'list': ['1.10']})"
        ".add_yaml('list.yaml', [1, {'a': 'b'}])",
        r"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data:
          app.json: "{\n  \"debug\": false,\n  \"é\": [\n    1,\n    null\n  ]\n}\n"
          app.yaml: "debug: false\nlist:\n- \"1.10\"\n"
          list.yaml: "- 1\n- a: b\n"
        """,
    ),
    (
        "ConfigMap('a').labels(team='x').annotations({'n': 'y'}).namespace('prod').add('A', '')",
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a, namespace: prod, labels: {team: x}, annotations: {n: y}}
        data: {A: ''}
        """,
    ),
    (
        "Secret('a').add('user', 'root').type('acme.example/login').generate_password('password')",
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: a}
        type: acme.example/login
        data: {user: '***', password: '***'}
        """,
    ),
    (
        "Service('a').selector('web').add_port(80).add_port(53, 5353, 'dns', 'UDP')"
        ".add_port(443, target_port='https').type('NodePort')",
        """
        apiVersion: v1
        kind: Service
        metadata: {name: a}
        spec:
          type: NodePort
          selector: {app.kubernetes.io/name: web}
          ports:
          - {name: http, port: 80}
          - {name: dns, port: 53, targetPort: 5353, protocol: UDP}
          - {name: https, port: 443, targetPort: https}
        """,
    ),
    (
        "Service('a').add_port(53, protocol='UDP').add_port(53)",
        """
        apiVersion: v1
        kind: Service
        metadata: {name: a}
        spec:
          ports:
          - {name: port-53-udp, port: 53, protocol: UDP}
          - {name: port-53, port: 53}
        """,
    ),
    (
        "Service('a').selector({'app': 'x'}).selector({'app': 'y'}).add_port(80, name='http')",
        """
        apiVersion: v1
        kind: Service
        metadata: {name: a}
        spec: {selector: {app: y}, ports: [{name: http, port: 80}]}
        """,
    ),
    (
        "Ingress('a').path('/', 'web', 80).host('a.example.com').path('/x', 'web', 'http', 'Exact')"
        ".host('b.example.com').path('/', 'web', 8080).path('/y', 'other', 80)"
        ".tls('cert').tls('wild', ['*.example.com']).ingress_class('nginx')",
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec:
          ingressClassName: nginx
          rules:
          - http:
              paths:
              - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
          - host: a.example.com
            http:
              paths:
              - {path: /x, pathType: Exact, backend: {service: {name: web, port: {name: http}}}}
          - host: b.example.com
            http:
              paths:
              - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 8080}}}}
              - {path: /y, pathType: Prefix, backend: {service: {name: other, port: {number: 80}}}}
          tls:
          - {hosts: [b.example.com], secretName: cert}
          - {hosts: ['*.example.com'], secretName: wild}
        """,
    ),
    (
        "PersistentVolumeClaim('a').storage('1Gi').storage('2Gi').storage_class('fast')"
        ".access_modes('ReadWriteMany', 'ReadOnlyMany')",
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: a}
        spec:
          accessModes: [ReadWriteMany, ReadOnlyMany]
          storageClassName: fast
          resources: {requests: {storage: 2Gi}}
        """,
    ),
    (
        "PersistentVolumeClaim('a').storage(1024).access_modes(['ReadWriteOncePod'])",
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: a}
        spec: {accessModes: [ReadWriteOncePod], resources: {requests: {storage: '1024'}}}
        """,
    ),
    ("ServiceAccount('a')", "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}"),
    (
        "ServiceAccount('a').automount_token().automount_token(False)",
        "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, automountServiceAccountToken: false}",
    ),
    (
        "Role('a').allow('get', 'configmaps').allow(['get', 'list'], ('pods', 'pods/log'),"
        " groups=['', 'apps'], names='web').namespace('prod')",
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: a, namespace: prod}
        rules:
        - {apiGroups: [''], resources: [configmaps], verbs: [get]}
        - apiGroups: ['', apps]
          resources: [pods, pods/log]
          resourceNames: [web]
          verbs: [get, list]
        """,
    ),
    (
        "ClusterRole('a').allow('*', 'nodes')",
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: a}
        rules: [{apiGroups: [''], resources: [nodes], verbs: ['*']}]
        """,
    ),
    (
        "RoleBinding('a').role('view', cluster=True).to_service_account('robot', namespace='ci')"
        ".to_user('anna').to_group('ops')",
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: a}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
        subjects:
        - {kind: ServiceAccount, name: robot, namespace: ci}
        - {kind: User, name: anna, apiGroup: rbac.authorization.k8s.io}
        - {kind: Group, name: ops, apiGroup: rbac.authorization.k8s.io}
        """,
    ),
    (
        "ClusterRoleBinding('a').role('view').role('edit').to_group('ops')",
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: a}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
        subjects: [{kind: Group, name: ops, apiGroup: rbac.authorization.k8s.io}]
        """,
    ),
    (
        "role = Role('r').allow('get', 'pods').namespace('prod')\n"
        "account = ServiceAccount('s').namespace('prod')\n"
        "RoleBinding('b').namespace('prod').role(role).to_service_account(account)",
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: r, namespace: prod}
        rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: s, namespace: prod}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: b, namespace: prod}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
        subjects: [{kind: ServiceAccount, name: s, namespace: prod}]
        """,
    ),
    (
        "NetworkPolicy('a')",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: a}
        spec: {podSelector: {}, policyTypes: [Ingress]}
        """,
    ),
    (
        "NetworkPolicy('a').selector('web').deny_ingress().deny_egress().allow_dns()"
        ".allow_from('api', {'ipBlock': {'cidr': '10.0.0.0/8'}}, ports=[80, 'metrics'])"
        ".allow_from(ports=[443]).allow_to()",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: a}
        spec:
          podSelector: {matchLabels: {app.kubernetes.io/name: web}}
          policyTypes: [Ingress, Egress]
          ingress:
          - from:
            - podSelector: {matchLabels: {app.kubernetes.io/name: api}}
            - ipBlock: {cidr: 10.0.0.0/8}
            ports: [{port: 80}, {port: metrics}]
          - ports: [{port: 443}]
          egress:
          - ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]
          - {}
        """,
    ),
    (
        "NetworkPolicy('a').allow_to('db', ports=[5432])",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: a}
        spec:
          podSelector: {}
          policyTypes: [Egress]
          egress:
          - to: [{podSelector: {matchLabels: {app.kubernetes.io/name: db}}}]
            ports: [{port: 5432}]
        """,
    ),
    (
        "NetworkPolicy('a').allow_to('dns', {'ipBlock': {'cidr': '10.0.0.0/8'}},"
        " ports=['53/UDP', 'sync/SCTP', '80/TCP', 443])",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: a}
        spec:
          podSelector: {}
          policyTypes: [Egress]
          egress:
          - to:
            - podSelector: {matchLabels: {app.kubernetes.io/name: dns}}
            - ipBlock: {cidr: 10.0.0.0/8}
            ports:
            - {port: 53, protocol: UDP}
            - {port: sync, protocol: SCTP}
            - {port: 80, protocol: TCP}
            - {port: 443}
        """,
    ),
    (
        "Namespace('a').labels({'pod-security.kubernetes.io/enforce': 'restricted'})",
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: a, labels: {pod-security.kubernetes.io/enforce: restricted}}
        """,
    ),
    (
        "CustomResource('cert-manager.io/v1', 'Certificate', 'a').spec({'x': 1})"
        ".fields({'status': {}}).spec({'dnsNames': ['a.example.com'], 'n': 1.5, 'ok': True, 'no': None})",
        """
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: {name: a}
        spec: {dnsNames: [a.example.com], n: 1.5, ok: true, 'no': null}
        status: {}
        """,
    ),
    (
        "CustomResource('a.example/v1', 'Widget', 'a').spec({'list': [1, 2], 'm': {'x': 1, 'y': 2}})"
        ".override({'spec': {'list': [3], 'm': {'x': None}}})",
        """
        apiVersion: a.example/v1
        kind: Widget
        metadata: {name: a}
        spec: {list: [3], m: {y: 2}}
        """,
    ),
)
def test_a_resource_is_this_object(source, text):
    assert objects_of(source) == expected(text)


def test_files_are_read_from_the_project_root(tmp_path):
    (tmp_path / "nginx.conf").write_text("listen 80;\nroot /srv;\n", encoding="utf-8")
    (tmp_path / ".env").write_text(
        "# Comment\n\nexport A=1\nB = 'x y'\nC=\"a=b\"\nD=\n", encoding="utf-8"
    )

    [settings, secret] = described_well(
        "ConfigMap('a').from_file('nginx.conf', 'nginx.conf').from_env_file('.env')\n"
        "Secret('b').from_file('key', 'nginx.conf').from_env_file('.env')",
        root=tmp_path,
    ).objects

    assert settings["data"] == {
        "nginx.conf": "listen 80;\nroot /srv;\n",
        **{"A": "1", "B": "x y", "C": "a=b", "D": ""},
    }
    assert secret["data"] == dict.fromkeys(["key", "A", "B", "C", "D"], "***")


APP = "App('web').image('nginx:1.27')"


def pod_of(found):
    return found["spec"]["template"]["spec"]


def titles(found):
    return [f"{each['kind']}/{each['metadata']['name']}" for each in found]


def test_mounted_configuration_is_a_volume_with_the_mode_it_asks_for():
    source = (
        "files = ConfigMap('files').add('a.conf', 'x').mount_path('/etc/app').file_permissions(0o400)\n"
        "key = Secret('key').add('tls.key', 'x').file_permissions('0440')\n"
        f"{APP}.add_config(files).add_secret(key, mount_path='/etc/key')"
    )

    [app, *others] = objects_of(source)

    [container] = pod_of(app)["containers"]
    assert "envFrom" not in container
    assert container["volumeMounts"] == [
        {"name": "files", "mountPath": "/etc/app"},
        {"name": "key", "mountPath": "/etc/key"},
    ]
    assert pod_of(app)["volumes"] == [
        {"name": "files", "configMap": {"name": "files", "defaultMode": 0o400}},
        {"name": "key", "secret": {"secretName": "key", "defaultMode": 0o440}},
    ]
    assert titles(others) == ["ConfigMap/files", "Secret/key"]


def test_a_config_and_a_secret_of_one_name_are_two_volumes():
    source = (
        f"{APP}.volumes({{'/a': ConfigMap('x').add('A', '1'), '/b': Secret('x').add('B', '2'),"
        " '/c': PersistentVolumeClaim('x').storage('1Gi')})"
    )

    [app, *others] = objects_of(source)

    assert pod_of(app)["volumes"] == [
        {"name": "x", "persistentVolumeClaim": {"claimName": "x"}},
        {"name": "x-2", "configMap": {"name": "x"}},
        {"name": "x-3", "secret": {"secretName": "x"}},
    ]
    assert titles(others) == ["ConfigMap/x", "Secret/x", "PersistentVolumeClaim/x"]


def test_injected_configuration_has_the_nearest_prefix():
    source = (
        "settings = ConfigMap('s').add('A', '1').mount_as_env_vars(prefix='S_')\n"
        f"{APP}.add_config(settings).add_config(ConfigMap('t').add('A', '1').mount_as_env_vars('S_'), prefix='T_')"
    )

    [app, *_] = objects_of(source)

    assert pod_of(app)["containers"][0]["envFrom"] == [
        {"prefix": "S_", "configMapRef": {"name": "s"}},
        {"prefix": "T_", "configMapRef": {"name": "t"}},
    ]


def test_variables_from_a_builder_bring_their_resource_along():
    source = (
        "store = Secret('store').add('PASSWORD', 'x')\n"
        "settings = ConfigMap('settings').add('url', 'y')\n"
        f"{APP}.env('PASSWORD', secret=store).env('URL', config=settings, key='url')"
    )

    [app, *others] = objects_of(source)

    assert pod_of(app)["containers"][0]["env"] == [
        {
            "name": "PASSWORD",
            "valueFrom": {"secretKeyRef": {"name": "store", "key": "PASSWORD"}},
        },
        {"name": "URL", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "url"}}},
    ]
    assert titles(others) == ["Secret/store", "ConfigMap/settings"]


def checksums(source):
    [app, *_] = objects_of(source)
    return app["spec"]["template"]["metadata"]["annotations"]


def test_the_checksum_follows_the_data_and_nothing_else():
    with_one = checksums(f"{APP}.add_config(ConfigMap('s').add('A', '1'))")
    with_two = checksums(f"{APP}.add_config(ConfigMap('s').add('A', '2'))")
    with_label = checksums(f"{APP}.add_config(ConfigMap('s').labels(a='b').add('A', '1'))")

    assert list(with_one) == ["checksum/configmap-s"]
    assert with_one == with_label
    assert with_one != with_two


def test_the_checksum_of_a_secret_is_masked_too():
    assert checksums(f"{APP}.add_secret(Secret('s').add('A', '1'))") == {"checksum/secret-s": "***"}


def test_companions_run_beside_or_before():
    source = (
        f"{APP}.hardened().add_companion(Companion('log').image('fluent-bit:3.2').port(2020)"
        ".environment({'A': 'b'}).resources(cpu='10m'))"
        ".add_companion(Companion('migrate', 'init').image('migrate:1').command('up').hardened())"
    )

    [app, *others] = objects_of(source)

    assert pod_of(app)["initContainers"] == [
        {
            "name": "log",
            "image": "fluent-bit:3.2",
            "ports": [{"name": "port-2020", "containerPort": 2020}],
            "env": [{"name": "A", "value": "b"}],
            "resources": {"requests": {"cpu": "10m"}},
            "restartPolicy": "Always",
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "seccompProfile": {"type": "RuntimeDefault"},
            },
        },
        {
            "name": "migrate",
            "image": "migrate:1",
            "command": ["up"],
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "runAsNonRoot": True,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
        },
    ]
    assert others == []


def test_the_security_context_of_a_companion_is_that_of_its_container():
    source = (
        f"{APP}.add_companion(Companion('log').image('fluent-bit:3.2').security_context("
        "run_as_user=1000, seccomp_profile={'type': 'Unconfined'}, privileged=False))"
    )

    [app] = objects_of(source)

    assert "securityContext" not in pod_of(app)
    assert pod_of(app)["initContainers"][0]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "privileged": False,
        "runAsUser": 1000,
        "seccompProfile": {"type": "Unconfined"},
    }


def test_what_a_companion_uses_comes_along():
    source = (
        f"{APP}.add_companion(Companion('log').image('fluent-bit:3.2')"
        ".add_config(ConfigMap('log-files').add('A', '1').mount_path('/etc/log')))"
    )

    [app, *others] = objects_of(source)

    assert pod_of(app)["volumes"] == [{"name": "log-files", "configMap": {"name": "log-files"}}]
    assert titles(others) == ["ConfigMap/log-files"]


def test_what_is_held_is_generated_once_after_its_holder_and_in_its_namespace():
    source = (
        "shared = ConfigMap('shared').add('A', '1')\n"
        "account = ServiceAccount('robot')\n"
        f"{APP}.namespace('prod').add_config(shared).service_account(account)"
        ".add(PersistentVolumeClaim('files').storage('1Gi'), Secret('own').namespace('other'))\n"
        "App('api').image('api:1').namespace('prod').add_config(shared)"
    )

    found = objects_of(source)

    assert [
        (title, each["metadata"]["namespace"])
        for title, each in zip(titles(found), found, strict=True)
    ] == [
        ("Deployment/web", "prod"),
        ("ConfigMap/shared", "prod"),
        ("ServiceAccount/robot", "prod"),
        ("PersistentVolumeClaim/files", "prod"),
        ("Secret/own", "other"),
        ("Deployment/api", "prod"),
    ]
    assert pod_of(found[0])["serviceAccountName"] == "robot"
    assert "automountServiceAccountToken" not in pod_of(found[0])


def test_what_is_used_in_two_namespaces_is_generated_in_both():
    source = (
        "shared = ConfigMap('shared').add('A', '1')\n"
        f"{APP}.namespace('one').add_config(shared)\n"
        f"App('api').image('api:1').namespace('two').add_config(shared)"
    )

    found = objects_of(source)

    assert [each["metadata"]["namespace"] for each in found if each["kind"] == "ConfigMap"] == [
        "one",
        "two",
    ]


def test_groups_give_their_members_what_these_lack():
    source = f"""
inner = AppGroup("inner").add({APP}.labels(team="own").add_config(ConfigMap("s").add("A", "1")))
(
    AppGroup("shop")
    .namespace("shop")
    .labels(team="core", tier="1")
    .annotations(contact="ops")
    .add(inner, Job("report").image("report:1").namespace("batch"))
)
"""

    found = {each["kind"]: each["metadata"] for each in objects_of(source)}

    labels = {"app.kubernetes.io/managed-by": "k8s-gen", "app.kubernetes.io/part-of": "shop"}
    assert found == {
        "Deployment": {
            "name": "web",
            "namespace": "shop",
            "labels": {
                "app.kubernetes.io/name": "web",
                **labels,
                "team": "own",
                "tier": "1",
            },
            "annotations": {"contact": "ops"},
        },
        "ConfigMap": {
            "name": "s",
            "namespace": "shop",
            "labels": {"app.kubernetes.io/name": "s", **labels},
        },
        "Job": {
            "name": "report",
            "namespace": "batch",
            "labels": {
                "app.kubernetes.io/name": "report",
                **labels,
                "team": "core",
                "tier": "1",
            },
            "annotations": {"contact": "ops"},
        },
    }
