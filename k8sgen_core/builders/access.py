"""Who may do what: service accounts, roles, and who has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from k8sgen_core.builders.arguments import checked, mistyped, optional, refusal, texts
from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.recording import recorded
from k8sgen_core.builders.scope import ClusterWide
from k8sgen_core.carriers import all_of, because
from k8sgen_core.grammar import names
from k8sgen_core.model import Role as RoleModel
from k8sgen_core.model import RoleBinding as RoleBindingModel
from k8sgen_core.model import ServiceAccount as ServiceAccountModel
from k8sgen_core.parts import Permission, Subject


class ServiceAccount(Builder):
    """
    An identity for pods, given with ``app.service_account(account)``.

    Kubernetes: ServiceAccount (v1).

    Args:
        name: At most 253 lower-case letters, digits, ``-`` and ``.``.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _model = ServiceAccountModel

    @recorded
    def automount_token(self, mounted: bool = True) -> Self:
        """
        Say whether pods get the account's token; each workload decides for itself.

        Kubernetes: ``automountServiceAccountToken``.
        """
        return self._set(automount=because(self._cause, mounted))


class Role(Builder):
    """
    What may be done in one namespace.

    Kubernetes: Role (rbac.authorization.k8s.io/v1).

    Args:
        name: For example ``"config-reader"``: any text without ``/`` and ``%``.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _model = RoleModel

    @recorded
    def __init__(self, name: str) -> None:
        self._start(name, names.path_segment)

    @recorded
    def allow(
        self,
        verbs: str | Sequence[str],
        resources: str | Sequence[str],
        *,
        groups: str | Sequence[str] = "",
        names: str | Sequence[str] = (),
    ) -> Self:
        """
        Allow verbs on resources; call again for each further rule.

        Args:
            verbs: ``get``, ``list``, ``watch``, ``create``, ``update``, ``patch``,
                ``delete``, ``deletecollection``, ...
            resources: Plural names: ``configmaps``, ``pods/log``.
            groups: API groups; default ``""``, the core group.
            names: Only the objects of these names; default: all.

        Raises:
            ArgumentError: ``invalid-value``, ``wrong-type``.
        """
        for what, given in (("verb", verbs), ("resource", resources), ("API group", groups)):
            if isinstance(given, list | tuple) and not given:
                raise refusal(given, "invalid-value", f"a rule without a {what} allows nothing")
        return self._append(
            "permissions",
            Permission(
                groups=_list(groups, "an API group"),
                resources=_list(resources, "a resource"),
                verbs=_list(verbs, "a verb"),
                names=_list(names, "a name"),
                origin=self._origin,
            ),
        )


class ClusterRole(ClusterWide, Role):
    """
    What may be done in the whole cluster.

    Kubernetes: ClusterRole (rbac.authorization.k8s.io/v1).

    Args:
        name: For example ``"acme:node-reader"``: any text without ``/`` and ``%``.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _constants: ClassVar[Mapping[str, object]] = {"cluster": True}


class RoleBinding(Builder):
    """
    Gives a role to somebody, in one namespace.

    Kubernetes: RoleBinding (rbac.authorization.k8s.io/v1).

    Args:
        name: For example ``"web-reads-config"``: any text without ``/`` and ``%``.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _model = RoleBindingModel
    _refers = ("subjects",)

    @recorded
    def __init__(self, name: str) -> None:
        self._start(name, names.path_segment)

    @recorded
    def role(self, role: Role | str, *, cluster: bool | None = None) -> Self:
        """
        Give this role: a ``Role`` or ``ClusterRole``, or the name of one that exists.

        Args:
            role: The role or its name: any text without ``/`` and ``%``.
            cluster: Is the name that of a ClusterRole? Default: no in a RoleBinding, yes
                in a ClusterRoleBinding.

        Raises:
            ArgumentError: ``invalid-name``, ``wrong-type``.
        """
        is_cluster = self._constants.get("cluster", False) if cluster is None else cluster
        if self._constants.get("cluster") and type(role) is Role:
            raise mistyped(role, "the role", "a ClusterRole: a Role counts in one namespace only")
        if isinstance(role, Role):
            is_cluster = isinstance(role, ClusterRole)
            name = because(self._cause, role._draft["name"])
        else:
            name = checked(names.path_segment, role, "the role")
        kind = "ClusterRole" if is_cluster else "Role"
        return self._set(role=name, role_kind=because(all_of(self._cause, cluster), kind))

    @recorded
    def to_service_account(
        self, account: ServiceAccount | str, namespace: str | None = None
    ) -> Self:
        """
        Give it to a service account.

        Args:
            account: The account or its name.
            namespace: The account's namespace; default: the one in which it is described,
                else that of the binding, which a ClusterRoleBinding has from its group alone.

        Raises:
            ArgumentError: ``invalid-name``.
        """
        namespace = optional(names.label_name, namespace, "the namespace")
        if isinstance(account, ServiceAccount):
            name = because(self._cause, account._draft["name"])
        else:
            name = checked(names.subdomain, account, "the service account")
        return self._append(
            "subjects",
            Subject(
                kind="ServiceAccount",
                name=name,
                namespace=namespace,
                account=account if isinstance(account, ServiceAccount) else None,  # type: ignore[arg-type]
                origin=self._origin,
            ),
        )

    @recorded
    def to_user(self, name: str) -> Self:
        """
        Give it to a user, under the name that the cluster's authentication knows.

        Raises:
            ArgumentError: ``invalid-name``, ``wrong-type``.
        """
        named = checked(names.subject, name, "the user", "jane@example.com")
        return self._append("subjects", Subject(kind="User", name=named, origin=self._origin))

    @recorded
    def to_group(self, name: str) -> Self:
        """
        Give it to a group, under the name that the cluster's authentication knows.

        Raises:
            ArgumentError: ``invalid-name``, ``wrong-type``.
        """
        named = checked(names.subject, name, "the group", "developers")
        return self._append("subjects", Subject(kind="Group", name=named, origin=self._origin))


class ClusterRoleBinding(ClusterWide, RoleBinding):
    """
    Gives a ClusterRole to somebody, in the whole cluster.

    Kubernetes: ClusterRoleBinding (rbac.authorization.k8s.io/v1).

    Args:
        name: For example ``"monitoring-reads-nodes"``: any text without ``/`` and ``%``.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _constants: ClassVar[Mapping[str, object]] = {"cluster": True}


def _list(value: Any, what: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        raise mistyped(value, what, "text, or a list of texts")
    return texts([value], what)
