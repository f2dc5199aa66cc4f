"""No error where nothing is certainly wrong: manifests that others publish and run."""

import pytest

from tests.rules.objects import lints, read

SETS = ("kubernetes-manifests", "release", "istio-manifests", "kustomize/base")


def of_folder(folder):
    return [
        value for value in read(*sorted(folder.glob("*.yaml"))) if value["kind"] != "Kustomization"
    ]


@pytest.mark.parametrize("name", SETS)
def test_no_error_is_found_in_the_demo_of_microservices(shared, name):
    folder = shared / "judges" / "fixtures" / "microservices-demo" / name

    objects = of_folder(folder)
    found = lints(objects)

    assert objects
    assert [
        (manifest.title, lint.rule, lint.message)
        for manifest, lint in found
        if lint.severity == "error"
    ] == []


def test_no_error_is_found_in_all_of_it_together(shared):
    folder = shared / "judges" / "fixtures" / "microservices-demo"
    objects = [
        value
        for name in ("kubernetes-manifests", "istio-manifests")
        for value in of_folder(folder / name)
    ]

    assert [lint for _, lint in lints(objects) if lint.severity == "error"] == []
