"""
Objects that a template lays out, in place of those that are generated.

What belongs to the pods follows them: selectors their labels, Services their ports, a
ServiceAccount the name that only the template knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from k8sgen_core.carriers import (
    Dict,
    Origin,
    Replacing,
    all_of,
    because,
    each,
    like,
    origin_of,
    placed,
    plain,
    standing,
)
from k8sgen_core.kubernetes.differences import Marks, differences, mark, marked
from k8sgen_core.kubernetes.lowered import NOWHERE, Lowered, Lowering, Object, Rendered
from k8sgen_core.kubernetes.metadata import header, metadata, selector
from k8sgen_core.kubernetes.references import pod_template
from k8sgen_core.model import Workload
from k8sgen_core.origin import identity
from k8sgen_core.parts import TemplateUse

CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
_SELECTING = ("Service", "PodDisruptionBudget", "NetworkPolicy")


def laid_out(lowering: Lowering, workload: Workload, made: list[Object]) -> list[Object]:
    """Return the objects of a workload with those of its templates in place."""
    controller: tuple[Object, TemplateUse] | None = None
    render = lowering.render
    for use in workload.templates:
        for rendered in render(lowering, workload, use) if render is not None else ():
            given = _completed(rendered, workload)
            index = _replaced(given, made)
            new = _because_used(given, None if index is None else made[index], use)
            made = [*made, new] if index is None else [*made[:index], new, *made[index + 1 :]]
            name = plain(new["metadata"]["name"])
            key = (identity(workload), plain(new["kind"]), name)
            lowering.laid_out[key] = rendered.places
            if plain(new["kind"]) in CONTROLLERS:
                controller = new, use
    return made if controller is None else _following(lowering, workload, *controller, made)


def _completed(rendered: Rendered, workload: Workload) -> Object:
    """Return the object with the name and namespace of its workload, where it says none."""
    made = rendered.object
    meta = made.get("metadata") or Dict()
    missing: Object = {}
    if "name" not in meta:
        missing["name"] = workload.name
    if "namespace" not in meta and workload.namespace is not None:
        missing["namespace"] = workload.namespace
    if not missing:
        return made
    known = {key: key for key in meta}
    name = {known.get("name", "name"): meta.get("name", workload.name)}
    whole = {**name, **missing, **{k: v for k, v in meta.items() if k != "name"}}
    return _kept(made, {**made, "metadata": _kept(meta, whole)})


def _kept(old: Object, content: Object) -> Object:
    """Return a mapping of a template's with the origin it had."""
    made = Dict(content)
    made.origin = origin_of(old)
    return made


def _replaced(rendered: Object, made: Sequence[Object]) -> int | None:
    """Return which object the template's takes the place of: of its kind, and best of its name."""
    kind, name = plain(rendered["kind"]), plain(rendered["metadata"]["name"])
    if kind in CONTROLLERS:
        return next((i for i, o in enumerate(made) if plain(o["kind"]) in CONTROLLERS), None)
    alike = [index for index, other in enumerate(made) if plain(other["kind"]) == kind]
    named = [index for index in alike if plain(made[index]["metadata"]["name"]) == name]
    return next(iter([*named, *alike]), None)


def _because_used(rendered: Object, generated: Object | None, use: TemplateUse) -> Object:
    """Let every line that would not be so without the template belong to its use."""
    [origin] = each(use.origin)
    if generated is None:
        return placed_on(rendered, origin)
    marks: Marks = {}
    for path, gone in differences(rendered, generated):
        mark(marks, path, origin, gone=gone)
    made: Object = marked(rendered, marks)
    return made


def placed_on(made: Object, origin: Origin) -> Object:
    """Return an object that is there because of one call."""
    whole = Dict(made)
    whole.origin = (*each(origin_of(made)), origin)
    return whole


def _following(
    lowering: Lowering,
    workload: Workload,
    controller: Object,
    use: TemplateUse,
    made: list[Object],
) -> list[Object]:
    """Return the objects of a workload, following the pods of its template."""
    pod = pod_template(controller)
    if not isinstance(pod, dict) or not isinstance(pod.get("spec"), dict):
        return made
    old, new = selector(workload), pod_selector(controller, pod, workload)
    if new is None:
        lowering.problem(
            "template-output",
            "".join(("the pods of ", plain(workload.name), " have no labels in the template")),
            use.origin,
            "give them labels: Services and budgets select pods by them",
        )
        return made
    lowering.selectors.append((workload, old, new))
    targets = _targets(pod, workload, use)

    def following(other: Object) -> Object:
        if other is controller:
            return other
        return _scaled(_targeted(reselected(other, old, new), targets), controller)

    return [following(other) for other in made]


