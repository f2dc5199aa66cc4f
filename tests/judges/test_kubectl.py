"""A judge that accepts everything proves nothing: what kubectl must accept and must refuse."""

import pytest

GOOD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: 'nginx:1.27'}]
"""


@pytest.fixture
def manifest(tmp_path):
    return tmp_path / "web-deployment.yaml"


def test_a_good_object_is_accepted_as_a_file_and_in_its_folder(accepted_by_kubectl, manifest):
    manifest.write_text(GOOD, encoding="utf-8")

    accepted_by_kubectl(manifest)
    accepted_by_kubectl(manifest.parent)


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        pytest.param("image:", "imagee:", 'unknown field "imagee"', id="field"),
        pytest.param("Deployment", "Deploymint", 'no matches for kind "Deploymint"', id="kind"),
        pytest.param("apps/v1", "extensions/v1beta1", "no matches for kind", id="API version"),
        pytest.param("name: web,", "name: [web],", "invalid type", id="type"),
    ],
)
def test_a_bad_object_is_refused(accepted_by_kubectl, manifest, good, bad, complaint):
    manifest.write_text(GOOD.replace(good, bad), encoding="utf-8")

    with pytest.raises(AssertionError, match=complaint):
        accepted_by_kubectl(manifest)


def test_each_version_is_judged_by_its_own_kinds(accepted_by_kubectl, manifest):
    manifest.write_text(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n"
        "spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}\n"
        "---\n"
        "apiVersion: resource.k8s.io/v1\nkind: DeviceClass\nmetadata: {name: gpu}\nspec: {}\n",
        encoding="utf-8",
    )

    accepted_by_kubectl(manifest, "1.37")
    with pytest.raises(AssertionError, match='no matches for kind "DeviceClass"'):
        accepted_by_kubectl(manifest, "1.29")


def test_a_folder_without_manifests_is_refused(accepted_by_kubectl, tmp_path):
    with pytest.raises(AssertionError, match=r"no objects passed|recognized file extensions"):
        accepted_by_kubectl(tmp_path)
