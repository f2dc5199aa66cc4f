"""Renders the templates that workloads use, and says what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from k8sgen_core.carriers import origin_of, plain
from k8sgen_core.findings import Place
from k8sgen_core.kubernetes.differences import marked
from k8sgen_core.kubernetes.lowered import Problem, Rendered
from k8sgen_core.kubernetes.templated import CONTROLLERS
from k8sgen_core.misfits import unknown_template
from k8sgen_core.model import Workload
from k8sgen_core.parts import TemplateUse
from k8sgen_core.session import TemplateSource
from k8sgen_core.templates.ablation import owners
from k8sgen_core.templates.composing import nameless
from k8sgen_core.templates.context import NAMES, context_of
from k8sgen_core.templates.faults import TemplateFault, place_at
from k8sgen_core.templates.ignored import ignored, ignored_by_compose
from k8sgen_core.templates.registry import builtin, path_of
from k8sgen_core.templates.rendering import Template, Text, nonce_of
from k8sgen_core.templates.structure import Structure

Target = Literal["kubernetes", "compose"]


class Templates:
    """The templates of one run; each is read once."""

    def __init__(
        self,
        sources: Mapping[str, TemplateSource],
        root: Path,
        environment: str,
        *,
        provenance: bool = True,
    ) -> None:
        self._sources = sources
        self._root = root
        self._environment = environment
        self._provenance = provenance
        self._templates: dict[Path, Template] = {}
        self._told: set[int] = set()
        self._files: dict[str, Path] = {}

    def add(self, name: str, path: Path) -> None:
        """Let a name mean a file, registered or not."""
        self._files[name] = path

    def render_for(
        self, workload: Workload, use: TemplateUse, target: Target, problems: list[Problem]
    ) -> list[Rendered]:
        """Return what a template makes of a workload, if it is for this target."""
        if use.format is not None and plain(use.format) != target:
            return []
        name = plain(use.name)
        path = self._files.get(name) or path_of(name, self._sources, self._root)
        if path is None or not path.is_file():
            self._tell(use, problems, [self._unknown(use, path)])
            return []
        template = self._templates.get(path)
        if template is None:
            template = self._templates[path] = Template(path, self._root)
        try:
            made = list(self._rendered(template, workload, use, target))
        except _Faults as error:
            self._tell(use, problems, [_problem(fault, use) for fault in error.faults])
        except TemplateFault as fault:
            self._tell(use, problems, [_problem(fault, use)])
        else:
            self._tell(use, problems, list(_remarks(template, workload, made, target)))
            return made
        return []

    def _tell(self, use: TemplateUse, problems: list[Problem], found: list[Problem]) -> None:
        """Say once what is wrong, however many formats ask."""
        if found and id(use) not in self._told:
            self._told.add(id(use))
            problems += found

    def _rendered(
        self, template: Template, workload: Workload, use: TemplateUse, target: Target
    ) -> Iterator[Rendered]:
        context = context_of(workload, use, self._environment)
        faults = template.faults({*NAMES, *context})
        if faults:
            raise _Faults(faults)
        nonce = nonce_of(context)
        text = template.rendered(context, nonce)
        structure = template.structure(text)
        if not structure.documents and not template.decides:
            raise TemplateFault(
                "template-output", "the template makes nothing", _place(template, text, 1)
            )
        documents = [d for d in structure.documents if _is_for(d, target)]
        if not documents:
            return
        if self._provenance:
            marks = owners(template, context, nonce, (text, structure))
            structure.documents = marked(structure.documents, marks)
        for index, document in enumerate(structure.documents):
            if _is_for(document, target):
                _check(template, text, structure, index)
                yield Rendered(document, use, _places(template, text, structure, index))

    def _unknown(self, use: TemplateUse, path: Path | None) -> Problem:
        name, origin = plain(use.name), origin_of(use.name) or use.origin
        if path is None:
            rule, message, hint = unknown_template(name, [*self._sources, *builtin()])
            return Problem(rule, message, origin, hint)
        message, missing = f"the template {name!r} has no file", f"there is no file {path.name}"
        return Problem("template-not-found", message, origin, missing)


def _remarks(
    template: Template, workload: Workload, made: list[Rendered], target: Target
) -> Iterator[Problem]:
    """Yield what is lost, though the objects are fine."""
    for each in made:
        if target == "compose":
            yield from nameless(each)
            yield from ignored_by_compose(workload, each.use, template.names)
        elif plain(each.object["kind"]) in CONTROLLERS:
            yield from ignored(workload, each.use, template.names)


class _Faults(Exception):
    def __init__(self, faults: list[TemplateFault]) -> None:
        super().__init__()
        self.faults = faults


def _problem(fault: TemplateFault, use: TemplateUse) -> Problem:
    return Problem(fault.rule, fault.message, use.origin, fault.hint, place=fault.place)


def target_of(document: Any) -> Target:
    """Return what a rendered document is for, by what it says."""
    if isinstance(document, dict) and "services" in document and "kind" not in document:
        return "compose"
    return "kubernetes"


def _is_for(document: Any, target: Target) -> bool:
    return target_of(document) == target


def _check(template: Template, text: Text, structure: Structure, index: int) -> None:
    """Refuse what is no Kubernetes object, and no Docker Compose file."""
    document = structure.documents[index]
    if not isinstance(document, dict):
        raise _unfit(template, text, structure, (index,), "the template makes no object")
    if target_of(document) == "compose":
        return
    for field in ("apiVersion", "kind"):
        if not isinstance(document.get(field), str) or not document[field]:
            message = f"the object that the template makes has no {field}"
            raise _unfit(template, text, structure, (index, field), message)
    if not isinstance(document.get("metadata", {}), dict):
        message = "metadata is no mapping"
        raise _unfit(template, text, structure, (index, "metadata"), message)


def _unfit(
    template: Template, text: Text, structure: Structure, path: tuple[Any, ...], message: str
) -> TemplateFault:
    place = _place(template, text, structure.lines.get(path, structure.lines.get(path[:1], 1)))
    hint = "it needs apiVersion, kind and metadata; a Docker Compose file needs services"
    return TemplateFault("template-output", message, place, hint)


def _place(template: Template, text: Text, line: int) -> Place:
    path, number = template.place(text, line)
    return place_at(path, template.texts[path], number)


def _places(
    template: Template, text: Text, structure: Structure, index: int
) -> dict[tuple[Any, ...], Place]:
    """Return the place in the template for each field of an object."""
    return {
        path[1:]: _place(template, text, line)
        for path, line in structure.lines.items()
        if path[0] == index
    }
