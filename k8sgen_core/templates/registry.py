"""Which templates there are: those that a file registers, and those that come with K8s-Gen."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from k8sgen_core.carriers import Origin, carry
from k8sgen_core.origin import Call
from k8sgen_core.session import TemplateSource, current

BUILTIN = Path(__file__).with_name("builtin")
SUFFIX = ".yaml.j2"


class TemplateManager:
    """
    Names templates: ``TemplateManager().register("web", "./templates/web.yaml.j2")``.

    All managers of one run share their templates. ``app.use_template("web")`` uses one.
    """

    def register(self, name: str, path: str | os.PathLike[str]) -> TemplateManager:
        """
        Let ``use_template(name)`` use a file.

        Args:
            name: The name; registering it again replaces the template.
            path: A Jinja file; relative paths start at the project root.
        """
        call = Call(type(self), TemplateManager.register, sys._getframe(1))
        known = carry(name, Origin((call, 0)))
        place = carry(os.fspath(path), Origin((call, 1)))
        current().templates[str(name)] = TemplateSource(known, place, call)
        return self

    def list(self) -> list[str]:
        """Return the names of all templates, those of K8s-Gen included."""
        return sorted({*current().templates, *builtin()})


def builtin() -> dict[str, Path]:
    """Return the templates that come with K8s-Gen."""
    return {path.name.removesuffix(SUFFIX): path for path in sorted(BUILTIN.glob(f"*{SUFFIX}"))}


def path_of(name: str, sources: Mapping[str, Any], root: Path) -> Path | None:
    """Return the file of a template, if one has this name."""
    source = sources.get(name)
    if source is not None:
        return root / str.__str__(source.path)
    return builtin().get(name)
