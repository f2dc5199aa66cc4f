"""What an API server refuses of where a pod may run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from k8sgen_core.faults.fault import (
    NONE,
    Check,
    Fault,
    Object,
    between,
    conflict,
    each,
    fields,
    missing,
    one_of,
    spelled,
    unique,
)
from k8sgen_core.faults.words import label_text, labels, positive, qualified_name, selector
from k8sgen_core.grammar.names import label_name

_EFFECTS = one_of("NoSchedule", "PreferNoSchedule", "NoExecute")
_WEIGHT = between(1, 100)


def scheduling_faults(pod: Object, minor: int) -> Iterator[Fault]:
    """Yield what is refused of the scheduling of a pod."""
    yield from _POD(pod)
    for index, toleration in enumerate(pod.get("tolerations") or ()):
        for fault in _toleration(toleration, minor):
            yield fault.at("tolerations", index)


def _toleration(value: Object, minor: int) -> Iterator[Fault]:
    compares = minor >= 35
    yield from (_TOLERATION_WITH_ORDER if compares else _TOLERATION)(value)
    operator, key = value.get("operator") or "Equal", value.get("key")
    if not key and operator != "Exists":
        message = "a toleration without a key is for all taints, which is the operator Exists"
        yield conflict((), message, "write operator: Exists, or set key")
    if operator == "Exists" and value.get("value"):
        yield conflict(("value",), "the operator Exists takes no value", "remove the value")
    if operator == "Equal" and value.get("value"):
        yield from (fault.at("value") for fault in label_text(value["value"]))
    if value.get("tolerationSeconds") is not None and value.get("effect") != "NoExecute":
        message = "only a NoExecute taint is tolerated for a time"
        yield conflict(("tolerationSeconds",), message, 'pass effect="NoExecute"')


def _key(value: str) -> Sequence[Fault]:
    return qualified_name(value) if value else NONE


_TOLERATION = fields({"key": _key, "operator": one_of("Equal", "Exists"), "effect": _EFFECTS})
_TOLERATION_WITH_ORDER = fields(
    {"key": _key, "operator": one_of("Equal", "Exists", "Lt", "Gt"), "effect": _EFFECTS}
)


def _node_requirement(value: Object) -> Sequence[Fault]:
    found = list(_NODE_EXPRESSION(value))
    operator, listed = value.get("operator"), value.get("values") or ()
    if operator in ("In", "NotIn") and not listed:
        found.append(missing("values", f"the operator {operator} compares with nothing"))
    if operator in ("Exists", "DoesNotExist") and listed:
        message = f"the operator {operator} takes no values"
        found.append(conflict(("values",), message, "remove the values"))
    if operator in ("Gt", "Lt") and len(listed) != 1:
        found.append(missing("values", f"the operator {operator} takes exactly one value"))
    return found


_NODE_EXPRESSION = fields(
    {
        "key": qualified_name,
        "operator": one_of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
    }
)
_TERM = fields({"matchExpressions": each(_node_requirement)})


def _required_terms(value: Object) -> Sequence[Fault]:
    if not value.get("nodeSelectorTerms"):
        return [missing("nodeSelectorTerms", "it requires nothing of nodes")]
    return _TERMS(value)


_TERMS = fields({"nodeSelectorTerms": each(_TERM)})
_NODE = fields(
    {
        "requiredDuringSchedulingIgnoredDuringExecution": _required_terms,
        "preferredDuringSchedulingIgnoredDuringExecution": each(
            fields({"weight": _WEIGHT, "preference": _TERM})
        ),
    }
)


def _topology(value: str) -> Sequence[Fault]:
    if not value:
        return [
            Fault("missing-setting", (), "it names no topology", "write kubernetes.io/hostname")
        ]
    return qualified_name(value)


_POD_TERM = fields(
    {
        "labelSelector": selector,
        "namespaceSelector": selector,
        "namespaces": each(spelled(lambda name: label_name(name, "a namespace"))),
        "topologyKey": _topology,
    }
)
_PODS: Check = fields(
    {
        "requiredDuringSchedulingIgnoredDuringExecution": each(_POD_TERM),
        "preferredDuringSchedulingIgnoredDuringExecution": each(
            fields({"weight": _WEIGHT, "podAffinityTerm": _POD_TERM})
        ),
    }
)


def _spread(value: Object) -> Sequence[Fault]:
    found = list(_CONSTRAINT(value))
    if value.get("minDomains") is not None and value.get("whenUnsatisfiable") != "DoNotSchedule":
        message = "minDomains needs whenUnsatisfiable: DoNotSchedule"
        found.append(conflict(("minDomains",), message, "remove it, or write DoNotSchedule"))
    return found


_HONOUR = one_of("Honor", "Ignore")
_CONSTRAINT = fields(
    {
        "maxSkew": positive,
        "minDomains": positive,
        "topologyKey": lambda value: NONE if value else _topology(value),
        "whenUnsatisfiable": one_of("DoNotSchedule", "ScheduleAnyway"),
        "nodeAffinityPolicy": _HONOUR,
        "nodeTaintsPolicy": _HONOUR,
        "labelSelector": selector,
    }
)
_UNIQUE = unique("constraint on", "topologyKey", "whenUnsatisfiable")
_EACH_SPREAD = each(_spread)
_POD = fields(
    {
        "nodeSelector": labels,
        "affinity": fields({"nodeAffinity": _NODE, "podAffinity": _PODS, "podAntiAffinity": _PODS}),
        "topologySpreadConstraints": lambda value: [*_EACH_SPREAD(value), *_UNIQUE(value)],
    }
)
