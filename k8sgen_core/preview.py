"""
What a front end shows of a build: files, the origin of every line, references, findings.

The shape is a contract: ``k8sgen preview --json`` prints it, and the language server
answers with it. Lines and columns start at 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from k8sgen_core.garbage import no_collection

if TYPE_CHECKING:
    from k8sgen_core.pipeline import Build
    from k8sgen_core.rendering import Rendered
    from k8sgen_core.session import Request
    from k8sgen_core.shown import Json, Shown


def preview(
    build: Build,
    rendered: Rendered,
    shown: Shown,
    findings: Sequence[Json],
    requests: Sequence[Request] = (),
) -> Json:
    """Return the preview of a build in one format."""
    # The server shows what others made, and loads nothing to say that there is nothing.
    from k8sgen_core.kubernetes.references import references

    with no_collection():
        files = rendered.files()
    return {
        **nothing(rendered.format, build.model.environment, findings),
        "files": [shown.file(each) for each in files],
        "objects": [made for each in files for made in shown.object(each)],
        "references": [
            {"from": each.origin, "to": each.target, "kind": each.kind}
            for each in references(build.lowered)
        ],
        "requests": [shown.request(each) for each in requests],
    }


def nothing(format: str, environment: str, findings: Sequence[Json]) -> Json:
    """Return the preview of a file that did not get to describing what it deploys."""
    return {
        "version": 1,
        "format": format,
        "environment": environment,
        "documentVersion": None,
        "stale": False,
        "files": [],
        "objects": [],
        "references": [],
        "requests": [],
        "findings": list(findings),
    }
