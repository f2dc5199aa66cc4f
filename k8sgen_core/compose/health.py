"""Health checks, from probes that run a command; others are reported."""

from __future__ import annotations

from k8sgen_core.carriers import because, deep_origins, derived, plain
from k8sgen_core.compose.project import Object, Project
from k8sgen_core.model import Container
from k8sgen_core.parts import Probe
from k8sgen_core.templates.compose_values import health_of, seconds

# What Kubernetes does where nothing was said; Compose would wait longer.
_DEFAULTS = {"periodSeconds": 10, "timeoutSeconds": 1, "failureThreshold": 3}
_LOST = {
    "successThreshold": "counts no successes",
    "terminationGracePeriodSeconds": "does not stop what is unhealthy",
}


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
        "interval": derived(settings["periodSeconds"], seconds),
        "timeout": derived(settings["timeoutSeconds"], seconds),
        "retries": settings["failureThreshold"],
    }
    if "initialDelaySeconds" in settings:
        made["start_period"] = derived(settings["initialDelaySeconds"], seconds)
    return because(chosen, made)


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
