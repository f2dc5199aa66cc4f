"""What holds for all objects together, and what their schemas say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from k8sgen_core.carriers import Origins, deep_origins, origin_of, plain
from k8sgen_core.carriers import each as origins_of
from k8sgen_core.faults import Fault, faults
from k8sgen_core.field_paths import field_path
from k8sgen_core.findings import Place
from k8sgen_core.grammar import did_you_mean
from k8sgen_core.kubernetes.custom import Kinds
from k8sgen_core.kubernetes.lowered import Lowered, Problem
from k8sgen_core.kubernetes.metadata import selector
from k8sgen_core.kubernetes.schemas import (
    VERSIONS,
    Violation,
    api_versions,
    served,
)
from k8sgen_core.model import Companion, Model, Resource, Workload
from k8sgen_core.secrets import MASK, SecretText

_CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")


class Judged(NamedTuple):
    """An object, the same without origins and secrets, and what its schema says of it."""

    lowered: Lowered
    value: Mapping[str, Any]
    broken: Sequence[Violation]
    is_checked: bool
    repeated: Sequence[Fault] = ()


def judged(lowered: Iterable[Lowered], kinds: Kinds) -> list[Judged]:
    """Return the objects with what their schemas say of them; definitions among them count."""
    values = [(each, bare(each.object)) for each in lowered]
    kinds.learn(value for _, value in values)
    return [
        Judged(
            each,
            value,
            kinds.violations(value),
            kinds.knows(value["apiVersion"], value["kind"]),
            kinds.repeated(value),
        )
        for each, value in values
    ]


def problems_of(
    model: Model,
    found: Sequence[Judged],
    version: str,
    context: Iterable[Mapping[str, Any]] = (),
    *,
    strict: bool = False,
) -> list[Problem]:
    """
    Return what is wrong with the objects; to be ``strict`` is to want a schema of each kind.

    ``context`` are objects that are known and not judged: of the project's other files.
    """
    lowered = [each.lowered for each in found]
    return [
        *_duplicates(lowered),
        *_confused(lowered),
        *(problem for each in found for problem in _of_schema(each, version)),
        *(_unknown(each) for each in unchecked(found, version) if strict),
        *_dangling(lowered, context),
        *_left_out(model),
    ]


def _duplicates(lowered: Sequence[Lowered]) -> Iterator[Problem]:
    seen: set[tuple[str, ...]] = set()
    for each in lowered:
        metadata = each.object["metadata"]
        # What was refused as a kind is the object of none.
        if "name" not in metadata or not each.object["kind"]:
            continue
        group = plain(each.object["apiVersion"]).partition("/")[0]
        namespace = plain(metadata.get("namespace")) or ""
        key = (group, plain(each.object["kind"]), namespace, plain(metadata["name"]))
        if key in seen:
            where = f" in the namespace {namespace!r}" if namespace else ""
            yield Problem(
                "duplicate-object",
                f"there is another {each.title}{where}",
                each.resource.origin,
                "rename one of them, or put it into another namespace",
                object=each.title,
            )
        seen.add(key)


def _confused(lowered: Sequence[Lowered]) -> Iterator[Problem]:
    """Yield the workloads whose pods are those of another one, too."""
    seen: dict[Any, Lowered] = {}
    for each in lowered:
        workload = each.resource
        if not isinstance(workload, Workload) or plain(each.object["kind"]) not in _CONTROLLERS:
            continue
        namespace = plain(workload.namespace)
        first = seen.setdefault((namespace, *plain(selector(workload)).values()), each)
        if first.title != each.title and (_is_selected(first) or _is_selected(each)):
            yield Problem(
                "conflicting-settings",
                f"{each.title} has the same name label as {first.title}, so that Services,"
                " budgets and policies of one select the pods of the other",
                workload.origin,
                "give them different names, or put one into another namespace",
                object=each.title,
            )


def _is_selected(each: Lowered) -> bool:
    """Does anything of the workload's own select its pods?"""
    workload = each.resource
    is_batch = plain(each.object["kind"]) in ("Job", "CronJob")
    return not is_batch or (isinstance(workload, Workload) and bool(workload.service_ports))


def _of_schema(found: Judged, version: str) -> Iterator[Problem]:
    each, value, broken, is_checked, repeated = found
    api_version, kind = value["apiVersion"], value["kind"]
    if not is_checked and api_version and kind and not served(api_version, kind, version):
        yield _removed(each, api_version, kind, version)
        return
    for violation in broken:
        if not (each.incomplete and violation.is_missing):
            yield _violation(each, violation)
    for fault in () if broken else (*faults(value, version), *repeated):
        if not _is_told(each, fault):
            yield _fault(each, fault)


def unchecked(found: Iterable[Judged], version: str) -> list[Judged]:
    """Return the objects of kinds that a cluster may know, and that have no schema."""
    return [
        each
        for each in found
        if not each.is_checked and served(each.value["apiVersion"], each.value["kind"], version)
    ]


def _unknown(found: Judged) -> Problem:
    each, value = found.lowered, found.value
    return Problem(
        "unknown-kind",
        f"there is no schema of {value['kind']} in {value['apiVersion']}, so it is not checked",
        origin_of(each.object.get("kind")) or each.resource.origin,
        "add its CustomResourceDefinition, or name a folder with --schema-location",
        object=each.title,
        field="kind",
    )


