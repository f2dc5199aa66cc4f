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


@pytest.mark.parametrize(
    ("patch", "part", "hint"),
    [
        pytest.param(
            '{"spec": {"template": {"spec": {"containers": [{"image": "b"}]}}}}',
            '{"image": "b"}',
            "say which one it is, with its 'name'",
            id="an item without its merge key",
        ),
        pytest.param(
            '{"spec": {"template": {"$patch": "remove"}}}',
            '{"$patch": "remove"}',
            "without '$patch' it is merged",
            id="an unknown directive",
        ),
    ],
)
def test_what_cannot_be_merged_is_told_at_the_part_of_the_patch(patch, part, hint):
    found = described(f'App("web").image("a:1").override({patch})')

    [finding] = found.findings
    assert (finding.rule, found.underlined(finding), finding.hint) == (
        "invalid-override",
        part,
        hint,
    )


def test_a_field_that_the_version_does_not_have_yet_is_told_where_its_value_was_given():
    profile = '{"appArmorProfile": {"type": "RuntimeDefault"}}'
    source = f'App("web").image("a:1").security_context({profile})'

    [finding] = (found := described(source, version="1.29")).findings

    assert finding.rule == "schema-violation"
    assert "appArmorProfile" in found.underlined(finding)
    assert finding.hint == "Kubernetes has it since 1.30, not yet in 1.29"
    assert described(source, version="1.30").findings == []


TWO = """
apiVersion: v1
kind: ConfigMap
metadata: {name: one}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: two}
"""


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        pytest.param('"Service"', ["db-headless", "db"], id="all of a kind"),
        pytest.param('"Service/db"', ["db"], id="one of a kind"),
        pytest.param("None", [], id="the main object"),
    ],
)
def test_an_override_is_of_the_main_object_of_a_kind_or_of_one_of_it(kind, changed):
    patch = '{"metadata": {"labels": {"team": "data"}}}'
    found = described(f'StatefulApp("db").image("a:1").port(5432).override({patch}, kind={kind})')

    labelled = [each for each in found.objects if "team" in each["metadata"]["labels"]]
    names = [each["metadata"]["name"] for each in labelled if each["kind"] == "Service"]
    assert found.findings == []
    assert sorted(names) == sorted(changed)
    assert ("StatefulSet" in {each["kind"] for each in labelled}) is (kind == "None")


def test_one_of_several_objects_of_a_file_can_be_overridden(tmp_path):
    (tmp_path / "two.yaml").write_text(TWO, encoding="utf-8")
    patch = '{"data": {"A": "1"}}, "ConfigMap/two"'

    found = described(f'Manifests("two.yaml").override({patch})', root=tmp_path)

    assert [each.get("data") for each in found.objects] == [None, {"A": "1"}]


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        pytest.param("Secret", "Deployment, Service", id="no such kind"),
        pytest.param("Service/webb", "Deployment/web, Service/web", id="no such name"),
    ],
)
def test_an_override_of_what_is_not_there_says_what_is(kind, known):
    [finding] = (
        found := described(f'App("web").image("a:1").port(80).override({{}}, kind="{kind}")')
    ).findings

    assert (finding.rule, finding.message) == ("invalid-override", f"web has no {kind}")
    assert (found.underlined(finding), finding.hint) == (f'"{kind}"', f"it has: {known}")
