import pytest
import yaml

from k8sgen_core.yaml.emitter import line_origins
from tests.core.described import described
from tests.templates.rendered import project, seed_template

FULL = """
ConfigMap("settings").add("A", "1")
app = (App("web").image("ghcr.io/acme/web:1.10").port(8080, name="main").port(9090, name="metrics")
    .environment({"A": "1", "B": "no"}).resources(cpu="200m", memory_limit="1Gi").replicas(2)
    .health_checks(liveness_probe="/live", readiness_probe={"path": "/up", "period": 7})
    .disruption_budget(max_unavailable=1).scale(2, 4, cpu=80).storage("1Gi")
    .depends_on("settings").expose("web.example.com")
    .use_template("t", team="shop", metrics_port=9090))
"""
MINIMAL = 'App("web").image("nginx:1.27").port(8080).use_template("t")'
HEADLESS = 'StatefulApp("web").image("nginx:1.27").port(8080).storage("1Gi").use_template("t")'


def deployment(labels: str = "app: {{ name }}", pod: str = "", container: str = "") -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{{{ name }}}}
spec:
  selector:
    matchLabels:
      {labels}
  template:
    metadata:
      labels:
        {labels}
    spec:
      {pod or "restartPolicy: Always"}
      containers:
      - name: {{{{ name }}}}
        image: {{{{ image }}}}
        {container or "tty: true"}
"""


def of_kind(objects, kind):
    return [found for found in objects if found["kind"] == kind]


def selectors(objects):
    for found in objects:
        spec = found.get("spec", {})
        if found["kind"] == "Service":
            yield found, spec["selector"]
        elif found["kind"] in ("PodDisruptionBudget", "Deployment", "StatefulSet"):
            yield found, spec["selector"]["matchLabels"]
        elif found["kind"] == "NetworkPolicy":
            yield found, spec["podSelector"]["matchLabels"]


def pods_of(objects):
    return [
        found["spec"]["template"]
        for found in objects
        if found["kind"] in ("Deployment", "StatefulSet", "DaemonSet")
    ]


@pytest.mark.parametrize("source", [FULL, MINIMAL, HEADLESS], ids=["full", "minimal", "stateful"])
def test_the_deployment_of_the_source_document_is_valid(tmp_path, shared, source):
    found = project(tmp_path, source, t=seed_template(shared, "custom_deployment"))

    left_out = [found.underlined(finding) for finding in found.findings]
    assert left_out == (['storage("1Gi")'] if "storage" in source else [])
    [pod] = pods_of(found.objects)
    for _, selector in selectors(found.objects):
        assert selector == {"app": "web"}
        assert selector.items() <= pod["metadata"]["labels"].items()
    [account] = of_kind(found.objects, "ServiceAccount")
    assert account["metadata"]["name"] == pod["spec"]["serviceAccountName"] == "web-sa"


def test_services_lead_to_ports_that_the_container_has(tmp_path, shared):
    found = project(tmp_path, FULL, t=seed_template(shared, "custom_deployment"))

    [service] = of_kind(found.objects, "Service")
    [pod] = pods_of(found.objects)
    names = {port["name"]: port["containerPort"] for port in pod["spec"]["containers"][0]["ports"]}
    assert names == {"http": 8080, "metrics": 9090}
    assert [port["targetPort"] for port in service["spec"]["ports"]] == ["http", "metrics"]


def test_values_of_the_source_document_keep_their_types(tmp_path, shared):
    found = project(tmp_path, FULL, t=seed_template(shared, "custom_deployment"))

    [made] = of_kind(found.objects, "Deployment")
    container = made["spec"]["template"]["spec"]["containers"][0]
    assert made["metadata"]["labels"] == {
        "app": "web",
        "version": "1.10",
        "environment": "default",
        "team": "shop",
    }
    assert container["env"] == [{"name": "A", "value": "1"}, {"name": "B", "value": "no"}]
    assert container["resources"] == {
        "requests": {"cpu": "200m", "memory": "128Mi"},
        "limits": {"cpu": "500m", "memory": "1Gi"},
    }
    assert container["readinessProbe"]["httpGet"] == {"path": "/up", "port": "http"}
    assert container["readinessProbe"]["periodSeconds"] == 7


@pytest.mark.parametrize(
    "value",
    [
        'x"\n        - name: PWN\n          value: "y',
        "yes",
        "1e3",
        "0x1F",
        "~",
        "&a",
        "*a",
        "!!python/object",
        "---",
        "{{7*7}}",
        "a\u2028b",
    ],
)
def test_hostile_values_stay_values_in_the_source_document(tmp_path, shared, value):
    source = f'App("web").image("a:1").port(1).environment({{"E": {value!r}}}).use_template("t")'

    found = project(tmp_path, source, t=seed_template(shared, "custom_deployment"))

    written = yaml.safe_load(found.files["web-deployment.yaml"])
    assert written["spec"]["template"]["spec"]["containers"][0]["env"] == [
        {"name": "E", "value": value}
    ]


def test_selectors_written_elsewhere_follow(tmp_path):
    source = """
