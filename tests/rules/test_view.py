"""What validators see of a workload: the names and values of the setters, to read only."""

import copy
import json
import pickle

import pytest

from tests.core.described import described

APP = """\
app = (App("web")
    .image("ghcr.io/acme/web:1.4")
    .labels({"team": "shop"})
    .annotations({"a": "b"})
    .namespace("shop")
    .resources(cpu="500m", memory="1Gi", cpu_limit=2, gpu=1)
    .environment({"LOG": "info", "DEBUG": True})
    .env("PASSWORD", secret="db", key="pass")
    .port(8080, "api")
    .port(9090)
    .replicas(2)
    .command(["python", "-m", "web"])
    .node_selector({"disk": "ssd"})
    .depends_on("db")
    .service_account("robot")
    .scale(1, 3, cpu=70)
    .storage("10Gi")
    .health_checks(readiness_probe="/ready")
    .lifecycle(pre_stop=5)
    .expose("shop.example.com")
    .add_companion(Companion("logs").image("logs:1"))
    .hardened()
    .security_context(run_as_non_root=False, capabilities={"add": ["NET_BIND_SERVICE"]})
)
"""


def view_of(source: str):
    return described(source).names["app"].build()


ALL = view_of(APP)
NONE = view_of('app = App("web")')
KINDS = ["App", "StatefulApp", "DaemonSet", "Job", "CronJob"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "web"),
        ("image", "ghcr.io/acme/web:1.4"),
        ("labels", {"team": "shop"}),
        ("annotations", {"a": "b"}),
        ("namespace", "shop"),
        ("resources", {"cpu": "500m", "memory": "1Gi", "cpu_limit": "2", "gpu": 1}),
        ("environment", {"LOG": "info", "DEBUG": "true", "PASSWORD": None}),
        ("env", {"LOG": "info", "DEBUG": "true", "PASSWORD": None}),
        ("port", 8080),
        ("replicas", 2),
        ("command", ["python", "-m", "web"]),
        ("node_selector", {"disk": "ssd"}),
        ("depends_on", ["db"]),
        ("service_account", "robot"),
        ("scale", {"min": 1, "max": 3, "cpu": 70}),
        ("lifecycle", {"pre_stop": {"sleep": {"seconds": 5}}}),
        ("hardened", True),
        ("kind", "Deployment"),
    ],
)
def test_what_was_set_is_there_by_the_name_of_its_setter(name, value):
    found = getattr(ALL, name)

    assert found == value
    assert json.loads(json.dumps(found)) == json.loads(json.dumps(value))
    assert "Str" not in {type(each).__name__ for each in deep(found)}


def deep(value):
    yield value
    if isinstance(value, dict):
        for key, each in value.items():
            yield from (key, *deep(each))
    elif isinstance(value, list):
        for each in value:
            yield from deep(each)


def test_parts_are_mappings_with_attributes():
    assert [(port.number, port["name"], port.get("protocol")) for port in ALL.ports] == [
        (8080, "api", "TCP"),
        (9090, "port-9090", "TCP"),
    ]
    assert ALL.storage.size > "9Gi"
    assert ALL.health_checks.readiness_probe.httpGet.path == "/ready"
    assert ALL.expose[0].domain == "shop.example.com"
    assert [each.image for each in ALL.companions] == ["logs:1"]


def test_hardened_counts_as_set_and_what_was_set_wins():
    assert ALL.security_context == {
        "run_as_non_root": False,
        "allow_privilege_escalation": False,
        "seccomp_profile": {"type": "RuntimeDefault"},
        "capabilities": {"add": ["NET_BIND_SERVICE"]},
    }
    assert getattr(ALL.security_context, "read_only_root_filesystem", False) is False


@pytest.mark.parametrize("name", ["image", "namespace", "port", "replicas", "service_account"])
def test_a_scalar_that_is_not_set_is_none(name):
    assert getattr(NONE, name) is None


@pytest.mark.parametrize(
    "name",
    [
        "labels",
        "annotations",
        "resources",
        "environment",
        "ports",
        "command",
        "args",
        "scale",
        "storage",
        "volumes",
        "health_checks",
        "lifecycle",
        "node_selector",
        "depends_on",
        "companions",
        "expose",
        "spread",
    ],
)
def test_a_mapping_or_list_that_is_not_set_is_empty(name):
    assert not getattr(NONE, name)
    assert len(getattr(NONE, name)) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_workload_has_the_same_names(kind):
    source = f'app = {kind}("web").image("a:1").resources(cpu="1").labels(team="a").command(["x"])'
    app = view_of(source)

    assert (app.image, app.port, app.replicas, app.command) == ("a:1", None, None, ["x"])
    assert (app.resources.get("cpu"), app.labels.keys() - {"team"}) == ("1", set())
    assert not hasattr(app, "security_context")


def test_amounts_compare_by_magnitude():
    assert not view_of('app = App("a").resources(cpu_limit="500m")').resources.cpu_limit > "2000m"
    assert ALL.resources["memory"] > "512Mi"
    assert ALL.resources.get("memory", "0") <= "1024Mi"


@pytest.mark.parametrize(
    "statement",
    [
        "app.image = 'b'",
        "del app.image",
        "app['image'] = 'b'",
        "app.labels['team'] = 'b'",
        "app.labels.team = 'b'",
        "app.labels.update(team='b')",
        "app.labels.pop('team')",
        "app.labels.setdefault('team', 'b')",
        "del app.labels['team']",
        "app.command.append('b')",
        "app.command[0] = 'b'",
        "app.ports[0].number = 3",
        "app.health_checks['readiness_probe']['httpGet']['path'] = '/'",
    ],
)
def test_nothing_can_be_changed(statement):
    with pytest.raises((AttributeError, TypeError), match="with the methods of the builder"):
        exec(statement, {"app": ALL})


def test_copies_are_ordinary():
    for value in (copy.deepcopy(ALL.labels), pickle.loads(pickle.dumps(ALL.labels))):  # noqa: S301
        assert (type(value), value) == (dict, {"team": "shop"})
    assert (type(copy.copy(ALL.command)), copy.copy(ALL.command)) == (list, ALL.command)
    assert {**ALL.labels, "env": "prod"} == {"team": "shop", "env": "prod"}


def test_what_does_not_exist_is_said_by_its_name():
    with pytest.raises(AttributeError, match=r"^App\('web'\) has no imgae$"):
        _ = ALL.imgae
    with pytest.raises(AttributeError, match=r"^App\('web'\) has no security_context$"):
        _ = NONE.security_context


def test_the_names_are_listed():
    assert {"image", "resources", "port", "environment"} <= set(dir(NONE))
    assert "security_context" not in dir(NONE)
    assert "origin" not in dir(NONE)


def test_secret_values_are_masked():
    view = view_of('app = Secret("s").add("password", "hunter2")')

    assert "hunter2" not in json.dumps(view.data) + repr(view) + repr(view.data)
    assert view.data == {"password": "***"}
