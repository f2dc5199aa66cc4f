"""What an API server refuses of roles and their bindings."""

from __future__ import annotations

from collections.abc import Iterator

from k8sgen_core.faults.fault import Fault, Object, conflict, missing, one_of

_GROUP = "rbac.authorization.k8s.io"
_ROLE = one_of("Role", "ClusterRole")
_CLUSTER_ROLE = one_of("ClusterRole")
_SUBJECT = one_of("ServiceAccount", "User", "Group")


def role(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a Role or ClusterRole."""
    for index, rule in enumerate(made.get("rules") or ()):
        for fault in _rule(rule, made["kind"]):
            yield fault.at("rules", index)


def _rule(rule: Object, kind: str) -> Iterator[Fault]:
    if not rule.get("verbs"):
        yield missing("verbs", "the rule allows nothing")
    if rule.get("nonResourceURLs"):
        if kind == "Role":
            message = "a Role is for resources of a namespace, not for other URLs"
            yield conflict(("nonResourceURLs",), message, "describe a ClusterRole")
        if any(rule.get(name) for name in ("apiGroups", "resources", "resourceNames")):
            message = "a rule is for resources or for other URLs, not both"
            yield conflict(("nonResourceURLs",), message, "make it a rule of its own")
        return
    for name in ("apiGroups", "resources"):
        if not rule.get(name):
            hint = 'set apiGroups: [""] for the core' if name == "apiGroups" else None
            yield missing(name, f"the rule names no {name}", hint)


def binding(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a RoleBinding or ClusterRoleBinding."""
    named, is_inside = made.get("roleRef") or {}, made["kind"] == "RoleBinding"
    judge = _ROLE if is_inside else _CLUSTER_ROLE
    yield from (fault.at("roleRef", "kind") for fault in judge(named.get("kind") or ""))
    if named.get("apiGroup") not in (None, "", _GROUP):
        message = f"a role is of the group {_GROUP}, not {named['apiGroup']!r}"
        yield Fault("invalid-value", ("roleRef", "apiGroup"), message, f"write {_GROUP}")
    for index, subject in enumerate(made.get("subjects") or ()):
        for fault in _subject(subject, needs_namespace=not is_inside):
            yield fault.at("subjects", index)


def _subject(subject: Object, *, needs_namespace: bool) -> Iterator[Fault]:
    kind, group = subject.get("kind") or "", subject.get("apiGroup")
    yield from (fault.at("kind") for fault in _SUBJECT(kind))
    if kind == "ServiceAccount":
        if group:
            message = f"a ServiceAccount is of the core group, not {group!r}"
            yield Fault("invalid-value", ("apiGroup",), message, "remove it")
        if needs_namespace and not subject.get("namespace"):
            yield missing("namespace", f"the account {subject.get('name')!r} has no namespace")
    elif kind in ("User", "Group") and group not in (None, "", _GROUP):
        message = f"a {kind} is of the group {_GROUP}, not {group!r}"
        yield Fault("invalid-value", ("apiGroup",), message, f"write {_GROUP}")
