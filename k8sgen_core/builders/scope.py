"""What is in no namespace."""

from __future__ import annotations

from typing import Self

from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.recording import recorded
from k8sgen_core.grammar import ArgumentError


class ClusterWide(Builder):
    """A resource of the whole cluster."""

    @recorded
    def namespace(self, name: str) -> Self:
        """
        Not for kinds of the whole cluster, which are in no namespace.

        Args:
            name: See other resources.

        Raises:
            ArgumentError: ``setting-not-supported``, always.
        """
        del name
        message = f"a {type(self).__name__} belongs to the whole cluster and is in no namespace"
        raise ArgumentError("setting-not-supported", message, "leave the call out")
