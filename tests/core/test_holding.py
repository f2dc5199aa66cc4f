import pytest

from tests.core.described import described, described_well

PART = "app.kubernetes.io/part-of"


def parts(source, **settings):
    """Return the group that each object says it is a part of."""
    objects = described_well(source, **settings).objects
    return {
        (each["kind"], each["metadata"]["name"]): each["metadata"]["labels"].get(PART)
        for each in objects
    }


def test_what_two_groups_share_belongs_to_neither():
    source = """\
shared = ConfigMap("shared").add("A", "x")
own = ConfigMap("own").add("A", "x")
AppGroup("shop").add(App("web").image("nginx:1").add_config(shared).add_config(own))
AppGroup("bank").add(App("api").image("nginx:1").add_config(shared))
"""

    assert parts(source) == {
        ("Deployment", "web"): "shop",
        ("ConfigMap", "shared"): None,
        ("ConfigMap", "own"): "shop",
        ("Deployment", "api"): "bank",
    }


def test_a_member_is_in_its_own_group_whoever_else_uses_it():
    source = """\
shared = ConfigMap("shared").add("A", "x")
AppGroup("shop").add(App("web").image("nginx:1").add_config(shared))
AppGroup("bank").add(shared)
"""

    assert parts(source)["ConfigMap", "shared"] == "bank"


def test_a_resource_cannot_be_a_member_of_two_groups():
    source = """\
web = App("web").image("nginx:1")
AppGroup("shop").add(web)
AppGroup("bank").add(web)
"""

    made = described(source)

    (finding,) = made.findings
    assert (finding.rule, finding.message) == (
        "conflicting-settings",
        "web is in two groups, shop and bank",
    )
    assert finding.place.range.start.line == 2


def test_two_volumes_cannot_be_mounted_at_one_path():
    source = 'App("web").image("nginx:1").volumes({"/a": "memory"}).volumes({"/a": "emptyDir"})'

    made = described(source)

    (finding,) = made.findings
    assert (finding.rule, finding.message) == (
        "conflicting-settings",
        "web mounts two volumes at /a",
    )


@pytest.mark.parametrize(
    "call",
    [
        pytest.param('env("B", config=held).env("B", "text")', id="variable"),
        pytest.param("service_account(account).service_account('other')", id="account"),
    ],
)
def test_what_a_later_call_lets_go_is_generated_by_itself(call):
    source = f"""\
held = ConfigMap("held").add("B", "x")
account = ServiceAccount("account")
App("web").image("nginx:1").{call}
"""

    kinds = sorted(each["kind"] for each in described(source).objects)

    assert kinds == ["ConfigMap", "Deployment", "ServiceAccount"]
