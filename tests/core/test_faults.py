"""What an API server refuses of objects that fit their schema: the rule, and the place."""

import copy
import functools
import re
from pathlib import Path

import pytest

from k8sgen_core.faults import faults
from k8sgen_core.kubernetes.schemas import VERSIONS, violations
from k8sgen_core.yaml.loader import load_all

HERE = Path(__file__).parent
KINDS = {
    each.value["kind"]: each.value for each in load_all((HERE / "faults_objects.yaml").read_bytes())
}
[CASES] = [each.value for each in load_all((HERE / "faults.yaml").read_bytes())]
ABSENT = "<absent>"
POD = "spec.template.spec"
WEB = f"{POD}.containers.0"


def path_of(text):
    """Return a path from its text; a name that has dots itself stands in brackets."""
    steps = []
    text = text.replace("$WEB", WEB).replace("$POD", POD)
    for part in text.split("."):
        if steps and isinstance(steps[-1], str) and steps[-1].startswith("["):
            steps[-1] += f".{part}"
        else:
            steps.append(int(part) if part.isdecimal() else part)
        if isinstance(steps[-1], str) and steps[-1].endswith("]"):
            steps[-1] = steps[-1][1:-1]
    return tuple(steps)


def spelled(value):
    """Return a value; a long text is written as a letter and how many of it."""
    long = isinstance(value, str) and re.fullmatch(r"(.)\*(\d+)", value)
    return long[1] * int(long[2]) if long else value


def changed(kind, path, value):
    made = copy.deepcopy(KINDS[kind])
    *around, last = path_of(path)
    place = functools.reduce(
        lambda inner, step: inner[step] if isinstance(inner, list) else inner.setdefault(step, {}),
        around,
        made,
    )
    if value == ABSENT:
        del place[last]
    elif isinstance(place, list):
        place[last:] = [spelled(value)]
    else:
        place[last] = spelled(value)
    return made


def found(made, version="1.37"):
    assert violations(made, version) == []
    return [(each.rule, each.path) for each in faults(made, version)]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_server_of_every_version_takes_it(kind, version):
    assert found(KINDS[kind], version) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1]}")
def test_what_a_server_refuses_is_found_at_its_place(case):
    kind, path, good, bad, rule, *place = case

    assert found(changed(kind, path, good)) == []
    refused = found(changed(kind, path, bad))
    assert (rule, path_of(*place or (path,))) in refused
    assert len({each for each, _ in refused}) <= 2


@pytest.mark.parametrize(
    ("kind", "path", "value", "last"),
    [
        pytest.param("Deployment", f"{WEB}.env.0.name", "a b", "1.29", id="names of variables"),
        pytest.param("Deployment", f"{WEB}.restartPolicy", "Never", "1.33", id="restart policy"),
        pytest.param("DaemonSet", f"{POD}.hostUsers", False, "1.34", id="users on the host"),
        pytest.param("Service", "metadata.name", "1a", "1.33", id="a digit first"),
        pytest.param(
            "Deployment",
            f"{POD}.tolerations.1",
            {"key": "a", "operator": "Gt", "value": "1"},
            "1.34",
            id="order of taints",
        ),
    ],
)
def test_what_only_newer_servers_take_is_refused_for_older_ones(kind, path, value, last):
    made = changed(kind, path, value)

    judged = [version for version in VERSIONS if not violations(made, version)]

    assert [each for each in judged if list(faults(made, each))] == [
        each for each in judged if each <= last
    ]


def test_what_is_said_names_the_value_and_the_remedy():
    [fault] = faults(changed("Service", "spec.ports.0.protocol", "tcp"), "1.37")

    assert (fault.message, fault.hint) == (
        "expected TCP, UDP or SCTP, got 'tcp'",
        "did you mean 'TCP'?",
    )


def test_what_a_secret_holds_is_never_said():
    made = changed("Secret", "data.[tls.crt]", "hunter2!")

    assert "hunter2" not in repr(list(faults(made, "1.37")))


def test_kinds_of_other_groups_are_not_taken_for_those_of_kubernetes():
    made = {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "a.b"}}

    assert list(faults({**made, "spec": {"type": 1, "template": []}}, "1.37")) == []
