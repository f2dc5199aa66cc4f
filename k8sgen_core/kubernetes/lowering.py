"""From the model to Kubernetes objects: who makes what, in which order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from k8sgen_core.carriers import Placed, all_of, because, deep_origins, like, origin_of, plain, sole
from k8sgen_core.kubernetes import ablation, networking, objects, templated, workloads
from k8sgen_core.kubernetes.lowered import Lowered, Lowering, Object, problem_of
from k8sgen_core.kubernetes.merge import json_merge, strategic_merge
from k8sgen_core.kubernetes.schemas import has_schema, namespaced
from k8sgen_core.model import (
    Bundle,
    Claim,
    Companion,
    ConfigMap,
    Container,
    CustomResource,
    Group,
    Ingress,
    Manifests,
    Model,
    Namespace,
    NetworkPolicy,
    Resource,
    Role,
    RoleBinding,
    Secret,
    Service,
    ServiceAccount,
    Workload,
)
from k8sgen_core.parts import Added, Override
from k8sgen_core.sharing import besides, common, merged

_SINGLE: dict[type[Resource], Callable[[Lowering, Any], Object]] = {
    ConfigMap: objects.config_map,
    Secret: objects.secret,
    Service: networking.service,
    Ingress: networking.ingress,
    NetworkPolicy: networking.network_policy,
    Claim: objects.claim,
    ServiceAccount: objects.service_account,
    Role: objects.role,
    RoleBinding: objects.role_binding,
    Namespace: objects.namespace,
    CustomResource: objects.custom_resource,
}


def lower(model: Model, lowering: Lowering) -> list[Lowered]:
    """Return the objects of everything that the model describes."""
    found: list[Lowered] = []
    seen: dict[tuple[int, str | None], slice] = {}
    causes: dict[tuple[int, str | None], list[Any]] = defaultdict(list)
    for root in model.roots:
        for resource in _with_held(root, root):
            # What several resources hold is generated once in each namespace.
            key = (id(resource.source), plain(resource.resource.namespace))
            causes[key].append(resource.cause)
            if key not in seen:
                made = _lowered(lowering, resource.resource, root)
                seen[key] = slice(len(found), len(found) + len(made))
                found.extend(made)
            elif resource.resource is not resource.source:
                again = _lowered(lowering.again(), resource.resource, root)
                found[seen[key]] = map(_agreed, found[seen[key]], again)
    places = Counter(source for source, _ in seen)
    for key, part in seen.items():
        if places[key[0]] > 1:
            cause = sole(causes[key])
            if key[1] is None:
                # Held by nobody, it would be here as well.
                holders = (
                    c for other, given in causes.items() if other[0] == key[0] for c in given
                )
                cause = besides(cause, sole(holders))
            found[part] = [_because_held(each, cause) for each in found[part]]
    return templated.after_templates(lowering, found)


def _because_held(lowered: Lowered, cause: Placed) -> Lowered:
    """Return one of the objects that a resource has because several namespaces hold it."""
    made = lowered.object
    namespace = made["metadata"].get("namespace")
    return replace(lowered, object=because(all_of(cause, namespace), made))


def _agreed(first: Lowered, again: Lowered) -> Lowered:
    """Return an object that two hold: what it inherits from both is there without either."""
    return replace(first, object=common(first.object, again.object))


class _Member:
    """A resource with what it inherits, and the resource as it was described."""

    __slots__ = ("cause", "resource", "source")

    def __init__(self, resource: Resource, source: Resource, cause: Placed | None) -> None:
        self.resource = resource
        self.source = source
        self.cause = cause


def _with_held(
    resource: Resource, source: Resource, because_of: Placed | None = None
) -> Iterator[_Member]:
    """Yield a resource and everything that it holds, with what they inherit."""
    if isinstance(resource, Group):
        for added in resource.members:
            cause = all_of(because_of, added)
            yield from _with_held(_in_group(resource, added), added.resource, cause)
        return
    if not isinstance(resource, Companion):
        yield _Member(resource, source, because_of)
    for held, cause in _held(resource):
        inherited: dict[str, Any] = {}
        if held.namespace is None and resource.namespace is not None:
            inherited["namespace"] = because(cause, resource.namespace)
        if held.part_of is None and resource.part_of is not None:
            inherited["part_of"] = because(cause, resource.part_of)
        member = held.replace(**inherited) if inherited else held
        yield from _with_held(member, held, all_of(because_of, cause))


def _held(resource: Resource) -> Iterator[tuple[Resource, Any]]:
    if isinstance(resource, Container):
        for attachment in resource.attachments:
            if not isinstance(attachment.resource, str):
                yield attachment.resource, attachment
        for variable in resource.variables.values():
            if variable.holds is not None:
                yield variable.holds, variable
        for volume in resource.volumes:
            if volume.claim is not None:
                yield volume.claim, volume
    if isinstance(resource, Workload):
        for companion in resource.companions:
            yield from _held(companion.resource)
        if resource.account is not None:
            yield resource.account.resource, resource.account
        for added in resource.holds:
            yield added.resource, added


def _in_group(group: Group, added: Added) -> Resource:
    member = added.resource
    whole = group.name if group.part_of is None else group.part_of
    changes: dict[str, Any] = {"part_of": because(added, whole)}
    if member.namespace is None and group.namespace is not None:
        changes["namespace"] = because(added, group.namespace)
    if group.validators and isinstance(member, Group | Workload):
        changes["validators"] = (*group.validators, *member.validators)
    for field in ("labels", "annotations"):
        given = getattr(group, field)
        if given:
            spread = {_spread(added, key): because(added, v) for key, v in given.items()}
            changes[field] = merged(spread, getattr(member, field))
    return member.replace(**changes)


def _spread(added: Added, key: str) -> str:
    """Return a key as a member has it; one that was no argument's value speaks for itself."""
    return key if origin_of(key) is None else because(added, key)


