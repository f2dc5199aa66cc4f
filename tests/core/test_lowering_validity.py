"""What an API server refuses, or wires to the wrong thing, though each call by itself is fine."""

import pytest

from tests.core.described import described, described_well, from_yaml

P = 'App("web").image("a:1")'


def objects(source, kind, **settings):
    """Return the objects of a kind that a description without findings comes to."""
    made = described_well(source, **settings).objects
    return [each for each in made if each["kind"] == kind]


def found(source, **settings):
    """Return the findings: the rule, the message, the text that is underlined."""
    made = described(source, **settings)
    return [(each.rule, each.message, made.underlined(each)) for each in made.findings]


def test_every_container_of_a_hardened_pod_is_hardened():
    source = (
        f'{P}.hardened().add_companion(Companion("s").image("b:1"))'
        '.add_companion(Companion("n").image("c:1")'
        '.security_context(capabilities={"add": ["NET_BIND_SERVICE"]}))'
    )

    [made] = objects(source, "Deployment")

    pod = made["spec"]["template"]["spec"]
    containers = [*pod["containers"], *pod["initContainers"]]
    context = from_yaml(
        """
allowPrivilegeEscalation: false
seccompProfile: {type: RuntimeDefault}
capabilities: {drop: [ALL]}
---
allowPrivilegeEscalation: false
seccompProfile: {type: RuntimeDefault}
capabilities: {add: [NET_BIND_SERVICE], drop: [ALL]}
"""
    )
    assert pod["securityContext"] == {"runAsNonRoot": True}
    assert [each["securityContext"] for each in containers] == [context[0], context[0], context[1]]


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("run_as_user=0", "run_as_user"),
        ("run_as_non_root=False", "run_as_non_root"),
        ("privileged=True", "privileged"),
        ("allow_privilege_escalation=True", "allow_privilege_escalation"),
        ('seccomp_profile={"type": "Unconfined"}', "seccomp_profile"),
        ('capabilities={"add": ["NET_RAW"]}', "capabilities"),
        ('capabilities={"drop": ["NET_RAW"]}', "capabilities"),
        ('proc_mount="Unmasked"', "proc_mount"),
    ],
)
def test_a_setting_that_takes_back_hardening_is_a_warning(setting, name):
    made = described(f"{P}.hardened().security_context({setting})")

    [finding] = made.findings
    assert (finding.rule, finding.severity) == ("conflicting-settings", "warning")
    assert finding.message == f"{name} of web takes back hardened()"
    assert made.underlined(finding) in setting


