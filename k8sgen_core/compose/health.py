"""
Health checks, from probes.

Compose runs a command in the container. A probe over HTTP or TCP would need a program in
the image that nobody promised, so it is reported and none is made up.
"""

from __future__ import annotations

from k8sgen_core.carriers import because, deep_origins, derived, plain
from k8sgen_core.compose.project import Object, Project
from k8sgen_core.model import Container
from k8sgen_core.parts import Probe

# Others wait for what is ready; a service has one check.
_ORDER = ("readinessProbe", "livenessProbe", "startupProbe")
# What Kubernetes does where nothing was said; Compose would wait longer.
_DEFAULTS = {"periodSeconds": 10, "timeoutSeconds": 1, "failureThreshold": 3}
_LOST = {
    "successThreshold": "counts no successes",
    "terminationGracePeriodSeconds": "does not stop what is unhealthy",
}


def health_of(owner: Container) -> Probe | None:
    """Return the probe that becomes the health check of a container."""
    found = (owner.probes.get(kind) for kind in _ORDER)
    return next((probe for probe in found if probe and "exec" in probe.settings), None)


def healthcheck(project: Project, owner: Container) -> Object:
    """Return the health check of a container, and report what it does not say."""
    chosen = health_of(owner)
    for probe in owner.probes.values():
        _report(project, owner, probe, is_chosen=probe is chosen)
    if chosen is None:
        return {}
    settings = {**_DEFAULTS, **chosen.settings}
    made: Object = {
        "test": ["CMD", *settings["exec"]["command"]],
        "interval": derived(settings["periodSeconds"], _seconds),
        "timeout": derived(settings["timeoutSeconds"], _seconds),
        "retries": settings["failureThreshold"],
    }
    if "initialDelaySeconds" in settings:
        made["start_period"] = derived(settings["initialDelaySeconds"], _seconds)
    return because(chosen, made)


def _seconds(value: int) -> str:
    return f"{int(value)}s"


def _report(project: Project, owner: Container, probe: Probe, *, is_chosen: bool) -> None:
    name, settings = plain(owner.name), probe.settings
    origin = deep_origins(settings) or probe.origin
    if "exec" not in settings:
        project.cannot(
            f"Docker Compose checks the health of {name} by a command in its container only",
            origin,
            'give a command that the image has, e.g. ["wget", "-q", "--spider", URL]',
        )
    elif not is_chosen:
        project.cannot(
            f"Docker Compose has one health check for {name}, and another probe is it",
            origin,
            "leave one of the probes out",
        )
    else:
        for setting in _LOST.keys() & settings.keys():
            message = f"the health check of Docker Compose {_LOST[setting]}"
            project.cannot(message, deep_origins(settings[setting]) or origin)