def _lowered(lowering: Lowering, resource: Resource, root: Resource) -> list[Lowered]:
    told = len(lowering.problems)
    if isinstance(resource, Bundle):
        return _bundled(lowering, resource, root)
    if isinstance(resource, Workload):
        made = templated.laid_out(lowering, resource, list(_workload(lowering, resource)))
    elif isinstance(resource, Manifests):
        made = objects.manifests(resource)
    else:
        made = [_SINGLE[type(resource)](lowering, resource)]
    for override in resource.overrides:
        made = _overridden(lowering, resource, made, override)
    if _is_refused(resource):
        # What is missing is what was refused, and that has been said.
        lowering.problems[told:] = [p for p in lowering.problems[told:] if not p.is_missing]
    incomplete = _is_refused(resource) or any(p.is_missing for p in lowering.problems[told:])
    return [Lowered(_scoped(each), resource, root, incomplete) for each in made]


def _bundled(lowering: Lowering, bundle: Bundle, root: Resource) -> list[Lowered]:
    """Return what a plugin generates; what its code made of values is found by running it."""
    lowering.problems.extend(map(problem_of, bundle.mishaps))
    made = _of_plugin(lowering, bundle)
    variants = (
        (origins, [each.object for each in _of_plugin(lowering.again(), variant)])
        for origins, variant in bundle.variants()
    )
    objects_ = ablation.attributed([each.object for each in made], variants, bundle.origin)
    for override in bundle.overrides:
        objects_ = _overridden(lowering, bundle, objects_, override)
    found = zip(made, objects_, strict=True)
    return [replace(each, object=_scoped(each_object), root=root) for each, each_object in found]


def _of_plugin(lowering: Lowering, bundle: Bundle) -> list[Lowered]:
    members = tuple(_in_bundle(bundle, added) for added in bundle.members)
    raw = Manifests(
        name=bundle.name,
        origin=bundle.origin,
        objects=bundle.objects,
        namespace=bundle.namespace,
        labels=bundle.labels,
        annotations=bundle.annotations,
    )
    return [*lower(Model(roots=members), lowering), *_lowered(lowering, raw, raw)]


def _in_bundle(bundle: Bundle, added: Added) -> Resource:
    member = added.resource
    changes: dict[str, Any] = {}
    for field in ("namespace", "part_of"):
        if getattr(member, field) is None:
            changes[field] = getattr(bundle, field)
    for field in ("labels", "annotations"):
        if getattr(bundle, field):
            changes[field] = merged(getattr(bundle, field), getattr(member, field))
    return member.replace(**changes)


def _is_refused(resource: Resource) -> bool:
    companions = resource.companions if isinstance(resource, Workload) else ()
    return resource.refused or any(each.resource.refused for each in companions)


def _workload(lowering: Lowering, workload: Workload) -> Iterator[Object]:
    yield workloads.controller(lowering, workload)
    yield from networking.services(lowering, workload)
    yield from networking.routes(lowering, workload)
    if workload.scale is not None:
        yield workloads.autoscaler(workload)
    if workload.disruption_budget is not None:
        yield workloads.disruption_budget(workload)
    yield from workloads.claims(workload)


def _scoped(made: Object) -> Object:
    """Return the object without a namespace where its kind has none."""
    if "namespace" in made["metadata"] and not namespaced(
        plain(made["apiVersion"]), plain(made["kind"])
    ):
        given = made["metadata"]
        meta = {key: value for key, value in given.items() if key != "namespace"}
        return like(made, {**made, "metadata": like(given, meta)})
    return made


def _overridden(
    lowering: Lowering, resource: Resource, made: list[Object], override: Override
) -> list[Object]:
    kinds = [plain(each["kind"]) for each in made]
    wanted = plain(override.kind) if override.kind is not None else kinds[0] if kinds else ""
    if wanted not in kinds:
        lowering.problem(
            "invalid-override",
            "".join((plain(resource.name), " has no ", wanted)),
            deep_origins(override.kind) or override.origin,
            "".join(("it has: ", ", ".join(dict.fromkeys(kinds)))),
        )
        return made
    return [
        _patched(lowering, each, override) if plain(each["kind"]) == wanted else each
        for each in made
    ]


def _patched(lowering: Lowering, target: Object, override: Override) -> Object:
    api_version, kind = plain(target["apiVersion"]), plain(target["kind"])
    try:
        if has_schema(api_version, kind, lowering.version):
            return strategic_merge(
                target,
                override.patch,
                api_version=api_version,
                kind=kind,
                version=lowering.version,
            )
        return json_merge(target, override.patch)
    except ValueError as error:
        lowering.problem("invalid-override", str(error), override.origin)
        return target