def test_a_setting_that_takes_back_hardening_wins():
    [made] = described(f"{P}.hardened().security_context(run_as_non_root=False)").objects

    pod = made["spec"]["template"]["spec"]
    assert pod["securityContext"] == {"runAsNonRoot": False}
    assert pod["containers"][0]["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_scratch_space_at_two_paths_is_two_volumes():
    [made] = objects(f'{P}.volumes({{"/a/b": "emptyDir", "/a-b": "emptyDir"}})', "Deployment")

    pod = made["spec"]["template"]["spec"]
    assert pod["containers"][0]["volumeMounts"] == [
        {"name": "a-b", "mountPath": "/a/b"},
        {"name": "a-b-2", "mountPath": "/a-b"},
    ]
    assert pod["volumes"] == [{"name": "a-b", "emptyDir": {}}, {"name": "a-b-2", "emptyDir": {}}]


def test_containers_share_scratch_space_at_the_same_path():
    source = (
        f'{P}.volumes({{"/run": "memory"}})'
        '.add_companion(Companion("s").image("b:1").volumes({"/run": "memory"}))'
    )

    [made] = objects(source, "Deployment")

    pod = made["spec"]["template"]["spec"]
    mount = {"name": "run", "mountPath": "/run"}
    assert pod["volumes"] == [{"name": "run", "emptyDir": {"medium": "Memory"}}]
    assert pod["containers"][0]["volumeMounts"] == [mount]
    assert pod["initContainers"][0]["volumeMounts"] == [mount]


def test_a_name_that_is_no_label_is_cut_and_marked():
    source = 'ConfigMap("a" * 100).add("k", "v")\nConfigMap("a" * 101).add("k", "v")'

    labels = [each["metadata"]["labels"] for each in objects(source, "ConfigMap")]

    assert [each["app.kubernetes.io/name"] for each in labels] == [
        f"{'a' * 54}-28165978",
        f"{'a' * 54}-9d079339",
    ]


def test_two_ports_of_one_number_in_the_service_are_refused():
    source = f"{P}.port(80).port(8080, service_port=80)"

    assert found(source) == [
        (
            "duplicate-port",
            "web has two ports 80/TCP in one Service",
            "port(8080, service_port=80)",
        ),
    ]


@pytest.mark.parametrize(
    ("companion", "finding"),
    [
        pytest.param(
            'Companion("c").image("b:1").port(81, service_port=80)',
            ("duplicate-port", "web has two ports 80/TCP in one Service"),
            id="number",
        ),
        pytest.param(
            'Companion("c").image("b:1").port(81, "http", service_port=81)',
            ("duplicate-port", "web has two ports http in one Service"),
            id="name",
        ),
        pytest.param(
            'Companion("c", "init").image("b:1").port(81, service_port=81)',
            ("conflicting-settings", "c has ended before its pod serves anybody"),
            id="ended",
        ),
    ],
)
def test_ports_of_companions_that_cannot_be_in_the_service(companion, finding):
    [(rule, message, _)] = found(f"{P}.port(80).add_companion({companion})")

    assert (rule, message) == finding


def test_http_goes_to_the_first_port_that_speaks_tcp():
    source = (
        f'{P}.port(53, "dns", "UDP").port(80).health_checks("/ready")'
        '.expose("a.example.com").expose("b.example.com", via="gateway", gateway="g")'
    )

    made = {each["kind"]: each for each in described_well(source).objects}

    [container] = made["Deployment"]["spec"]["template"]["spec"]["containers"]
    [rule] = made["Ingress"]["spec"]["rules"]
    assert container["readinessProbe"] == {"httpGet": {"path": "/ready", "port": "http"}}
    assert rule["http"]["paths"][0]["backend"]["service"] == {
        "name": "web",
        "port": {"name": "http"},
    }
    assert made["HTTPRoute"]["spec"]["rules"][0]["backendRefs"] == [{"name": "web", "port": 80}]


def test_http_cannot_go_to_a_port_that_speaks_udp():
    source = f'{P}.port(53, "dns", "UDP").health_checks("/ready").expose("a.example.com")'

    assert [each[:2] for each in found(source)] == [
        ("missing-port", "web has no port that could be asked over HTTP"),
        ("missing-port", "web is exposed, but has no TCP port"),
    ]


def test_containers_of_a_pod_have_names_of_their_own():
    source = f"""\
app = {P}
app.add_companion(Companion("web").image("b:1"))
app.add_companion(Companion("log").image("c:1"))
app.add_companion(Companion("log", role="init").image("d:1"))
"""

    assert found(source) == [
        ("duplicate-item", "two containers of the pod are named web", '"web"'),
        ("duplicate-item", "two containers of the pod are named log", '"log"'),
    ]


@pytest.mark.parametrize(
    ("calls", "rule", "message", "underlined"),
    [
        pytest.param(
            'health_checks(liveness_probe={"path": "/", "port": 80, "success_threshold": 2})',
            "invalid-value",
            "the success threshold of a livenessProbe is 1, not 2",
            "2",
            id="liveness",
        ),
        pytest.param(
            'health_checks(startup_probe={"port": 80, "success_threshold": 3})',
            "invalid-value",
            "the success threshold of a startupProbe is 1, not 3",
            "3",
            id="startup",
        ),
        pytest.param(
            'health_checks(readiness_probe={"port": 80, "termination_grace_period": 9})',
            "conflicting-settings",
            "a readiness probe ends no container, and so has no grace period",
            "9",
            id="readiness",
        ),
        pytest.param(
            'toleration("gpu", effect="NoSchedule", seconds=9)',
            "conflicting-settings",
            "only a NoExecute taint is tolerated for a time",
            "9",
            id="toleration",
        ),
        pytest.param(
            'resources(cpu="1500m").resources(cpu_limit=1)',
            "conflicting-settings",
            "the container asks for 1500m of cpu, and may use 1",
            '"1500m"',
            id="cpu",
        ),
        pytest.param(
            'resources(memory="1Gi", memory_limit="1000Mi")',
            "conflicting-settings",
            "the container asks for 1Gi of memory, and may use 1000Mi",
            '"1Gi"',
            id="memory",
        ),
        pytest.param(
            "security_context(privileged=True, allow_privilege_escalation=False)",
            "conflicting-settings",
            "allowPrivilegeEscalation: false and privileged: true exclude each other",
            "False",
            id="privileged",
        ),
        pytest.param(
            'storage("1Gi", access_modes=["ReadWriteOncePod", "ReadOnlyMany"])',
            "conflicting-settings",
            "ReadWriteOncePod excludes every other access mode",
            '"ReadWriteOncePod"',
            id="access modes",
        ),
        pytest.param(
            "lifecycle(pre_stop=31)",
            "conflicting-settings",
            "the hook sleeps 31 s, and the pod has 30 s to stop",
            "31",
            id="grace period by default",
        ),
        pytest.param(
            'lifecycle(pre_stop=5, termination_grace_period="4s")',
            "conflicting-settings",
            "the hook sleeps 5 s, and the pod has 4 s to stop",
            "5",
            id="grace period",
        ),
        pytest.param(
            'override({"spec": {"selector": {"matchLabels": {"app": "other"}}}})',
            "conflicting-settings",
            "it selects pods with the label app: other, which its own pods lack",
            '"other"',
            id="selector",
        ),
        pytest.param(
            'override({"spec": {"template": {"spec": {"containers": [{"name": "log"}]}}}})',
            "missing-image",
            "the container log has no image",
            '"log"',
            id="image",
        ),
    ],
)
def test_what_the_server_refuses_is_reported_at_the_argument(calls, rule, message, underlined):
    assert found(f"{P}.{calls}") == [(rule, message, underlined)]


def test_a_pod_without_containers_is_reported():
    source = f'{P}.override({{"spec": {{"template": {{"spec": {{"containers": None}}}}}}}})'

    assert [each[:2] for each in found(source)] == [
        ("schema-violation", "missing required field 'containers'"),
    ]


def test_a_hook_sleeps_only_where_the_version_can():
    source = f"{P}.lifecycle(pre_stop=5)"

    assert found(source, version="1.30") == []
    assert found(source, version="1.29") == [
        (
            "setting-not-supported",
            "Kubernetes 1.29 cannot sleep in a hook unless its cluster enables it",
            "5",
        )
    ]


def test_settings_beyond_a_mebibyte_are_refused():
    source = 'text = "x" * (1 << 20)\nConfigMap("c").add("a", text).add("b", "y")'

    [(rule, message, _)] = found(source)

    assert (rule, message) == (
        "invalid-value",
        "the ConfigMap has 1048577 bytes, and may have 1048576",
    )


def test_a_selector_follows_the_workload_as_it_is_at_the_end():
    source = """\
web = App("web").image("a:1")
client = Job("client").image("b:1")
Service("s").selector(web).add_port(80)
NetworkPolicy("p").selector(web).allow_from(client)
web.labels({"app.kubernetes.io/name": "other"})
client.labels({"app.kubernetes.io/name": "caller"})
"""

    made = {each["kind"]: each["spec"] for each in described_well(source).objects}

    chosen = {"app.kubernetes.io/name": "other"}
    assert made["Deployment"]["selector"] == {"matchLabels": chosen}
    assert made["Service"]["selector"] == chosen
    assert made["NetworkPolicy"] == {
        "podSelector": {"matchLabels": chosen},
        "ingress": [
            {"from": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "caller"}}}]}
        ],
        "policyTypes": ["Ingress"],
    }


