"""The remaining kinds: settings, secrets, claims, access, and objects as they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from k8sgen_core.carriers import because, like, plain, standing
from k8sgen_core.kubernetes.lowered import Lowering, Object
from k8sgen_core.kubernetes.metadata import header, metadata
from k8sgen_core.kubernetes.secret_values import reference_of
from k8sgen_core.model import (
    Claim,
    ConfigMap,
    CustomResource,
    Manifests,
    Namespace,
    Resource,
    Role,
    RoleBinding,
    Secret,
    ServiceAccount,
)
from k8sgen_core.parts import Permission, SecretValue, Subject
from k8sgen_core.secrets import SecretText
from k8sgen_core.sharing import laid_over

_RBAC = "rbac.authorization.k8s.io"


def config_map(_: Lowering, resource: ConfigMap) -> Object:
    """Return a ConfigMap."""
    return _with_data(resource, "ConfigMap", dict(resource.data))


def _with_data(resource: Resource, kind: str, data: Object) -> Object:
    made = header(kind, "v1", metadata(resource))
    return {**made, "data": data} if data else made


def secret(_: Lowering, resource: Secret) -> Object:
    """Return a Secret; its values are references."""
    made = header("Secret", "v1", metadata(resource))
    made["type"] = resource.type
    if resource.data:
        made["data"] = {key: _text(resource, key, v) for key, v in resource.data.items()}
    return made


def _text(resource: Secret, key: str, value: SecretValue) -> SecretText:
    return SecretText(reference_of(resource, key, value), value.origin, encoded=True)


def claim(lowering: Lowering, resource: Claim) -> Object:
    """Return a PersistentVolumeClaim."""
    spec: Object = standing({"accessModes": standing(list(resource.access_modes))})
    if resource.storage_class is not None:
        spec["storageClassName"] = resource.storage_class
    if resource.size is None:
        lowering.problem(
            "missing-setting",
            "".join((plain(resource.name), " does not say how much storage it claims")),
            resource.origin,
            'call .storage("10Gi")',
        )
    else:
        spec["resources"] = {"requests": {"storage": resource.size}}
    return header("PersistentVolumeClaim", "v1", metadata(resource), spec)


def service_account(_: Lowering, resource: ServiceAccount) -> Object:
    """Return a ServiceAccount."""
    made = header("ServiceAccount", "v1", metadata(resource))
    if resource.automount is not None:
        made["automountServiceAccountToken"] = resource.automount
    return made


def role(_: Lowering, resource: Role) -> Object:
    """Return a Role or ClusterRole."""
    kind = "ClusterRole" if resource.cluster else "Role"
    made = header(kind, "/".join((_RBAC, "v1")), metadata(resource))
    return {**made, "rules": [_rule(each) for each in resource.permissions]}


def _rule(permission: Permission) -> Object:
    made: Object = {
        "apiGroups": list(permission.groups),
        "resources": list(permission.resources),
    }
    if permission.names:
        made["resourceNames"] = list(permission.names)
    return because(permission, {**made, "verbs": list(permission.verbs)})


def role_binding(lowering: Lowering, resource: RoleBinding) -> Object:
    """Return a RoleBinding or ClusterRoleBinding."""
    kind = "ClusterRoleBinding" if resource.cluster else "RoleBinding"
    made = header(kind, "/".join((_RBAC, "v1")), metadata(resource))
    if resource.role is None:
        lowering.problem(
            "missing-setting",
            "".join((plain(resource.name), " does not say which role it gives")),
            resource.origin,
            "call .role(...)",
        )
    else:
        given = {"apiGroup": _RBAC, "kind": resource.role_kind, "name": resource.role}
        made["roleRef"] = because(resource.role_kind, given)
    if resource.subjects:
        made["subjects"] = [_subject(lowering, resource, each) for each in resource.subjects]
    return made


def _subject(lowering: Lowering, resource: RoleBinding, subject: Subject) -> Object:
    made: Object = {"kind": subject.kind, "name": subject.name}
    if subject.kind != "ServiceAccount":
        return because(subject, {**made, "apiGroup": _RBAC})
    namespace = subject.namespace
    if namespace is None and subject.account is not None:
        namespace = lowering.inheriting(subject.account(), resource.namespace).namespace
    namespace = namespace or resource.namespace
    if namespace is None:
        lowering.problem(
            "missing-setting",
            "".join((plain(resource.name), " does not say in which namespace the account is")),
            subject.origin,
            "pass namespace=" if resource.cluster else "pass namespace=, or call .namespace(...)",
        )
    else:
        made["namespace"] = namespace
    return because(subject, made)


def namespace(_: Lowering, resource: Namespace) -> Object:
    """Return a Namespace."""
    return header("Namespace", "v1", metadata(resource))


def custom_resource(_: Lowering, resource: CustomResource) -> Object:
    """Return a custom resource."""
    made = header(resource.kind, resource.api_version, metadata(resource))
    return {**made, **resource.fields}


def manifests(resource: Manifests) -> list[Object]:
    """Return the objects of existing files, with what was added to all of them."""
    elsewhere = frozenset(filter(None, map(_outside, resource.objects)))
    return [_added(resource, each, elsewhere) for each in resource.objects]


def _outside(found: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the group and kind that a definition says to be in no namespace."""
    spec = found.get("spec")
    if found["kind"] != "CustomResourceDefinition" or not isinstance(spec, Mapping):
        return None
    names = spec.get("names")
    kind = names.get("kind") if isinstance(names, Mapping) else None
    return (str(spec.get("group")), str(kind)) if spec.get("scope") == "Cluster" else None


def _added(
    resource: Manifests, found: Mapping[str, Any], elsewhere: Collection[tuple[str, str]]
) -> Object:
    meta = dict(found["metadata"])
    kind = (plain(found["apiVersion"]).rpartition("/")[0], plain(found["kind"]))
    if resource.namespace is not None and kind not in elsewhere:
        meta["namespace"] = resource.namespace
    for field, given in (("labels", resource.labels), ("annotations", resource.annotations)):
        if given:
            meta[field] = laid_over(meta.get(field) or {}, given)
    return like(found, {**found, "metadata": meta})
