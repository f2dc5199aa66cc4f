import copy
import datetime
import functools
import json
from importlib import resources

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8sgen_core.kubernetes.schemas import VERSIONS, Violation, violations

NONE = object()


def deployment(**spec):
    container = {
        "name": "web",
        "image": "nginx:1.27",
        "ports": [{"containerPort": 80}],
        "env": [{"name": "A", "value": "1"}],
        "resources": {"limits": {"cpu": "500m", "memory": "1Gi"}},
        "livenessProbe": {"httpGet": {"path": "/", "port": "http"}},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "labels": {"app": "web"}},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [container]},
            },
            **spec,
        },
    }


def ingress():
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "web"},
        "spec": {"rules": [{"host": "web.example.com", "http": {"paths": [path]}}]},
    }


def autoscaler():
    target = {"type": "Utilization", "averageUtilization": 80}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
            "minReplicas": 1,
            "maxReplicas": 3,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
        },
    }


def secret(**content):
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, **content}


def changed(obj, path, value):
    """Return a copy with one place set, or without it where the value is ``NONE``."""
    obj = copy.deepcopy(obj)
    place = functools.reduce(lambda inner, step: inner[step], path[:-1], obj)
    if value is NONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return obj


POD_SPEC = ("spec", "template", "spec")
CONTAINER = (*POD_SPEC, "containers", 0)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        pytest.param(
            ("spec", "replicaz"),
            2,
            ("unknown field 'replicaz'", "did you mean 'replicas'?"),
            id="typo",
        ),
        pytest.param(
            (*CONTAINER, "ports", 0, "container_port"),
            2,
            ("unknown field 'container_port'", "did you mean 'containerPort'?"),
            id="snake case",
        ),
        pytest.param(
            ("spec", "containers"),
            [],
            ("unknown field 'containers'", "'containers' is a field of spec.template.spec"),
            id="field of something inside",
        ),
        pytest.param(
            (*POD_SPEC, "replicas"),
            2,
            ("unknown field 'replicas'", "'replicas' is a field of spec"),
            id="field of something around",
        ),
        pytest.param(
            (*CONTAINER, "frobnicate"),
            2,
            ("unknown field 'frobnicate'", None),
            id="field of nothing",
        ),
        pytest.param(
            ("spec", "replicas"),
            "two",
            ("expected an integer, got the text 'two'", None),
            id="text for an integer",
        ),
        pytest.param(
            ("spec", "replicas"),
            "2",
            ("expected an integer, got the text '2'", "write it without quotes: 2"),
            id="quoted integer",
        ),
        pytest.param(
            ("spec", "paused"),
            "true",
            ("expected true or false, got the text 'true'", "write it without quotes: true"),
            id="quoted truth value",
        ),
        pytest.param(
            (*CONTAINER, "env", 0, "value"),
            8080,
            ("expected text, got the number 8080", 'write it in quotes: "8080"'),
            id="number for text",
        ),
        pytest.param(
            ("metadata", "labels", "app"),
            True,
            ("expected text, got true", 'write it in quotes: "true"'),
            id="truth value for text",
        ),
        pytest.param(
            (*CONTAINER, "livenessProbe", "httpGet", "port"),
            1.5,
            ("expected an integer or text, got the number 1.5", 'write it in quotes: "1.5"'),
            id="integer or text",
        ),
        pytest.param(
            (*CONTAINER, "resources", "limits", "cpu"),
            ["x" * 50],
            ("expected a number or text, got a list", None),
            id="list for a quantity",
        ),
        pytest.param(
            (*POD_SPEC, "containers"),
            {"name": "web"},
            ("expected a list, got a mapping", "write it as a list, even if it has one item only"),
            id="mapping for a list",
        ),
        pytest.param(
            (*POD_SPEC, "containers"),
            None,
            ("expected a list, got nothing", None),
            id="nothing for a required list",
        ),
        pytest.param(
            CONTAINER,
            "x" * 50,
            (f"expected a mapping, got the text '{'x' * 37}...'", None),
            id="long text for a mapping",
        ),
        pytest.param(
            ("spec", "replicas"),
            float("inf"),
            ("expected an integer, got inf, which is no number in YAML or JSON", None),
            id="infinity",
        ),
        pytest.param(
            (*CONTAINER, "resources", "limits", "cpu"),
            float("nan"),
            ("expected a number or text, got nan, which is no number in YAML or JSON", None),
            id="not a number",
        ),
    ],
)
def test_a_violation_says_what_is_wrong_and_how_to_mend_it(path, value, expected):
    found = violations(changed(deployment(), path, value), "1.37")

    assert found == [Violation(path, *expected)]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("spec",), "selector"),
        (POD_SPEC, "containers"),
        (CONTAINER, "name"),
        ((), "kind"),
        ((), "apiVersion"),
    ],
)
def test_a_missing_field_is_reported_where_it_belongs(path, name):
    found = violations(changed(deployment(), (*path, name), NONE), "1.37")

    assert found == [Violation(path, f"missing required field {name!r}", None)]


def test_violations_come_in_the_order_of_the_object():
    obj = deployment(z=1, paused="x", a=1, minReadySeconds="y")

    assert [violation.path for violation in violations(obj, "1.37")] == [
        ("spec", "z"),
        ("spec", "paused"),
        ("spec", "a"),
        ("spec", "minReadySeconds"),
    ]


