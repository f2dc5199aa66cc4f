"""From the model to Kubernetes objects: who makes what, in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from k8sgen_core.carriers import Placed, all_of, because, deep_origins, like, plain, sole, whole
from k8sgen_core.kubernetes import networking, objects, policies, routing, templated, workloads
from k8sgen_core.kubernetes.holding import INHERITED, Key, Use, unlike, uses
from k8sgen_core.kubernetes.lowered import Lowered, Lowering, Object, problem_of, unidentified
from k8sgen_core.kubernetes.schemas import has_schema, namespaced
from k8sgen_core.kubernetes.secret_values import concealed
from k8sgen_core.model import (
    Bundle,
    Claim,
    ConfigMap,
    CustomResource,
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
    Ingress: routing.ingress,
    NetworkPolicy: policies.network_policy,
    Claim: objects.claim,
    ServiceAccount: objects.service_account,
    Role: objects.role,
    RoleBinding: objects.role_binding,
    Namespace: objects.namespace,
    CustomResource: objects.custom_resource,
}


def lower(model: Model, lowering: Lowering) -> list[Lowered]:
    """Return the objects of everything that the model describes."""
    held = uses(model, lowering)
    for found_uses in held.values():
        lowering.know(found_uses[0].resource)
    places = Counter(source for source, _ in held)
    found: list[Lowered] = []
    for key, each in held.items():
        made = _agreed(lowering, each)
        if places[key[0]] > 1:
            cause = _reason(held, key)
            made = [_because_held(one, cause) for one in made]
        found += made
    return templated.after_templates(lowering, found)


def _agreed(lowering: Lowering, given: list[Use]) -> list[Lowered]:
    """Return the objects of a resource; what it inherits from two is there without either."""
    if len(given) == 1:
        return _lowered(lowering, given[0].resource, given[0])
    resource, *others = unlike([use.resource for use in given])
    made = _lowered(lowering, resource, given[0])
    for other in others:
        again = _lowered(lowering.again(), other, given[0])
        pairs = zip(made, again, strict=True)
        made = [one._replace(object=common(one.object, two.object)) for one, two in pairs]
    return made


def _reason(held: dict[Key, list[Use]], key: Key) -> Placed:
    """Return the calls by which a resource is in this namespace, and not in another only."""
    cause = sole([all_of(*use.causes) for use in held[key]])
    if key[1] is not None:
        return cause
    # Held by nobody, it would be here as well.
    others = (use for other, found in held.items() if other[0] == key[0] for use in found)
    return besides(cause, sole([all_of(*use.causes) for use in others]))


def _because_held(lowered: Lowered, cause: Placed) -> Lowered:
    """Return one of the objects that a resource has because several namespaces hold it."""
    made = lowered.object
    namespace = made["metadata"].get("namespace")
    return lowered._replace(object=because(all_of(cause, namespace), made))


def _lowered(lowering: Lowering, resource: Resource, use: Use) -> list[Lowered]:
    told = len(lowering.problems)
    if isinstance(resource, Bundle):
        return _bundled(lowering, resource, use)
    if isinstance(resource, Workload):
        made = templated.laid_out(lowering, resource, list(_workload(lowering, resource)))
    elif isinstance(resource, Manifests):
        made = objects.manifests(resource)
    else:
        made = [_SINGLE[type(resource)](lowering, resource)]
    for override in resource.overrides:
        made = _overridden(lowering, resource, made, override)
    incomplete = _is_refused(resource)
    if len(lowering.problems) > told:
        missing = [p for p in lowering.problems[told:] if p.is_missing]
        if incomplete:
            # What is missing is what was refused, and that has been said.
            lowering.problems[told:] = [p for p in lowering.problems[told:] if not p.is_missing]
        incomplete = incomplete or bool(missing)
    found = []
    for each in made:
        final = concealed(lowering, _scoped(each))
        places = lowering.places(resource, final)
        found.append(Lowered(final, resource, use.root, incomplete, places, use.within))
    return found


def _bundled(lowering: Lowering, bundle: Bundle, use: Use) -> list[Lowered]:
    """Return what a plugin generates; what its code made of values is found by running it."""
    from k8sgen_core.kubernetes import ablation

    lowering.problems.extend(map(problem_of, bundle.mishaps))
    made = _of_plugin(lowering, bundle)
    variants = (
        (origins, [each.object for each in _of_plugin(lowering.again(), variant)])
        for origins, variant in bundle.variants()
    )
    bare = [each.object for each in made]
    objects_ = ablation.attributed(bare, variants, bundle.origin, bundle.codes)
    for override in bundle.overrides:
        objects_ = _overridden(lowering, bundle, objects_, override)
    final = [concealed(lowering, _scoped(each)) for each in objects_]
    return [
        one._replace(object=new, root=use.root, within=(*use.within, bundle, one.root, *one.within))
        for one, new in zip(made, final, strict=True)
    ]


def _of_plugin(lowering: Lowering, bundle: Bundle) -> list[Lowered]:
    members = tuple(in_bundle(bundle, added) for added in bundle.members)
    raw = Manifests(
        name=bundle.name,
        origin=bundle.origin,
        objects=bundle.objects,
        namespace=bundle.namespace,
        labels=bundle.labels,
        annotations=bundle.annotations,
    )
    return [*lower(Model(roots=members), lowering), *_lowered(lowering, raw, Use(raw, raw))]


def in_bundle(bundle: Bundle, added: Added) -> Resource:
    """Return what a plugin made with what it inherits from the plugin."""
    member = added.resource
    changes: dict[str, Any] = {}
    for field in INHERITED:
        if getattr(member, field) is None:
            changes[field] = getattr(bundle, field)
    for field in ("labels", "annotations"):
        if getattr(bundle, field):
            changes[field] = merged(getattr(bundle, field), getattr(member, field))
    return member.replace(**changes)


def _is_refused(resource: Resource) -> bool:
    if resource.refused or not isinstance(resource, Workload):
        return resource.refused
    return any([each.resource.refused for each in resource.companions])


def _workload(lowering: Lowering, workload: Workload) -> Iterator[Object]:
    yield workloads.controller(lowering, workload)
    yield from networking.services(lowering, workload)
    yield from routing.routes(lowering, workload)
    if workload.scale is not None:
        yield workloads.autoscaler(workload, workload.scale)
    if workload.disruption_budget is not None:
        yield workloads.disruption_budget(workload, workload.disruption_budget)
    yield from workloads.claims(workload)


def _scoped(made: Object) -> Object:
    """Return the object without a namespace where its kind has none."""
    given = made["metadata"]
    if "namespace" in given and not namespaced(made["apiVersion"], made["kind"]):
        meta = {key: value for key, value in given.items() if key != "namespace"}
        return like(made, {**made, "metadata": like(given, meta)})
    return made


def _overridden(
    lowering: Lowering, resource: Resource, made: list[Object], override: Override
) -> list[Object]:
    wanted = plain(override.kind)
    names = [_names_of(each) for each in made]
    chosen = [
        wanted in own if wanted is not None else not number for number, own in enumerate(names)
    ]
    if not any(chosen):
        in_full = wanted is not None and "/" in wanted
        lowering.problem(
            "invalid-override",
            "".join((plain(resource.name), " has no ", "object" if wanted is None else wanted)),
            deep_origins(override.kind) or override.origin,
            "".join(("it has: ", ", ".join(dict.fromkeys(own[in_full] for own in names)))),
        )
        return made
    return [
        _patched(lowering, resource, each, override) if is_meant else each
        for each, is_meant in zip(made, chosen, strict=True)
    ]


def _names_of(made: Object) -> tuple[str, str]:
    """Return how an override can name an object: by its kind, or as one of several of the kind."""
    kind = plain(made["kind"])
    return kind, "/".join((kind, str(plain(made["metadata"].get("name")))))


def _patched(lowering: Lowering, resource: Resource, target: Object, override: Override) -> Object:
    from k8sgen_core.kubernetes.merge import Unmergeable

    try:
        made = _merged(lowering, target, override)
    except Unmergeable as error:
        origin = whole(error.part) or override.origin
        lowering.problem("invalid-override", str(error), origin, error.hint)
        return target
    lost = unidentified(made)
    if lost is not None:
        message = "".join(("the override leaves ", plain(target["kind"]), " without ", lost))
        lowering.problem("invalid-override", message, override.origin, "leave it out, or give text")
        return target
    if _is_renamed(resource, target["metadata"], made["metadata"]):
        lowering.problem(
            "invalid-override",
            "".join(
                ("the override renames ", plain(target["kind"]), ", and not what refers to it")
            ),
            deep_origins(made["metadata"]["name"]) or override.origin,
            "rename the resource instead",
        )
        return target
    return made


def _is_renamed(resource: Resource, old: Object, new: Object) -> bool:
    """Tell whether an object of ours has another name; what is read from files is the user's."""
    ours = not isinstance(resource, Manifests | Bundle)
    return ours and "name" in new and plain(new["name"]) != plain(old.get("name"))


def _merged(lowering: Lowering, target: Object, override: Override) -> Object:
    from k8sgen_core.kubernetes.merge import json_merge, strategic_merge

    api_version, kind = plain(target["apiVersion"]), plain(target["kind"])
    version = lowering.version
    if has_schema(api_version, kind, version):
        return strategic_merge(
            target, override.patch, api_version=api_version, kind=kind, version=version
        )
    return json_merge(target, override.patch)
