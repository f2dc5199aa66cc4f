"""The law of provenance through the templates of the source document."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from k8sgen_core.carriers import each, origin_of, plain
from k8sgen_core.yaml.emitter import line_origins
from tests.formats.test_compose_law import leaves as fields_of
from tests.templates.rendered import project, seed_template
from tests.templates.test_compose import Composed

CALLS = {
    "image": ('.image("ghcr.io/acme/web:1.10")', '.image("ghcr.io/acme/web:1.11")'),
    "port": ('.port(8080, name="main")', '.port(8081, name="other")'),
    "environment": ('.environment({"A": "1", "B": "no"})', '.environment({"A": "2", "B": "x"})'),
    "labels": ('.labels({"tier": "front"})', '.labels({"tier": "back"})'),
    "resources": (
        '.resources(cpu="200m", memory_limit="1Gi")',
        '.resources(cpu="300m", memory_limit="2Gi")',
    ),
    "replicas": (".replicas(2)", ".replicas(4)"),
    "health_checks": (
        '.health_checks(liveness_probe="/live")',
        '.health_checks(liveness_probe="/alive")',
    ),
    "disruption_budget": (
        ".disruption_budget(max_unavailable=1)",
        ".disruption_budget(max_unavailable=2)",
    ),
    "scale": (".scale(2, 4, cpu=80)", ".scale(3, 5, cpu=70)"),
    "use_template": (
        '.use_template("t", team="shop", metrics_port=9090)',
        '.use_template("t", team="pay", metrics_port=9091)',
    ),
}
DECIDING = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ name }}
  annotations:
    size: {% if replicas | default(1) > 3 %}large{% else %}small{% endif %}

    variables: "{{ environment | length }}"
    joined: {{ environment.keys() | join(",") }}
    shout: {{ image | upper }}
spec:
  selector:
    matchLabels: {app: {{ name }}}
  template:
    metadata:
      labels: {app: {{ name }}}
    spec:
      containers:
      - name: {{ name }}
        image: {{ image }}
        {% if port == 8080 %}
        tty: true
        {% endif %}
        {% if resources.cpu %}
        resources:
          limits: {cpu: {{ resources.cpu }}}
        {% endif %}
        {% if team == "shop" %}
        stdin: true
        {% endif %}
        env:
        {% for key, value in environment.items() %}
        - name: {{ key }}
          value: {{ value }}
        {% endfor %}
"""


def program(left_out: str | None = None, changed: str | None = None) -> str:
    parts = [
        other if name == changed else text
        for name, (text, other) in CALLS.items()
        if name != left_out
    ]
    return f'App("web"){"".join(parts)}'


def leaves(value: Any, path: tuple[Any, ...] = (), around: frozenset[str] = frozenset()):
    here = around | {origin.call.method for origin in each(origin_of(value))}
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            calls = here | {origin.call.method for origin in each(origin_of(key))}
            yield from leaves(inner, (*path, str.__str__(key)), calls)
    elif isinstance(value, list | tuple) and value:
        named = all(isinstance(item, dict) and "name" in item for item in value)
        for index, item in enumerate(value):
            step = f"name={item['name']}" if named else index
            yield from leaves(item, (*path, step), here)
    else:
        yield path, plain(value), here - {"__init__"}


def lines(folder, template: str, source: str) -> dict[Any, tuple[Any, frozenset[str]]] | None:
    """Return each field with its value and its calls; nothing for a program with errors."""
    found = project(folder, source, t=template)
    if any(finding.severity == "error" for finding in found.findings):
        return None
    return {
        (plain(lowered.object["kind"]), *path): (value, calls)
        for lowered in found.built.lowered
        for path, value, calls in leaves(lowered.object)
    }


def differing(base, other) -> set[Any]:
    if other is None:
        return set()
    return {path for path, (value, _) in base.items() if other.get(path, (None,))[0] != value}


@pytest.fixture(params=["source document", "deciding"])
def template(request, shared):
    if request.param == "deciding":
        return DECIDING
    return seed_template(shared, "custom_deployment")


