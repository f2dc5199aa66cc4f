"""One ``compose.yaml`` with a service for each workload, as the Compose Specification has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from k8sgen_core.compose.project import Project, resources_of
from k8sgen_core.compose.services import add_services
from k8sgen_core.compose.templated import apply_templates
from k8sgen_core.compose.unsupported import report
from k8sgen_core.formats import OutputFile
from k8sgen_core.kubernetes.lowered import Problem
from k8sgen_core.model import Claim, ConfigMap, Model, Secret, Workload
from k8sgen_core.secrets import SecretText

if TYPE_CHECKING:
    from k8sgen_core.formats import Notes, StandIn

FILE = "compose.yaml"
_SHARED = ("volumes", "configs", "secrets")


class Compose:
    """Docker Compose; ``folder`` is where the file will be, relative to the project root."""

    name = "compose"
    supports = (Workload, ConfigMap, Secret, Claim)

    def __init__(self, folder: str = ".") -> None:
        self._folder = folder

    def render(self, model: Model) -> Iterator[OutputFile]:
        """Yield ``compose.yaml``, and the files with secret values beside it."""
        project = self._project(model)
        if not project.services:
            return
        shared = {kind: project.at_top(kind) for kind in _SHARED if kind in project.shared}
        for kind, given in project.templated.items():
            both = isinstance(given, dict) and kind in shared
            shared[kind] = _overlaid(shared[kind], given) if both else given
        made = OutputFile.yaml(FILE, {"services": project.services, **shared})
        yield made._replace(places=project.places)
        for path, values in project.secret_files.items():
            yield _secret_file(path, values)
        for path, content in project.config_files.items():
            yield _text_file(path, content)

    def problems(self, model: Model) -> list[Problem]:
        """Return what Compose cannot say of the model."""
        return self._project(model).problems

    def _project(self, model: Model) -> Project:
        project = Project(self._folder, list(resources_of(model)))
        for workload in project.workloads.values():
            add_services(project, workload)
        for resource in project.resources:
            if isinstance(resource, Claim):
                project.share("volumes", resource.name, {}, resource.name)
        report(project)
        project.templated = apply_templates(project, model.environment)
        return project


def _overlaid(shared: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return what is shared with a template's own entries, keys and all, in its place."""
    return {**{name: value for name, value in shared.items() if name not in given}, **given}


def _secret_file(path: str, values: list[tuple[str, SecretText]]) -> OutputFile:
    """Return a file with one value, or with a variable on each line."""

    def write(stand_in: StandIn) -> tuple[str, Notes]:
        lines = [
            f"{name}={stand_in(value)}\n" if name else stand_in(value) for name, value in values
        ]
        notes: Any = [(None, name, value) for name, value in values]
        return "".join(lines), notes

    return OutputFile.made(path, write, verbatim=True)


def _text_file(path: str, content: str) -> OutputFile:
    notes: Any = [(None, None, content)] * (content.count("\n") or 1)
    return OutputFile.made(path, lambda _: (str.__str__(content), notes))