def _is_told(each: Lowered, fault: Fault) -> bool:
    """Is it what the calls do not say yet, or what was reported at the calls?"""
    if fault.rule == "duplicate-port" or fault.path[-1:] == ("mountPath",):
        return isinstance(each.resource, Workload)
    # What was refused where it was said may well be wrong here.
    return each.incomplete and fault.rule.startswith(("missing-", "invalid-"))


def _fault(each: Lowered, fault: Fault) -> Problem:
    violation = Violation(fault.path, fault.message, fault.hint)
    found = _violation(each, violation)._replace(rule=fault.rule)
    origins = _origins_at(each.object, violation)
    if found.place is None or not any(
        origin.argument is not None for origin in origins_of(origins)
    ):
        return found
    # The template has a place for it, but what the call gave does not fit there.
    return found._replace(place=None, laid_out=found.place)


def _removed(each: Lowered, api_version: str, kind: str, version: str) -> Problem:
    known = api_versions(kind, version)
    message = f"Kubernetes {version} has no {kind} in {api_version}"
    hint = did_you_mean(*known[:1])
    if not any(api_versions(kind, each) for each in VERSIONS):
        message = f"Kubernetes has no kind {kind}, in {api_version} or elsewhere, in any version"
        hint = "correct the name; a kind of your own has a group of its own, as in example.com/v1"
    return Problem(
        "removed-api",
        message,
        origin_of(each.object.get("apiVersion")) or each.resource.origin,
        hint,
        object=each.title,
        field="apiVersion",
    )


def _violation(each: Lowered, violation: Violation) -> Problem:
    return Problem(
        "schema-violation",
        violation.message,
        _origins_at(each.object, violation) or each.resource.origin,
        violation.hint,
        object=each.title,
        field=field_path(violation.path),
        place=_laid_out(each, violation.path),
    )


def _laid_out(each: Lowered, path: Sequence[str | int]) -> Place | None:
    """Return where a template says what is wrong, or the nearest thing around it."""
    ends = range(len(path), -1, -1) if each.places else ()
    return next(
        (each.places[tuple(path[:end])] for end in ends if tuple(path[:end]) in each.places), None
    )


def _origins_at(value: Any, violation: Violation) -> Origins:
    """Return the origins of what is wrong, else of the nearest thing around it."""
    nearest: Origins = None
    key: Any = None
    for step in violation.path:
        nearest = origin_of(value) or nearest
        if isinstance(value, Mapping) and step in value:
            key = next(known for known in value if known == step)
            value = value[step]
            nearest = origin_of(key) or nearest
        elif isinstance(value, list | tuple) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return deep_origins(value) or nearest
    if violation.is_unknown and origin_of(key):
        return nearest
    return deep_origins(value) or nearest


def bare(value: Any) -> Any:
    """Return an object without origins and secret values, as schemas judge it."""
    if type(value) is str:
        return value
    if isinstance(value, dict):
        return {
            key if type(key) is str else plain(key): bare(element) for key, element in value.items()
        }
    if isinstance(value, list | tuple):
        return [bare(element) for element in value]
    return MASK if isinstance(value, SecretText) else plain(value)


def _dangling(
    lowered: Sequence[Lowered], context: Iterable[Mapping[str, Any]]
) -> Iterator[Problem]:
    """Yield the names in ``depends_on`` and ``connect_to`` that nothing in the project has."""
    owners: dict[Any, list[Resource | None]] = {}
    for each in lowered:
        for name in (each.resource.name, each.object["metadata"].get("name")):
            owners.setdefault(plain(name), []).append(each.resource)
    for value in context:
        owners.setdefault(_name_of(value), []).append(None)
    told = {each.resource: None for each in lowered if isinstance(each.resource, Workload)}
    for workload in told:
        for reference in (*workload.depends_on, *workload.connect_to):
            name = plain(reference.name)
            if all(owner is workload for owner in owners.get(name, ())):
                others = [each for each, of in owners.items() if any(o is not workload for o in of)]
                yield Problem(
                    "dangling-reference",
                    f"nothing {'else ' if name in owners else ''}here is named {name!r}",
                    origin_of(reference.name) or reference.origin,
                    _near(name, others),
                    severity="warning",
                    resource=workload,
                )


def _name_of(value: Mapping[str, Any]) -> Any:
    """Return the name of an object that may be damaged."""
    metadata = value.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    return name if isinstance(name, str) else None


def _file_of(resource: Resource) -> str | None:
    """Return the file in which a resource was made."""
    frame = next((each.call.frame for each in origins_of(resource.origin)), None)
    return None if frame is None else frame.code.co_filename


def _left_out(model: Model) -> Iterator[Problem]:
    """
    Yield the companions that no workload has, where there are workloads.

    In a module of parts they wait for whoever imports it.
    """
    files = {_file_of(each) for each in model.roots if isinstance(each, Workload)}
    for each in model.roots:
        if isinstance(each, Companion) and not each.refused and _file_of(each) in files:
            yield Problem(
                "no-effect",
                f"{plain(each.name)} is a companion of nothing, so that nothing runs it",
                each.origin,
                "add it to a workload: app.add_companion(...)",
                severity="warning",
                resource=each,
            )


def _near(name: str, known: Iterable[Any]) -> str | None:
    import difflib

    near = difflib.get_close_matches(name, [each for each in known if isinstance(each, str)], 1)
    return f"did you mean {near[0]!r}?" if near else None
