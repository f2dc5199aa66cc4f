"""The methods behind a dot: what the resource still lacks first, what it has for good last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from k8sgen_core.formats import BUILT_IN, method_of
from k8sgen_lsp.completing.offer import Offer, Sort
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.described import Class, Member
from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.meanings import Instance

# What most resources of a class need, in the order in which it is usually written.
_WANTED = {
    "App": ("image", "port", "resources", "health_checks", "replicas"),
    "StatefulApp": ("image", "port", "storage", "resources", "health_checks", "replicas"),
    "DaemonSet": ("image", "resources"),
    "Job": ("image", "command", "resources"),
    "CronJob": ("schedule", "image", "command", "resources"),
    "Companion": ("image", "resources"),
    "ConfigMap": ("add",),
    "Secret": ("add", "generate_password"),
    "Service": ("selector", "add_port"),
    "Ingress": ("host", "path"),
    "NetworkPolicy": ("selector", "allow_from"),
    "Role": ("allow",),
    "ClusterRole": ("allow",),
    "RoleBinding": ("role", "to_service_account"),
    "ClusterRoleBinding": ("role", "to_service_account"),
    "PersistentVolumeClaim": ("storage",),
    "CustomResource": ("spec",),
    "AppGroup": ("add",),
}
_GENERATION = "k8sgen_core.generation.Generation"
_REGISTERING = "register_output_format("


def members_of(catalogue: Catalogue, receiver: Instance, layout: Layout) -> Iterator[Offer]:
    """Yield the members of a builder."""
    found = receiver.found
    wanted = _wanted(catalogue, found)
    order = {name: index for index, name in enumerate(wanted)}
    for name, member in catalogue.members(found).items():
        yield Offer(
            label=name,
            sort=_sort(member),
            detail=member.signature,
            rank=_rank(member, order, name in receiver.called),
            is_deprecated=bool(member.deprecated),
            data={"class": found.qualified, "member": name},
        )
    if found.qualified == _GENERATION:
        yield from _registered(layout, catalogue.members(found))


def _wanted(catalogue: Catalogue, found: Class) -> Iterable[str]:
    for each in catalogue.ancestry(found):
        if each.name in _WANTED and each.module.startswith("k8sgen_core."):
            return _WANTED[each.name]
    return ()


def _sort(member: Member) -> Sort:
    if member.is_field:
        return Sort.FIELD
    return Sort.PROPERTY if member.is_property else Sort.METHOD


def _rank(member: Member, order: dict[str, int], was_called: bool) -> str:
    if member.deprecated:
        return f"5{member.name}"
    if was_called:
        return f"{3 if member.adds else 4}{member.name}"
    if member.name in order:
        return f"0{order[member.name]}{member.name}"
    return f"{2 if member.is_field else 1}{member.name}"


def _registered(layout: Layout, known: dict[str, Member]) -> Iterator[Offer]:
    """Yield the methods of the formats that the file registers itself."""
    start = layout.code.find(_REGISTERING)
    while start >= 0:
        quoted = layout.quoted_at(start + len(_REGISTERING) + 1)
        name = layout.text[quoted.start + 1 : quoted.end] if quoted else ""
        method = method_of(name)
        if name and method.isidentifier() and method not in known:
            yield Offer(method, Sort.METHOD, f"{method}(path: str)", f"0{method}")
        start = layout.code.find(_REGISTERING, start + 1)


def formats() -> Iterator[Offer]:
    """Yield the names of the formats that come with K8s-Gen."""
    for each in BUILT_IN:
        yield Offer(each.name, Sort.VALUE, each.summary)
