"""Files that are no manifests: what they are, so that nobody takes them for broken ones."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from k8sgen_core.yaml.chunks import YamlError
from k8sgen_core.yaml.loader import load_all

_RENDER = "render the chart with helm template, and validate what comes out"
HELM_TEMPLATE = f"a Helm template: {_RENDER}"
_DESCRIPTION = f"the description of a Helm chart: {_RENDER}"
UNREADABLE = "no Kubernetes object, and not readable as YAML"
PATCH = "a kustomize patch: render it with kubectl kustomize, and validate what comes out"
KUSTOMIZATION = "a kustomization: its manifests are validated, its patches are not applied"
_CHART = ("Chart.yaml", "Chart.yml")
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
# How many folders up a kustomization may be that names a patch.
_REACH = 4
# The instructions of a strategic merge.
_DIRECTIVES = ("$patch", "$setElementOrder/")
_LARGEST = 1 << 20
_OBJECT = re.compile(r"^[\s\"'{-]*apiVersion[\"']?\s*:", re.MULTILINE)
_VALUES = re.compile(r"(?:.*[-.])?values(?:[-.].*)?\.ya?ml")
# Tools whose configuration has apiVersion and kind, though no cluster knows it.
_TOOLS = {
    "kustomize.config.k8s.io": KUSTOMIZATION,
    "kind.x-k8s.io": "a configuration of kind",
    "k3d.io": "a configuration of k3d",
    "eksctl.io": "a configuration of eksctl",
    "skaffold": "a configuration of Skaffold",
    "kubeadm.k8s.io": "a configuration of kubeadm",
    "kubelet.config.k8s.io": "a configuration of the kubelet",
    "kubeproxy.config.k8s.io": "a configuration of kube-proxy",
    "kubescheduler.config.k8s.io": "a configuration of the scheduler",
    "apiserver.config.k8s.io": "a configuration of the API server",
    "audit.k8s.io": "an audit policy",
}


def by_place(name: str) -> str | None:
    """Tell what a file is by where it is, if that says that it is no manifest."""
    path = Path(name)
    if path.name in _KUSTOMIZATIONS:
        return KUSTOMIZATION
    if path.name in _CHART:
        return _DESCRIPTION
    if _is_in_chart(path):
        return HELM_TEMPLATE
    if _VALUES.fullmatch(path.name) and any((path.parent / each).is_file() for each in _CHART):
        return f"values of a Helm chart: {_RENDER}"
    return PATCH if os.path.abspath(name) in _patches_around(path) else None


def of_document(value: Any, text: str) -> str | None:
    """Tell what a document is, if it has the look of an object or a part of one, and is none."""
    if isinstance(value, list):
        is_patch = value and all(isinstance(each, dict) and "op" in each for each in value)
        return PATCH if is_patch else None
    if not isinstance(value, dict):
        return None
    group = str(value.get("apiVersion", "")).partition("/")[0]
    if group in _TOOLS and "kind" in value:
        return _TOOLS[group]
    if value.get("kind") == "Config" and "clusters" in value:
        return "a configuration of kubectl"
    has_directive = any(each in text for each in _DIRECTIVES) and _has_directive(value)
    return PATCH if has_directive and "kind" in value else None


def of_other(value: Any) -> str:
    """Tell what a document is that is no object."""
    if isinstance(value, dict):
        return next((what for fits, what in _LOOKS if fits(value)), "no Kubernetes object")
    return "an Ansible playbook" if _is_play(value) else "no Kubernetes object"


def of_broken(text: str) -> str | None:
    """Tell what a text is that cannot be read, if it is meant to be rendered first."""
    return HELM_TEMPLATE if "{{" in text else None


def is_meant(text: str) -> bool:
    """Tell whether a text that cannot be read is a broken manifest."""
    return _OBJECT.search(text) is not None


def _is_in_chart(path: Path) -> bool:
    parts = path.parts
    return any(
        (Path(*parts[:index]) / chart).is_file()
        for index, part in enumerate(parts[:-1])
        if part == "templates" and index
        for chart in _CHART
    )


def _has_directive(value: Any) -> bool:
    """Is one of the directives a key somewhere?"""
    level = [value]
    while level:
        inner = level.pop()
        if isinstance(inner, dict):
            if any(key.startswith(_DIRECTIVES) for key in inner):
                return True
            level += inner.values()
        elif isinstance(inner, list):
            level += inner
    return False


def _patches_around(path: Path) -> Iterator[str]:
    for folder in list(Path(os.path.abspath(path)).parents)[:_REACH]:
        yield from _patches(folder)


@lru_cache(maxsize=1024)
def _patches(folder: Path) -> frozenset[str]:
    """Return the files that the kustomization in a folder does not take for whole objects."""
    file = next((folder / each for each in _KUSTOMIZATIONS if (folder / each).is_file()), None)
    if file is None or file.stat().st_size > _LARGEST:
        return frozenset()
    try:
        documents = [each.value for each in load_all(file.read_bytes(), name=file.name)]
    except (OSError, YamlError):
        return frozenset()
    named = (each for value in documents if isinstance(value, dict) for each in _named(value))
    return frozenset(os.path.abspath(folder / each) for each in named)


def _named(kustomization: Mapping[str, Any]) -> Iterator[str]:
    for field in ("patches", "patchesStrategicMerge", "patchesJson6902", "replacements"):
        listed = kustomization.get(field)
        for each in listed if isinstance(listed, list) else ():
            name = each.get("path") if isinstance(each, dict) else each
            # A patch may be written out in place.
            if isinstance(name, str) and "\n" not in name:
                yield name
    for field in ("configurations", "crds"):
        listed = kustomization.get(field) if field == "configurations" else ()
        yield from (each for each in listed or () if isinstance(each, str))


def _is_play(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(e, dict) and "hosts" in e for e in value)


def _is_compose(value: Mapping[str, Any]) -> bool:
    services = value.get("services")
    return isinstance(services, dict) and all(
        isinstance(each, dict) and each.keys() & {"image", "build", "extends"}
        for each in services.values()
    )


# The key "on" is read as a truth value, which as a key is "true".
_LOOKS: tuple[tuple[Callable[[Mapping[str, Any]], bool], str], ...] = (
    (_is_compose, "a Compose file"),
    (lambda value: "jobs" in value and bool({"on", "true"} & value.keys()), "a GitHub workflow"),
    (lambda value: "runs" in value and "name" in value, "a GitHub action"),
    (lambda value: "openapi" in value or "swagger" in value, "a description of an HTTP API"),
    (lambda value: "AWSTemplateFormatVersion" in value, "a CloudFormation template"),
    (lambda value: "stages" in value or "before_script" in value, "a GitLab pipeline"),
    (lambda value: "appVersion" in value and "name" in value, _DESCRIPTION),
)
