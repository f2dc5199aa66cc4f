"""What lowering calls for templates; Jinja is loaded when the first one is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from k8sgen_core.carriers import Origin, deep_origins, plain
from k8sgen_core.kubernetes.lowered import Lowering, Problem, Rendered
from k8sgen_core.model import Workload
from k8sgen_core.parts import TemplateUse
from k8sgen_core.session import TemplateSource

if TYPE_CHECKING:
    from k8sgen_core.templates import renderer


class Renderer:
    """The templates of one run."""

    def __init__(self, sources: Mapping[str, TemplateSource], root: Path, environment: str) -> None:
        self._sources = sources
        self._root = root
        self._environment = environment

    @cached_property
    def all(self) -> renderer.Templates:
        """The templates themselves, each read once."""
        from k8sgen_core.templates.renderer import Templates

        return Templates(self._sources, self._root, self._environment)

    def missing(self) -> Iterator[Problem]:
        """Yield a warning for each template that is registered and not there."""
        for source in self._sources.values():
            if not (self._root / str.__str__(source.path)).is_file():
                yield Problem(
                    "template-not-found",
                    f"there is no file {plain(source.path)}",
                    deep_origins(source.path) or Origin((source.call, None)),
                    "relative paths start at the project root",
                    severity="warning",
                )

    def __call__(self, lowering: Lowering, workload: Workload, use: TemplateUse) -> list[Rendered]:
        """Return the Kubernetes objects of a template, none if it is for something else."""
        return self.all.render_for(workload, use, "kubernetes", lowering.problems)
