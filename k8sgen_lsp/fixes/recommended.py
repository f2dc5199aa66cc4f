"""The calls that every workload should have: probes, resources, hardening."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from k8sgen_lsp.fixes.chains import added
from k8sgen_lsp.fixes.fix import Fix
from k8sgen_lsp.shown import Shown
from k8sgen_lsp.static.calls import DslCall

_RESOURCES = 'resources(cpu="100m", memory="128Mi", memory_limit="256Mi")'
# What runs until it is removed can be asked whether it is well.
_LASTING = frozenset(("App", "StatefulApp", "DaemonSet"))
_WORKLOADS = _LASTING | {"Job", "CronJob"}


def recommended(document: Shown, place: types.Range) -> Iterator[Fix]:
    """Yield one fix that adds what the workload at a place lacks of them."""
    offset = document.offset(place.start)
    for placed, call in document.calls_around(offset):
        resource = call.resource
        if resource is None or resource.kind.name not in _WORKLOADS:
            continue
        made = [e for _, e in document.document.calls() if _is_of(e, call)]
        missing = list(_missing(resource.kind.name, made))
        edit = added(document, placed, call, missing) if missing else None
        if edit is not None:
            names = ", ".join(each.partition("(")[0] for each in missing)
            kind = types.CodeActionKind.RefactorRewrite
            yield Fix(f"Add recommended calls: {names}", (edit,), kind=kind)
        return


def _is_of(call: DslCall, other: DslCall) -> bool:
    return bool(call.resource and other.resource and call.resource.call is other.resource.call)


def _missing(kind: str, made: list[DslCall]) -> Iterator[str]:
    called = {each.method for each in made}
    ports = [each for each in made if each.method == "port"]
    if kind in _LASTING and "health_checks" not in called and ports:
        number = ports[0].argument("number", 0)
        port = number.value if number is not None and type(number.value) is int else None
        # A connection can be made to any server; which paths it has is not known here.
        check = '"/"' if port is None else str(port)
        yield f"health_checks(readiness_probe={check}, liveness_probe={check})"
    if "resources" not in called:
        yield _RESOURCES
    if "hardened" not in called:
        yield "hardened()"