def pod_selector(controller: Object, pod: Mapping[str, Any], workload: Workload) -> Any:
    """Return what selects the pods: as it was, as the template does, or all their labels."""
    labels = (pod.get("metadata") or {}).get("labels") or {}
    generated = selector(workload)
    if generated.items() <= labels.items():
        return generated
    own = ((controller.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}
    if not isinstance(labels, dict) or not labels:
        return None
    chosen = own if own and own.items() <= labels.items() else labels
    return dict(chosen)


def reselected(made: Object, old: Mapping[str, str], new: Mapping[str, str]) -> Object:
    """Return an object that selects the pods by their new labels, if it selected them."""
    if plain(made["kind"]) not in _SELECTING or old == new:
        return made
    return like(made, {**made, "spec": _reselected(made.get("spec"), old, new)})


def _reselected(value: Any, old: Mapping[str, str], new: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        if value and value == old:
            return standing(dict(new))
        inner = {key: _reselected(inside, old, new) for key, inside in value.items()}
        # What is around a selector is there whatever it selects.
        stays = inner == value or origin_of(value) is not None
        return like(value, inner) if stays else standing(inner)
    if isinstance(value, list):
        return like(value, [_reselected(inner, old, new) for inner in value])
    return value


def _ports(pod: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    containers = pod["spec"].get("containers")
    return [
        port
        for container in (containers if isinstance(containers, list) else ())
        for port in (container.get("ports") or () if isinstance(container, dict) else ())
        if isinstance(port, dict)
    ]


def _targets(pod: Mapping[str, Any], workload: Workload, use: TemplateUse) -> dict[str, Any]:
    """Return where Services lead instead of to ports that the template's containers do not name."""
    ports = _ports(pod)
    names = {plain(port.get("name")) for port in ports}
    found = {}
    for known in workload.ports:
        if plain(known.name) not in names:
            number = plain(known.number)
            twin = next((p for p in ports if plain(p.get("containerPort")) == number), {})
            target = twin.get("name", known.number)
            calls = {origin.call for origin in each(origin_of(target))}
            causes = [Replacing(o) for o in each(use.origin) if o.call not in calls]
            found[plain(known.name)] = placed(target, (*each(origin_of(target)), *causes))
    return found


def _targeted(made: Object, targets: Mapping[str, Any]) -> Object:
    """Return a Service whose ports lead to ports that the template's containers have."""
    if plain(made["kind"]) != "Service" or "ports" not in made.get("spec", {}):
        return made
    spec = made["spec"]
    ports = [
        like(port, {**port, "targetPort": targets[plain(port["targetPort"])]})
        if plain(port.get("targetPort")) in targets
        else port
        for port in spec["ports"]
    ]
    return like(made, {**made, "spec": like(spec, {**spec, "ports": like(spec["ports"], ports)})})


def _scaled(made: Object, controller: Object) -> Object:
    """Return an autoscaler that scales what the template makes."""
    if plain(made["kind"]) != "HorizontalPodAutoscaler":
        return made
    spec = made["spec"]
    target = {
        "apiVersion": controller["apiVersion"],
        "kind": controller["kind"],
        "name": controller["metadata"]["name"],
    }
    old = spec["scaleTargetRef"]
    chosen = {k: old[k] if plain(old[k]) == plain(new) else new for k, new in target.items()}
    return like(made, {**made, "spec": like(spec, {**spec, "scaleTargetRef": chosen})})


def after_templates(lowering: Lowering, found: list[Lowered]) -> list[Lowered]:
    """Return all objects with those that follow a template: selectors, service accounts."""
    for workload, old, new in lowering.selectors:
        found = [_followed(one, workload, old, new) for one in found]
    laid = [(each, each.resource) for each in found if isinstance(each.resource, Workload)]
    laid = [(one, workload) for one, workload in laid if workload.templates]
    known = {_identity(one.object) for one in found} if laid else set()
    for one, workload in laid:
        account = _account(one.object, workload)
        if account is not None and _identity(account) not in known:
            known.add(_identity(account))
            found.append(one._replace(object=account, incomplete=False, places=NOWHERE))
    return found


def _followed(
    one: Lowered, workload: Workload, old: Mapping[str, str], new: Mapping[str, str]
) -> Lowered:
    if one.resource is workload or _namespace(one.object) != plain(workload.namespace):
        return one
    return one._replace(object=reselected(one.object, old, new))


def _account(made: Object, workload: Workload) -> Object | None:
    """Return the ServiceAccount that a template's pods run as, if only the template names it."""
    if plain(made["kind"]) not in CONTROLLERS:
        return None
    pod = pod_template(made)
    spec = pod.get("spec") if isinstance(pod, dict) else None
    name = spec.get("serviceAccountName") if isinstance(spec, dict) else None
    told = workload.service_account
    if not isinstance(name, str) or name == "default" or (told and plain(told.name) == plain(name)):
        return None
    key = next(known for known in spec if known == "serviceAccountName")  # type: ignore[union-attr]
    cause = all_of(key, *(use for use in workload.templates if not each(origin_of(key))))
    return because(cause, header("ServiceAccount", "v1", metadata(workload, name)))


def _identity(made: Object) -> tuple[Any, ...]:
    return plain(made["kind"]), _namespace(made), plain(made["metadata"].get("name"))


def _namespace(made: Object) -> Any:
    return plain(made["metadata"].get("namespace"))
