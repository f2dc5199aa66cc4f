"""Metadata: names, namespaces, labels and annotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar.labels import annotation_key, label_key, label_value
from k8sgen_core.grammar.names import label_name, service_name, subdomain
from k8sgen_core.rules.manifest import TEMPLATES, Manifest, Path, Pod, is_foreign, items, mapping
from k8sgen_core.rules.rule import Flaw, rule

_Refusal = tuple[str, str | None] | None

# Their names are free, or of another grammar.
_FREE = frozenset(
    (
        "ClusterRole",
        "ClusterRoleBinding",
        "ClusterTrustBundle",
        "ComponentStatus",
        "IPAddress",
        "Role",
        "RoleBinding",
    )
)
_LONGEST_CRON_JOB = 52
# Since this version names of Services need no letter first.
_RELAXED = 36
# What a tool that fills in the file leaves for later.
_is_placeholder = re.compile(r"[$<]|\{\{").search
_OWNER, _EMAIL = "owner", "email"
_INSTANCE = "app.kubernetes.io/instance"
_is_address = re.compile(r"[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+").fullmatch


@rule("illegal-name", on=Manifest)
def illegal_name(manifest: Manifest) -> Iterator[Flaw]:
    """Flag names that Kubernetes refuses."""
    metadata, kind = manifest.metadata, manifest.kind
    name = metadata.get("name")
    if name and not is_foreign(manifest.group) and kind not in _FREE:
        refusal = _of_name(name, kind, manifest.cluster.minor)
        if refusal is not None:
            yield Flaw(("metadata", "name"), *refusal)
    if metadata.get("namespace") and not _is_label(metadata["namespace"]):
        yield from _no_label(metadata["namespace"], "a namespace", ("metadata", "namespace"))
    if manifest.pod is not None:
        yield from _of_parts(manifest.pod)


def _of_parts(pod: Pod) -> Iterator[Flaw]:
    for container in pod.containers:
        if not _is_label(container.value.get("name")):
            path = (*container.path, "name")
            yield from _no_label(container.value["name"], "a container name", path)
    for index, each in items(pod.spec, "volumes"):
        if not _is_label(each.get("name")):
            path = (*pod.path, "spec", "volumes", index, "name")
            yield from _no_label(each["name"], "a volume name", path)


def _of_name(name: Any, kind: str, minor: int) -> _Refusal:
    if not isinstance(name, str):
        return None
    if kind == "CronJob" and len(name) > _LONGEST_CRON_JOB:
        message = f"{name!r} has {len(name)} characters, of which a CronJob may have 52"
        return message, "shorten it: its Jobs append the time"
    if kind == "Service" and minor < _RELAXED:
        return _refusal(service_name, name)
    if kind in ("Namespace", "Service"):
        return _refusal(label_name, name, f"the name of the {kind}")
    return None if _is_subdomain(name) else _refusal(subdomain, name, f"the name of the {kind}")


@lru_cache(maxsize=4096)
def _is_subdomain(name: str) -> bool:
    return _refusal(subdomain, name, "a name") is None


def _is_label(name: Any) -> bool:
    return not isinstance(name, str) or not name or _is_known_label(name)


@lru_cache(maxsize=4096)
def _is_known_label(name: str) -> bool:
    return _refusal(label_name, name, "a name") is None


def _no_label(name: str, what: str, path: Path) -> Iterator[Flaw]:
    refusal = _refusal(label_name, name, what)
    if refusal is not None:
        yield Flaw(path, *refusal)


def _refusal(check: Callable[..., str], name: str, *what: str) -> _Refusal:
    try:
        check(name, *what)
    except ArgumentError as error:
        return None if _is_placeholder(name) else (error.message, error.hint)
    return None


@rule("illegal-label", on=Manifest)
def illegal_label(manifest: Manifest) -> Iterator[Flaw]:
    """Flag labels that Kubernetes refuses."""
    for key, value in manifest.labels.items():
        refusal = _of_label(key, value)
        if refusal is not None:
            yield Flaw(("metadata", "labels", str(key)), *refusal)
    pod = manifest.pod
    if pod is None or not pod.path:
        return
    for key, value in mapping(pod.value, "metadata", "labels").items():
        refusal = _of_label(key, value)
        if refusal is not None:
            yield Flaw((*pod.path, "metadata", "labels", str(key)), *refusal)


@rule("illegal-annotation", on=Manifest)
def illegal_annotation(manifest: Manifest) -> Iterator[Flaw]:
    """Flag annotations that Kubernetes refuses."""
    for key, value in manifest.annotations.items():
        refusal = _of_annotation(str(key)) or _text(value)
        if refusal is not None:
            yield Flaw(("metadata", "annotations", str(key)), *refusal)


def _text(value: Any) -> _Refusal:
    if value is None or isinstance(value, str):
        return None
    return f"expected text, got {value!r}", "write it in quotes"


def _of_label(key: str, value: Any) -> _Refusal:
    return _of_text_label(key, value) if isinstance(value, str) else _text(value)


@lru_cache(maxsize=8192)
def _of_text_label(key: str, value: str) -> _Refusal:
    return _refusal(label_key, str(key)) or _refusal(label_value, value)


@lru_cache(maxsize=1024)
def _of_annotation(key: str) -> _Refusal:
    return _refusal(annotation_key, key)


@rule("required-label-owner", on=Manifest, kinds=tuple(TEMPLATES))
def required_label_owner(manifest: Manifest) -> Iterator[Flaw]:
    """Flag what nobody is named as the owner of."""
    if not manifest.labels.get(_OWNER):
        yield Flaw(
            ("metadata",),
            f"{manifest.title} has no label {_OWNER}",
            'add it, in the DSL .labels(owner="...")',
        )


@rule("required-annotation-email", on=Manifest, kinds=tuple(TEMPLATES))
def required_annotation_email(manifest: Manifest) -> Iterator[Flaw]:
    """Flag what nobody can be reached about."""
    value = manifest.annotations.get(_EMAIL)
    if not isinstance(value, str) or not _is_address(value):
        said = "no annotation email" if value is None else f"the email {value!r}, no address"
        path = ("metadata",) if value is None else ("metadata", "annotations", _EMAIL)
        hint = 'add an address, in the DSL .annotations({"email": "team@example.com"})'
        yield Flaw(path, f"{manifest.title} has {said}", hint)


@rule("mismatched-instance-label", on=Manifest, kinds=tuple(TEMPLATES))
def mismatched_instance_label(manifest: Manifest) -> Iterator[Flaw]:
    """Flag objects whose instance label is not their name."""
    value = manifest.labels.get(_INSTANCE)
    if value is not None and value != manifest.name:
        yield Flaw(
            ("metadata", "labels", _INSTANCE),
            f"{manifest.title} says that it is the instance {value!r}",
            f"say {manifest.name!r}",
        )


@rule("use-namespace", on=Manifest)
def use_namespace(manifest: Manifest) -> Iterator[Flaw]:
    """Flag objects in the namespace that is everybody's."""
    if manifest.metadata.get("namespace") == "default":
        yield Flaw(
            ("metadata", "namespace"),
            f"{manifest.title} is in the namespace default, which is nobody's own",
            "use a namespace of the application's own",
        )
