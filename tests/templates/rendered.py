"""What a template comes to: the one place where tests know how rendering is put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from k8sgen_core.carriers import plain
from k8sgen_core.templates.faults import TemplateFault
from k8sgen_core.templates.rendering import Template, nonce_of
from tests.core.described import Described, described


def documents(folder: Path, source: str, /, **context: Any) -> list[Any]:
    """Return the objects that a template makes of a context."""
    template = written(folder, source)
    made = template.rendered(context, nonce_of(context))
    found: list[Any] = plain(template.structure(made).documents)
    return found


def written(folder: Path, source: str, name: str = "t.yaml.j2") -> Template:
    """Return a template with this text."""
    path = folder / name
    path.write_text(source, encoding="utf-8", newline="\n")
    return Template(path, folder)


def refused(folder: Path, source: str, /, **context: Any) -> tuple[str, str, str]:
    """Return rule, message, and what is underlined, of a template that cannot be rendered."""
    try:
        template = written(folder, source)
        for fault in template.faults(context):
            raise fault
        documents(folder, source, **context)
    except TemplateFault as fault:
        start, end = fault.place.range
        lines = Path(fault.place.path).read_text(encoding="utf-8").splitlines()
        return fault.rule, fault.message, lines[start.line][start.character : end.character]
    raise AssertionError("it was rendered")


def project(folder: Path, source: str, /, **templates: str) -> Described:
    """Run a DSL text in a project with these templates, each registered under its name."""
    registered = "templates = TemplateManager()\n"
    for name, text in templates.items():
        (folder / f"{name}.yaml.j2").write_text(text, encoding="utf-8", newline="\n")
        registered += f"templates.register({name!r}, './{name}.yaml.j2')\n"
    return described(registered + source, root=folder)


def seed_template(shared: Path, name: str) -> str:
    """Return a template of the source document."""
    text = (shared / "seed/extensions.md").read_text(encoding="utf-8")
    return text.split(f"# templates/{name}.yaml.j2\n")[1].split("```")[0]
