"""Services from templates: they replace what would be generated for a workload."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from k8sgen_core.carriers import caused, each, origin_of, placed, plain
from k8sgen_core.compose.project import Object, Project
from k8sgen_core.session import current
from k8sgen_core.templates.hook import Renderer
from k8sgen_core.yaml.emitter import Title


def apply_templates(project: Project, environment: str) -> Object:
    """Put the services of templates into a project; return the other top-level fields."""
    session = current()
    renderer = Renderer(session.templates, session.root or Path.cwd(), environment)
    others: Object = {}
    for workload in project.workloads.values():
        for use in workload.templates:
            for made in renderer.all.render_for(workload, use, "compose", project.problems):
                _add(project, made.object, others)
                project.places.update(made.places)
    return others


def _add(project: Project, made: Object, others: Object) -> None:
    for field, value in made.items():
        if field == "services":
            for name, service in _titled(value, field):
                known = next((one for one in project.services if one == name), name)
                project.services.pop(known, None)
                project.services[name] = service
        elif isinstance(value, dict):
            others.setdefault(plain(field), {}).update(_titled(value, field))
        else:
            others[plain(field)] = value


def _titled(named: Object, field: str) -> Iterator[tuple[str, Any]]:
    """Yield what has a name in a field; whose name is taken only names it, and makes no line."""
    for name, value in named.items():
        origins = (*each(origin_of(name)), *each(origin_of(field)))
        makes = tuple(one for one in origins if one.call.method != "__init__")
        yield Title(placed(name, origins)), caused(makes, value) if makes and value else value