@pytest.mark.parametrize(
    "call",
    [
        'Service("s").add_port(80).selector(ConfigMap("c").add("k", "v"))',
        'NetworkPolicy("p").selector(ConfigMap("c").add("k", "v"))',
        'NetworkPolicy("p").allow_from(ConfigMap("c").add("k", "v"))',
        'NetworkPolicy("p").allow_to(ConfigMap("c").add("k", "v"))',
    ],
)
def test_only_workloads_have_pods_that_can_be_selected(call):
    [finding] = described(call).findings

    assert (finding.rule, finding.message) == (
        "wrong-type",
        "ConfigMap('c') is of type ConfigMap; what is selected must be a workload such as App(...)",
    )


PORTS = """\
proxy = Companion("proxy").image("p:1").port(5300, protocol="UDP")
dns = App("dns").image("a:1").port(53, protocol="UDP").port(80).add_companion(proxy)
both = App("both").image("a:1").port(53, protocol="UDP").port(53, name="over-tcp")
web = App("web").image("a:1").port(53)
"""


@pytest.mark.parametrize(
    ("calls", "ports"),
    [
        pytest.param("selector(dns).allow_from(web, ports=[53])", [(53, "UDP")],
                     id="of what is selected"),
        pytest.param("selector(dns).allow_from(web, ports=['port-53-udp', 80])",
                     [("port-53-udp", "UDP"), (80, None)], id="by name"),
        pytest.param("selector(web).allow_to(dns, ports=[53])", [(53, "UDP")], id="of a peer"),
        pytest.param("selector(dns).allow_to(web, ports=[53])", [(53, None)],
                     id="not the caller's"),
        pytest.param("selector(dns).allow_from(ports=[5300])", [(5300, "UDP")],
                     id="of a companion"),
        pytest.param("selector(both).allow_from(ports=[53])", [(53, "UDP"), (53, None)],
                     id="of two ports"),
        pytest.param("allow_to(web, dns, ports=[53])", [(53, None), (53, "UDP")],
                     id="of two peers"),
        pytest.param("allow_to(dns, 'other', ports=[53])", [(53, "UDP"), (53, None)],
                     id="a peer that is not described"),
        pytest.param("selector(dns).allow_from(ports=['53/TCP'])", [(53, "TCP")], id="as it says"),
        pytest.param("selector(dns).allow_from(ports=[9])", [(9, None)], id="an unknown port"),
        pytest.param("allow_from(dns, ports=[53])", [(53, None)], id="every pod"),
    ],
)  # fmt: skip
def test_a_policy_allows_the_protocol_of_the_port_that_it_names(calls, ports):
    source = f'{PORTS}NetworkPolicy("p").{calls}'

    [made] = [each for each in described_well(source).objects if each["kind"] == "NetworkPolicy"]

    [traffic] = made["spec"].get("ingress") or made["spec"]["egress"]
    assert [(each["port"], each.get("protocol")) for each in traffic["ports"]] == ports


