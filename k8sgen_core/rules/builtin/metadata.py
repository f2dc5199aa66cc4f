"""Metadata: names, namespaces, labels and annotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
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
_PLACEHOLDERS = ("$", "{{", "<")
_OWNER, _EMAIL = "owner", "email"
_INSTANCE = "app.kubernetes.io/instance"
_is_address = re.compile(r"[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+").fullmatch


@rule("illegal-name", on=Manifest)
def illegal_name(manifest: Manifest) -> Iterator[Flaw]:
    """Flag names that Kubernetes refuses."""
    metadata = manifest.metadata
    if not is_foreign(manifest.group) and manifest.kind not in _FREE:
        check = _relaxed_name if manifest.cluster.minor >= _RELAXED else _name
        yield from _refused(check, metadata.get("name"), ("metadata", "name"), manifest.kind)
    namespace = metadata.get("namespace")
    yield from _refused(_part, namespace, ("metadata", "namespace"), "a namespace")
    if manifest.pod is not None:
        yield from _of_parts(manifest.pod)


def _of_parts(pod: Pod) -> Iterator[Flaw]:
    for container in pod.containers:
        path = (*container.path, "name")
        yield from _refused(_part, container.value.get("name"), path, "a container name")
    for index, each in items(pod.spec, "volumes"):
        path = (*pod.path, "spec", "volumes", index, "name")
        yield from _refused(_part, each.get("name"), path, "a volume name")


def _refused(
    check: Callable[[str, str], _Refusal], value: Any, path: Path, what: str
) -> Iterator[Flaw]:
    if isinstance(value, str) and value and not any(each in value for each in _PLACEHOLDERS):
        refusal = check(value, what)
        if refusal is not None:
            yield Flaw(path, *refusal)


@lru_cache(maxsize=4096)
def _name(name: str, kind: str) -> _Refusal:
    return _refusal(service_name, name) if kind == "Service" else _relaxed_name(name, kind)


@lru_cache(maxsize=4096)
def _relaxed_name(name: str, kind: str) -> _Refusal:
    if kind == "CronJob" and len(name) > _LONGEST_CRON_JOB:
        message = f"{name!r} has {len(name)} characters, of which a CronJob may have 52"
        return message, "shorten it: its Jobs append the time"
    check = label_name if kind in ("Namespace", "Service") else subdomain
    return _refusal(check, name, f"the name of a {kind}")


@lru_cache(maxsize=4096)
def _part(name: str, what: str) -> _Refusal:
    return _refusal(label_name, name, what)


def _refusal(check: Callable[..., str], *arguments: Any) -> _Refusal:
    try:
        check(*arguments)
    except ArgumentError as error:
        return error.message, error.hint
    return None


@rule("illegal-label", on=Manifest)
def illegal_label(manifest: Manifest) -> Iterator[Flaw]:
    """Flag labels that Kubernetes refuses."""
    yield from _illegal(manifest.labels, ("metadata", "labels"))
    pod = manifest.pod
    if pod is not None and pod.path:
        labels = mapping(pod.value, "metadata", "labels")
        yield from _illegal(labels, (*pod.path, "metadata", "labels"))


@rule("illegal-annotation", on=Manifest)
def illegal_annotation(manifest: Manifest) -> Iterator[Flaw]:
    """Flag annotations that Kubernetes refuses."""
    for key, value in manifest.annotations.items():
        refusal = _annotation_key(str(key)) or (None if isinstance(value, str) else _text(value))
        if refusal is not None:
            yield Flaw(("metadata", "annotations", str(key)), *refusal)


def _illegal(labels: Mapping[str, Any], path: Path) -> Iterator[Flaw]:
    for key, value in labels.items():
        check = _label_value if isinstance(value, str) else _text
        refusal = _label_key(str(key)) or check(value)
        if refusal is not None:
            yield Flaw((*path, str(key)), *refusal)


def _text(value: Any) -> _Refusal:
    if value is None:
        return None
    return f"expected text, got {value!r}", "write it in quotes"


@lru_cache(maxsize=1024)
def _label_key(key: str) -> _Refusal:
    return _refusal(label_key, key)


@lru_cache(maxsize=1024)
def _annotation_key(key: str) -> _Refusal:
    return _refusal(annotation_key, key)


@lru_cache(maxsize=4096)
def _label_value(value: str) -> _Refusal:
    if any(each in value for each in _PLACEHOLDERS):
        return None
    return _refusal(label_value, value)


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
