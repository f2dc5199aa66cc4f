import os
import subprocess
import sys
import zlib

import pytest

from k8sgen_core.kubernetes import bundle, schemas
from k8sgen_core.kubernetes.schemas import VERSIONS, UnknownVersion

POD_SPEC = ("spec", "template", "spec")


@pytest.mark.parametrize("spelling", ["1.31", "v1.31", "1.31.2", "v1.31.0"])
def test_a_version_may_be_spelt_as_kubernetes_does(spelling):
    assert schemas.parse_version(spelling) == "1.31"
    assert schemas.has_schema("apps/v1", "Deployment", spelling)


@pytest.mark.parametrize("spelling", ["1.28", "1.38", "1", "", "latest", "1.37.x", "1.37\n"])
def test_an_unknown_version_is_refused_with_the_known_ones(spelling):
    with pytest.raises(UnknownVersion) as error:
        schemas.has_schema("apps/v1", "Deployment", spelling)

    assert str(error.value) == (
        f"unknown Kubernetes version {spelling!r}: use one of"
        " 1.29, 1.30, 1.31, 1.32, 1.33, 1.34, 1.35, 1.36, 1.37"
    )


@pytest.mark.parametrize(
    ("kind", "version", "expected"),
    [
        ("Deployment", "1.37", ("apps/v1",)),
        ("HorizontalPodAutoscaler", "1.37", ("autoscaling/v2", "autoscaling/v1")),
        ("Event", "1.37", ("v1", "events.k8s.io/v1")),
        (
            "ResourceClaim",
            "1.37",
            (
                "resource.k8s.io/v1",
                "resource.k8s.io/v1beta2",
                "resource.k8s.io/v1beta1",
            ),
        ),
        ("ResourceClaim", "1.29", ("resource.k8s.io/v1alpha2",)),
        ("PodSecurityPolicy", "1.37", ()),
        ("DeleteOptions", "1.37", ()),
    ],
)
def test_the_stable_and_newest_version_of_an_api_comes_first(kind, version, expected):
    assert schemas.api_versions(kind, version) == expected


@pytest.mark.parametrize(
    ("api_version", "kind", "version", "expected"),
    [
        ("apps/v1", "Deployment", "1.37", True),
        ("extensions/v1beta1", "Deployment", "1.37", False),
        ("apps/v1", "Ingress", "1.37", False),
        ("v1", "Deployment", "1.37", False),
        ("policy/v1beta1", "PodSecurityPolicy", "1.29", False),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "1.31", True),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "1.32", False),
        ("lifecycle.k8s.io/v1alpha1", "Eviction", "1.29", False),
        ("gateway.networking.k8s.io/v1", "HTTPRoute", "1.37", True),
        ("traefik.io/v1alpha1", "Ingress", "1.37", True),
    ],
)
def test_a_version_serves_its_own_kinds_and_any_custom_one(api_version, kind, version, expected):
    assert schemas.served(api_version, kind, version) is expected


@pytest.mark.parametrize(
    ("path", "key", "kind_of_list"),
    [
        ((*POD_SPEC, "containers"), "name", "map"),
        ((*POD_SPEC, "containers", "ports"), "containerPort", "map"),
        ((*POD_SPEC, "containers", "env"), "name", "map"),
        ((*POD_SPEC, "tolerations"), None, "atomic"),
        ((*POD_SPEC, "topologySpreadConstraints"), "topologyKey", "map"),
        (("metadata", "finalizers"), None, "set"),
        (("metadata", "labels", "anything"), None, None),
        (("metadata", "labels", "anything", "deeper"), None, None),
        (("spec", "nothing"), None, None),
        ((), None, None),
    ],
)
def test_lists_know_how_they_merge(path, key, kind_of_list):
    assert schemas.merge_key("apps/v1", "Deployment", path, "1.37") == key
    assert schemas.list_type("apps/v1", "Deployment", path, "1.37") == kind_of_list


@pytest.mark.parametrize(
    ("api_version", "kind", "expected"),
    [
        ("v1", "Namespace", False),
        ("v1", "Pod", True),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", False),
        ("rbac.authorization.k8s.io/v1", "Role", True),
        ("example.com/v1", "Node", True),
    ],
)
def test_cluster_scoped_kinds_are_known_by_group(api_version, kind, expected):
    assert schemas.namespaced(api_version, kind) is expected


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schemas")
    bundle.write(folder)
    return folder


def test_the_installed_bundle_is_what_a_build_makes(folder):
    # Another zlib may pack the same text in other bytes.
    made, installed = (
        {path.name: zlib.decompress(path.read_bytes()) for path in place.iterdir()}
        for place in (folder, bundle.FOLDER)
    )

    assert made == installed


def test_a_build_makes_the_same_bytes_each_time(folder, tmp_path):
    code = f"from pathlib import Path; from {bundle.__name__} import write; write(Path.cwd())"
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}

    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, env=environment)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_the_bundle_is_slim(folder):
    sizes = {path.stem: path.stat().st_size for path in folder.iterdir()}

    # What Kubernetes says of its fields, for hovers, is told once for all versions.
    assert sizes.pop("manual") < 100_000
    assert set(sizes) == set(VERSIONS)
    assert max(sizes.values()) < 40_000


def test_a_missing_bundle_says_how_to_make_it(tmp_path):
    with pytest.raises(RuntimeError, match=r"python -m k8sgen_core\.kubernetes\.bundle"):
        bundle.read(tmp_path / "1.37.zlib")


def test_importing_the_schemas_does_not_load_the_engine():
    code = "import sys, k8sgen_core.kubernetes.schemas; sys.exit('jsonschema_rs' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