def test_a_policy_names_the_namespace_of_a_workload_elsewhere():
    source = """\
near, far = Job("near").image("a:1"), Job("far").image("a:1")
policy = NetworkPolicy("p").allow_from(near, far)
AppGroup("here").namespace("one").add(near, policy)
AppGroup("there").namespace("two").add(far)
"""

    [made] = objects(source, "NetworkPolicy")

    assert (
        made["spec"]["ingress"]
        == from_yaml(
            """
- from:
  - podSelector: {matchLabels: {app.kubernetes.io/name: near}}
  - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: two}}
    podSelector: {matchLabels: {app.kubernetes.io/name: far}}
"""
        )[0]
    )


def test_a_policy_that_its_workload_holds_can_select_it():
    source = 'web = App("web").image("a:1")\nweb.add(NetworkPolicy("p").selector(web))'

    [made] = objects(source, "NetworkPolicy")

    assert made["spec"]["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "web"}}


@pytest.mark.parametrize(
    "later",
    [
        pytest.param('account.namespace("tools")', id="own"),
        pytest.param('AppGroup("g").namespace("tools").add(account)', id="group"),
    ],
)
def test_an_account_is_bound_in_the_namespace_that_it_is_in(later):
    source = f"""\
account = ServiceAccount("robot")
RoleBinding("b").namespace("prod").role("reader").to_service_account(account)
{later}
"""

    [made] = objects(source, "RoleBinding")

    assert made["subjects"] == [{"kind": "ServiceAccount", "name": "robot", "namespace": "tools"}]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param('App("web")', 'Job("web")', id="job beside app"),
        pytest.param('Job("web")', 'App("web")', id="app beside job"),
        pytest.param(
            'App("a").labels({"app.kubernetes.io/name": "web"})', 'DaemonSet("web")', id="label"
        ),
        pytest.param(
            'Job("web").port(80)', 'CronJob("web").schedule("@daily")', id="service of a job"
        ),
    ],
)
def test_workloads_of_one_namespace_cannot_have_the_same_name_label(first, second):
    made = described(f'{first}.image("a:1")\n{second}.image("a:1")')

    [finding] = made.findings
    assert finding.rule == "conflicting-settings"
    assert made.underlined(finding) == second.partition(".")[0]


@pytest.mark.parametrize(
    "source",
    [
        'Job("web").image("a:1")\nCronJob("web").image("a:1").schedule("@daily")',
        'App("web").image("a:1").namespace("one")\nJob("web").image("a:1").namespace("two")',
    ],
    ids=["nothing selects", "another namespace"],
)
def test_a_shared_name_label_is_fine_where_nothing_is_confused(source):
    described_well(source)


def annotations(made):
    [workload] = [each for each in made if each["kind"] not in ("ConfigMap", "Secret")]
    spec = workload["spec"]
    template = (
        spec["jobTemplate"]["spec"]["template"] if "jobTemplate" in spec else spec["template"]
    )
    return list(template["metadata"].get("annotations", ()))


@pytest.mark.parametrize(
    ("workload", "expected"),
    [
        ('App("w")', ["checksum/configmap-c"]),
        ('CronJob("w").schedule("@daily")', ["checksum/configmap-c"]),
        ('Job("w")', []),
    ],
)
@pytest.mark.parametrize(
    "given",
    [
        'add_config(ConfigMap("c").add("k", "v"))',
        'add_companion(Companion("s").image("b:1").add_config(ConfigMap("c").add("k", "v")))',
    ],
    ids=["main", "companion"],
)
def test_pods_follow_their_settings_unless_their_template_is_immutable(workload, given, expected):
    assert annotations(described_well(f'{workload}.image("a:1").{given}').objects) == expected


