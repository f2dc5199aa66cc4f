"""Storage that outlives pods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from k8sgen_core.builders.arguments import checked, mistyped
from k8sgen_core.builders.builder import Builder, recorded
from k8sgen_core.grammar import ArgumentError, names, quantity
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
        """
        return self._set(storage_class=checked(names.subdomain, name, "the storage class"))

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
    return tuple(checked(_mode, mode) for mode in modes)


def _mode(value: Any) -> str:
    if not isinstance(value, str):
        raise mistyped(value, "an access mode", f"one of {', '.join(ACCESS_MODES)}")
    if value not in ACCESS_MODES:
        raise ArgumentError(
            "invalid-value",
            f"{value!r} is not an access mode",
            f"use one of {', '.join(ACCESS_MODES)}",
        )
    return value
