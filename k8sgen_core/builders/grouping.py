"""What holds other resources: AppGroup and Namespace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from k8sgen_core.builders.arguments import mistyped
from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.recording import recorded
from k8sgen_core.builders.scope import ClusterWide
from k8sgen_core.builders.workload import Companion
from k8sgen_core.grammar import ArgumentError, names
from k8sgen_core.model import Group
from k8sgen_core.model import Namespace as NamespaceModel


class AppGroup(Builder):
    """
    Resources that belong together.

    Its members get the label ``app.kubernetes.io/part-of``, and its namespace, labels and
    annotations where they have none of their own.

    Args:
        name: At most 63 lower-case letters, digits and ``-``.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _model = Group
    _holds = ("members",)

    @recorded
    def __init__(self, name: str) -> None:
        self._start(name, names.label_name)

    @recorded
    def add(self, *members: Builder) -> Self:
        """
        Add members; their settings for environments go with them.

        Raises:
            ArgumentError: ``wrong-type``, also for what ``for_environment`` returns;
                ``conflicting-settings`` for what would be a member of itself.
        """
        for member in members:
            if not isinstance(member, Builder) or isinstance(member, Companion):
                raise mistyped(member, "a member", 'a resource such as App("web")')
            self._append("members", self._hold(member))
        return self

    @recorded
    def override(self, patch: Mapping[str, Any], kind: str | None = None) -> Self:
        """
        Not for groups, which have no object of their own: override the member's.

        Args:
            patch: See the member's ``override``.
            kind: See there.

        Raises:
            ArgumentError: ``invalid-override``, always.
        """
        del patch, kind
        raise ArgumentError(
            "invalid-override", "a group has no object of its own", "override the member's"
        )


class Namespace(ClusterWide):
    """
    A namespace.

    Kubernetes: Namespace (v1).

    Args:
        name: At most 63 lower-case letters, digits and ``-``.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _model = NamespaceModel

    @recorded
    def __init__(self, name: str) -> None:
        self._start(name, names.label_name)
