"""What roles allow, and whom they are given to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from k8sgen_core.rules.cluster import Cluster, fits
from k8sgen_core.rules.manifest import Manifest, Path, items, mapping, texts
from k8sgen_core.rules.rule import Flaw, rule

ROLES = ("Role", "ClusterRole")
BINDINGS = ("RoleBinding", "ClusterRoleBinding")
_GROUP = "rbac.authorization.k8s.io"
# What creates pods, whoever runs them, by API group.
_WORKLOADS = {
    "": ("pods", "replicationcontrollers"),
    "apps": ("deployments", "statefulsets", "replicasets", "daemonsets"),
    "batch": ("jobs", "cronjobs"),
}
_ANONYMOUS = ("system:anonymous", "system:unauthenticated")
_PUBLIC = "system:public-info-viewer"
_EVERYTHING = "everything"


class _Grant(NamedTuple):
    """What a rule of a role allows: where it names the resource, and by which verbs."""

    path: Path
    name: str
    verbs: Sequence[str]


class _Access(NamedTuple):
    """Verbs on resources of one API group."""

    group: str
    resources: Sequence[str]
    verbs: Sequence[str]


_SECRETS = _Access("", ("secrets",), ("get", "list", "watch", "create", "delete"))
_PODS = tuple(_Access(group, names, ("create",)) for group, names in _WORKLOADS.items())
_EXEC = _Access("", ("pods/exec", "pods/attach"), ("create", "get"))
_PROXY = _Access("", ("nodes/proxy",), ("create", "get"))
_TOKENS = _Access("", ("serviceaccounts/token",), ("create",))
_ESCALATING = (
    _Access(_GROUP, ("roles", "clusterroles"), ("escalate", "bind")),
    _Access("", ("users", "groups", "serviceaccounts"), ("impersonate",)),
)


@rule("cluster-admin-role-binding", on=Manifest, kinds=BINDINGS)
def cluster_admin_role_binding(binding: Manifest) -> Iterator[Flaw]:
    """Flag who may do everything."""
    role = mapping(binding.value, "roleRef")
    if role.get("kind") != "ClusterRole" or role.get("name") != "cluster-admin":
        return
    where = "" if binding.kind == "ClusterRoleBinding" else f" in {binding.namespace!r}"
    yield Flaw(
        ("roleRef", "name"),
        f"{_subjects(binding)} may do everything{where}",
        "bind a role that allows only what is needed",
    )


@rule("wildcard-in-rules", on=Manifest, kinds=ROLES)
def wildcard_in_rules(role: Manifest) -> Iterator[Flaw]:
    """Flag roles that allow what nobody has thought of."""
    for number, each in items(role.value, "rules"):
        for field, what in (
            ("apiGroups", "API group"),
            ("resources", "resource"),
            ("verbs", "verb"),
        ):
            for index, name in texts(each, field):
                if name == "*":
                    yield Flaw(
                        ("rules", number, field, index),
                        f"{role.title} allows every {what}",
                        "name those that are needed",
                    )


@rule("access-to-secrets", on=Manifest, kinds=BINDINGS)
def access_to_secrets(binding: Manifest) -> Iterator[Flaw]:
    """Flag who may read Secrets, or replace them."""
    for role in _bound(binding):
        granted = _granted(role, _SECRETS, wildcard=True)
        verbs = dict.fromkeys(verb for each in granted for verb in each.verbs)
        if verbs:
            yield Flaw(
                ("roleRef", "name"),
                f"{_subjects(binding)} may {', '.join(verbs)} Secrets by {role.title}",
                "mount the Secrets that are needed, or restrict the role to their names",
            )


@rule("access-to-create-pods", on=Manifest, kinds=BINDINGS)
def access_to_create_pods(binding: Manifest) -> Iterator[Flaw]:
    """Flag who may run anything, as any service account of the namespace."""
    for role in _bound(binding):
        granted = _granted(role, *_PODS, wildcard=True)
        made = dict.fromkeys(_EVERYTHING if each.name == "*" else each.name for each in granted)
        if made:
            yield Flaw(
                ("roleRef", "name"),
                f"{_subjects(binding)} may create {', '.join(made)} by {role.title}",
                "take the verb create out of the role where nobody needs it",
            )


@rule("access-to-exec-pods", on=Manifest, kinds=(*ROLES, *BINDINGS))
def access_to_exec_pods(manifest: Manifest) -> Iterator[Flaw]:
    """Flag who may run commands in any pod."""
    hint = "take pods/exec and pods/attach out of the role, or name the pods"
    if manifest.kind in ROLES:
        for each in _granted(manifest, _EXEC):
            yield Flaw(each.path, f"{manifest.title} allows {each.name} in every pod", hint)
        return
    for role in _bound(manifest):
        if any(True for _ in _granted(role, _EXEC)):
            message = f"{_subjects(manifest)} may run commands in every pod by {role.title}"
            yield Flaw(("roleRef", "name"), message, hint)


@rule("escalating-verbs", on=Manifest, kinds=ROLES)
def escalating_verbs(role: Manifest) -> Iterator[Flaw]:
    """Flag roles by which one can gain any other role."""
    for number, each in items(role.value, "rules"):
        for access in _ESCALATING:
            if _is_in(access.group, each) and not _texts_of(each, "resourceNames"):
                yield from _escalating(role, number, each, access)


def _escalating(
    role: Manifest, number: int, each: Mapping[str, Any], access: _Access
) -> Iterator[Flaw]:
    on = sorted(_texts_of(each, "resources") & {*access.resources, "*"})
    for index, verb in texts(each, "verbs"):
        if on and verb in access.verbs:
            yield Flaw(
                ("rules", number, "verbs", index),
                f"{role.title} allows {verb} on {', '.join(on)}",
                "remove the verb, or name the objects in resourceNames",
            )


@rule("access-to-node-proxy", on=Manifest, kinds=ROLES)
def access_to_node_proxy(role: Manifest) -> Iterator[Flaw]:
    """Flag roles by which one can run commands in every pod of a node, past the API server."""
    for each in _granted(role, _PROXY):
        hint = "use nodes/metrics, nodes/stats, nodes/log or nodes/healthz"
        message = f"{role.title} allows {each.name}, which is all that the kubelet can do"
        yield Flaw(each.path, message, hint)


@rule("access-to-create-tokens", on=Manifest, kinds=ROLES)
def access_to_create_tokens(role: Manifest) -> Iterator[Flaw]:
    """Flag roles by which one can become any service account."""
    for each in _granted(role, _TOKENS):
        message = f"{role.title} allows {each.name} for every service account"
        yield Flaw(each.path, message, "name the service accounts in resourceNames")


@rule("anonymous-subjects", on=Manifest, kinds=BINDINGS)
def anonymous_subjects(binding: Manifest) -> Iterator[Flaw]:
    """Flag what is given to those who have not said who they are."""
    role = mapping(binding.value, "roleRef").get("name")
    for index, subject in items(binding.value, "subjects"):
        name = subject.get("name")
        if name in _ANONYMOUS and role != _PUBLIC:
            yield Flaw(
                ("subjects", index, "name"),
                f"everybody has the role {role!r}: {name} is who has not authenticated",
                "bind it to users, groups or service accounts that are known",
            )


def _granted(role: Manifest, *wanted: _Access, wildcard: bool = False) -> Iterator[_Grant]:
    """
    Yield what a role allows of what is wanted.

    Rules for named objects do not count, and those for every resource only with ``wildcard``:
    in roles they are found by themselves.
    """
    for number, each in items(role.value, "rules"):
        if _texts_of(each, "resourceNames"):
            continue
        for access in wanted:
            verbs = _allowed(each, access)
            for index, name in texts(each, "resources") if verbs else ():
                if name in access.resources or (wildcard and name == "*"):
                    yield _Grant(("rules", number, "resources", index), name, verbs)


def _allowed(rule: Mapping[str, Any], access: _Access) -> Sequence[str]:
    """Return the verbs of an access that a rule allows, on whatever resources it names."""
    if not _is_in(access.group, rule):
        return ()
    given = _texts_of(rule, "verbs")
    return [verb for verb in access.verbs if "*" in given or verb in given]


def _is_in(group: str, rule: Mapping[str, Any]) -> bool:
    given = _texts_of(rule, "apiGroups")
    return group in given or "*" in given


def _texts_of(value: Mapping[str, Any], field: str) -> set[str]:
    """Return the texts of a list, as a set."""
    return {each for _, each in texts(value, field)}


def _bound(binding: Manifest) -> Iterator[Manifest]:
    """Yield the role of a binding, if it is described, and those that are aggregated into it."""
    reference = mapping(binding.value, "roleRef")
    kind, name = reference.get("kind"), reference.get("name")
    if kind not in ROLES or not isinstance(name, str):
        return
    cluster = binding.cluster
    if kind == "Role":
        role = cluster.named(kind, name, binding.namespace)
        yield from () if role is None else (role,)
        return
    for role in cluster.once(_cluster_roles).get(name, ()):
        yield role
        for _, selector in items(role.value, "aggregationRule", "clusterRoleSelectors"):
            aggregated = cluster.by_kind.get("ClusterRole", ())
            yield from (each for each in aggregated if _selects(selector, each))


def _cluster_roles(cluster: Cluster) -> Mapping[str, Sequence[Manifest]]:
    found: dict[str, list[Manifest]] = {}
    for each in cluster.by_kind.get("ClusterRole", ()):
        found.setdefault(each.name, []).append(each)
    return found


def _selects(selector: Mapping[str, Any], role: Manifest) -> bool:
    labels = mapping(selector, "matchLabels")
    told = all(role.labels.get(key) == value for key, value in labels.items())
    return told and all(fits(role.labels, one) for _, one in items(selector, "matchExpressions"))


def _subjects(binding: Manifest) -> str:
    """Return whom a role is given to, as a text."""
    named = [
        f"{each.get('kind')}/{each.get('name')}" for _, each in items(binding.value, "subjects")
    ]
    return ", ".join(named) or "nobody yet"
