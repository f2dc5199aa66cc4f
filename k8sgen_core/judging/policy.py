"""
The policy of a project, as its configuration says it: no code is needed.

It judges Kubernetes objects, whoever made them: builders, overrides, plugins, existing
manifests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from k8sgen_core.carriers import Origin, Origins, deep_origins, each, origin_of, plain
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar.image import parse_image
from k8sgen_core.grammar.pattern import Pattern
from k8sgen_core.grammar.quantity import amount
from k8sgen_core.kubernetes.checks import field_path
from k8sgen_core.kubernetes.lowered import Lowered, Object, Problem

if TYPE_CHECKING:
    from k8sgen_core.config import Config

DOCKER_HUB = "docker.io"
HUB_NAMES = frozenset((DOCKER_HUB, "index.docker.io", "registry-1.docker.io"))
CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
TEMPLATE = ("spec", "template", "spec")
# Where the kinds that run pods have the specification of the pods.
POD_SPECS: Mapping[str, tuple[str, ...]] = {
    "Pod": ("spec",),
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"), TEMPLATE),
    "ReplicationController": TEMPLATE,
    "CronJob": ("spec", "jobTemplate", *TEMPLATE),
}


class Breach(NamedTuple):
    """One thing that the policy does not allow: the value, and the path to it in the object."""

    rule: str
    message: str
    hint: str
    value: Any
    path: tuple[str | int, ...]


def problems_of(lowered: Iterable[Lowered], config: Config) -> list[Problem]:
    """Return what is against the policy, at the arguments that are."""
    return [
        Problem(
            breach.rule,
            breach.message,
            _origins(breach, made),
            breach.hint,
            object=made.title,
            field=field_path(breach.path),
            resource=made.resource,
        )
        for made in lowered
        for breach in breaches(made.object, config)
        if not (made.incomplete and breach.value is None)
    ]


def _origins(breach: Breach, made: Lowered) -> Origins:
    """Return who gave the value; for a label that is missing, who gave the others."""
    if breach.value is not None:
        return origin_of(breach.value) or made.resource.origin
    given = each(deep_origins(made.resource.labels))
    return Origin((given[-1].call, None)) if given else made.resource.origin


def breaches(value: Object, config: Config) -> Iterator[Breach]:
    """Yield what the policy does not allow in an object that runs pods."""
    where = POD_SPECS.get(plain(value.get("kind")))
    if where is None:
        return
    metadata = _mapping(value.get("metadata"))
    yield from _name(metadata.get("name"), config)
    yield from _labels(_mapping(metadata.get("labels")), config)
    for container, path in _containers(value, where):
        yield from _image(container.get("image"), (*path, "image"), config)
        yield from _amounts(_mapping(container.get("resources")), (*path, "resources"), config)


def _mapping(value: Any) -> Mapping[Any, Any]:
    """Return what a manifest has, if it is a mapping; that it must be one is the schema's."""
    return value if isinstance(value, Mapping) else {}


def _containers(
    value: Object, where: tuple[str, ...]
) -> Iterator[tuple[Mapping[str, Any], tuple[str | int, ...]]]:
    spec: Mapping[Any, Any] = value
    for step in where:
        spec = _mapping(spec.get(step))
    for field in CONTAINERS:
        listed = spec.get(field)
        for index, container in enumerate(listed if isinstance(listed, list) else ()):
            yield _mapping(container), (*where, field, index)


def _name(name: Any, config: Config) -> Iterator[Breach]:
    pattern = config.naming_pattern
    if pattern and isinstance(name, str) and not Pattern(pattern).matches(plain(name)):
        message = f"the name {plain(name)!r} does not fit the naming pattern"
        yield Breach(
            "naming-convention", message, f"names must match {pattern}", name, ("metadata", "name")
        )


def _labels(labels: Mapping[str, Any], config: Config) -> Iterator[Breach]:
    missing = [key for key in config.required_labels if key not in labels]
    if missing:
        names = ", ".join(map(repr, missing))
        yield Breach(
            "missing-required-label",
            f"the label{'s' if len(missing) > 1 else ''} {names} must be set",
            f"add .labels({{{', '.join(f'{key!r}: ...' for key in missing)}}})",
            None,
            ("metadata", "labels"),
        )


def _image(image: Any, path: tuple[str | int, ...], config: Config) -> Iterator[Breach]:
    approved = config.approved_registries
    if not approved or not isinstance(image, str):
        return
    name = full_name(plain(image))
    if not any(f"{name}/".startswith(f"{full_registry(each)}/") for each in approved):
        message = f"{plain(image)!r} is from {name.rpartition('/')[0]}, which is not approved"
        yield Breach("unapproved-registry", message, f"use {' or '.join(approved)}", image, path)


def full_name(reference: str) -> str:
    """Return an image's name with what Docker fills in: ``nginx`` is docker.io/library/nginx."""
    image = parse_image(reference)
    registry = (image.registry or DOCKER_HUB).lower()
    if registry not in HUB_NAMES:
        return f"{registry}/{image.repository}"
    inner = image.repository if "/" in image.repository else f"library/{image.repository}"
    return f"{DOCKER_HUB}/{inner}"


def full_registry(approved: str) -> str:
    """Return a registry, or a part of one, as it begins the full names of its images."""
    host, slash, inner = approved.strip("/").partition("/")
    return f"{DOCKER_HUB if host.lower() in HUB_NAMES else host.lower()}{slash}{inner}"


def _amounts(
    resources: Mapping[str, Any], path: tuple[str | int, ...], config: Config
) -> Iterator[Breach]:
    most = {
        "cpu": ("cpu-above-maximum", config.max_cpu),
        "memory": ("memory-above-maximum", config.max_memory),
    }
    for part, what in (("limits", "limit"), ("requests", "request")):
        for name, value in _mapping(resources.get(part)).items():
            rule, highest = most.get(plain(name), ("", None))
            if highest is not None and _is_above(value, highest):
                yield Breach(
                    rule,
                    f"the {plain(name)} {what} {plain(value)} is above {highest}",
                    f"at most {highest} is allowed here",
                    value,
                    (*path, part, plain(name)),
                )


def _is_above(value: Any, highest: str) -> bool:
    try:
        return amount(value) > amount(highest)
    except ArgumentError:
        # What is no quantity is a violation of the schema.
        return False
