"""Services from templates: they replace what would be generated for a workload."""

from __future__ import annotations

from pathlib import Path

from k8sgen_core.carriers import plain
from k8sgen_core.compose.project import Object, Project
from k8sgen_core.session import current
from k8sgen_core.templates.hook import Renderer


def apply_templates(project: Project, environment: str) -> Object:
    """Put the services of templates into a project; return the other top-level fields."""
    session = current()
    renderer = Renderer(session.templates, session.root or Path.cwd(), environment)
    others: Object = {}
    for workload in project.workloads.values():
        for use in workload.templates:
            for made in renderer.all.render_for(workload, use, "compose", project.problems):
                _add(project, made.object, others)
    return others


def _add(project: Project, made: Object, others: Object) -> None:
    for field, value in made.items():
        if field == "services":
            for name, service in value.items():
                known = next((each for each in project.services if each == name), name)
                project.services.pop(known, None)
                project.services[name] = service
        elif isinstance(value, dict):
            others.setdefault(plain(field), {}).update(value)
        else:
            others[plain(field)] = value