@pytest.mark.parametrize("call", CALLS)
def test_recall_and_presence(tmp_path, template, call):
    base = lines(tmp_path, template, program())

    for variant in (program(left_out=call), program(changed=call)):
        lost = differing(base, lines(tmp_path, template, variant))
        assert {path for path in lost if call not in base[path][1]} == set()


def test_precision(tmp_path, template):
    base = lines(tmp_path, template, program())
    touched = {}
    for call in CALLS:
        without = lines(tmp_path, template, program(left_out=call))
        if without is not None:
            other = lines(tmp_path, template, program(changed=call))
            touched[call] = differing(base, without) | differing(base, other)

    wrong = {
        (call, path)
        for path, (_, calls) in base.items()
        for call in calls
        if call in touched and path not in touched[call]
    }

    assert len(touched) > 6
    assert wrong == set()


COMPOSED = {
    "image": ['.image("ghcr.io/acme/web:1.10")', '.image("ghcr.io/acme/web:1.11")'],
    "port": ['.port(8080, name="main")', '.port(8081, name="main")'],
    "environment": ['.environment({"A": "1", "B": "no"})', '.environment({"A": "2", "C": "x"})'],
    "resources": [
        '.resources(cpu="200m", memory_limit="1Gi", cpu_limit="1", memory="1Gi")',
        '.resources(cpu="300m", memory_limit="2Gi", cpu_limit="2", memory="2Gi")',
    ],
    "storage": ['.storage("1Gi", mount_path="/a")', '.storage("1Gi", mount_path="/b")'],
    "replicas": [".replicas(1)", ".replicas(4)"],
    "health_checks": [
        '.health_checks(readiness_probe={"command": ["a", "b"], "period": 7})',
        '.health_checks(readiness_probe={"command": ["a", "c"], "period": 8})',
    ],
    "depends_on": ['.depends_on("one", "two")', '.depends_on("one", "three")'],
    "use_template": [
        '.use_template("t", networks=["front"], networks_section={"front": {"driver": "host"}})',
        '.use_template("t", networks=["back"], networks_section={"back": {"driver": "none"}})',
    ],
}


def composed(left_out: str | None = None, changed: str | None = None) -> str:
    parts = [own[name == changed] for name, own in COMPOSED.items() if name != left_out]
    return f'App("web"){"".join(parts)}'


def lines_of_service(folder, template: str, source: str) -> dict[Any, tuple[Any, frozenset[str]]]:
    """Return each field of the Compose project with its value and the calls of its line."""
    made = Composed(folder, source, template)
    calls = [
        frozenset(origin.call.method for origin in each(origins)) - {"__init__"}
        for origins in line_origins(made.file.notes)
    ]
    fields = fields_of(yaml.compose(made.file.text))
    return {path: (text, calls[line]) for path, text, line in fields}


@pytest.fixture
def compose_template(shared):
    return seed_template(shared, "custom_docker_compose")


@pytest.mark.parametrize("call", [name for name in COMPOSED if name != "use_template"])
def test_recall_and_presence_in_compose(tmp_path, compose_template, call):
    base = lines_of_service(tmp_path, compose_template, composed())

    for variant in (composed(left_out=call), composed(changed=call)):
        lost = differing(base, lines_of_service(tmp_path, compose_template, variant))
        assert lost
        assert {path for path in lost if call not in base[path][1]} == set()


def test_precision_in_compose(tmp_path, compose_template):
    base = lines_of_service(tmp_path, compose_template, composed())
    touched = {}
    for call in COMPOSED:
        without = lines_of_service(tmp_path, compose_template, composed(left_out=call))
        other = lines_of_service(tmp_path, compose_template, composed(changed=call))
        touched[call] = differing(base, without) | differing(base, other)

    wrong = {
        (call, path)
        for path, (_, calls) in base.items()
        for call in calls
        if path not in touched[call]
    }

    assert wrong == set()