app = App("web").image("nginx:1.27").port(80).use_template("t")
Service("extra").selector(app).add_port(80, name="http")
NetworkPolicy("only").selector(app).deny_ingress()
"""
    found = project(tmp_path, source, t=deployment())

    assert [selector for _, selector in selectors(found.objects)] == [{"app": "web"}] * 4


def test_pods_that_keep_their_label_keep_their_selector(tmp_path):
    labels = "app.kubernetes.io/name: {{ name }}"

    found = project(tmp_path, MINIMAL, t=deployment(labels))

    [service] = of_kind(found.objects, "Service")
    assert service["spec"]["selector"] == {"app.kubernetes.io/name": "web"}


def test_a_port_that_the_template_does_not_name_is_reached_by_number(tmp_path):
    found = project(tmp_path, MINIMAL, t=deployment())

    [service] = of_kind(found.objects, "Service")
    assert service["spec"]["ports"] == [{"name": "port-8080", "port": 8080, "targetPort": 8080}]


def test_an_account_that_is_described_is_not_made_again(tmp_path):
    source = f'ServiceAccount("mine")\n{MINIMAL}'

    found = project(tmp_path, source, t=deployment(pod="serviceAccountName: mine"))

    assert [a["metadata"]["name"] for a in of_kind(found.objects, "ServiceAccount")] == ["mine"]


def test_overrides_come_after_the_template(tmp_path):
    source = MINIMAL + '.override({"spec": {"replicas": 7}}).namespace("shop")'

    found = project(tmp_path, source, t=deployment())

    [made] = of_kind(found.objects, "Deployment")
    assert (made["spec"]["replicas"], made["metadata"]["namespace"]) == (7, "shop")


def test_an_object_of_a_kind_that_is_not_generated_is_added(tmp_path):
    template = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: extra\ndata:\n  image: {{ image }}\n"
    )

    found = project(tmp_path, MINIMAL, t=template)

    assert [made["kind"] for made in found.objects] == ["Deployment", "Service", "ConfigMap"]


@pytest.mark.parametrize(
    ("source", "template", "rule", "underlined"),
    [
        pytest.param(
            'App("web").image("a:1").use_template("tt")',
            "",
            "template-not-found",
            '"tt"',
            id="name",
        ),
        pytest.param(
            MINIMAL,
            deployment().replace("image }}", "imag }}"),
            "unknown-template-name",
            "imag",
            id="unknown",
        ),
        pytest.param(
            MINIMAL,
            deployment(pod="restartPolicy: x: y"),
            "template-output",
            "restartPolicy: x: y",
            id="no YAML",
        ),
        pytest.param(MINIMAL, "a: {{ name }}\n", "template-output", "{{ name }}", id="no kind"),
        pytest.param(MINIMAL, "- {{ name }}\n", "template-output", "{{ name }}", id="no object"),
        pytest.param(MINIMAL, "{% if %}\n", "template-error", "{% if %}", id="syntax"),
        pytest.param(
            MINIMAL,
            deployment(container="imagePull: Always"),
            "schema-violation",
            "imagePull: Always",
            id="schema",
        ),
    ],
)
def test_findings_are_where_the_fault_is(tmp_path, source, template, rule, underlined):
    found = project(tmp_path, source, t=template)

    [finding] = [each for each in found.findings if each.severity == "error"]
    assert finding.rule == rule
    assert finding.place is not None
    start, end = finding.place.range
    text = found.source if finding.place.path == str(found.path) else template
    assert text.splitlines()[start.line][start.character : end.character] == underlined
    if finding.place.path != str(found.path):
        assert [each.message for each in finding.related] == ["used here"]


def test_a_file_that_does_not_exist_is_a_warning_where_it_is_registered(tmp_path):
    found = described(
        'TemplateManager().register("t", "./gone.j2")\nApp("a").image("b:1")', tmp_path
    )

    [finding] = found.findings
    assert (finding.rule, finding.severity) == ("template-not-found", "warning")
    assert found.underlined(finding) == '"./gone.j2"'


def test_a_link_to_a_file_outside_is_refused(tmp_path):
    (tmp_path / "outside.j2").write_text("a: 1\n", encoding="utf-8")
    root = tmp_path / "project"
    root.mkdir()
    (root / "link.j2").symlink_to(tmp_path / "outside.j2")

    found = described(f'TemplateManager().register("t", "link.j2")\n{MINIMAL}', root)

    assert [finding.rule for finding in found.findings] == ["template-error"]


def test_secret_values_do_not_reach_templates(tmp_path):
    source = """
