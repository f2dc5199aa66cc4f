"""Names, labels and selectors of objects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from k8sgen_core.carriers import because, plain
from k8sgen_core.digests import digest_of
from k8sgen_core.kubernetes.lowered import Object
from k8sgen_core.model import Resource
from k8sgen_core.sharing import merged

NAME_LABEL = "app.kubernetes.io/name"
_is_label_value = re.compile("[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?").fullmatch


# The objects of a resource share all three of these, so nobody changes one in place.
@lru_cache(maxsize=1)
def labels(resource: Resource) -> Mapping[str, str]:
    """Return the labels of everything that belongs to a resource."""
    own = {NAME_LABEL: label_value(resource.name), "app.kubernetes.io/managed-by": "k8s-gen"}
    if resource.part_of is not None:
        own["app.kubernetes.io/part-of"] = resource.part_of
    return merged(own, resource.labels)


def label_value(name: str) -> str:
    """Return a name as a label can have it; a cut one ends in a hash, so that none are alike."""
    if _is_label_value(name):
        return name
    words = re.sub("[^a-z0-9]+", "-", plain(name).lower()).strip("-")
    mark = digest_of(plain(name))[:8]
    return because(name, "-".join((*filter(None, (words[:54],)), mark)))


@lru_cache(maxsize=1)
def selector(resource: Resource) -> dict[str, str]:
    """Return the labels that select the pods of a workload, and of no other."""
    return {NAME_LABEL: resource.labels.get(NAME_LABEL, label_value(resource.name))}


@lru_cache(maxsize=1)
def metadata(resource: Resource, name: str | None = None) -> Object:
    """Return the metadata of an object that belongs to a resource."""
    found: Object = {"name": resource.name if name is None else name}
    if resource.namespace is not None:
        found["namespace"] = resource.namespace
    found["labels"] = labels(resource)
    if resource.annotations:
        found["annotations"] = dict(resource.annotations)
    return found


def header(
    kind: str, api_version: str, meta: Mapping[str, Any], spec: Object | None = None
) -> Object:
    """Return the beginning of an object; with ``spec`` it is all of most objects."""
    made: Object = {"apiVersion": api_version, "kind": kind, "metadata": meta}
    if spec is not None:
        made["spec"] = spec
    return made
