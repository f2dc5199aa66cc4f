"""Storage that outlives pods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from k8sgen_core.builders.arguments import checked, one_of, refusal
from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.recording import recorded
from k8sgen_core.grammar import names, quantity
from k8sgen_core.model import Claim

ACCESS_MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")


class PersistentVolumeClaim(Builder):
    """
    A claim for storage, mounted with ``app.volumes({"/data": claim})``.

    Kubernetes: PersistentVolumeClaim (v1).

    Args:
        name: The claim's name: at most 253 lower-case letters, digits, ``-`` and ``.``.
    """

    _model = Claim

    @recorded
    def storage(self, size: str | int) -> Self:
        """
        Ask for this much storage, e.g. ``"10Gi"``.

        Kubernetes: ``spec.resources.requests.storage``.

        Raises:
            ArgumentError: ``invalid-quantity``.
        """
        return self._set(size=checked(quantity.storage, size))

    @recorded
    def storage_class(self, name: str) -> Self:
        """
        Ask for this class of storage; default: the cluster's default class.

        Kubernetes: ``spec.storageClassName``.

        Raises:
            ArgumentError: ``invalid-name``.
        """
        return self._set(storage_class=checked(storage_class, name))

    @recorded
    def access_modes(self, *modes: str | Sequence[str]) -> Self:
        """
        Say how nodes may mount it.

        ``ReadWriteOnce`` (default), ``ReadOnlyMany``, ``ReadWriteMany``,
        ``ReadWriteOncePod``. Kubernetes: ``spec.accessModes``.

        Raises:
            ArgumentError: ``invalid-value``.
        """
        return self._set(access_modes=checked_modes(modes))


def checked_modes(modes: Any) -> tuple[str, ...]:
    """Return access modes, given as one list or as several arguments."""
    if len(modes) == 1 and isinstance(modes[0], list | tuple):
        modes = modes[0]
    if not modes:
        hint = f"use one of {', '.join(ACCESS_MODES)}"
        raise refusal(modes, "invalid-value", "storage without an access mode is of no use", hint)
    return tuple(checked(one_of, mode, ACCESS_MODES, "access mode") for mode in modes)


def storage_class(value: object) -> str:
    """Return the name of a storage class; the empty name keeps the default class away."""
    return names.subdomain(value, "the storage class") if value != "" else ""