secret = Secret("s").add("KEY", "hunter2")
App("web").image("nginx:1.27").port(8080).add_secret(secret).use_template("t")
"""
    template = deployment(
        container="{% for k, v in environment.items() %}{{ k }}: {{ v }}{% endfor %}"
    )

    assert "hunter2" not in repr(project(tmp_path, source, t=template).files)


def test_two_builds_are_equal(tmp_path, shared):
    template = seed_template(shared, "custom_deployment")

    assert project(tmp_path, FULL, t=template).files == project(tmp_path, FULL, t=template).files


def test_lines_know_their_lines_of_the_template(tmp_path):
    found = project(tmp_path, MINIMAL, t=deployment())

    [deployment_, *others] = found.built.lowered
    place = deployment_.places["spec", "template", "spec", "containers", 0, "image"]
    assert (place.path, place.range.start) == (str(tmp_path / "t.yaml.j2"), (16, 15))
    assert [each.places for each in others] == [{}]


def owners(found, path):
    [file] = [file for file in found.built.files() if str(file.path) == path]
    made = line_origins(file.notes)
    return {
        line.strip(): sorted({origin.call.method for origin in made[number]})
        for number, line in enumerate(file.text.splitlines())
    }


def test_a_condition_owns_what_it_governs(tmp_path):
    source = 'App("web").image("nginx:1.27").port(8080).replicas(3).use_template("t", debug=True)'
    container = (
        "tty: {{ 'true' if replicas > 2 else 'false' }}\n"
        "        {% if debug %}\n        stdin: true\n        {% endif %}"
    )

    found = owners(
        project(tmp_path, source, t=deployment(container=container)), "web-deployment.yaml"
    )

    assert found["tty: true"] == ["replicas", "use_template"]
    assert found["stdin: true"] == ["use_template"]
    assert found["image: nginx:1.27"] == ["image"]
    assert found["kind: Deployment"] == []


def test_elements_belong_to_the_call_that_gave_them(tmp_path):
    source = """
app = App("web").image("nginx:1.27").port(8080)
app.environment({"A": "1"})
app.environment({"B": "2"})
app.use_template("t")
"""
    container = (
        "env:\n        {% for k, v in environment.items() %}\n"
        "        - name: {{ k }}\n          value: {{ v }}\n        {% endfor %}\n"
        '        args: ["{{ environment | length }}"]'
    )
    described = project(tmp_path, source, t=deployment(container=container))

    [file] = [f for f in described.built.files() if str(f.path) == "web-deployment.yaml"]
    made = dict(zip(file.text.splitlines(), line_origins(file.notes), strict=False))
    arguments = {line.strip(): [o.argument for o in origins] for line, origins in made.items()}
    assert arguments["- name: A"] == [(0, ("key", "A"))]
    assert arguments['value: "2"'] == [(0, "B")]
    assert len(arguments['- "2"']) == 3


def test_a_setting_that_the_template_leaves_out_is_told(tmp_path):
    source = """
app = App("web").image("nginx:1.27").port(8080).command(["run"]).resources(cpu="1")
app.add_companion(Companion("log").image("log:1")).use_template("t")
"""
    found = project(tmp_path, source, t=deployment())

    assert {(f.rule, f.severity, found.underlined(f)) for f in found.findings} == {
        ("setting-not-supported", "warning", "port(8080)"),
        ("setting-not-supported", "warning", '"run"'),
        ("setting-not-supported", "warning", '"1"'),
        ("setting-not-supported", "warning", 'add_companion(Companion("log").image("log:1"))'),
    }


@pytest.mark.parametrize(
    "path", ['"t.yaml.j2"', 'Path("t.yaml.j2")', 'Path("t.yaml.j2").resolve()']
)
def test_a_template_is_registered_by_a_text_or_a_path(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.yaml.j2").write_text(deployment(), encoding="utf-8")

    found = described(
        f'from pathlib import Path\nTemplateManager().register("t", {path})\n'
        'App("web").image("nginx:1.27").use_template("t")',
        tmp_path,
    )

    assert found.findings == []
    [made] = of_kind(found.objects, "Deployment")
    assert made["spec"]["selector"]["matchLabels"] == {"app": "web"}
