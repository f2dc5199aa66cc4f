"""The policy of a project judges objects, whoever made them, and needs no code."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8sgen_core.config import Config, load
from k8sgen_core.judging.policy import breaches
from k8sgen_core.judging.project import project_rules
from k8sgen_core.locating import Locator
from k8sgen_core.manifests import findings_of as of_manifest
from k8sgen_core.origin import Sources
from k8sgen_core.pipeline import build, finding_of
from k8sgen_core.rules import rules
from tests.core.described import described
from tests.rules.marked import marks_for, marks_of, messages


def findings_of(folder: Path, policy: str, source: str):
    (folder / "k8sgen.toml").write_text(f"[policy]\n{policy}\n", encoding="utf-8")
    found = described(source, root=folder)
    rules = project_rules(folder)
    assert rules.findings == ()
    locator = Locator(folder, Sources({str(found.path): source}))
    made = build(found.session.roots(), rules=rules)
    return [finding_of(problem, locator) for problem in made.all_problems]


def check(folder: Path, policy: str, source: str, *said: str) -> None:
    found = findings_of(folder, policy, source)
    assert marks_for(source, found) == marks_of(source), list(messages(found))
    if said:
        assert sorted(messages(found)) == sorted(said)


REGISTRIES = 'approved-registries = ["docker.io", "ghcr.io/acme", "localhost:5000"]'


@pytest.mark.parametrize(
    "image",
    [
        "nginx:1.27",
        "user/app:1",
        "docker.io/nginx:1",
        "index.docker.io/user/app:1",
        "ghcr.io/acme/web:1",
        "ghcr.io/acme/team/web@sha256:" + "0" * 64,
        "GHCR.io/acme/web:1",
        "localhost:5000/web:1",
    ],
)
def test_an_image_of_an_approved_registry_is_fine(tmp_path, image):
    check(tmp_path, REGISTRIES, f'app = App("web").image("{image}")\n')


@pytest.mark.parametrize(
    ("image", "registry"),
    [
        ("quay.io/acme/web:1", "quay.io/acme"),
        ("ghcr.io/acme-evil/web:1", "ghcr.io/acme-evil"),
        ("ghcr.io/other/web:1", "ghcr.io/other"),
        ("localhost/web:1", "localhost"),
        ("localhost:5001/web:1", "localhost:5001"),
        ("docker.io.evil.com/nginx:1", "docker.io.evil.com"),
    ],
)
def test_any_other_is_not(tmp_path, image, registry):
    check(
        tmp_path,
        REGISTRIES,
        f"""\
app = App("web").image("{image}")
#                      {"^" * (len(image) + 2)} unapproved-registry
""",
        f"error: '{image}' is from {registry}, which is not approved"
        " (use docker.io or ghcr.io/acme or localhost:5000)",
    )


def test_docker_hub_can_be_approved_in_part(tmp_path):
    check(
        tmp_path,
        'approved-registries = ["docker.io/library"]',
        """\
a = App("a").image("nginx:1")
b = App("b").image("user/app:1")
#                  ^^^^^^^^^^^^ unapproved-registry
""",
    )


def test_every_container_is_judged_and_overrides_are_too(tmp_path):
    check(
        tmp_path,
        'approved-registries = ["ghcr.io"]',
        """\
companion = Companion("logs").image("quay.io/logs:1")
#                                   ^^^^^^^^^^^^^^^^ unapproved-registry
app = App("web").image("ghcr.io/web:1").add_companion(companion)
job = CronJob("job").image("ghcr.io/a:1").schedule("@daily").override(
    {"spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [
        {"name": "job", "image": "quay.io/a:1"},
#                                ^^^^^^^^^^^^^ unapproved-registry
    ]}}}}}}
)
""",
    )


def test_a_name_must_match_as_a_whole(tmp_path):
    check(
        tmp_path,
        "naming-pattern = '^[a-z]+(-[a-z]+)*$'",
        """\
a = App("shop-web").image("a:1").port(80)
b = App("shop-web2").image("a:1")
#       ^^^^^^^^^^^ naming-convention
c = ConfigMap("c2").add("a", "b")
""",
        "error: the name 'shop-web2' does not fit the naming pattern"
        " (names must match ^[a-z]+(-[a-z]+)*$)",
    )


def test_labels_must_be_there_on_the_workload_or_its_group(tmp_path):
    check(
        tmp_path,
        'required-labels = ["team", "example.com/cost"]',
        """\
