"""What an API server refuses of pods, though their schema allows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar.quantity import amount

# How long a pod may take to stop where nothing is said.
_GRACE = 30


class Fault(NamedTuple):
    """A place in an object that is refused."""

    rule: str
    path: tuple[str | int, ...]
    message: str
    hint: str | None = None

    def at(self, *before: str | int) -> Fault:
        """Return the fault as one of what is around it."""
        return self._replace(path=(*before, *self.path))


def pod_faults(pod: Mapping[str, Any], version: str) -> Iterator[Fault]:
    """Yield what is refused of the spec of a pod."""
    if not pod.get("containers"):
        yield Fault("missing-setting", ("containers",), "the pod has no container")
    yield from _shared_names(pod)
    grace = pod.get("terminationGracePeriodSeconds")
    for path, container in containers_of(pod):
        for fault in _container(container, _GRACE if grace is None else grace, version):
            yield fault.at(*path)
    for index, toleration in enumerate(pod.get("tolerations") or ()):
        if "tolerationSeconds" in toleration and toleration.get("effect") != "NoExecute":
            yield Fault(
                "conflicting-settings",
                ("tolerations", index, "tolerationSeconds"),
                "only a NoExecute taint is tolerated for a time",
                'pass effect="NoExecute"',
            )


def containers_of(pod: Mapping[str, Any]) -> Iterator[tuple[tuple[str, int], Mapping[str, Any]]]:
    """Yield the containers of a pod, and where each is."""
    for field in ("containers", "initContainers"):
        for index, container in enumerate(pod.get(field) or ()):
            yield (field, index), container


def _shared_names(pod: Mapping[str, Any]) -> Iterator[Fault]:
    seen = set()
    for path, container in containers_of(pod):
        name = container.get("name")
        if name in seen:
            yield Fault(
                "conflicting-settings",
                (*path, "name"),
                f"two containers of the pod are named {name}",
                "rename one of them",
            )
        seen.add(name)


def _container(container: Mapping[str, Any], grace: int, version: str) -> Iterator[Fault]:
    if not container.get("image"):
        yield Fault(
            "missing-image", ("name",), f"the container {container.get('name')} has no image"
        )
    yield from chain(
        _probes(container),
        _hooks(container.get("lifecycle") or {}, grace, version),
        _resources(container.get("resources") or {}),
        _privileges(container.get("securityContext") or {}),
    )


def _probes(container: Mapping[str, Any]) -> Iterator[Fault]:
    for kind in ("livenessProbe", "startupProbe"):
        threshold = (container.get(kind) or {}).get("successThreshold")
        if threshold not in (None, 1):
            yield Fault(
                "invalid-value",
                (kind, "successThreshold"),
                f"the success threshold of a {kind} is 1, not {threshold}",
                "leave it out: only a readiness probe can have another",
            )
    if (container.get("readinessProbe") or {}).get("terminationGracePeriodSeconds") is not None:
        yield Fault(
            "conflicting-settings",
            ("readinessProbe", "terminationGracePeriodSeconds"),
            "a readiness probe ends no container, and so has no grace period",
            "set it on the liveness or startup probe",
        )


def _hooks(hooks: Mapping[str, Any], grace: int, version: str) -> Iterator[Fault]:
    for name, hook in hooks.items():
        seconds = ((hook or {}).get("sleep") or {}).get("seconds")
        if seconds is None:
            continue
        for fault in _sleep(seconds, grace, int(version.partition(".")[2])):
            yield fault.at("lifecycle", name, "sleep", "seconds")


def _sleep(seconds: int, grace: int, minor: int) -> Iterator[Fault]:
    command = 'run a command, for example ["sleep", "5"]'
    if minor < 30:
        message = f"Kubernetes 1.{minor} cannot sleep in a hook unless its cluster enables it"
        yield Fault("setting-not-supported", (), message, command)
    elif seconds == 0 and minor < 33:
        message = f"Kubernetes 1.{minor} refuses a hook that sleeps 0 seconds"
        yield Fault("setting-not-supported", (), message, "leave it out")
    if seconds and seconds >= grace:
        yield Fault(
            "conflicting-settings",
            (),
            f"the hook sleeps {seconds} s, and the pod has {grace} s to stop",
            f'call .lifecycle(termination_grace_period="{seconds + _GRACE}s")',
        )


def _resources(resources: Mapping[str, Any]) -> Iterator[Fault]:
    limits = resources.get("limits") or {}
    for name, wanted in (resources.get("requests") or {}).items():
        if name in limits and _is_more(wanted, limits[name]):
            yield Fault(
                "conflicting-settings",
                ("requests", name),
                f"the container asks for {wanted} of {name}, and may use {limits[name]}",
                "raise the limit, or ask for less",
            ).at("resources")


def _is_more(wanted: object, limit: object) -> bool:
    try:
        return amount(wanted) > amount(limit)
    except ArgumentError:
        return False


def _privileges(context: Mapping[str, Any]) -> Iterator[Fault]:
    if context.get("allowPrivilegeEscalation") is not False:
        return
    added: Sequence[str] = (context.get("capabilities") or {}).get("add") or ()
    for what, has in (
        ("privileged: true", context.get("privileged")),
        ("the capability SYS_ADMIN", not {"SYS_ADMIN", "CAP_SYS_ADMIN"}.isdisjoint(added)),
    ):
        if has:
            yield Fault(
                "conflicting-settings",
                ("securityContext", "allowPrivilegeEscalation"),
                f"allowPrivilegeEscalation: false and {what} exclude each other",
                "leave one of them out",
            )
