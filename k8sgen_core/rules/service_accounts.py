"""Service accounts: as whom pods talk to the API server."""

from __future__ import annotations

from collections.abc import Iterator

from k8sgen_core.grammar import did_you_mean
from k8sgen_core.rules.cluster import Cluster
from k8sgen_core.rules.manifest import Manifest, Pod, items
from k8sgen_core.rules.rule import Flaw, rule

_OWN = "leave the token out with automountServiceAccountToken: false, or use an account of its own"

_MEANT = did_you_mean("serviceAccountName")


@rule("default-service-account", on=Pod)
def default_service_account(pod: Pod) -> Iterator[Flaw]:
    """Flag pods that have the token of the account that all pods share."""
    if _account(pod) == "default" and _is_mounted(pod):
        field = ("serviceAccountName",) if pod.spec.get("serviceAccountName") else ()
        yield Flaw(("spec", *field), "the pod has the token of the service account 'default'", _OWN)


@rule("automount-service-account-token", on=Pod)
def automount_service_account_token(pod: Pod) -> Iterator[Flaw]:
    """Flag pods that have the token of an account that is given no role, and do not ask for it."""
    name, account = _account(pod), _described(pod)
    if name == "default" or account is None or pod.spec.get("automountServiceAccountToken"):
        return
    if _is_mounted(pod) and (account.namespace, name) not in pod.manifest.cluster.once(_bound):
        yield Flaw(
            ("spec", _field(pod)),
            f"the pod has the token of the service account {name!r}, which may do nothing",
            "set automountServiceAccountToken to false, in the account or the pod",
        )


def _bound(cluster: Cluster) -> set[tuple[str, str]]:
    """Return the namespaces and names of the accounts that are given a role."""
    return {
        (str(subject.get("namespace") or binding.namespace), str(subject.get("name")))
        for kind in ("RoleBinding", "ClusterRoleBinding")
        for binding in cluster.by_kind.get(kind, ())
        for _, subject in items(binding.value, "subjects")
        if subject.get("kind") == "ServiceAccount"
    }


@rule("non-existent-service-account", on=Pod)
def non_existent_service_account(pod: Pod) -> Iterator[Flaw]:
    """Flag pods that are never created, because their account is not there."""
    name, namespace = _account(pod), pod.manifest.namespace
    if name != "default" and _described(pod) is None:
        yield Flaw(
            ("spec", _field(pod)),
            f"no ServiceAccount {name!r} is described in the namespace {namespace!r}",
            "describe it, or correct the name",
        )


@rule("deprecated-service-account-field", on=Pod)
def deprecated_service_account_field(pod: Pod) -> Iterator[Flaw]:
    """Flag the field that ``serviceAccountName`` replaces."""
    old, name = pod.spec.get("serviceAccount"), pod.spec.get("serviceAccountName")
    if old and old != name:
        message = f"the account {old!r} is given by serviceAccount, which is deprecated"
        hint = f"leave it out: serviceAccountName is {name!r}, and wins" if name else _MEANT
        yield Flaw(("spec", "serviceAccount"), message, hint)


def _field(pod: Pod) -> str:
    return "serviceAccountName" if pod.spec.get("serviceAccountName") else "serviceAccount"


def _account(pod: Pod) -> str:
    given = pod.spec.get("serviceAccountName") or pod.spec.get("serviceAccount")
    return given if isinstance(given, str) else "default"


def _described(pod: Pod) -> Manifest | None:
    manifest = pod.manifest
    return manifest.cluster.named("ServiceAccount", _account(pod), manifest.namespace)


def _is_mounted(pod: Pod) -> bool:
    """Is the token in the pod? The pod decides, else its account."""
    asked = pod.spec.get("automountServiceAccountToken")
    if asked is not None:
        return bool(asked)
    account = _described(pod)
    return account is None or account.value.get("automountServiceAccountToken") is not False