a = App("a").image("a:1").labels({"team": "shop", "example.com/cost": "7"})
b = App("b").image("a:1")
#   ^^^^^^^^ missing-required-label
c = App("c").image("a:1").labels(team="shop")
#                         ^^^^^^^^^^^^^^^^^^^ missing-required-label
d = AppGroup("d").add(App("e").image("a:1")).labels({"team": "a", "example.com/cost": "7"})
""",
        "error: the labels 'team', 'example.com/cost' must be set"
        " (add .labels({'team': ..., 'example.com/cost': ...}))",
        "error: the label 'example.com/cost' must be set (add .labels({'example.com/cost': ...}))",
    )


def test_amounts_are_compared_by_magnitude(tmp_path):
    check(
        tmp_path,
        'max-cpu = "2000m"\nmax-memory = "4Gi"',
        """\
a = App("a").image("a:1").resources(cpu="500m", cpu_limit=2, memory_limit="4096Mi")
b = App("b").image("a:1").resources(cpu_limit="2001m", memory_limit="5G")
#                                             ^^^^^^^ cpu-above-maximum
#                                                                   ^^^^ memory-above-maximum
c = App("c").image("a:1").resources(cpu=3)
#                                       ^ cpu-above-maximum
""",
        "error: the cpu limit 2001m is above 2000m (at most 2000m is allowed here)",
        "error: the memory limit 5G is above 4Gi (at most 4Gi is allowed here)",
        "error: the cpu request 3 is above 2000m (at most 2000m is allowed here)",
    )


def test_a_breach_can_be_ignored_with_a_reason(tmp_path):
    check(
        tmp_path,
        "max-cpu = 1",
        'app = App("a").image("a:1").resources(cpu=3).ignore("cpu-above-maximum", "it is big")\n',
    )


def test_without_a_policy_nothing_is_against_it(tmp_path):
    check(tmp_path, "", 'app = App("a1").image("evil.com/a:1").resources(cpu=99)\n')


PARTS = st.recursive(
    st.sampled_from([None, 0, "a", "1Gi", ["cpu"]]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(["name", "image", "resources", "limits", "cpu", "labels", "team"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)


@given(metadata=PARTS, containers=PARTS, spec=PARTS)
def test_objects_of_any_shape_can_be_judged(metadata, containers, spec):
    config = Config(
        Path.cwd(),
        approved_registries=("ghcr.io",),
        naming_pattern="a+",
        required_labels=("team",),
        max_cpu="1",
        max_memory="1Gi",
    )
    pod = {"kind": "Pod", "metadata": metadata, "spec": {"containers": containers}}

    list(breaches(pod, config))
    list(breaches({**pod, "spec": spec}, config))


def test_manifests_are_held_to_the_policy_at_their_lines(tmp_path):
    policy = 'approved-registries = ["ghcr.io"]\nrequired-labels = ["team"]\nmax-cpu = 1\n'
    (tmp_path / "k8sgen.toml").write_text(f"[policy]\n{policy}", encoding="utf-8")
    manifest = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
#         ^^^^^^^^^^^ missing-required-label
spec:
  containers:
  - name: web
    image: nginx:1
#          ^^^^^^^ unapproved-registry
    resources: {limits: {cpu: 1500m}}
#                             ^^^^^ cpu-above-maximum
"""

    config = load(tmp_path, options={"ignore": ",".join(rules())})
    found = of_manifest([("web.yaml", manifest.encode())], "1.37", config)["web.yaml"]

    assert marks_for(manifest, found) == marks_of(manifest)
    assert {each.object for each in found} == {"Pod/web"}


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (
            "naming-pattern = '(a'",
            "`policy.naming-pattern` in k8sgen.toml: '(a' is not a pattern: "
            "a '(' without its ')' at character 3 (write e.g. '[a-z][a-z0-9-]*')",
        ),
        (
            'approved-registries = ["https://ghcr.io"]',
            "`policy.approved-registries` in k8sgen.toml: 'https://ghcr.io' is not a registry: "
            "a host with an optional port (write e.g. 'ghcr.io' or 'ghcr.io/acme')",
        ),
        (
            'required-labels = ["a b"]',
            "`policy.required-labels` in k8sgen.toml",
        ),
        ('max-cpu = "2GB"', "`policy.max-cpu` in k8sgen.toml"),
    ],
)
def test_a_policy_that_cannot_be_is_an_error_at_its_key(tmp_path, policy, said):
    (tmp_path / "k8sgen.toml").write_text(f"[policy]\n{policy}\n", encoding="utf-8")

    [finding] = project_rules(tmp_path).findings

    assert f"{finding.message} ({finding.hint})".startswith(said)
    assert finding.rule == "configuration"
    assert finding.place is not None
    assert finding.place.range.start.line == 1
