"""What validators and formats read: names of the setters, ordinary values, only what was set."""

import json

import pytest

from k8s_gen import App, CronJob, Secret
from k8sgen_core.grammar.quantity import Quantity


def test_names_are_those_of_the_setters_and_values_are_ordinary():
    view = (
        App("web")
        .image("nginx:1.27")
        .port(80)
        .port(9090, "metrics")
        .labels(team="shop")
        .environment({"A": 1})
        .replicas(2)
        .command("run", "it")
        .service_account("robot")
        .depends_on("db")
        .namespace("prod")
        .build()
    )

    read = {
        name: getattr(view, name)
        for name in ("name", "image", "port", "labels", "replicas", "command", "service_account")
    }
    assert read == {
        "name": "web",
        "image": "nginx:1.27",
        "port": 80,
        "labels": {"team": "shop"},
        "replicas": 2,
        "command": ["run", "it"],
        "service_account": "robot",
    }
    # Users' own checks may ask for the type, and JSON and YAML libraries do.
    for value, kind in zip(read.values(), (str, str, int, dict, int, list, str), strict=True):
        assert isinstance(value, kind)
        assert not hasattr(value, "origin")
    assert [(port.number, port["name"], port.protocol) for port in view.ports] == [
        (80, "http", "TCP"),
        (9090, "metrics", "TCP"),
    ]
    assert dict(view.environment) == {"A": "1"}
    assert view.depends_on == ["db"]
    assert view["namespace"] == view.namespace == "prod"
    assert json.loads(json.dumps(read)) == read


def test_what_was_not_set_is_none_or_empty():
    view = App("web").build()

    assert (view.image, view.port, view.replicas, view.service_account) == (None,) * 4
    assert (view.labels, view.command, view.ports, view.depends_on) == ({}, [], [], [])
    assert view.resources.get("cpu_limit") is None
    assert "cpu" not in view.resources
    assert not hasattr(view, "security_context")


def test_our_own_defaults_do_not_count():
    view = App("web").labels(team="x").security_context(run_as_user=5).build()

    assert view.labels == {"team": "x"}
    assert dict(view.security_context) == {"run_as_user": 5}


def test_hardened_counts_as_set_and_what_is_set_wins():
    view = App("web").hardened().security_context(run_as_non_root=False, run_as_user=5).build()

    assert view.security_context.run_as_non_root is False
    assert view.security_context.run_as_user == 5
    assert view.security_context["capabilities"] == {"drop": ["ALL"]}


def test_quantities_compare_by_magnitude():
    resources = App("web").resources(cpu="500m", cpu_limit=2, memory="1Gi").build().resources

    assert isinstance(resources.cpu, Quantity)
    assert resources.cpu < resources.cpu_limit
    assert resources["memory"] > "512Mi"


def test_a_view_is_of_the_moment_and_read_only():
    app = App("web").replicas(1)
    view = app.build()
    app.replicas(2)

    assert view.replicas == 1
    assert app.build().replicas == 2
    with pytest.raises((AttributeError, TypeError)):
        view.replicas = 3
    with pytest.raises(TypeError):
        view.labels["x"] = "y"


def test_an_unknown_name_is_an_error_of_that_name():
    view = CronJob("report").schedule("@daily").build()

    assert view.schedule == "@daily"
    with pytest.raises(AttributeError, match="has no imge"):
        view.imge  # noqa: B018 - reading it is what fails
    with pytest.raises(KeyError):
        view["imge"]


def test_views_and_builders_show_no_secret_values():
    secret = Secret("store").add("password", "hunter2").generate_password("token")
    app = App("web").image("nginx:1.27").add_secret(secret)
    shown = [repr(x) + str(x) for x in (secret, app, secret.build(), app.build(), vars(secret))]
    shown += [repr(secret.build().data), str(secret.build()["data"]), f"{secret._draft}"]

    assert not [text for text in shown if "hunter2" in text]
