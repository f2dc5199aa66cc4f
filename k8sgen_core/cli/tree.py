"""The resources of a file as a tree: what there is, and what it refers to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from k8sgen_core.cli.report import shown_path
from k8sgen_core.cli.terminal import Terminal, inert

if TYPE_CHECKING:
    from k8sgen_core.evaluation.result import Evaluation

_SHOWN = {"selects", "scales", "routes", "uses", "mounts", "runs-as", "connects-to", "depends-on"}


def resource_tree(evaluation: Evaluation, terminal: Terminal) -> Iterator[str]:
    """Yield the lines of the tree."""
    preview = evaluation.preview
    yield terminal.paint(shown_path(evaluation.request.path), "bold")
    objects = preview["objects"]
    width = max((len(_title(each)) for each in objects), default=0)
    references: dict[str, list[str]] = {}
    for each in preview["references"]:
        if each["kind"] in _SHOWN:
            references.setdefault(each["from"], []).append(f"{each['kind']} {each['to']}")
    for number, each in enumerate(objects, 1):
        branch = "└──" if number == len(objects) else "├──"
        told = ", ".join(references.get(_title(each), ()))
        line = f"{branch} {inert(_title(each)):{width}}  {terminal.paint(inert(told), 'dim')}"
        yield line.rstrip()


def _title(each: dict[str, Any]) -> str:
    return f"{each['kind']}/{each['name']}"
