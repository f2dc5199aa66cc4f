"""What an API server refuses of autoscalers and disruption budgets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from k8sgen_core.faults.fault import (
    Fault,
    Object,
    between,
    conflict,
    each,
    fields,
    missing,
    one_of,
)
from k8sgen_core.faults.words import (
    count_or_part,
    not_negative,
    positive,
    positive_quantity,
    selector,
)

_METRICS = {
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
    "External": "external",
    "ContainerResource": "containerResource",
}
_RULES = fields(
    {
        "stabilizationWindowSeconds": between(0, 3600),
        "selectPolicy": one_of("Max", "Min", "Disabled"),
        "policies": each(
            fields(
                {
                    "type": one_of("Pods", "Percent"),
                    "value": positive,
                    "periodSeconds": between(1, 1800),
                }
            )
        ),
    }
)
_TARGET = fields(
    {
        "type": one_of("Utilization", "Value", "AverageValue"),
        "value": positive_quantity,
        "averageValue": positive_quantity,
        "averageUtilization": positive,
    }
)


def autoscaler(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a HorizontalPodAutoscaler."""
    spec = made.get("spec") or {}
    found = list(_AUTOSCALER(spec))
    least, most = spec.get("minReplicas"), spec.get("maxReplicas")
    if least is not None and most is not None and least > most >= 1:
        message = f"it scales to {least} at least and {most} at most"
        found.append(conflict(("minReplicas",), message, "exchange the two"))
    kinds = {metric.get("type") for metric in spec.get("metrics") or ()}
    if least == 0 and not kinds & {"Object", "External"}:
        message = "scaling to 0 needs a metric that is there without pods: Object or External"
        found.append(conflict(("minReplicas",), message, "the least is 1"))
    yield from (fault.at("spec") for fault in found)


def _metric(value: Object) -> Sequence[Fault]:
    found = list(_METRIC(value))
    wanted = _METRICS.get(value.get("type", ""))
    given = [name for name in _METRICS.values() if value.get(name) is not None]
    if wanted and wanted not in given:
        found.append(missing(wanted, f"a metric of the type {value['type']} has no {wanted}"))
    for name in given:
        if wanted and name != wanted:
            message = f"a metric of the type {value['type']} has no {name}"
            found.append(conflict((name,), message, "remove it, or make it a metric of its own"))
    return found


def _resource(value: Object) -> Sequence[Fault]:
    found = list(_RESOURCE(value))
    target = value.get("target") or {}
    share, total = target.get("averageUtilization"), target.get("averageValue")
    if share is None and total is None:
        found.append(missing("averageUtilization", "the metric has no target").at("target"))
    if share is not None and total is not None:
        message = "a target is averageUtilization or averageValue, not both"
        found.append(conflict(("target", "averageValue"), message, "remove one of them"))
    return found


_RESOURCE = fields({"target": _TARGET})
_METRIC = fields(
    {
        "type": one_of(*_METRICS),
        "resource": _resource,
        "containerResource": _resource,
        "pods": _RESOURCE,
        "object": _RESOURCE,
        "external": _RESOURCE,
    }
)
_AUTOSCALER = fields(
    {
        "minReplicas": not_negative,
        "maxReplicas": positive,
        "metrics": each(_metric),
        "behavior": fields({"scaleUp": _RULES, "scaleDown": _RULES}),
        "targetCPUUtilizationPercentage": positive,
    }
)
_BUDGET = fields(
    {
        "minAvailable": count_or_part,
        "maxUnavailable": count_or_part,
        "selector": selector,
        "unhealthyPodEvictionPolicy": one_of("IfHealthyBudget", "AlwaysAllow"),
    }
)


def budget(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a PodDisruptionBudget."""
    spec = made.get("spec") or {}
    found = list(_BUDGET(spec))
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        message = "minAvailable and maxUnavailable exclude each other"
        found.append(conflict(("maxUnavailable",), message, "remove one of them"))
    yield from (fault.at("spec") for fault in found)