def test_a_service_without_pods_is_no_service_here():
    source = 'Service("s").add_port(80).type("ExternalName")'

    assert found(source) == [
        (
            "invalid-value",
            "a Service of the type ExternalName has no pods and no ports of its own",
            '"ExternalName"',
        )
    ]


def test_roles_have_the_names_that_kubernetes_allows():
    source = """\
role = ClusterRole("acme:node-reader").allow("get", "nodes")
ClusterRoleBinding("acme:read-nodes").role(role).to_user("ann")
"""

    made = described_well(source).objects

    assert [each["metadata"] for each in made] == from_yaml(
        """
name: acme:node-reader
labels: {app.kubernetes.io/name: acme-node-reader-bb72fb4c, app.kubernetes.io/managed-by: k8s-gen}
---
name: acme:read-nodes
labels: {app.kubernetes.io/name: acme-read-nodes-184a25f1, app.kubernetes.io/managed-by: k8s-gen}
"""
    )
    assert found('Role("a/b").allow("get", "pods")')[0][0] == "invalid-name"


def test_a_host_has_one_certificate_whatever_its_paths():
    source = (
        f'{P}.port(80).expose("a.example.com", tls=True)'
        '.expose("a.example.com", path="/api", tls=True).expose("b.example.com", tls=True)'
    )

    [made] = objects(source, "Ingress")

    assert made["spec"]["tls"] == [
        {"hosts": ["a.example.com"], "secretName": "web-tls"},
        {"hosts": ["b.example.com"], "secretName": "web-tls"},
    ]


@pytest.mark.parametrize(("setting", "value"), [("path", '"/api"'), ("port", "80")])
def test_a_load_balancer_knows_no_paths_and_single_ports(setting, value):
    source = f'{P}.port(80).expose(via="loadbalancer", {setting}={value})'

    message = f"{setting}= has no effect with via='loadbalancer', which has every port"
    assert found(source) == [("conflicting-settings", message, value)]


@pytest.mark.parametrize("kind", ["Deployment", "Service"])
def test_an_override_cannot_rename_what_others_refer_to(kind):
    patch = '{"metadata": {"name": "other"}}'
    source = f'{P}.port(80).scale(1, 2).override({patch}, kind="{kind}")'

    message = f"the override renames {kind}, and not what refers to it"
    assert found(source) == [("invalid-override", message, '"other"')]


WEB = 'w = App("w").image("a:1").port(8080)\n'


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            'Ingress("i").host("a.example.com").path("/", w, 8080).host("b.example.com")'
            '.path("/", w, 8080).host("a.example.com").tls("a").host("b.example.com").tls("b")',
            id="a host that is said again for its certificate",
        ),
        pytest.param(
            'w.expose("u.example.com").expose("u.example.com", port=8080, tls=True)',
            id="the only port, by its number too",
        ),
        pytest.param(
            'App("s").image("a:1").port(8080, name="web", service_port=80)'
            '.expose("s.example.com").expose("s.example.com", port=80, tls=True)'
            '.expose("s.example.com", port="web", tls=True, ingress_class="nginx")',
            id="a port by its number in the Service",
        ),
        pytest.param(
            'w.expose("u.example.com", port=8080)'
            '.expose("u.example.com", port="port-8080", tls=True)',
            id="a port by its name and by its number",
        ),
        pytest.param(
            'b = App("b").image("a:1").depends_on("c")\nConfigMap("c").add("a", "b")\n'
            'App("c").image("a:1").depends_on("c")',
            id="another resource of the same name",
        ),
        pytest.param(
            "class Db(Plugin):\n    def generate_app(self):\n"
            '        return App(self.name).image("a:1")\n'
            'd = Db("d")\nApp("v").image("a:1").depends_on(d).add(d)',
            id="a plugin",
        ),
        pytest.param('Companion("c").image("a:1")', id="a companion in a module of parts"),
    ],
)
def test_what_is_said_in_another_way_is_no_mistake(source):
    parts = "" if source.startswith("Companion") else WEB

    assert described(f"{parts}{source}").findings == []


def test_what_names_itself_needs_something_else_of_that_name():
    [finding] = described('App("a").image("a:1").depends_on("a")').findings

    assert (finding.rule, finding.message) == (
        "dangling-reference",
        "nothing else here is named 'a'",
    )
