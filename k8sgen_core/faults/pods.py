"""What an API server refuses of pods, though their schema allows it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence

from k8sgen_core.faults.containers import PROBES, container_faults, ending_faults
from k8sgen_core.faults.fault import (
    NONE,
    Fault,
    Object,
    between,
    conflict,
    each,
    fields,
    one_of,
    spelled,
    values,
)
from k8sgen_core.faults.probes import GRACE
from k8sgen_core.faults.scheduling import scheduling_faults
from k8sgen_core.faults.security import pod_security
from k8sgen_core.faults.volumes import volume_faults
from k8sgen_core.faults.words import object_name, qualified_name, quantity, short_name
from k8sgen_core.grammar import shown
from k8sgen_core.grammar.names import subdomain

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
_MOST_NAMESERVERS = 3
_CLAIM: Object = {"persistentVolumeClaim": {}}


def pod_faults(pod: Object, minor: int, claims: Sequence[str] = ()) -> Iterator[Fault]:
    """Yield what is refused of the spec of a pod; ``claims`` are volumes that its maker adds."""
    if not pod.get("containers"):
        yield Fault("missing-setting", ("containers",), "the pod has no container")
    yield from _POD(pod)
    for fault in volume_faults(pod.get("volumes") or ()):
        yield fault.at("volumes")
    yield from scheduling_faults(pod, minor)
    yield from _shared_names(pod)
    yield from _of_containers(pod, minor, claims)
    yield from _host(pod, minor)
    yield from _name_service(pod)


def _of_containers(pod: Object, minor: int, claims: Sequence[str]) -> Iterator[Fault]:
    volumes: Mapping[str, Object] = {
        **{volume["name"]: volume for volume in pod.get("volumes") or () if "name" in volume},
        **dict.fromkeys(claims, _CLAIM),
    }
    grace = pod.get("terminationGracePeriodSeconds")
    for path, container in _containers(pod):
        found = [*container_faults(container, minor, volumes)]
        found += _restarting(path[0], container, minor)
        if path[0] == "containers" or container.get("restartPolicy") == "Always":
            found += ending_faults(container, GRACE if grace is None else grace, minor)
        yield from (fault.at(*path) for fault in found)


def _containers(pod: Object) -> Iterator[tuple[tuple[str, int], Object]]:
    for field in CONTAINERS:
        for index, container in enumerate(pod.get(field) or ()):
            yield (field, index), container


def _shared_names(pod: Object) -> Iterator[Fault]:
    seen = set()
    for path, container in _containers(pod):
        name = container.get("name")
        if name in seen:
            message = f"two containers of the pod are named {name}"
            yield Fault("duplicate-item", (*path, "name"), message, "rename one of them")
        seen.add(name)


_RESTARTING = one_of("Always", "OnFailure", "Never")
_ALWAYS = one_of("Always")


def _restarting(field: str, container: Object, minor: int) -> Iterator[Fault]:
    """Yield what is wrong with how a single container is restarted."""
    policy = container.get("restartPolicy")
    if field == "initContainers" and policy != "Always":
        for name in (*PROBES, "lifecycle"):
            if container.get(name) is not None:
                message = f"an init container has no {name}, unless it goes on running"
                yield conflict((name,), message, "set restartPolicy: Always, or remove it")
    if policy is None or field == "ephemeralContainers":
        return
    if field == "containers" and minor < 34:
        message = f"in Kubernetes 1.{minor} only init containers have a restart policy of their own"
        yield Fault("setting-not-supported", ("restartPolicy",), message, "set that of the pod")
    else:
        judge = _RESTARTING if minor >= 34 else _ALWAYS
        yield from (fault.at("restartPolicy") for fault in judge(policy))


def _host(pod: Object, minor: int) -> Iterator[Fault]:
    """Yield what sharing the namespaces of the host excludes."""
    if pod.get("hostPID") and pod.get("shareProcessNamespace"):
        message = "hostPID and shareProcessNamespace exclude each other"
        yield conflict(("shareProcessNamespace",), message, "leave only one of them")
    if pod.get("hostUsers") is False:
        for name in ("hostPID", "hostIPC", *(("hostNetwork",) if minor < 35 else ())):
            if pod.get(name):
                yield conflict((name,), f"hostUsers: false and {name} exclude each other")
    taken: set[tuple[object, ...]] = set()
    for index, container in enumerate(pod.get("containers") or ()):
        for number, port in enumerate(container.get("ports") or ()):
            for fault in _host_port(port, bool(pod.get("hostNetwork")), taken):
                yield fault.at("containers", index, "ports", number, "hostPort")


def _host_port(port: Object, on_host: bool, taken: set[tuple[object, ...]]) -> Iterator[Fault]:
    wanted = port.get("hostPort")
    if not wanted:
        return
    if on_host and wanted != port.get("containerPort"):
        message = f"with hostNetwork the host port is that of the container, not {wanted}"
        yield conflict((), message, "remove hostPort")
    key = (port.get("protocol") or "TCP", port.get("hostIP") or "", wanted)
    if key in taken:
        message = f"two containers of the pod take the port {wanted}/{key[0]} of the host"
        yield Fault("duplicate-port", (), message, "give one of them another port")
    taken.add(key)


def _name_service(pod: Object) -> Iterator[Fault]:
    config = pod.get("dnsConfig") or {}
    servers = config.get("nameservers") or ()
    if pod.get("dnsPolicy") == "None" and not servers:
        message = "dnsPolicy: None needs dnsConfig.nameservers"
        yield Fault("missing-setting", ("dnsPolicy",), message, "name a server, or drop the policy")
    if len(servers) > _MOST_NAMESERVERS:
        message = f"{len(servers)} name servers are more than {_MOST_NAMESERVERS}"
        yield Fault("invalid-value", ("dnsConfig", "nameservers"), message, "remove some")


def _address(value: str) -> Sequence[Fault]:
    try:
        ipaddress.ip_address(re.sub(r"(?<![0-9a-fA-F:])0+(?=[0-9])", "", value))
    except ValueError:
        return [Fault("invalid-value", (), f"{shown(value)} is no IP address")]
    return NONE


def _host_name(value: str) -> Sequence[Fault]:
    return spelled(lambda name: subdomain(name, "a host name"))(value)


def _optional_short(value: str) -> Sequence[Fault]:
    return short_name(value) if value else NONE


_POD = fields(
    {
        "restartPolicy": _RESTARTING,
        "dnsPolicy": one_of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
        "preemptionPolicy": one_of("PreemptLowerPriority", "Never"),
        "activeDeadlineSeconds": between(1, 2**31 - 1),
        "hostname": _optional_short,
        "subdomain": _optional_short,
        "serviceAccountName": object_name,
        "nodeName": object_name,
        "priorityClassName": object_name,
        "runtimeClassName": object_name,
        "securityContext": pod_security,
        "os": fields({"name": one_of("linux", "windows")}),
        "overhead": values(quantity),
        "dnsConfig": fields({"nameservers": each(_address)}),
        "hostAliases": each(fields({"ip": _address, "hostnames": each(_host_name)})),
        "readinessGates": each(fields({"conditionType": qualified_name})),
    }
)
