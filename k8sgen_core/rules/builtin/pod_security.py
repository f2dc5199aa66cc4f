"""The Pod Security Standards: what their levels forbid, in each version of Kubernetes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from k8sgen_core.rules.manifest import Container
from k8sgen_core.rules.rule import Flaw, rule


def of_level(level: str) -> Sequence[str]:
    """Return the ids of the rules that make up a level."""
    return () if level == "privileged" else ("privileged-container",)


@rule("privileged-container", on=Container)
def privileged_container(container: Container) -> Iterator[Flaw]:
    """Flag containers that can do whatever the node can."""
    if container.security.get("privileged"):
        yield Flaw(
            ("securityContext", "privileged"),
            f"the container {container.name!r} is privileged",
            "leave it out, and add the one capability that is needed",
        )
