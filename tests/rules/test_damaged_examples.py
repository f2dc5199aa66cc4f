"""No rule raises, whatever is wrong with the objects."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8sgen_core.ids import registry
from k8sgen_core.judging.linting import lints_of
from k8sgen_core.rules import rules
from k8sgen_core.rules.cluster import Cluster
from k8sgen_core.yaml.chunks import YamlError
from tests.core.described import described
from tests.rules.objects import cluster_of, read, selection

ALL = selection(extend_select=tuple(rules()))
# Values of every type, and those that real fields have where they do not belong.
WRONG = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 70), 1 << 70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(
        ["100%", "-1", "None", "Always", "latest", "a:b:c@d", "\u0000", "\U0001d518", "0.5Gi"]
    ),
    st.just({}),
    st.just([]),
    st.just([None]),
    st.just([[]]),
    st.just([{}]),
    st.just({"": None}),
    st.just({"name": {"name": []}}),
    st.just({"matchLabels": {"a": []}, "matchExpressions": [{"values": {}}]}),
)


HOW = ("delete", "replace", "insert")


class Objects:
    """Objects to choose from; hypothesis would show all of them in a report."""

    def __init__(self, values) -> None:
        self.values = list(values)
        self.count = len(self.values)


def examples() -> Objects:
    """Return the objects of the examples of all rules, which between them have every field."""
    made = [rule.example for rule in registry().values() if rule.is_lint]
    return Objects(value for source in made for value in described(source).objects)


EXAMPLES = examples()


def inner(value, path=()):
    """Yield the path of everything in a value."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for step, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from inner(each, (*path, step))


def damage(value, path, wrong, how):
    *around, last = path
    for step in around:
        value = value[step]
    if how == "delete":
        del value[last]
    elif how == "insert" and isinstance(value, list):
        value.insert(last, wrong)
    else:
        value[last] = wrong


@st.composite
def damaged(draw, objects):
    """Return a few objects with something deleted, replaced or inserted in each."""
    numbers = draw(st.lists(st.integers(0, objects.count - 1), min_size=1, max_size=4))
    made = []
    for number in numbers:
        value = copy.deepcopy(objects.values[number])
        for _ in range(draw(st.integers(1, 3))):
            paths = list(inner(value))
            if paths:
                path = paths[draw(st.integers(0, len(paths) - 1))]
                damage(value, path, copy.deepcopy(draw(WRONG)), draw(st.sampled_from(HOW)))
        made.append(value)
    return made


def judge(cluster: Cluster) -> None:
    for manifest in cluster.manifests:
        for lint in lints_of(manifest, ALL):
            assert isinstance(lint.path, tuple)
            assert lint.message
            assert "\n" not in lint.message.replace("\\n", "")


LAW = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@LAW
@given(damaged(EXAMPLES))
def test_no_rule_raises_on_damaged_objects(objects):
    judge(cluster_of(each for each in objects))


@LAW
@given(damaged(EXAMPLES))
def test_no_rule_raises_where_no_schema_has_taken_out_what_is_wrong(objects):
    cluster = Cluster()
    for value in objects:
        cluster.add(value)
    judge(cluster)


def readable(file):
    """Return the objects of a file; one of the fixtures has a key twice."""
    try:
        return [value for value in read(file) if "kind" in value]
    except YamlError:
        return []


@pytest.mark.parametrize("folder", ["kube-linter/tests/checks", "microservices-demo/release"])
def test_no_rule_raises_on_damaged_manifests_of_others(shared, folder):
    root: Path = shared / "judges" / "fixtures" / folder
    objects = Objects(value for file in sorted(root.glob("*.y*ml")) for value in readable(file))

    @settings(LAW, max_examples=50)
    @given(damaged(objects))
    def judged(chosen):
        judge(cluster_of(chosen))

    judged()
