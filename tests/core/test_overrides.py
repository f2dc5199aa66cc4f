"""What an override may not take away from an object."""

import pytest

from k8sgen_core.kubernetes.references import references
from tests.core.described import described


@pytest.mark.parametrize(
    ("patch", "lost"),
    [
        pytest.param('{"metadata": None}', "metadata", id="no metadata"),
        pytest.param('{"metadata": 5}', "metadata", id="a number for metadata"),
        pytest.param('{"metadata": {"name": None}}', "metadata.name", id="no name"),
        pytest.param('{"metadata": {"name": ""}}', "metadata.name", id="an empty name"),
        pytest.param('{"kind": None}', "kind", id="no kind"),
        pytest.param('{"apiVersion": 5}', "apiVersion", id="a number for the version"),
    ],
)
def test_an_override_leaves_what_names_an_object(patch, lost):
    source = f'App("web").image("a:1").override({patch})'

    found = described(source)

    [finding] = found.findings
    assert finding.rule == "invalid-override"
    assert finding.message == f"the override leaves Deployment without {lost}"
    assert finding.place is not None
    assert [each["kind"] for each in found.objects] == ["Deployment"]


@pytest.mark.parametrize(
    "patch",
    [
        pytest.param('{"spec": 7}', id="spec"),
        pytest.param('{"spec": {"selector": 5, "template": 6}}', id="template"),
        pytest.param('{"spec": {"template": {"spec": {"containers": 5}}}}', id="containers"),
        pytest.param(
            '{"spec": {"template": {"spec": {"volumes": [{"name": "a", "secret": 5}]}}}}',
            id="volumes",
        ),
        pytest.param(
            '{"spec": {"template": {"spec": {"containers": [{"name": "web", "env": 5}]}}}}',
            id="variables",
        ),
        pytest.param('{"spec": {"selector": 5}}, kind="Service"', id="selector"),
    ],
)
def test_what_an_override_makes_of_an_object_is_for_its_schema_to_judge(patch):
    found = described(f'App("web").image("a:1").port(80).override({patch})')

    assert {finding.rule for finding in found.findings} == {"schema-violation"}
    assert isinstance(references(found.built.lowered), list)
