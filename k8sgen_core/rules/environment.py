"""Environment: the variables and files that containers get of ConfigMaps and Secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from k8sgen_core.rules.manifest import Container, Manifest, Path, Pod, items, mapping
from k8sgen_core.rules.rule import Flaw, rule

# Of each namespace's own.
_ALWAYS = {("ConfigMap", "kube-root-ca.crt"), ("ConfigMap", "openshift-service-ca.crt")}
_DATA = {"ConfigMap": ("data", "binaryData"), "Secret": ("data", "stringData")}
# Kubernetes fills it in.
_TOKEN = "kubernetes.io/service-account-token"  # noqa: S105 - the type of a Secret
_KEYS = (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret"))
_WHOLE = (("configMapRef", "ConfigMap"), ("secretRef", "Secret"))


class _Use(NamedTuple):
    """A ConfigMap or Secret that is read, the keys of it, and where it is named."""

    kind: str
    name: Any
    path: Path
    keys: tuple[tuple[Path, Any], ...] = ()


@rule("duplicate-env-var", on=Container)
def duplicate_env_var(container: Container) -> Iterator[Flaw]:
    """Flag variables that a container is given again, where they are given in vain."""
    last: dict[str, int] = {}
    for index, each in items(container.value, "env"):
        name = each.get("name")
        if not isinstance(name, str):
            continue
        if name in last:
            yield Flaw(
                ("env", last[name], "name"),
                f"the container {container.name!r} is given {name} twice, and the last one wins",
                _superfluous(container, name, range(last[name] + 1, index + 1)),
            )
        last[name] = index


def _superfluous(container: Container, name: str, later: range) -> str:
    """Return what to do about a variable that is given again, and may be used before that."""
    values = (
        str(each.get("value")) for index, each in items(container.value, "env") if index in later
    )
    is_used = any(f"$({name})" in value for value in values)
    return "leave one of them out" if is_used else "leave the first one out"


@rule("env-value-from", on=Pod)
def env_value_from(pod: Pod) -> Iterator[Flaw]:
    """Flag ConfigMaps, Secrets and keys of them that pods need and nothing here has."""
    for use in _uses(pod):
        if isinstance(use.name, str) and use.name:
            yield from _missing(use, pod.manifest)


def _missing(use: _Use, manifest: Manifest) -> Iterator[Flaw]:
    cluster, name = manifest.cluster, str(use.name)
    found = cluster.found(use.kind, name, manifest.namespace)
    if found is None:
        if (use.kind, name) not in _ALWAYS and not cluster.relations.is_promised(use.kind, name):
            message = f"{manifest.title} needs the {use.kind} {name!r}, which is not here"
            yield Flaw(use.path, message, "add it, or mark it with optional: true")
        return
    having = _keys_of(found)
    for path, key in use.keys if having else ():
        if isinstance(key, str) and key not in having:
            message = f"{manifest.title} needs the key {key!r} of {found.title}, which lacks it"
            yield Flaw(path, message, f"use {' or '.join(sorted(having))}, or add it")


def _keys_of(source: Manifest) -> set[str]:
    """Return the keys of a ConfigMap or Secret; none if something else fills it in."""
    if source.value.get("type") == _TOKEN:
        return set()
    return {str(key) for field in _DATA[source.kind] for key in mapping(source.value, field)}


def _uses(pod: Pod) -> Iterator[_Use]:
    above = len(pod.path)
    for container in pod.containers:
        path = container.path[above:]
        for index, each in items(container.value, "env"):
            yield from _of_variable(mapping(each, "valueFrom"), (*path, "env", index, "valueFrom"))
        for index, each in items(container.value, "envFrom"):
            for field, kind in _WHOLE:
                source = mapping(each, field)
                if source and source.get("optional") is not True:
                    yield _Use(kind, source.get("name"), (*path, "envFrom", index, field, "name"))
    for index, volume in items(pod.spec, "volumes"):
        yield from _of_volume(volume, ("spec", "volumes", index))


def _of_variable(source: Mapping[str, Any], path: Path) -> Iterator[_Use]:
    for field, kind in _KEYS:
        chosen = mapping(source, field)
        if chosen and chosen.get("optional") is not True:
            at = (*path, field)
            yield _Use(
                kind, chosen.get("name"), (*at, "name"), (((*at, "key"), chosen.get("key")),)
            )


def _of_volume(volume: Mapping[str, Any], path: Path) -> Iterator[_Use]:
    yield from _of_source(mapping(volume, "configMap"), "ConfigMap", "name", (*path, "configMap"))
    yield from _of_source(mapping(volume, "secret"), "Secret", "secretName", (*path, "secret"))
    for index, each in items(volume, "projected", "sources"):
        at = (*path, "projected", "sources", index)
        yield from _of_source(mapping(each, "configMap"), "ConfigMap", "name", (*at, "configMap"))
        yield from _of_source(mapping(each, "secret"), "Secret", "name", (*at, "secret"))


def _of_source(source: Mapping[str, Any], kind: str, naming: str, path: Path) -> Iterator[_Use]:
    if source and source.get("optional") is not True:
        keys = tuple(
            ((*path, "items", index, "key"), each.get("key"))
            for index, each in items(source, "items")
        )
        yield _Use(kind, source.get(naming), (*path, naming), keys)
