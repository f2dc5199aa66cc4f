"""What an override may not take away from an object."""

import pytest

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