@pytest.mark.parametrize(
    "path",
    [
        ("spec", "replicas"),
        ("metadata", "creationTimestamp"),
        (*CONTAINER, "livenessProbe"),
        (*CONTAINER, "livenessProbe", "httpGet", "port"),
        (*CONTAINER, "resources", "limits", "cpu"),
    ],
)
def test_an_optional_field_may_be_null(path):
    assert violations(changed(deployment(), path, None), "1.37") == []


def test_values_that_yaml_cannot_hold_are_violations_like_others():
    day = datetime.date(2026, 1, 2)
    obj = deployment(replicas="two", paused=day)
    obj["metadata"]["labels"] = {1: "a", "b": (day,)}

    assert violations(obj, "1.37") == [
        Violation(
            ("metadata", "labels", "1"),
            "names of fields are text, this one is the number 1",
            'write it in quotes: "1"',
        ),
        Violation(("metadata", "labels", "b"), "expected text, got a list", None),
        Violation(
            ("metadata", "labels", "b", 0),
            "a value of type date is neither YAML nor JSON",
            "write it as text, in quotes",
        ),
        Violation(("spec", "replicas"), "expected an integer, got the text 'two'", None),
        Violation(
            ("spec", "paused"),
            "a value of type date is neither YAML nor JSON",
            "write it as text, in quotes",
        ),
    ]


def test_an_object_without_end_is_a_violation():
    endless = {}
    endless["a"] = endless

    assert violations(deployment(strategy=endless), "1.37")[0] == Violation(
        (), "nested deeper than 200 levels", None
    )


def test_a_value_of_a_foreign_class_is_the_callers_mistake():
    class Name(str):
        __slots__ = ()

    with pytest.raises(TypeError, match="built-in types"):
        violations(deployment() | {Name("extra"): 1}, "1.37")


def test_the_type_of_an_object_is_text():
    assert violations({"apiVersion": 1, "kind": None}, "1.37") == [
        Violation(("apiVersion",), "expected text, got the number 1", 'write it in quotes: "1"'),
        Violation(("kind",), "expected text, got nothing", None),
    ]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"stringData": {"password": 31337}}, id="item"),
        pytest.param({"data": 31337}, id="whole"),
        pytest.param({"stringData": {"password": datetime.date(3133, 7, 1)}}, id="date"),
        pytest.param({"stringData": {"password": ["31337"]}}, id="list"),
    ],
)
def test_the_values_of_a_secret_are_never_shown(content):
    [violation] = violations(secret(**content), "1.37")

    assert violation.path[0] in content
    assert "3133" not in repr(violation)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("make", [deployment, ingress, autoscaler, secret])
def test_good_objects_are_good_in_each_version(make, version):
    assert violations(make(), version) == []


def test_an_ingress_of_old_is_wrong_in_each_field():
    backend = {"serviceName": "web", "servicePort": 80}
    path = ("spec", "rules", 0, "http", "paths", 0, "backend")

    assert violations(changed(ingress(), path, backend), "1.29") == [
        Violation((*path, "serviceName"), "unknown field 'serviceName'", "did you mean 'service'?"),
        Violation((*path, "servicePort"), "unknown field 'servicePort'", "did you mean 'service'?"),
    ]


def test_a_custom_resource_has_no_violations():
    assert violations({"apiVersion": "example.com/v1", "kind": "Thing", "spek": 1}, "1.37") == []


@functools.cache
def upstream(version, name):
    path = f"kubernetes-json-schema/v{version}.0-local-strict/_definitions.json"
    text = resources.files("kubernetes_validate").joinpath(path).read_text(encoding="utf-8")
    definitions = json.loads(text)["$defs"]
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions})


SAMPLES = [
    (deployment(), "io.k8s.api.apps.v1.Deployment"),
    (ingress(), "io.k8s.api.networking.v1.Ingress"),
    (autoscaler(), "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler"),
    (secret(data={"a": "YQ=="}), "io.k8s.api.core.v1.Secret"),
]


def places_of(value, path=()):
    inner = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    for step, item in inner:
        yield (*path, step)
        yield from places_of(item, (*path, step))


VALUES = st.sampled_from([NONE, None, True, 0, 7, 1.0, 1.5, "", "x", [], [{}], {}, {"name": "x"}])


@st.composite
def mutated(draw):
    obj, name = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 2))):
        candidates = [path for path in places_of(obj) if path not in {("apiVersion",), ("kind",)}]
        path = draw(st.sampled_from(candidates))
        if draw(st.booleans()) and isinstance(path[-1], str):
            path = (*path[:-1], draw(st.sampled_from([f"{path[-1]}z", "name", "spec", "ports"])))
        value = draw(VALUES)
        if value is not NONE or path in candidates:
            obj = changed(obj, path, value)
    return obj, name


def sentence_of(error):
    """Say where the schemas' own engine sees a problem."""
    return (tuple(error.absolute_path), error.validator.replace("oneOf", "type"))


def ours(violation):
    words = {"unknown": "additionalProperties", "missing": "required", "expected": "type"}
    keyword = words[violation.message.split()[0]]
    path = violation.path[:-1] if keyword == "additionalProperties" else violation.path
    return (path, keyword)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated(), st.sampled_from(["1.29", "1.37"]))
def test_the_slim_schemas_judge_as_the_original_ones(sample, version):
    obj, name = sample
    # Upstream refuses null for quantities and ports, which the API server takes.
    expected = {
        sentence_of(error)
        for error in upstream(version, name).iter_errors(obj)
        if not (error.validator == "oneOf" and error.instance is None)
    }

    assert {ours(violation) for violation in violations(obj, version)} == expected
