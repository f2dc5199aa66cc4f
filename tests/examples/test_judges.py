"""What others say of the examples: schemas of every version, of custom resources, and kubectl."""

import json
import shutil
from functools import cache

import jsonschema_rs
import kubernetes_validate
import pytest
import yaml

from k8sgen_core.kubernetes.bundle import VERSIONS
from tests.core.described import described
from tests.examples.generated import CASES, EXAMPLES, generate, source_of


@cache
def objects_of(example, version):
    path = source_of(example)
    found = described(path.read_text(encoding="utf-8"), root=path.parent, version=version)
    assert [each for each in found.findings if each.severity == "error"] == []
    return found.objects


def is_custom(value):
    group = value["apiVersion"].rpartition("/")[0]
    return group == "gateway.networking.k8s.io" or ("." in group and not group.endswith(".k8s.io"))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_our_own_schemas_have_nothing_to_say(example, version):
    assert objects_of(example, version)


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_objects_are_strictly_valid(example, version):
    for value in objects_of(example, version):
        if not is_custom(value):
            kubernetes_validate.validate(value, version, strict=True)


@pytest.mark.parametrize("example", EXAMPLES)
def test_custom_resources_are_valid_by_their_definitions(example, shared):
    for value in filter(is_custom, objects_of(example, "1.37")):
        group, version = value["apiVersion"].split("/")
        path = shared / "judges/crds" / group / f"{value['kind'].lower()}_{version}.json"
        schema = json.loads(path.read_text(encoding="utf-8"))

        jsonschema_rs.validator_for(schema).validate(value)


@pytest.mark.slow
@pytest.mark.parametrize(("example", "environment"), CASES)
def test_kubectl_accepts_the_folder(example, environment, tmp_path, accepted_by_kubectl):
    folder = tmp_path / "k8s"
    made = generate(example, folder, environment)
    # kubectl asks the cluster for kinds, and no cluster has these from the start.
    custom = [path for path, text in made.items() if is_custom(yaml.safe_load(text))]
    for path in custom:
        shutil.move(folder / path, tmp_path)

    accepted_by_kubectl(folder)
